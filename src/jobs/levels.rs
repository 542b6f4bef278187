//! Two levels (两级报送): how far a programme is that another waits for.

use chrono::NaiveDate;

use super::obligations;
use super::site::Site;
use crate::domain::ids::ProgramId;
use crate::domain::obligation::{Obligation, State};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Periods of a programme that waits for another which are looked at.
const PERIODS: usize = 6;

/// Takes up what was decided while programmes run, and how far those are that
/// others wait for; tells whether any differs from before.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn take_up(site: &Site) -> anyhow::Result<bool> {
    let decided = site.take_decisions().await?;
    // How far they are hangs on what was just taken up.
    Ok(take_ended(site).await? || decided)
}

/// The same of how far they are alone: what was decided is taken up where a
/// site opens.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn take_ended(site: &Site) -> anyhow::Result<bool> {
    Ok(site.take_ended(&ended_before(site).await?))
}

/// For programmes that wait for another, by period: when that one was all in,
/// or closed.
async fn ended_before(site: &Site) -> anyhow::Result<Vec<(ProgramId, (Period, NaiveDate))>> {
    let mut ended = Vec::new();
    for program in site.programs() {
        let before = program.deadline.after.as_deref().and_then(|id| site.program(id));
        let Some(before) = before else { continue };
        let today = site.clock.now().date_naive();
        for period in program.cycle.started_by(today, PERIODS) {
            let end = end(site, &before, &period).await?;
            ended.extend(end.map(|end| (program.id.clone(), (period, end))));
        }
    }
    Ok(ended)
}

/// When a period was all in, or closed, whichever is first.
async fn end(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Option<NaiveDate>> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(None);
    };
    let close = standing.due.close.date_naive();
    let owed = standing
        .obligations
        .iter()
        .filter(|own| !matches!(own.state, State::Exempt | State::Historic));
    let zone = standing.due.close.timezone();
    let accepted = |own: &Obligation| {
        let at = own.accepted_at?;
        Some(at.with_timezone(&zone).date_naive())
    };
    let all: Option<Vec<NaiveDate>> = owed.map(accepted).collect();
    let last = all.and_then(|days| days.into_iter().max());
    Ok(Some(last.map_or(close, |last| last.min(close))))
}
