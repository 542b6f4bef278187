//! What is to be sent on some days, to whom and why, as if nothing more came in.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::letters::in_few_words;
use super::times::instant;
use crate::domain::ids::ProgramId;
use crate::domain::ladder::{Mode, Role};
use crate::domain::language::Language;
use crate::domain::notices::{Notice, Recipient};
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::remind::forecast;
use crate::jobs::site::Site;

pub use crate::jobs::obligations::Supposed;

/// A notice that is to come.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleLine {
    /// When.
    #[serde(serialize_with = "instant")]
    pub at: DateTime<Tz>,
    /// The programme.
    pub program: ProgramId,
    /// The period.
    pub period: String,
    /// The unit as the roster has it; none where it is about a whole period.
    pub unit: Option<String>,
    /// The step of the ladder.
    pub step: String,
    /// What kind.
    pub kind: &'static str,
    /// How it goes out.
    pub mode: Mode,
    /// To whom.
    pub to: Vec<Person>,
    /// Copies.
    pub cc: Vec<Person>,
    /// Why, in the programme's language.
    pub reason: String,
    /// The same as people read it.
    #[serde(skip)]
    pub shown: Shown,
}

/// What of a line people read otherwise than programs do.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The period as people say it.
    pub period: String,
    /// The unit's display name.
    pub unit: Option<String>,
    /// The kind.
    pub kind: &'static str,
    /// How it goes out.
    pub mode: &'static str,
}

/// Somebody who is written to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Who, with unit and post.
    pub name: String,
    /// As whom.
    pub role: Role,
    /// Mail address; empty: reached by hand.
    pub address: String,
}

/// What is to be sent of a programme from one day to another, both included,
/// in order of time, as if some things were decided.
///
/// # Errors
/// The database can't be read.
pub async fn schedule(
    site: &Arc<Site>,
    program: &Arc<Program>,
    (from, to): (NaiveDate, NaiveDate),
    supposed: &Supposed,
) -> anyhow::Result<Vec<ScheduleLine>> {
    let notices = forecast(site, program, to, supposed).await?;
    let ahead = notices.iter().filter(|notice| notice.at.date_naive() >= from);
    Ok(ahead
        .map(|notice| line(site.language(), program, notice))
        .collect())
}

/// Whom a line names, in few words.
#[must_use]
pub fn names(language: Language, people: &[Person]) -> String {
    let first = people.first().map(|own| own.name.clone());
    let are_units = people.iter().all(|own| own.role == Role::AllUnits);
    in_few_words(language, first, people.len(), are_units)
}

pub(super) fn line(own: Language, program: &Program, notice: &Notice) -> ScheduleLine {
    let language = program.language;
    let people = |list: &[Recipient]| -> Vec<Person> {
        let people = list.iter().map(|person| Person {
            name: person.described(own),
            role: person.role,
            address: person.address.clone(),
        });
        people.collect()
    };
    let unit = notice.unit.as_deref().and_then(|id| program.roster.unit(id));
    ScheduleLine {
        at: notice.at,
        program: notice.program.clone(),
        period: notice.period.to_string(),
        unit: unit.map(|unit| unit.name.clone()),
        step: notice.step.clone(),
        kind: notice.kind.as_str(),
        mode: notice.mode,
        to: people(&notice.to),
        cc: people(&notice.cc),
        reason: notice.reason.words(language),
        shown: Shown {
            period: period_label(program, &notice.period),
            unit: unit.map(|unit| unit.display_name.clone()),
            kind: notice.kind.label(own),
            mode: notice.mode.label(own),
        },
    }
}
