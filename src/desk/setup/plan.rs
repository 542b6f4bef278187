//! What would be set up: programmes to choose from, when they are due, the
//! first form, what is made.

use std::sync::Arc;

use chrono::{DateTime, Days};
use chrono_tz::Tz;
use serde::Serialize;

use super::Answers;
use crate::desk::ahead::{Ahead, begun};
use crate::desk::files::blank_form;
use crate::desk::programs::list;
use crate::desk::sheet::{SheetAnswer, of_workbook};
use crate::desk::times::instant;
use crate::domain::ids::ProgramId;
use crate::domain::program::{DueRule, Program};
use crate::jobs::decide::read_archived;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;
use crate::platform::durable::temporary_in;

/// So many due dates are shown.
const NEXT: usize = 3;

/// How far ahead they are looked for: reports of a year, three times.
const AHEAD: Days = Days::new(1200);

/// Periods that may begin until then, weekly ones included.
const MOST: usize = 200;

/// A programme that can be chosen.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Its id.
    pub id: ProgramId,
    /// Its name.
    pub name: String,
    /// 台账、登记簿、材料.
    pub kind: &'static str,
    /// How often.
    pub cycle: &'static str,
    /// How many units owe it.
    pub owers: usize,
    /// The document: title and number.
    pub basis: String,
    /// The document orders the report.
    pub ordered: bool,
    /// Its last period is over.
    pub over: bool,
    /// It is chosen.
    pub chosen: bool,
}

/// The programmes, those that are chosen marked; before anything was chosen,
/// those that a document orders and that aren't over.
#[must_use]
pub fn choices(site: &Site, answers: &Answers) -> Vec<Choice> {
    let (lines, _) = list(site);
    let choice = |line: crate::desk::programs::ProgramLine| {
        let basis = site.program(&line.id).map_or_else(String::new, |own| {
            format!("{}{}", own.basis.title, bracketed(&own.basis.number))
        });
        Choice {
            chosen: match &answers.programs {
                Some(all) => all.iter().any(|own| line.id == **own),
                None => line.ordered && !line.over,
            },
            id: line.id,
            name: line.name,
            kind: line.kind,
            cycle: line.cycle,
            owers: line.owers,
            ordered: line.ordered,
            over: line.over,
            basis,
        }
    };
    lines.into_iter().map(choice).collect()
}

fn bracketed(number: &str) -> String {
    if number.is_empty() {
        String::new()
    } else {
        format!("（{number}）")
    }
}

/// The programmes that were chosen, in the order of the list.
#[must_use]
pub fn chosen(site: &Site, answers: &Answers) -> Vec<Arc<Program>> {
    let mut all = site.programs();
    all.retain(|own| {
        let mut ids = answers.programs.iter().flatten();
        ids.any(|id| own.id == **id)
    });
    all
}

/// When a programme is due, and who reports.
#[derive(Debug, Clone, Serialize)]
pub struct Dates {
    /// The programme.
    pub id: ProgramId,
    /// Its name.
    pub name: String,
    /// The rule is by default, not by the document.
    pub assumed: bool,
    /// The first period, where the document leaves it open.
    pub first: Option<String>,
    /// The due day, where the document leaves it open.
    pub day: Option<u32>,
    /// The next periods.
    pub next: Vec<Next>,
    /// Units in its roster.
    pub units: usize,
    /// Those of them whose liaison has no mail.
    pub unreached: usize,
    /// Those of them whose liaison's address is a placeholder (.example).
    pub placeholders: usize,
}

/// A period with its due date.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// As people say it.
    pub label: String,
    /// Until when.
    #[serde(serialize_with = "instant")]
    pub due: DateTime<Tz>,
    /// How it came about.
    pub reason: String,
    /// It hangs on holidays that aren't known yet.
    pub provisional: bool,
}

/// When the programmes that were chosen are due next.
#[must_use]
pub fn dates(site: &Site, answers: &Answers) -> Vec<Dates> {
    let chosen = chosen(site, answers);
    chosen.iter().map(|program| of(site, program)).collect()
}

