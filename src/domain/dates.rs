//! Dates and times as official papers write them, without leading zeros.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;

use super::calendar::weekday_name;
use crate::domain::language::Language;

/// `2024年12月5日`; in English `5 December 2024`.
#[must_use]
pub fn day(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Chinese => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Language::English => date.format("%-d %B %Y").to_string(),
    }
}

/// A day beside another one that is named already: its year stands only where it differs.
#[must_use]
pub fn day_after(language: Language, named: NaiveDate, date: NaiveDate) -> String {
    match language {
        _ if named.year() != date.year() => day(language, date),
        Language::Chinese => format!("{}月{}日", date.month(), date.day()),
        Language::English => date.format("%-d %B").to_string(),
    }
}

/// `星期四`, `Thursday`.
#[must_use]
pub fn weekday(language: Language, date: NaiveDate) -> String {
    match language {
        Language::Chinese => weekday_name(date).to_owned(),
        Language::English => date.format("%A").to_string(),
    }
}

/// `2024年12月5日17:30`, `5 December 2024 17:30`.
#[must_use]
pub fn moment(language: Language, at: DateTime<Tz>) -> String {
    let date = day(language, at.date_naive());
    match language {
        Language::Chinese => format!("{date}{}:{:02}", at.hour(), at.minute()),
        Language::English => format!("{date} {}", at.format("%H:%M")),
    }
}

/// The instant of a civil time; a time that a clock change skips is the first
/// instant after the gap, one that occurs twice the earlier one.
#[must_use]
pub fn civil(zone: Tz, date: NaiveDate, time: NaiveTime) -> DateTime<Tz> {
    let mut at = date.and_time(time);
    loop {
        if let Some(found) = zone.from_local_datetime(&at).earliest() {
            return found;
        }
        // Clocks change at whole minutes.
        let second = TimeDelta::seconds(at.second().into());
        at += TimeDelta::minutes(1) - second;
    }
}
