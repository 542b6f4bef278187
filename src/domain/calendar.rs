//! Working days of the Chinese calendar, make-up days (调休) included.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

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

/// A line of a holiday table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第{line}行：{reason}")]
pub struct CalendarError {
    /// 1-based line.
    pub line: usize,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Calendar {
    /// Reads `date,kind,name[,…]` lines under a header; kind is `off` or
    /// `work`. Nothing is taken if any line is wrong.
    ///
    /// # Errors
    /// The first wrong line.
    pub fn parse(csv: &str) -> Result<Self, CalendarError> {
        let mut calendar = Self::default();
        for (index, line) in csv.trim_start_matches('\u{feff}').lines().enumerate().skip(1) {
            let line_number = index + 1;
            let fields: Vec<&str> = line.split(',').map(str::trim).collect();
            if fields.iter().all(|field| field.is_empty()) {
                continue;
            }
            let error = |reason: String| CalendarError {
                line: line_number,
                reason,
            };
            let date = NaiveDate::parse_from_str(fields[0], "%Y-%m-%d")
                .map_err(|_| error(format!("“{}”不是日期，应写成 2026-01-01", fields[0])))?;
            let kind = match fields.get(1).copied() {
                Some("off") => DayKind::Off,
                Some("work") => DayKind::Work,
                other => {
                    return Err(error(format!(
                        "“{}”应为 off（放假）或 work（调休上班）",
                        other.unwrap_or_default()
                    )));
                }
            };
            let name = fields.get(2).copied().unwrap_or_default().to_owned();
            if calendar.days.insert(date, SpecialDay { kind, name }).is_some() {
                return Err(error(format!("{date} 重复")));
            }
            calendar.years.insert(date.year());
        }
        Ok(calendar)
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

    /// Special days of a year.
    pub fn year(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days
            .iter()
            .filter(move |(date, _)| date.year() == year)
            .map(|(date, day)| (*date, day))
    }

    /// Whether people work on that day. In a year without data: weekdays
    /// other than the holidays fixed in the solar calendar (1 January, 1–2 May,
    /// 1–3 October; 全国年节及纪念日放假办法, 2024).
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        match self.days.get(&date) {
            Some(day) => day.kind == DayKind::Work,
            None if is_weekend(date) => false,
            None => self.knows(date.year()) || !is_fixed_holiday(date),
        }
    }

    /// The statutory holiday that covers a date, by name.
    #[must_use]
    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        match self.days.get(&date) {
            Some(SpecialDay {
                kind: DayKind::Off,
                name,
            }) => Some(name),
            None if !self.knows(date.year()) && is_fixed_holiday(date) => Some("法定节假日"),
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

fn is_fixed_holiday(date: NaiveDate) -> bool {
    matches!((date.month(), date.day()), (1, 1) | (5, 1..=2) | (10, 1..=3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Calendar {
        Calendar::parse(include_str!("../../templates/holidays.csv")).unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn rows(csv: &str) -> Vec<Vec<&str>> {
        csv.lines()
            .skip(1)
            .map(|line| line.split(',').collect())
            .collect()
    }

    #[test]
    fn deadlines_roll_as_the_vectors_say() {
        let calendar = shipped();
        for row in rows(include_str!("../../tests/data/deadline_vectors.csv")) {
            let nominal = date(row[1]);
            assert_eq!(weekday_name(nominal), row[2], "{row:?}");
            assert_eq!(calendar.is_working_day(nominal), row[3] == "工作日", "{row:?}");
            assert_eq!(calendar.roll(nominal, Roll::Postpone), date(row[4]), "{row:?}");
            assert_eq!(weekday_name(date(row[4])), row[5], "{row:?}");
            assert_eq!(calendar.roll(nominal, Roll::Advance), date(row[6]), "{row:?}");
        }
    }

    #[test]
    fn every_roll_mode_follows_its_vectors() {
        let calendar = shipped();
        for row in rows(include_str!("../../tests/data/roll_vectors.csv")) {
            let roll = match row[1] {
                "postpone" => Roll::Postpone,
                "postpone-holiday-only" => Roll::PostponeHolidayOnly,
                "advance" => Roll::Advance,
                _ => Roll::None,
            };
            assert_eq!(calendar.roll(date(row[0]), roll), date(row[2]), "{row:?}");
        }
    }

    #[test]
    fn a_wrong_line_is_named() {
        let error = Calendar::parse("date,kind,name\n2026-01-01,off,元旦\n2026-13-01,off,x\n").unwrap_err();
        assert_eq!(error.line, 3);
        assert!(
            Calendar::parse("date,kind,name\n2026-01-01,holiday,元旦\n")
                .unwrap_err()
                .reason
                .contains("off")
        );
    }

    #[test]
    fn an_unknown_year_falls_back_to_weekdays_and_fixed_days() {
        let calendar = shipped();
        assert!(!calendar.knows(2031));
        assert!(!calendar.is_working_day(date("2031-05-01")));
        assert!(calendar.is_working_day(date("2031-05-06")));
    }
}
