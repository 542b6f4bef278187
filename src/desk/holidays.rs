//! Days off: which years are known, what a notice says day by day, taking it.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::domain::actor::Actor;
use crate::domain::calendar::{Calendar, Day, DayKind, Run};
use crate::domain::dates::{moment, weekday};
use crate::domain::language::{Language, worded};
use crate::domain::sha256::Sha256;
use crate::jobs::holidays::{self, Imported, Moved, Refused, coming_provisional};
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// Longest text that is taken for a notice, in characters.
pub const LONGEST: usize = 20_000;

/// A year's days off.
#[derive(Debug, Clone, Serialize)]
pub struct YearAnswer {
    /// The year.
    pub year: i32,
    /// Its arrangement is known.
    pub known: bool,
    /// Runs of days off.
    pub runs: Vec<RunAnswer>,
    /// Weekend days that are worked.
    pub worked: Vec<DayAnswer>,
}

/// Days off in a row.
#[derive(Debug, Clone, Serialize)]
pub struct RunAnswer {
    /// For which holiday.
    pub name: String,
    /// First day.
    pub from: DayAnswer,
    /// Last day.
    pub to: DayAnswer,
    /// How many.
    pub days: i64,
}

/// A day with its weekday.
#[derive(Debug, Clone, Serialize)]
pub struct DayAnswer {
    /// The day.
    pub date: NaiveDate,
    /// 星期一…….
    pub weekday: String,
}

/// What is known of days off.
#[derive(Debug, Clone, Serialize)]
pub struct HolidaysAnswer {
    /// The years that are known: 2018—2026.
    pub years: String,
    /// This year and the next.
    pub shown: Vec<YearAnswer>,
    /// Deadlines ahead that hang on a year without data.
    pub provisional: Vec<String>,
    /// What is wrong with the table as it stands.
    pub fault: Option<String>,
}

/// The years whose days off are known: 2018—2026.
#[must_use]
pub fn known_years(site: &Site) -> String {
    spans(&site.calendar())
}

/// What a notice says.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeAnswer {
    /// Its years.
    pub years: Vec<i32>,
    /// Its days.
    pub days: Vec<NoticeDay>,
    /// Days off and days worked.
    pub counts: (usize, usize),
    /// Days that it says nothing of and that were something else.
    pub gone: Vec<NoticeDay>,
    /// Holidays that it doesn't name, by year.
    pub unnamed: Vec<(i32, String)>,
    /// What it does to deadlines.
    pub moved: Vec<String>,
    /// Something is another.
    pub changed: bool,
    /// The content of the table as it was looked at.
    pub seen: Sha256,
}

/// A day of a notice.
#[derive(Debug, Clone, Serialize)]
pub struct NoticeDay {
    /// The day.
    #[serde(flatten)]
    pub day: DayAnswer,
    /// Off or worked.
    pub kind: DayKind,
    /// For which holiday.
    pub name: String,
    /// What it was held for until now, where that is another thing.
    pub before: Option<&'static str>,
}

fn day(language: Language, date: NaiveDate) -> DayAnswer {
    DayAnswer {
        date,
        weekday: weekday(language, date),
    }
}

/// What is known of days off.
#[must_use]
pub fn known(site: &Site) -> HolidaysAnswer {
    let calendar = site.calendar();
    let (this, language) = (site.clock.now().year(), site.language());
    let provisional = coming_provisional(site)
        .into_iter()
        .map(|(program, period, due)| {
            let period = period_label(&program, &period);
            worded!(
                language,
                "{} {period}：截止{}",
                "{} {period}: due {}",
                program.matter,
                moment(language, due.at)
            )
        });
    HolidaysAnswer {
        years: spans(&calendar),
        shown: [this, this + 1]
            .map(|year| of_year(language, &calendar, year))
            .into(),
        provisional: provisional.collect(),
        fault: site.calendar_fault().map(|fault| fault.to_string()),
    }
}

fn of_year(language: Language, calendar: &Calendar, year: i32) -> YearAnswer {
    let run = |run: Run| RunAnswer {
        days: run.days(),
        from: day(language, run.from),
        to: day(language, run.to),
        name: run.name,
    };
    YearAnswer {
        year,
        known: calendar.knows(year),
        runs: calendar.holidays(year).into_iter().map(run).collect(),
        worked: calendar
            .make_up_days(year)
            .map(|(date, _)| day(language, date))
            .collect(),
    }
}

/// `2018—2026、2028`.
#[must_use]
pub fn spans(calendar: &Calendar) -> String {
    let mut spans: Vec<(i32, i32)> = Vec::new();
    for year in calendar.years() {
        match spans.last_mut() {
            Some((_, to)) if *to + 1 == year => *to = year,
            _ => spans.push((year, year)),
        }
    }
    let words = spans.iter().map(|(from, to)| {
        if from == to {
            from.to_string()
        } else {
            format!("{from}—{to}")
        }
    });
    words.collect::<Vec<_>>().join("、")
}

