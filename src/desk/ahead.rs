//! The calendar of letters: the next thirty days, and what goes on each, by the
//! same plan that letters are made by.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::schedule::{ScheduleLine, Supposed, line, names};
use super::times::instant;
use crate::domain::calendar::{Calendar, Day};
use crate::domain::dates::weekday;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Mode, Role};
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::remind::forecast;
use crate::jobs::site::Site;

/// How far ahead it is looked, the days of `schedule`.
const AHEAD: Days = Days::new(30);

/// So many letters of one moment and kind stand in one line; more are several.
const IN_A_LINE: usize = 200;

/// So many lines stand on a page, and in them so many letters.
const LINES: usize = 200;
const LETTERS: usize = 1000;

/// What of a programme goes within thirty days.
#[derive(Debug, Clone, Default)]
pub struct Ahead {
    lines: Vec<AheadLine>,
    next: HashMap<(Period, UnitId), Next>,
}

/// The next letter to a unit about a period, as if nothing more came in.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// What kind.
    pub label: &'static str,
    /// When.
    pub at: DateTime<Tz>,
    /// It waits for a person before it goes.
    pub draft: bool,
}

/// Letters of one moment and kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AheadLine {
    /// When.
    #[serde(serialize_with = "instant")]
    pub at: DateTime<Tz>,
    /// The programme's name.
    pub name: String,
    /// The period as people say it.
    pub period: String,
    /// What kind.
    pub kind: &'static str,
    /// They wait for a person before they go.
    pub draft: bool,
    /// To whom, in few words.
    pub to: String,
    /// Why, where it is the same for all.
    pub reason: Option<String>,
    /// The letters.
    pub letters: Vec<AheadLetter>,
    /// Which of all that go together is the first of these, counted from 1.
    pub first: usize,
    /// How many go together.
    pub all: usize,
}

/// A letter of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AheadLetter {
    /// The unit that it is about; none where it is about a whole period.
    pub unit: Option<String>,
    /// To whom, in few words.
    pub to: String,
    /// Who gets a copy; none where nobody does.
    pub cc: Option<String>,
    /// Why, where the others go for another reason.
    pub reason: Option<String>,
}

/// A page of the calendar.
#[derive(Debug, Clone, Serialize)]
pub struct AheadPage<'a> {
    /// Its days, each with its lines.
    pub days: Vec<AheadDay<'a>>,
    /// Which page it is, and of how many, counted from 1.
    pub at: usize,
    /// How many there are.
    pub parts: usize,
    /// How many letters there are on all pages.
    pub letters: usize,
}

/// A day.
#[derive(Debug, Clone, Serialize)]
pub struct AheadDay<'a> {
    /// Its date.
    pub date: NaiveDate,
    /// Its name within the week.
    pub weekday: String,
    /// Nobody works; a holiday's name where it is one.
    pub off: bool,
    /// The holiday, or for which one a weekend day is worked.
    pub holiday: Option<String>,
    /// The days off of its year aren't published yet.
    pub assumed: bool,
    /// What goes.
    pub lines: Vec<&'a AheadLine>,
}

/// What of a programme goes within thirty days.
///
/// # Errors
/// The database can't be read.
pub(super) async fn ahead(site: &Arc<Site>, program: &Arc<Program>) -> anyhow::Result<Ahead> {
    supposed(site, program, &Supposed::default()).await
}

/// The same, if it ran from now on.
///
/// # Errors
/// The database can't be read.
pub(super) async fn begun(site: &Arc<Site>, program: &Arc<Program>) -> anyhow::Result<Ahead> {
    let now = Some(site.clock.utc());
    let begun = Supposed {
        begun: now,
        ..Supposed::default()
    };
    supposed(site, program, &begun).await
}

async fn supposed(site: &Arc<Site>, program: &Arc<Program>, if_so: &Supposed) -> anyhow::Result<Ahead> {
    let (_, until) = span(site.clock.now());
    let notices = forecast(site, program, until, if_so).await?;
    let language = site.language();
    let mut next = HashMap::new();
    for notice in &notices {
        if let Some(unit) = &notice.unit {
            let of = (notice.period.clone(), unit.clone());
            next.entry(of).or_insert_with(|| Next {
                label: notice.kind.label(language),
                at: notice.at,
                draft: notice.mode == Mode::Draft,
            });
        }
    }
    let lines = notices.iter().map(|notice| line(language, program, notice));
    Ok(Ahead {
        lines: grouped(language, program, lines.collect()),
        next,
    })
}

impl Ahead {
    /// When the first of them goes after an instant.
    pub(super) fn first_after(&self, at: DateTime<Tz>) -> Option<DateTime<Tz>> {
        self.lines.iter().map(|line| line.at).find(|own| *own > at)
    }

    /// The next letter to a unit about a period; none where none goes.
    #[must_use]
    pub fn next(&self, period: &Period, unit: &UnitId) -> Option<&Next> {
        self.next.get(&(period.clone(), unit.clone()))
    }
}

