//! Obligations of a period, from what the database knows.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::register;
use super::site::Site;
use crate::domain::ids::UnitId;
use crate::domain::obligation::standing::{Known, Standing};
use crate::domain::obligation::{Exemptions, Grace, Unconfirmed, grace};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::Submission;

/// What the database knows of a programme's periods beside what was handed in
/// for each: little, so that it is asked for once however many are judged.
pub struct Background {
    exemptions: HashMap<Period, Exemptions>,
    unconfirmed: HashMap<Period, HashMap<UnitId, Unconfirmed>>,
    go_live: Option<DateTime<Utc>>,
    counting: register::History,
}

impl Background {
    /// Of all periods of a programme.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, program: &Program) -> anyhow::Result<Self> {
        Self::read(site, program, None).await
    }

    /// When the programme first ran.
    #[must_use]
    pub fn go_live(&self) -> Option<DateTime<Utc>> {
        self.go_live
    }

    async fn read(site: &Site, program: &Program, only: Option<&Period>) -> anyhow::Result<Self> {
        Ok(Self {
            exemptions: site.store.exemptions_of(&program.id, only).await?,
            unconfirmed: site.store.unconfirmed(&program.id, only).await?,
            go_live: site.store.gone_live(&program.id).await?,
            counting: register::History::of(site, program).await?,
        })
    }
}

/// Judges every unit's duty for a period; `None` for a period that the programme doesn't know.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Option<Standing>> {
    let background = Background::read(site, program, Some(period)).await?;
    standing_before(site, program, period, &background).await
}

/// The same for one of several periods of a programme.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing_before(
    site: &Site,
    program: &Program,
    period: &Period,
    background: &Background,
) -> anyhow::Result<Option<Standing>> {
    let now = site.clock.now();
    if program.cycle.span(period).is_none() {
        return Ok(None);
    }
    let calendar = site.calendar();
    let Some(due) = program.due(period, &calendar, now.timezone()) else {
        return Ok(None);
    };
    let asked = register::Asked::before(site, program, period, &background.counting).await?;
    let (exemptions, undone) = background.exemptions.get(period).cloned().unwrap_or_default();
    let known = Known {
        submissions: site.store.facts_of(&program.id, period).await?,
        exemptions,
        undone,
        go_live: background.go_live,
        unconfirmed: background.unconfirmed.get(period).cloned().unwrap_or_default(),
        duties: asked.duties,
        past: asked.past,
        calendar,
    };
    Ok(Some(Standing::judged(program, period, due, known, now)))
}

/// Periods of a programme that people look at: the open one, the running one,
/// and every one for which something was received; oldest first.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn periods(site: &Site, program: &Program) -> anyhow::Result<Vec<Period>> {
    let now = site.clock.now();
    let mut periods = site.store.periods_of(&program.id).await?;
    if let Some(open) = program.open_period(&site.calendar(), now)
        && program.cycle.owes(&open)
        && !periods.contains(&open)
    {
        periods.push(open);
    }
    periods.sort_by_key(|period| program.cycle.span(period).map(|span| span.0));
    Ok(periods)
}

/// Periods that have begun and are not closed.
#[must_use]
pub fn open_periods(site: &Site, program: &Program) -> Vec<Period> {
    let (now, calendar) = (site.clock.now(), site.calendar());
    let mut periods = program.cycle.started_by(now.date_naive(), 24);
    periods.retain(|period| {
        program
            .due(period, &calendar, now.timezone())
            .is_some_and(|due| now < due.close)
    });
    periods
}

/// The grace of a unit's ledger that was handed back, while it lasts.
#[must_use]
pub fn grace_now(
    site: &Site,
    program: &Program,
    period: &Period,
    submissions: &[Submission],
) -> Option<Grace> {
    let calendar = site.calendar();
    let due = program.due(period, &calendar, site.clock.zone())?;
    grace(program, &due, submissions, &calendar).filter(|grace| grace.until > site.clock.utc())
}
