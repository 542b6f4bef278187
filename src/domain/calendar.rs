//! Working days of the Chinese calendar, make-up days (调休) included.

mod notice;
mod runs;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

pub use runs::Run;
pub use table::{CalendarError, HolidayRow, Implausible};

/// Holidays and make-up days as the State Council's yearly notice sets them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, SpecialDay>,
    years: BTreeSet<i32>,
}

/// A day that differs from its weekday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// Off (放假) or a make-up working day (调休上班).
    pub kind: DayKind,
    /// The holiday's name.
    pub name: String,
}

/// What a special day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayKind {
    /// No work.
    Off,
    /// Work on what would be a weekend.
    Work,
}

/// What happens to a deadline that falls on a day off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Roll {
    /// To the next working day.
    Postpone,
    /// To the next working day only from a statutory holiday; an ordinary weekend stays.
    PostponeHolidayOnly,
    /// To the working day before.
    Advance,
    /// Stays.
    None,
}

/// What a date is to people at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day<'a> {
    /// An ordinary working day.
    Working,
    /// A weekend day that is worked, for the holiday named.
    MakeUp(&'a str),
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// Off for the holiday named, whichever weekday it is.
    Holiday(&'a str),
}

impl Calendar {
    /// Reads a holiday table; see [`HolidayRow::read`] for its shape. Nothing
    /// is taken if any line is wrong.
    ///
    /// # Errors
    /// The first wrong line.
    pub fn parse(csv: &str) -> Result<Self, CalendarError> {
        match HolidayRow::read(csv) {
            Ok(rows) => Ok(Self::of(&rows)),
            Err(mut wrong) => Err(wrong.remove(0)),
        }
    }

    /// The calendar of a table. A year is known if it has rows of its own; the
    /// last days of December that stand in the notice for the next year
    /// (元旦：2022年12月31日至2023年1月2日) don't make the old year known.
    #[must_use]
    pub fn of(rows: &[HolidayRow]) -> Self {
        let mut calendar = Self::default();
        for row in rows {
            let (kind, name) = (row.kind, row.name.clone());
            calendar.days.insert(row.date, SpecialDay { kind, name });
        }
        let years: BTreeSet<i32> = rows.iter().map(|row| row.date.year()).collect();
        let only_its_end = |year: &i32| {
            years.contains(&(year + 1))
                && calendar
                    .year(*year)
                    .all(|(date, _)| date.month() == 12 && date.day() >= 25)
        };
        calendar.years = years.iter().filter(|year| !only_its_end(year)).copied().collect();
        calendar
    }

    /// Takes over the years of another table; days of a year in `other` replace all days of that year.
    pub fn merge(&mut self, other: Self) {
        self.days.retain(|date, _| !other.years.contains(&date.year()));
        self.days.extend(other.days);
        self.years.extend(other.years);
    }

    /// Whether the year's arrangement is known.
    #[must_use]
    pub fn knows(&self, year: i32) -> bool {
        self.years.contains(&year)
    }

    /// Whether the arrangement of every day between two dates is known, both
    /// included, in whichever order they are given.
    #[must_use]
    pub fn knows_between(&self, one: NaiveDate, other: NaiveDate) -> bool {
        (one.year().min(other.year())..=one.year().max(other.year())).all(|year| self.knows(year))
    }

    /// The years whose arrangement is known, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> {
        self.years.iter().copied()
    }

    /// Special days of a year.
    pub fn year(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days
            .iter()
            .filter(move |(date, _)| date.year() == year)
            .map(|(date, day)| (*date, day))
    }

    /// What a date is. The holidays that are fixed in the solar calendar
    /// (1 January, 1 May, 1–3 October; 全国年节及纪念日放假办法) are off in every
    /// year; a year without data is reckoned by them, by 2 May (since the
    /// revision of 2024) and by weekends.
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> Day<'_> {
        match self.days.get(&date) {
            Some(day) if day.kind == DayKind::Work => return Day::MakeUp(&day.name),
            Some(day) => return Day::Holiday(&day.name),
            None => {}
        }
        let since_2024 = (date.month(), date.day()) == (5, 2);
        match fixed_holiday(date) {
            Some(name) if !since_2024 || !self.knows(date.year()) => Day::Holiday(name),
            _ if is_weekend(date) => Day::Weekend,
            _ => Day::Working,
        }
    }

    /// Whether people work on that day; see [`Calendar::day`].
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        matches!(self.day(date), Day::Working | Day::MakeUp(_))
    }

    /// The statutory holiday that covers a date, by name.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        match self.day(date) {
            Day::Holiday(name) => Some(name),
            _ => None,
        }
    }

    /// The working day that a nominal date becomes.
    #[must_use]
    pub fn roll(&self, nominal: NaiveDate, roll: Roll) -> NaiveDate {
        let stays = match roll {
            Roll::None => true,
            Roll::PostponeHolidayOnly => self.holiday(nominal).is_none(),
            Roll::Postpone | Roll::Advance => self.is_working_day(nominal),
        };
        if stays {
            nominal
        } else if roll == Roll::Advance {
            self.add_working_days(nominal, -1)
        } else {
            self.add_working_days(nominal, 1)
        }
    }

    /// The date `count` working days after (before, if negative) `date`; 0 is `date` itself.
    #[must_use]
    pub fn add_working_days(&self, date: NaiveDate, count: i64) -> NaiveDate {
        let mut day = date;
        let mut left = count.unsigned_abs();
        while left > 0 {
            let next = if count > 0 {
                day.checked_add_days(Days::new(1))
            } else {
                day.checked_sub_days(Days::new(1))
            };
            let Some(next) = next else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }
}

/// Saturday or Sunday.
#[must_use]
pub fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The weekday in Chinese, `星期四`.
#[must_use]
pub fn weekday_name(date: NaiveDate) -> &'static str {
    match date.weekday() {
        Weekday::Mon => "星期一",
        Weekday::Tue => "星期二",
        Weekday::Wed => "星期三",
        Weekday::Thu => "星期四",
        Weekday::Fri => "星期五",
        Weekday::Sat => "星期六",
        Weekday::Sun => "星期日",
    }
}

/// The holidays whose dates stand in the solar calendar, as the revision of
/// November 2024 has them.
fn fixed_holiday(date: NaiveDate) -> Option<&'static str> {
    match (date.month(), date.day()) {
        (1, 1) => Some("元旦"),
        (5, 1..=2) => Some("劳动节"),
        (10, 1..=3) => Some("国庆节"),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
