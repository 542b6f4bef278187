//! Asking units once more, beside the ladder (另行提醒).

use std::sync::Arc;

use super::gather::{gather, planned};
use super::walk::recorded;
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::letters::NoticeRecord;
use crate::domain::notices::{NotNow, Notice, choose, nudge as word};
use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::refusal::{overtaken, refuse};
use crate::jobs::site::Site;
use crate::store::Entry;

/// What would go to each unit, in the order in which they are named, or why
/// nothing may.
///
/// # Errors
/// The database can't be read.
pub async fn nudges(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
    units: &[UnitId],
) -> anyhow::Result<Vec<Result<Notice, NotNow>>> {
    let now = site.clock.now();
    if !site.share_is_there() {
        return Ok(units.iter().map(|_| Err(NotNow::ShareAway)).collect());
    }
    if let Some(fault) = site.store.clock().await?.fault {
        return Ok(units.iter().map(|_| Err(NotNow::Clock(fault.clone()))).collect());
    }
    let mut gathered = gather(site, program, now, now.date_naive()).await?;
    gathered.retain(|own| own.standing.period == *period);
    let known = recorded(site, program, &gathered).await?;
    let mut steps = planned(site, program, &gathered, now);
    let at = site.options.hours.next(&site.calendar(), now);
    // What is due and not recorded yet goes with the next round.
    for mut own in choose(steps.clone(), &known, now).due {
        own.at = at;
        steps.push(own);
    }
    let facts = gathered.first().map(|own| own.facts(program));
    let of = |unit: &UnitId| {
        let facts = facts.as_ref().ok_or(NotNow::NotOwed)?;
        let duty = facts.duties.iter().find(|own| own.unit.id == *unit);
        word(program, (facts, duty.ok_or(NotNow::NotOwed)?), &steps, &known, at)
    };
    Ok(units.iter().map(of).collect())
}

/// What tells how a unit stood when somebody saw what would go to it.
#[must_use]
pub fn as_shown(notice: &Notice) -> String {
    let state = notice.reason.state.map_or("", State::label);
    format!("{state} {}", notice.revision)
}

/// Asks a unit once more, where somebody saw how it stands (see [`as_shown`])
/// only if it still does; gives what goes.
///
/// # Errors
/// It may not be asked now, somebody asked it just before, or it stands
/// otherwise by now; the database can't be written.
pub async fn nudge(
    site: &Arc<Site>,
    by: &Actor,
    program: &Arc<Program>,
    (period, unit): (&Period, &UnitId),
    seen: Option<&str>,
) -> anyhow::Result<Notice> {
    let asked = nudges(site, program, period, std::slice::from_ref(unit)).await?;
    let notice = match asked.into_iter().next() {
        Some(Ok(notice)) => notice,
        Some(Err(why)) => refuse!("{}", why.words()),
        None => refuse!("{}", NotNow::NotOwed.words()),
    };
    if seen.is_some_and(|seen| seen != as_shown(&notice)) {
        let state = notice.reason.state.map_or("", State::label);
        overtaken!("刚才已有变动，现在是“{state}”；没有催，请看过再定");
    }
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    let added = site
        .store
        .add_notices(&mut change, &NoticeRecord::of_each(&notice, now))
        .await?;
    if added == 0 {
        overtaken!("{}", NotNow::Already(notice.at).words());
    }
    let entry = Entry {
        by: by.name(),
        what: "nudged",
        program: Some(&program.id),
        unit: Some(unit),
        period: Some(period.clone()),
        via: by.via(),
        ..Entry::default()
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    Ok(notice)
}
