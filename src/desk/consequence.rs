//! What would follow from a decision, seen before it is made: the difference
//! of what is to go out with it and without it, by the same plan that letters
//! are made by.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Days};
use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::ladder::Mode;
use crate::domain::language::Language;
use crate::domain::notices::{Notice, NoticeKey};
use crate::domain::program::Program;
use crate::jobs::remind::forecast;
use crate::jobs::site::Site;

pub use crate::jobs::obligations::Supposed;

/// How far ahead it is looked.
const AHEAD: Days = Days::new(30);

/// A letter that would come or fall away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Going {
    /// When.
    pub at: DateTime<Tz>,
    /// Of which unit it speaks; none where of a whole period.
    pub unit_shown: Option<String>,
    /// What kind.
    pub label: String,
    /// To whom.
    pub to: Vec<String>,
    /// It waits for a person before it goes.
    pub draft: bool,
}

/// What would follow from a decision within thirty days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consequence {
    /// Letters that no longer go.
    pub away: Vec<Going>,
    /// Letters that go now.
    pub come: Vec<Going>,
}

/// What is to go out by one of two plans: of a programme as it is, as if this
/// were decided.
pub type Side<'a> = (&'a Arc<Program>, &'a Supposed);

/// What would follow, from a programme that becomes another or from something
/// that is decided.
///
/// # Errors
/// The database can't be read.
pub async fn consequence(
    site: &Arc<Site>,
    (program, then): (&Arc<Program>, &Arc<Program>),
    supposed: &Supposed,
) -> anyhow::Result<Consequence> {
    let nothing = Supposed::default();
    between(site, Some((program, &nothing)), Some((then, supposed))).await
}

/// What is another by a second plan; none: nothing goes.
///
/// # Errors
/// The database can't be read.
pub async fn between(
    site: &Arc<Site>,
    before: Option<Side<'_>>,
    after: Option<Side<'_>>,
) -> anyhow::Result<Consequence> {
    let today = site.clock.now().date_naive();
    let until = today.checked_add_days(AHEAD).unwrap_or(today);
    let mut plans = [Vec::new(), Vec::new()];
    for (plan, side) in plans.iter_mut().zip([before, after]) {
        if let Some((program, supposed)) = side {
            *plan = forecast(site, program, until, supposed).await?;
        }
    }
    let Some((program, _)) = before.or(after) else {
        return Ok(Consequence::default());
    };
    let missing = |from: &[Notice], there: &[Notice]| -> Vec<Going> {
        let known: HashSet<_> = there.iter().map(identity).collect();
        let gone = from.iter().filter(|own| !known.contains(&identity(own)));
        gone.map(|own| going(site.language(), program, own)).collect()
    };
    let [before, after] = &plans;
    Ok(Consequence {
        away: missing(before, after),
        come: missing(after, before),
    })
}

/// What tells one letter of a plan from another: what it is about, when, to
/// whom, and whether it waits for a person.
fn identity(notice: &Notice) -> (NoticeKey, DateTime<Tz>, Vec<&str>, bool) {
    let to = notice.to.iter().map(|own| own.address.as_str());
    (notice.key(), notice.at, to.collect(), notice.mode == Mode::Draft)
}

fn going(language: Language, program: &Program, notice: &Notice) -> Going {
    let unit = notice.unit.as_ref().map(|id| {
        let own = program.roster.unit(id);
        own.map_or_else(|| id.to_string(), |own| own.display_name.clone())
    });
    Going {
        at: notice.at,
        unit_shown: unit,
        label: notice.kind.label(language).to_owned(),
        to: notice.to.iter().map(|own| own.name.clone()).collect(),
        draft: notice.mode == Mode::Draft,
    }
}
