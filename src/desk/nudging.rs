//! Asking units once more (催一次): whom, what goes or why not, and each unit's
//! outcome.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::consequence::{Consequence, Supposed, consequence};
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Mode;
use crate::domain::notices::Notice;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
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

/// A unit that is to be asked, or was.
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
    let known: Vec<&Unit> = known.collect();
    let ids: Vec<UnitId> = known.iter().map(|own| own.id.clone()).collect();
    let mut supposed = Supposed::default();
    let mut asked = Vec::new();
    for (unit, own) in known.into_iter().zip(nudges(site, program, period, &ids).await?) {
        asked.push(line(unit, own.as_ref().map_err(|own| own.words(site.language()))));
        supposed.nudges.extend(own.ok());
    }
    Ok(Before {
        label: period_label(program, period),
        may: supposed.nudges.len(),
        consequence: consequence(site, (program, program), &supposed).await?,
        units: asked,
    })
}

/// Asks units, each by itself; where somebody saw how it stood, only if it
/// still stands so. Units that the roster doesn't have are left out.
///
/// # Errors
/// The database can't be written: nobody was asked.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    here: (&Arc<Program>, &Period),
    units: &[(UnitId, Option<String>)],
) -> anyhow::Result<Vec<Asked>> {
    let asked = nudge(site, by, here, units).await?;
    let known = units.iter().map(|(unit, _)| here.0.roster.unit(unit));
    let lines = known.zip(asked);
    Ok(lines
        .filter_map(|(unit, own)| Some(line(unit?, own.as_ref().map_err(String::clone))))
        .collect())
}

fn line(unit: &Unit, own: Result<&Notice, String>) -> Asked {
    let notice = own.as_ref().ok();
    Asked {
        unit: unit.id.clone(),
        name: unit.display_name.clone(),
        goes: notice.map(|notice| goes(notice)),
        seen: notice.map(|notice| as_shown(notice)).unwrap_or_default(),
        refused: own.err(),
    }
}

fn goes(notice: &Notice) -> Goes {
    Goes {
        at: notice.at,
        to: notice.to.iter().map(|own| own.name.clone()).collect(),
        draft: notice.mode == Mode::Draft,
        by_hand: notice.to.iter().all(|own| own.address.is_empty()),
    }
}
