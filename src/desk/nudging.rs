//! Asking units once more (催一次): whom, what goes or why not, and each unit's
//! outcome.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::consequence::{Consequence, Supposed, consequence};
use super::is_refused;
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Mode;
use crate::domain::notices::Notice;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::remind::{as_shown, nudge, nudges};
use crate::jobs::site::Site;

/// A letter that goes to a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Goes {
    /// When.
    pub at: DateTime<Tz>,
    /// To whom.
    pub to: Vec<String>,
    /// It waits for a person before it goes.
    pub draft: bool,
    /// Nobody to whom it goes has an address: somebody has to hand it over.
    pub by_hand: bool,
}

/// A unit that is to be asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// The unit.
    pub unit: UnitId,
    /// Its name.
    pub name: String,
    /// What goes; none where it may not.
    pub goes: Option<Goes>,
    /// What tells how it stood when it was shown.
    pub seen: String,
    /// Why nothing may go.
    pub refused: Option<String>,
}

/// What is shown before units are asked.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The period as people say it.
    pub label: String,
    /// The units, in the order of the roster.
    pub units: Vec<Asked>,
    /// How many of them may be asked.
    pub may: usize,
    /// What would follow.
    pub consequence: Consequence,
}

/// What became of one unit.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What goes.
    pub goes: Option<Goes>,
    /// Why nothing does.
    pub refused: Option<String>,
}

/// What would go to each of some units.
///
/// # Errors
/// The database can't be read.
pub async fn before(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
    units: &[UnitId],
) -> anyhow::Result<Before> {
    let known = program.roster.units.iter().filter(|own| units.contains(&own.id));
    let (ids, names): (Vec<UnitId>, Vec<String>) = known
        .map(|own| (own.id.clone(), own.display_name.clone()))
        .unzip();
    let mut supposed = Supposed::default();
    let mut asked = Vec::new();
    let all = nudges(site, program, period, &ids).await?;
    for ((unit, name), own) in ids.into_iter().zip(names).zip(all) {
        asked.push(match own {
            Ok(notice) => {
                let (goes, seen) = (Some(goes(&notice)), as_shown(&notice));
                supposed.nudges.push(notice);
                Asked {
                    unit,
                    name,
                    goes,
                    seen,
                    refused: None,
                }
            }
            Err(why) => Asked {
                unit,
                name,
                goes: None,
                seen: String::new(),
                refused: Some(why.words()),
            },
        });
    }
    Ok(Before {
        label: period_label(program, period),
        may: supposed.nudges.len(),
        consequence: consequence(site, (program, program), &supposed).await?,
        units: asked,
    })
}

/// Asks units, each by itself; where somebody saw how it stood, only if it
/// still stands so.
///
/// # Errors
/// The database can't be written; those before were asked.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    (program, period): (&Arc<Program>, &Period),
    units: &[(UnitId, Option<String>)],
) -> anyhow::Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for (unit, seen) in units {
        let Some(own) = program.roster.unit(unit) else {
            continue;
        };
        let name = own.display_name.clone();
        let asked = nudge(site, by, program, (period, unit), seen.as_deref()).await;
        outcomes.push(match asked {
            Ok(notice) => Outcome {
                name,
                goes: Some(goes(&notice)),
                refused: None,
            },
            Err(error) if is_refused(&error) => Outcome {
                name,
                goes: None,
                refused: Some(error.to_string()),
            },
            Err(error) => return Err(error),
        });
    }
    Ok(outcomes)
}

fn goes(notice: &Notice) -> Goes {
    Goes {
        at: notice.at,
        to: notice.to.iter().map(|own| own.name.clone()).collect(),
        draft: notice.mode == Mode::Draft,
        by_hand: notice.to.iter().all(|own| own.address.is_empty()),
    }
}