/// What an import did to one due date.
#[must_use]
pub fn moved_words(words: Language, moved: &Moved) -> String {
    let (before, after) = (&moved.before, &moved.after);
    let period = period_label(&moved.program, &moved.period);
    let matter = &moved.program.matter;
    let at = moment(words, after.at);
    if before.at != after.at {
        let before = moment(words, before.at);
        worded!(
            words,
            "{matter} {period}：截止时间由{before}改为{at}",
            "{matter} {period}: due {at}, no longer {before}"
        )
    } else if before.provisional && !after.provisional {
        worded!(
            words,
            "{matter} {period}：截止时间{at}不变，不再是暂定",
            "{matter} {period}: due {at} as before, no longer provisional"
        )
    } else {
        let close = moment(words, after.close);
        worded!(
            words,
            "{matter} {period}：截止时间{at}不变，关期时间为{close}",
            "{matter} {period}: due {at} as before, closes {close}"
        )
    }
}

/// What a notice that was pasted says, day by day; nothing is written.
///
/// # Errors
/// The inner error: what can't be understood, a line each. The outer one: the
/// database can't be read.
pub async fn read(site: &Site, text: &str) -> anyhow::Result<Result<NoticeAnswer, Vec<String>>> {
    match holidays::preview(site, text).await {
        Ok((imported, seen)) => Ok(Ok(answer(site, &imported, seen))),
        Err(error) => wrong(error).map(Err),
    }
}

/// Takes a notice that was pasted, if the table is as it was looked at.
///
/// # Errors
/// The inner error: see [`read`]. The outer one: the table is another by now
/// ([`crate::jobs::refusal::Refusal`]); the database is gone.
pub async fn take(
    site: &Site,
    by: &Actor,
    text: &str,
    seen: Sha256,
) -> anyhow::Result<Result<NoticeAnswer, Vec<String>>> {
    let before = site.calendar();
    match holidays::import_text(site, by, text, seen).await {
        Ok(imported) => Ok(Ok(of(site.language(), &before, &imported, seen))),
        Err(error) => wrong(error).map(Err),
    }
}

fn wrong(error: anyhow::Error) -> anyhow::Result<Vec<String>> {
    match error.downcast::<Refused>() {
        Ok(refused) => Ok(refused.faults),
        Err(error) => Err(error),
    }
}

fn answer(site: &Site, imported: &Imported, seen: Sha256) -> NoticeAnswer {
    of(site.language(), &site.calendar(), imported, seen)
}

fn of(language: Language, before: &Calendar, imported: &Imported, seen: Sha256) -> NoticeAnswer {
    let calendar = &imported.calendar;
    let was = |date: NaiveDate| match before.day(date) {
        Day::Working => language.either("上班", "working day"),
        Day::MakeUp(_) => language.either("调休上班", "worked weekend day"),
        Day::Weekend => language.either("休息", "weekend"),
        Day::Holiday(_) => language.either("放假", "day off"),
    };
    let first = imported.years.iter().min().copied().unwrap_or_default();
    // The last days of the December before may belong to it.
    let years = std::iter::once(first - 1).chain(imported.years.iter().copied());
    let own = |year: i32| imported.years.contains(&year);
    let mut days = Vec::new();
    for year in years {
        let special = calendar
            .year(year)
            .filter(|(date, _)| own(year) || date.month() == 12 && date.day() >= 25);
        days.extend(special.map(|(date, special)| NoticeDay {
            day: day(language, date),
            kind: special.kind,
            name: special.name.clone(),
            before:
                Some(was(date)).filter(|_| before.is_working_day(date) != (special.kind == DayKind::Work)),
        }));
    }
    let gone = imported.years.iter().flat_map(|year| before.year(*year));
    let gone = gone.filter(|(date, _)| before.is_working_day(*date) != calendar.is_working_day(*date));
    let gone = gone.filter(|(date, _)| !days.iter().any(|own| own.day.date == *date));
    let gone: Vec<NoticeDay> = gone
        .map(|(date, special)| NoticeDay {
            day: day(language, date),
            kind: special.kind,
            name: special.name.clone(),
            before: Some(was(date)),
        })
        .collect();
    let off = days.iter().filter(|own| own.kind == DayKind::Off).count();
    let unnamed = imported
        .years
        .iter()
        .map(|year| (*year, calendar.unnamed_holidays(*year).join("、")));
    NoticeAnswer {
        years: imported.years.clone(),
        counts: (off, days.len() - off),
        days,
        gone,
        unnamed: unnamed.filter(|(_, names)| !names.is_empty()).collect(),
        moved: imported
            .moved
            .iter()
            .map(|moved| moved_words(language, moved))
            .collect(),
        changed: imported.changed,
        seen,
    }
}
