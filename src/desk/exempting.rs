//! Exempting units at the page: what is shown before, and each unit's outcome.

use std::sync::Arc;

use serde::Serialize;

use super::consequence::{Consequence, Supposed, consequence};
use super::is_refused;
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{Exemption, Undone};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::decide;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// A unit that is to be exempted, or whose exemption is to be undone.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// The exemption that stands.
    pub stands: Option<Standing>,
    /// What tells how it stood when it was shown.
    pub seen: String,
}

/// An exemption that stands.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub by: String,
}

/// What is shown before units are exempted.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The period as people say it.
    pub label: String,
    /// The units, in the order of the roster.
    pub units: Vec<Asked>,
    /// What would follow.
    pub consequence: Consequence,
    /// The last reasons given, each once, the latest first.
    pub reasons: Vec<String>,
}

/// What became of one unit.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The unit; none: all of them.
    pub unit: Option<UnitId>,
    /// Its name.
    pub name: String,
    /// Why nothing was done; none where it was.
    pub refused: Option<String>,
}

/// What is to be decided: units of a period, exempted or no longer.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// The programme.
    pub program: &'a Arc<Program>,
    /// The period.
    pub period: &'a Period,
    /// Whether the exemption is undone.
    pub undo: bool,
}

/// So many reasons are offered.
const REASONS: usize = 5;

/// How units stand, and what would follow from exempting them, or from undoing that.
///
/// # Errors
/// The database can't be read.
pub async fn before(site: &Arc<Site>, which: Which<'_>, units: &[UnitId]) -> anyhow::Result<Before> {
    let Which {
        program,
        period,
        undo,
    } = which;
    let known = site.store.exemptions(&program.id, period).await?;
    let of = |unit: &UnitId| known.iter().find(|own| own.unit == *unit);
    let asked = program.roster.units.iter().filter(|own| units.contains(&own.id));
    let asked: Vec<Asked> = asked
        .map(|own| {
            let stands = of(&own.id);
            Asked {
                unit: own.id.clone(),
                name: own.display_name.clone(),
                seen: decide::exemption::as_seen(stands),
                stands: stands.map(|own| Standing {
                    reason: own.reason.clone(),
                    by: own.by.clone(),
                }),
            }
        })
        .collect();
    let mut supposed = Supposed::default();
    for own in &asked {
        if undo {
            let undone = Undone {
                unit: own.unit.clone(),
                reason: String::new(),
                at: site.clock.utc(),
            };
            supposed.owed.push((period.clone(), undone));
        } else {
            supposed.exempt.push(exemption(site, period, &own.unit, "", ""));
        }
    }
    Ok(Before {
        label: period_label(program, period),
        consequence: consequence(site, (program, program), &supposed).await?,
        reasons: site.store.last_reasons(&program.id, REASONS).await?,
        units: asked,
    })
}

/// Exempts units as they were seen, each by itself, or undoes that.
///
/// # Errors
/// The database can't be written; those before were done.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    which: Which<'_>,
    units: &[(UnitId, String)],
    reason: &str,
) -> anyhow::Result<Vec<Outcome>> {
    let Which {
        program,
        period,
        undo,
    } = which;
    let mut outcomes = Vec::new();
    for (unit, shown) in units {
        let Some(own) = program.roster.unit(unit) else {
            continue;
        };
        let decided = if undo {
            let undone = decide::undo_exemption(site, by, program, (unit, period), reason, Some(shown)).await;
            undone.map(drop)
        } else {
            let fresh = exemption(site, period, unit, reason, by.name());
            let exempted = decide::exempt_as_seen(site, by, program, &fresh, shown).await;
            exempted.map(drop)
        };
        outcomes.push(Outcome {
            unit: Some(unit.clone()),
            name: own.display_name.clone(),
            refused: match decided {
                Ok(()) => None,
                Err(error) if is_refused(&error) => Some(error.to_string()),
                Err(error) => return Err(error),
            },
        });
    }
    Ok(outcomes)
}

fn exemption(site: &Site, period: &Period, unit: &UnitId, reason: &str, by: &str) -> Exemption {
    Exemption {
        unit: unit.clone(),
        period: period.clone(),
        reason: reason.to_owned(),
        by: by.to_owned(),
        at: site.clock.utc(),
    }
}
