//! Dates and times as letters write them.

use chrono::{DateTime, Datelike, Timelike};
use chrono_tz::Tz;

use crate::domain::calendar::Calendar;
use crate::domain::dates::civil;
use crate::domain::dates::{day, weekday};
use crate::domain::ladder::Kind;
use crate::domain::language::Language;
use crate::domain::program::Due;
use crate::jobs::site::Site;

/// 12月6日9:00.
pub(super) fn as_of(language: Language, at: DateTime<Tz>) -> String {
    match language {
        Language::Chinese => format!("{}月{}日{}:{:02}", at.month(), at.day(), at.hour(), at.minute()),
        Language::English => at.format("%-d %B, %H:%M").to_string(),
    }
}

/// 2024年12月5日（星期四）17:30.
pub(super) fn deadline(language: Language, at: DateTime<Tz>) -> String {
    let date = at.date_naive();
    let (day, weekday) = (day(language, date), weekday(language, date));
    match language {
        Language::Chinese => format!("{day}（{weekday}）{}:{:02}", at.hour(), at.minute()),
        Language::English => format!("{weekday} {day}, {}", at.format("%H:%M")),
    }
}

/// How a due date came about, if it was moved.
pub(super) fn moved(language: Language, due: &Due, calendar: &Calendar) -> String {
    let date = due.at.date_naive();
    if date == due.nominal {
        return String::new();
    }
    if due.extended_because.is_some() {
        let nominal = day(language, due.nominal);
        return match language {
            Language::Chinese => format!("原定{nominal}，现已延期"),
            Language::English => format!("extended, originally {nominal}"),
        };
    }
    let later = date > due.nominal;
    let weekday = weekday(language, due.nominal);
    match (language, calendar.holiday(due.nominal)) {
        (Language::Chinese, holiday) => format!(
            "遇{}{}",
            holiday.unwrap_or(&weekday),
            if later {
                "，已按节假日顺延"
            } else {
                "，已提前"
            }
        ),
        (Language::English, holiday) => format!(
            "{} because of {}",
            if later { "postponed" } else { "brought forward" },
            if holiday.is_some() {
                "a public holiday"
            } else {
                &weekday
            }
        ),
    }
}

/// Working days since the due date.
pub(super) fn overdue(site: &Site, due: &Due, now: DateTime<Tz>) -> u32 {
    let mut day = due.at.date_naive();
    let today = now.date_naive();
    let mut days = 0;
    while day < today && days < 250 {
        day = site.calendar().add_working_days(day, 1);
        days += u32::from(day <= today);
    }
    days
}

/// Until when a chase wants an answer: the first one today, the second by the
/// next working day at noon (domain/programs.md §5).
pub(super) fn reply_by(site: &Site, kind: Kind, now: DateTime<Tz>) -> Option<DateTime<Tz>> {
    let at = match kind {
        Kind::FirstChase | Kind::DueToday => {
            // A chase that waited for the end of a grace goes when the day is over.
            let at = |day| civil(now.timezone(), day, site.options.hours.to);
            let today = at(now.date_naive());
            if today > now {
                today
            } else {
                at(site.calendar().add_working_days(now.date_naive(), 1))
            }
        }
        Kind::SecondChase => {
            let next = site.calendar().add_working_days(now.date_naive(), 1);
            civil(
                now.timezone(),
                next,
                chrono::NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default(),
            )
        }
        _ => return None,
    };
    Some(at)
}
