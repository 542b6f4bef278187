//! Reporting periods (报告期) and the cycle that they come from.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

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
    /// Whenever something changes: no period of its own is ever due.
    OnChange,
}

/// A reporting period. Its text form is its identity everywhere: `2024-11`,
/// `2018-Q4`, `2022-H1`, `2022`, `2024-W07`, `2024-11a`, or a milestone's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// Year and month.
    Month(i32, u32),
    /// Year, month, and whether it is the second half (b).
    HalfMonth(i32, u32, bool),
    /// Year and quarter, 1–4.
    Quarter(i32, u32),
    /// Year and half, 1–2.
    Half(i32, u32),
    /// A year.
    Year(i32),
    /// ISO year and week.
    Week(i32, u32),
    /// A milestone or the one period of a `once` programme, by id.
    Milestone(String),
}

/// The text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是报告期，应写成 2024-11、2018-Q4、2022-H1、2022、2024-W07 或 2024-11a")]
pub struct PeriodError(pub String);

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::HalfMonth(year, month, second) => {
                write!(f, "{year:04}-{month:02}{}", if *second { 'b' } else { 'a' })
            }
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Week(year, week) => write!(f, "{year:04}-W{week:02}"),
            Self::Milestone(id) => f.write_str(id),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        parse(text).ok_or_else(|| PeriodError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Period> {
    let number = |text: &str| -> Option<u32> {
        text.chars()
            .all(|c| c.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    if text.is_empty() || !text.is_ascii() {
        return (!text.is_empty()).then(|| Period::Milestone(text.to_owned()));
    }
    let Some(year) = text.get(..4).and_then(number) else {
        return Some(Period::Milestone(text.to_owned()));
    };
    let year = i32::try_from(year).ok()?;
    let rest = &text[4..];
    if rest.is_empty() {
        return Some(Period::Year(year));
    }
    let rest = rest.strip_prefix('-')?;
    let within = |n: u32, most: u32| (1..=most).contains(&n).then_some(n);
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Some(Period::Quarter(year, within(number(quarter)?, 4)?));
    }
    if let Some(half) = rest.strip_prefix('H') {
        return Some(Period::Half(year, within(number(half)?, 2)?));
    }
    if let Some(week) = rest.strip_prefix('W') {
        let week = within(number(week)?, 53)?;
        NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
        return Some(Period::Week(year, week));
    }
    if let Some(month) = rest.strip_suffix('a') {
        return Some(Period::HalfMonth(year, within(number(month)?, 12)?, false));
    }
    if let Some(month) = rest.strip_suffix('b') {
        return Some(Period::HalfMonth(year, within(number(month)?, 12)?, true));
    }
    Some(Period::Month(year, within(number(rest)?, 12)?))
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Period {
    /// The period as people say it: 2024年11月, 2018年第四季度, 2022年上半年, 2022年度.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Month(year, month) => format!("{year}年{month}月"),
            Self::HalfMonth(year, month, second) => {
                format!("{year}年{month}月{}半月", if *second { '下' } else { '上' })
            }
            Self::Quarter(year, quarter) => {
                let name = ["一", "二", "三", "四"][(*quarter as usize).clamp(1, 4) - 1];
                format!("{year}年第{name}季度")
            }
            Self::Half(year, half) => format!("{year}年{}半年", if *half == 1 { '上' } else { '下' }),
            Self::Year(year) => format!("{year}年度"),
            Self::Week(year, week) => format!("{year}年第{week}周"),
            Self::Milestone(id) => id.clone(),
        }
    }

    /// The period in English: November 2024, Q4 2018.
    #[must_use]
    pub fn label_en(&self) -> String {
        match self {
            Self::Month(year, month) => NaiveDate::from_ymd_opt(*year, *month, 1)
                .map_or_else(|| self.to_string(), |day| day.format("%B %Y").to_string()),
            Self::Quarter(year, quarter) => format!("Q{quarter} {year}"),
            other => other.to_string(),
        }
    }

    /// The calendar year it belongs to; `None` for a milestone.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Month(year, _)
            | Self::HalfMonth(year, ..)
            | Self::Quarter(year, _)
            | Self::Half(year, _)
            | Self::Year(year)
            | Self::Week(year, _) => Some(*year),
            Self::Milestone(_) => None,
        }
    }
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
            CycleKind::Monthly | CycleKind::OnChange => Period::Month(year, month),
            CycleKind::HalfMonthly => Period::HalfMonth(year, month, date.day() > 15),
            CycleKind::Quarterly => Period::Quarter(year, month.div_ceil(3)),
            CycleKind::HalfYearly => Period::Half(year, month.div_ceil(6)),
            CycleKind::Yearly => Period::Year(year),
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

    /// The period after, whether owed or not.
    #[must_use]
    pub fn next(&self, period: &Period) -> Option<Period> {
        if let Period::Milestone(id) = period {
            let place = self.milestones.iter().position(|milestone| &milestone.id == id)?;
            return Some(Period::Milestone(self.milestones.get(place + 1)?.id.clone()));
        }
        self.at(self.span(period)?.1.succ_opt()?)
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
            | (CycleKind::Yearly, Period::Year(_))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cycle(kind: CycleKind) -> Cycle {
        Cycle {
            kind,
            window_start: 1,
            first: None,
            last: None,
            milestones: Vec::new(),
        }
    }

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    #[test]
    fn text_is_identity() {
        for text in [
            "2024-11",
            "2018-Q4",
            "2022-H1",
            "2022",
            "2024-W07",
            "2024-11a",
            "2024-11b",
            "会议和机构情况",
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in ["2024-13", "2024-Q5", "2024-W60", "2024-", ""] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn periods_follow_one_another() {
        for kind in [
            CycleKind::Weekly,
            CycleKind::HalfMonthly,
            CycleKind::Monthly,
            CycleKind::Quarterly,
            CycleKind::HalfYearly,
            CycleKind::Yearly,
        ] {
            let cycle = cycle(kind);
            let mut period = cycle.at(date("2023-12-28")).unwrap();
            for _ in 0..60 {
                let next = cycle.next(&period).unwrap();
                assert_eq!(cycle.previous(&next).as_ref(), Some(&period));
                assert_eq!(
                    cycle.span(&period).unwrap().1.succ_opt(),
                    Some(cycle.span(&next).unwrap().0)
                );
                period = next;
            }
        }
    }

    #[test]
    fn a_window_from_the_26th_belongs_to_the_month_it_ends_in() {
        let cycle = Cycle {
            window_start: 26,
            ..cycle(CycleKind::Monthly)
        };
        let november = Period::Month(2024, 11);
        assert_eq!(
            cycle.span(&november),
            Some((date("2024-10-26"), date("2024-11-25")))
        );
        assert_eq!(cycle.at(date("2024-10-26")), Some(november.clone()));
        assert_eq!(cycle.at(date("2024-11-25")), Some(november));
    }

    #[test]
    fn only_periods_between_first_and_last_are_owed() {
        let cycle = Cycle {
            first: Some(Period::Month(2024, 11)),
            ..cycle(CycleKind::Monthly)
        };
        assert_eq!(
            cycle.started_by(date("2025-01-06"), 12),
            [
                Period::Month(2024, 11),
                Period::Month(2024, 12),
                Period::Month(2025, 1)
            ]
        );
        assert!(!cycle.owes(&Period::Month(2024, 10)));
        assert!(!cycle.owes(&Period::Quarter(2025, 1)));
    }
}
