//! Obligations of a period, from what the database knows.

use super::register;
use super::site::Site;
use crate::domain::obligation::standing::{Known, Standing};
use crate::domain::obligation::{Grace, grace};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::Submission;

/// Judges every unit's duty for a period; `None` for a period that the programme doesn't know.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Option<Standing>> {
    let now = site.clock.now();
    if program.cycle.span(period).is_none() {
        return Ok(None);
    }
    let calendar = site.calendar();
    let Some(due) = program.due(period, &calendar, now.timezone()) else {
        return Ok(None);
    };
    let asked = register::Asked::of(site, program, period).await?;
    let (exemptions, undone) = site.store.all_exemptions(&program.id, period).await?;
    let known = Known {
        submissions: site.store.facts_of(&program.id, period).await?,
        exemptions,
        undone,
        go_live: site.store.gone_live(&program.id).await?,
        unconfirmed: site.store.unconfirmed(&program.id, period).await?,
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