fn of(site: &Site, program: &Program) -> Dates {
    let (now, calendar) = (site.clock.now(), site.calendar());
    let reasons = site.reasons(program.language);
    let horizon = now.date_naive() + AHEAD;
    let milestones = program.cycle.milestones.iter();
    let mut periods = program.cycle.started_by(horizon, MOST);
    periods.extend(milestones.map(|own| crate::domain::period::Period::Milestone(own.id.clone())));
    let mut next: Vec<Next> = periods
        .iter()
        .filter_map(|period| {
            let due = program.due(period, &calendar, site.clock.zone())?;
            (due.at > now).then(|| Next {
                label: period_label(program, period),
                reason: reasons.due(program, &due, &calendar),
                provisional: due.provisional,
                due: due.at,
            })
        })
        .collect();
    next.sort_by_key(|own| own.due);
    next.dedup_by(|one, other| one.label == other.label);
    next.truncate(NEXT);
    let today = now.date_naive();
    let units: Vec<_> = program.roster.units_in((today, today)).collect();
    let mails = units.iter().map(|unit| unit.liaison.mail.as_str());
    Dates {
        id: program.id.clone(),
        name: program.name.clone(),
        first: program
            .cycle
            .first
            .as_ref()
            .filter(|_| program.is_assumed("cycle.first"))
            .map(ToString::to_string),
        day: day_of(program),
        assumed: program.is_assumed("deadline.day") || program.is_assumed("deadline.rule"),
        next,
        unreached: mails.clone().filter(|mail| mail.is_empty()).count(),
        placeholders: mails
            .filter(|mail| crate::domain::mail_address::is_reserved(mail))
            .count(),
        units: units.len(),
    }
}

/// The day that a programme is due on, where the document leaves it open.
pub(super) fn day_of(program: &Program) -> Option<u32> {
    match program.deadline.rule {
        DueRule::DayAfterPeriod(day) | DueRule::DayInPeriod(day) => {
            program.is_assumed("deadline.day").then_some(day)
        }
        _ => None,
    }
}

/// A form as a unit will find it.
#[derive(Debug, Clone, Serialize)]
pub struct FirstForm {
    /// The name of its file.
    pub name: String,
    /// The sheet.
    pub sheet: SheetAnswer,
}

/// The first unit's form of the first programme that has one; none where none has.
///
/// # Errors
/// It can't be written or read.
pub async fn first_form(site: &Arc<Site>, answers: &Answers) -> anyhow::Result<Option<FirstForm>> {
    for program in chosen(site, answers) {
        let Some(period) = program.open_period(&site.calendar(), site.clock.now()) else {
            continue;
        };
        let units = crate::desk::files::units(site, &program, &period).await?;
        let Some(unit) = units.first().map(|own| own.id.to_string()) else {
            continue;
        };
        let Some((name, bytes)) = blank_form(site, &program, &period, &unit).await? else {
            continue;
        };
        let file = temporary_in(&site.options.data)?;
        std::fs::write(file.path(), bytes)?;
        if let Ok(book) = read_archived(site, file.path()).await?
            && let Some(sheet) = of_workbook(&book)
        {
            return Ok(Some(FirstForm { name, sheet }));
        }
    }
    Ok(None)
}

/// What is made of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct Making {
    /// Its name.
    pub name: String,
    /// Its folder on the share.
    pub folder: String,
    /// Units that get a folder below it.
    pub units: usize,
}

/// What is made of the programmes that were chosen, and what goes within thirty days.
///
/// # Errors
/// The database can't be read.
pub async fn making(site: &Arc<Site>, answers: &Answers) -> anyhow::Result<(Vec<Making>, Vec<Arc<Ahead>>)> {
    let today = site.clock.now().date_naive();
    let (mut made, mut ahead) = (Vec::new(), Vec::new());
    for program in chosen(site, answers) {
        made.push(Making {
            name: program.name.clone(),
            folder: program.folder.clone(),
            units: program.roster.units_in((today, today)).count(),
        });
        ahead.push(Arc::new(begun(site, &program).await?));
    }
    Ok((made, ahead))
}