/// A page of what goes of some programmes.
#[must_use]
pub fn page<'a>(
    language: Language,
    calendar: &Calendar,
    now: DateTime<Tz>,
    all: &'a [Arc<Ahead>],
    asked: usize,
) -> AheadPage<'a> {
    let mut lines: Vec<&AheadLine> = all.iter().flat_map(|own| &own.lines).collect();
    lines.sort_by_key(|line| line.at);
    let pages = paged(&lines);
    let at = asked.clamp(1, pages.len());
    let (today, until) = span(now);
    let own = pages[at - 1];
    // A day that is divided begins on the next page again; one without letters is on one page.
    let begins = match at.checked_sub(2).and_then(|before| pages[before].last()) {
        None => today,
        Some(last) => {
            let (last, first) = (last.at.date_naive(), own[0].at.date_naive());
            first.min(last.checked_add_days(Days::new(1)).unwrap_or(last))
        }
    };
    let ends = match own.last() {
        Some(last) if at < pages.len() => last.at.date_naive(),
        _ => until,
    };
    let days = begins.iter_days().take_while(|date| *date <= ends);
    AheadPage {
        days: days.map(|date| day(language, calendar, date, own)).collect(),
        at,
        parts: pages.len(),
        letters: lines.iter().map(|line| line.letters.len()).sum(),
    }
}

fn span(now: DateTime<Tz>) -> (NaiveDate, NaiveDate) {
    let today = now.date_naive();
    (today, today.checked_add_days(AHEAD).unwrap_or(today))
}

fn day<'a>(
    language: Language,
    calendar: &Calendar,
    date: NaiveDate,
    lines: &[&'a AheadLine],
) -> AheadDay<'a> {
    let (off, holiday) = match calendar.day(date) {
        Day::Working => (false, None),
        Day::MakeUp(name) => (false, Some(name.to_owned())),
        Day::Weekend => (true, None),
        Day::Holiday(name) => (true, Some(name.to_owned())),
    };
    let own = lines.iter().filter(|line| line.at.date_naive() == date);
    AheadDay {
        date,
        weekday: weekday(language, date),
        off,
        holiday,
        assumed: !calendar.knows(chrono::Datelike::year(&date)),
        lines: own.copied().collect(),
    }
}

/// Lines in pages, each as full as it may be; one page at least.
fn paged<'a, 'b>(lines: &'b [&'a AheadLine]) -> Vec<&'b [&'a AheadLine]> {
    let mut pages = Vec::new();
    let (mut begin, mut letters) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        if at > begin && (at - begin >= LINES || letters + line.letters.len() > LETTERS) {
            pages.push(&lines[begin..at]);
            (begin, letters) = (at, 0);
        }
        letters += line.letters.len();
    }
    pages.push(&lines[begin..]);
    pages
}

/// Notices of one moment, period, step and kind as one line, or several where
/// they are many; in order of time.
fn grouped(language: Language, program: &Program, lines: Vec<ScheduleLine>) -> Vec<AheadLine> {
    let mut places = HashMap::new();
    let mut groups: Vec<Vec<ScheduleLine>> = Vec::new();
    for line in lines {
        let key = (
            line.at,
            line.period.clone(),
            line.step.clone(),
            line.kind,
            line.mode == Mode::Draft,
        );
        let place = *places.entry(key).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[place].push(line);
    }
    let lines = groups.iter().flat_map(|group| divided(language, program, group));
    lines.collect()
}

fn divided(language: Language, program: &Program, group: &[ScheduleLine]) -> Vec<AheadLine> {
    let Some(first) = group.first() else {
        return Vec::new();
    };
    let same = group.iter().all(|line| line.reason == first.reason);
    let letter = |line: &ScheduleLine| AheadLetter {
        unit: line.shown.unit.clone(),
        to: names(language, &line.to),
        cc: (!line.cc.is_empty()).then(|| names(language, &line.cc)),
        reason: (!same).then(|| line.reason.clone()),
    };
    let parts = group.chunks(IN_A_LINE).enumerate();
    parts
        .map(|(at, part)| AheadLine {
            at: first.at,
            name: program.name.clone(),
            period: first.shown.period.clone(),
            kind: first.shown.kind,
            draft: first.mode == Mode::Draft,
            to: match part {
                [one] => names(language, &one.to),
                _ => roles(language, part),
            },
            reason: same.then(|| first.reason.clone()),
            letters: part.iter().map(letter).collect(),
            first: at * IN_A_LINE + 1,
            all: group.len(),
        })
        .collect()
}

/// As whom people are written to, each once.
fn roles(language: Language, lines: &[ScheduleLine]) -> String {
    let mut found: Vec<Role> = Vec::new();
    for person in lines.iter().flat_map(|line| &line.to) {
        if !found.contains(&person.role) {
            found.push(person.role);
        }
    }
    let words: Vec<&str> = found.iter().map(|role| role.short(language)).collect();
    words.join(language.either("、", ", "))
}

#[cfg(test)]
mod tests;
