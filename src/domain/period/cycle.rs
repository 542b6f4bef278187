//! The rhythm in which periods follow one another.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::Period;

/// How often a programme reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CycleKind {
    /// ISO weeks.
    Weekly,
    /// The 1st–15th and the 16th–end of a month.
    HalfMonthly,
    /// Calendar months, or windows such as the 26th to the 25th.
    Monthly,
    /// Calendar quarters.
    Quarterly,
    /// Calendar half-years.
    HalfYearly,
    /// Calendar years.
    Yearly,
    /// One date only.
    Once,
    /// Dates named one by one.
    Milestones,
    /// Whenever something changes: a list that is kept by calendar year, of
    /// which a change is a new version of the running year.
    OnChange,
}

/// The rhythm of a programme: which periods exist and which days they cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle {
    /// How often.
    pub kind: CycleKind,
    /// Day of the month before on which a monthly window starts (26 for
    /// “上月26日—本月25日”); 1 is the calendar month.
    pub window_start: u32,
    /// The first period that is owed.
    pub first: Option<Period>,
    /// The last period that is owed.
    pub last: Option<Period>,
    /// Named dates of `once` and `milestones`: id, name, due date.
    pub milestones: Vec<Milestone>,
}

/// A named date by which something is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Milestone {
    /// The period's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Further words by which a file's name tells that it is for it.
    pub words: Vec<String>,
    /// The date before any rolling.
    pub date: NaiveDate,
}

impl Cycle {
    /// First and last day that the period covers. A milestone covers the time
    /// from the one before to its date.
    #[must_use]
    pub fn span(&self, period: &Period) -> Option<(NaiveDate, NaiveDate)> {
        let months = |year: i32, month: u32, count: u32| {
            let start = NaiveDate::from_ymd_opt(year, month, 1)?;
            let end = start.checked_add_months(Months::new(count))?.pred_opt()?;
            Some((start, end))
        };
        match period {
            Period::Month(year, month) if self.window_start > 1 => {
                let end = NaiveDate::from_ymd_opt(*year, *month, self.window_start - 1)?;
                let before = NaiveDate::from_ymd_opt(*year, *month, 1)?.pred_opt()?;
                let start = NaiveDate::from_ymd_opt(before.year(), before.month(), self.window_start)
                    .unwrap_or(NaiveDate::from_ymd_opt(*year, *month, 1)?);
                Some((start, end))
            }
            Period::Month(year, month) => months(*year, *month, 1),
            Period::HalfMonth(year, month, second) => {
                let (start, end) = months(*year, *month, 1)?;
                let middle = start.checked_add_days(Days::new(14))?;
                Some(if *second {
                    (middle.succ_opt()?, end)
                } else {
                    (start, middle)
                })
            }
            Period::Quarter(year, quarter) => months(*year, quarter * 3 - 2, 3),
            Period::Half(year, half) => months(*year, half * 6 - 5, 6),
            Period::Year(year) => months(*year, 1, 12),
            Period::Week(year, week) => {
                let start = NaiveDate::from_isoywd_opt(*year, *week, chrono::Weekday::Mon)?;
                Some((start, start.checked_add_days(Days::new(6))?))
            }
            Period::Milestone(id) => {
                let place = self.milestones.iter().position(|milestone| &milestone.id == id)?;
                let end = self.milestones[place].date;
                let start = match place.checked_sub(1) {
                    Some(before) => self.milestones[before].date.succ_opt()?,
                    None => NaiveDate::from_ymd_opt(end.year(), 1, 1)?,
                };
                Some((start, end))
            }
        }
    }

    /// The period that covers a date, whether owed or not.
    #[must_use]
    pub fn at(&self, date: NaiveDate) -> Option<Period> {
        let (year, month) = (date.year(), date.month());
        Some(match self.kind {
            CycleKind::Monthly if self.window_start > 1 && date.day() >= self.window_start => {
                let next = NaiveDate::from_ymd_opt(year, month, 1)?.checked_add_months(Months::new(1))?;
                Period::Month(next.year(), next.month())
            }
            CycleKind::Monthly => Period::Month(year, month),
            CycleKind::HalfMonthly => Period::HalfMonth(year, month, date.day() > 15),
            CycleKind::Quarterly => Period::Quarter(year, month.div_ceil(3)),
            CycleKind::HalfYearly => Period::Half(year, month.div_ceil(6)),
            CycleKind::Yearly | CycleKind::OnChange => Period::Year(year),
            CycleKind::Weekly => Period::Week(date.iso_week().year(), date.iso_week().week()),
            CycleKind::Once | CycleKind::Milestones => Period::Milestone(
                self.milestones
                    .iter()
                    .find(|milestone| milestone.date >= date)
                    .or(self.milestones.last())?
                    .id
                    .clone(),
            ),
        })
    }

    /// The period before, whether owed or not.
    #[must_use]
    pub fn previous(&self, period: &Period) -> Option<Period> {
        if let Period::Milestone(id) = period {
            let place = self.milestones.iter().position(|milestone| &milestone.id == id)?;
            return Some(Period::Milestone(
                self.milestones[place.checked_sub(1)?].id.clone(),
            ));
        }
        self.at(self.span(period)?.0.pred_opt()?)
    }

    /// Whether the programme asks for this period: of the right kind, and
    /// between the first and the last one.
    #[must_use]
    pub fn owes(&self, period: &Period) -> bool {
        let kind_fits = match (self.kind, period) {
            (CycleKind::Once | CycleKind::Milestones, Period::Milestone(id)) => {
                self.milestones.iter().any(|milestone| &milestone.id == id)
            }
            (CycleKind::Monthly, Period::Month(..))
            | (CycleKind::HalfMonthly, Period::HalfMonth(..))
            | (CycleKind::Quarterly, Period::Quarter(..))
            | (CycleKind::HalfYearly, Period::Half(..))
            | (CycleKind::Yearly | CycleKind::OnChange, Period::Year(_))
            | (CycleKind::Weekly, Period::Week(..)) => true,
            _ => false,
        };
        let start = |period: &Period| self.span(period).map(|span| span.0);
        kind_fits
            && self
                .first
                .as_ref()
                .is_none_or(|first| start(first) <= start(period))
            && self.last.as_ref().is_none_or(|last| start(period) <= start(last))
    }

    /// Owed periods that start on or before a date, oldest first, at most
    /// `most` of them (the latest ones).
    #[must_use]
    pub fn started_by(&self, date: NaiveDate, most: usize) -> Vec<Period> {
        let mut found = Vec::new();
        let mut period = self.at(date);
        while let Some(current) = period {
            if found.len() >= most
                || self.first.as_ref().is_some_and(|first| {
                    self.span(&current).map(|span| span.0) < self.span(first).map(|span| span.0)
                })
            {
                break;
            }
            period = self.previous(&current);
            if self.owes(&current) {
                found.push(current);
            }
        }
        found.reverse();
        found
    }
}
