//! Extending deadlines at the page: of a period, or of some of its units
//! (缓报). What would follow is shown before, and each unit's outcome after.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::consequence::{Consequence, Supposed, consequence};
use super::decide::{self, Whose};
use super::exempting::Outcome;
use super::is_refused;
use crate::domain::actor::Actor;
use crate::domain::calendar::Day;
use crate::domain::dates::weekday;
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::extend::{as_seen, extended};
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// What is to be extended.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// The programme.
    pub program: &'a Arc<Program>,
    /// The period.
    pub period: &'a Period,
    /// The units; none: all of the period's.
    pub units: &'a [UnitId],
}

/// A unit with the date that stands.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// By when it owes the period now.
    pub due: Option<DateTime<Tz>>,
}

/// What is shown before a deadline is extended.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The period as people say it.
    pub label: String,
    /// By when everybody owes it now.
    pub due: DateTime<Tz>,
    /// When it closes now.
    pub close: DateTime<Tz>,
    /// The units, in the order of the roster; none: all.
    pub units: Vec<Asked>,
    /// What tells how the deadline stood when it was shown.
    pub seen: u32,
    /// The last reasons given, each once, the latest first.
    pub reasons: Vec<String>,
    /// What would follow from the day that was named; none where none was.
    pub then: Option<Then>,
}

/// What would follow.
#[derive(Debug, Clone, Serialize)]
pub struct Then {
    /// The day.
    pub day: NaiveDate,
    /// Its name, and whether nobody works then.
    pub weekday: String,
    /// Nobody works then.
    pub off: bool,
    /// By when it would be owed.
    pub due: DateTime<Tz>,
    /// When the period would close.
    pub close: DateTime<Tz>,
    /// Letters that come and fall away.
    pub consequence: Consequence,
}

/// So many reasons are offered.
const REASONS: usize = 5;

/// How a deadline stands, and what would follow from a day.
///
/// # Errors
/// The day can't be ([`is_refused`]); the programme doesn't know the period
/// ([`super::Misuse`]); the database can't be read.
pub async fn before(site: &Arc<Site>, which: Which<'_>, day: Option<NaiveDate>) -> anyhow::Result<Before> {
    let Which {
        program,
        period,
        units,
    } = which;
    let (calendar, zone) = (site.calendar(), site.clock.zone());
    let due = program.due(period, &calendar, zone);
    let Some(due) = due else {
        super::misuse!(
            site.language(),
            "{}没有这一期",
            "{} has no such period",
            program.name
        )
    };
    let asked = program.roster.units.iter().filter(|own| units.contains(&own.id));
    let then = match day {
        Some(day) => Some(then(site, which, day).await?),
        None => None,
    };
    Ok(Before {
        label: period_label(program, period),
        units: asked
            .map(|own| Asked {
                unit: own.id.clone(),
                name: own.display_name.clone(),
                due: program.own_extension(&own.id, period, &due).map(|due| due.at),
            })
            .collect(),
        due: due.at,
        close: due.close,
        seen: as_seen(program, period),
        reasons: site.store.last_reasons(&program.id, REASONS).await?,
        then,
    })
}

async fn then(site: &Arc<Site>, which: Which<'_>, day: NaiveDate) -> anyhow::Result<Then> {
    let Which {
        program,
        period,
        units,
    } = which;
    let mut would = Program::clone(program);
    let mut due = None;
    for unit in whose(units) {
        let known = as_seen(&would, period);
        let (extension, by) = extended(site, program, Whose { period, unit }, day, ("", "", known))?;
        would.extensions.push(extension);
        due = Some(by);
    }
    let Some(due) = due else {
        super::misuse!(site.language(), "请先勾选单位", "please tick some units first")
    };
    let consequence = consequence(site, (program, &Arc::new(would)), &Supposed::default()).await?;
    Ok(Then {
        day,
        weekday: weekday(site.language(), day),
        off: matches!(site.calendar().day(day), Day::Holiday(_) | Day::Weekend),
        due: due.at,
        close: due.close,
        consequence,
    })
}

/// Whose deadlines: of each unit, or of all at once.
fn whose(units: &[UnitId]) -> Vec<Option<&UnitId>> {
    if units.is_empty() {
        vec![None]
    } else {
        units.iter().map(Some).collect()
    }
}

/// Extends a deadline as it was seen, of each unit by itself.
///
/// # Errors
/// The database can't be written; those before were done.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    which: Which<'_>,
    (day, reason): (NaiveDate, &str),
    seen: u32,
) -> anyhow::Result<Vec<Outcome>> {
    let Which {
        program,
        period,
        units,
    } = which;
    let mut outcomes = Vec::new();
    let mut seen = seen;
    for unit in whose(units) {
        let granted = (day, reason);
        let own = decide::extend_to(site, by, &program.id, Whose { period, unit }, granted, Some(seen)).await;
        let refused = match own {
            Ok(_) => {
                seen += 1;
                None
            }
            Err(error) if is_refused(&error) => Some(error.to_string()),
            Err(error) => return Err(error),
        };
        let known = unit.and_then(|unit| program.roster.unit(unit));
        outcomes.push(Outcome {
            unit: unit.cloned(),
            name: known.map_or_else(
                || site.language().either("全部单位", "All units").to_owned(),
                |own| own.display_name.clone(),
            ),
            refused,
        });
    }
    site.take_decisions().await?;
    Ok(outcomes)
}
