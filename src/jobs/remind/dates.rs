//! Dates and times as letters write them.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;

use crate::domain::calendar::weekday_name;
use crate::domain::program::{Due, Language};
use crate::jobs::notes;

/// 2024年12月6日, without leading zeros.
pub(super) fn date(language: Language, at: DateTime<Tz>) -> String {
    match language {
        Language::Chinese => format!("{}年{}月{}日", at.year(), at.month(), at.day()),
        Language::English => at.format("%-d %B %Y").to_string(),
    }
}

/// 12月6日9:00.
pub(super) fn as_of(language: Language, at: DateTime<Tz>) -> String {
    match language {
        Language::Chinese => format!("{}月{}日{}:{:02}", at.month(), at.day(), at.hour(), at.minute()),
        Language::English => at.format("%-d %B, %H:%M").to_string(),
    }
}

/// 2024年12月5日（星期四）17:30.
pub(super) fn deadline(language: Language, at: DateTime<Tz>) -> String {
    match language {
        Language::Chinese => format!(
            "{}（{}）{}:{:02}",
            date(language, at),
            weekday_name(at.date_naive()),
            at.hour(),
            at.minute()
        ),
        Language::English => at.format("%A %-d %B %Y, %H:%M").to_string(),
    }
}

/// How a due date came about, if it was moved.
pub(super) fn moved(language: Language, due: &Due) -> String {
    let Some(because) = &due.moved_because else {
        return String::new();
    };
    let later = due.at.date_naive() > due.nominal;
    match (language, later) {
        (Language::Chinese, true) => format!("遇{because}，已按节假日顺延"),
        (Language::Chinese, false) => format!("遇{because}，已提前"),
        (Language::English, true) => format!("moved because of {because}"),
        (Language::English, false) => format!("brought forward because of {because}"),
    }
}

/// An instant as people write it, or nothing.
pub(super) fn moment_or_empty(language: Language, at: Option<DateTime<Utc>>, zone: Tz) -> String {
    at.map(|at| notes::moment(language, at.with_timezone(&zone)))
        .unwrap_or_default()
}
