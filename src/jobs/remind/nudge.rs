//! Asking units once more, beside the ladder (另行提醒).

use std::sync::Arc;

use super::gather::gather;
use super::planned::planned;
use super::walk::recorded;
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::letters::NoticeRecord;
use crate::domain::notices::{NotNow, Notice, choose, nudge as word};
use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::Program;
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
    let mut steps = planned(site, program, &gathered, (now, None));
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

/// Asks units once more, each by itself; where somebody saw how one stands
/// (see [`as_shown`]) only if it still does. Gives what goes to each, in their
/// order, or why nothing does.
///
/// # Errors
/// The database can't be written: nobody was asked.
pub async fn nudge(
    site: &Arc<Site>,
    by: &Actor,
    (program, period): (&Arc<Program>, &Period),
    units: &[(UnitId, Option<String>)],
) -> anyhow::Result<Vec<Result<Notice, String>>> {
    let ids: Vec<UnitId> = units.iter().map(|(unit, _)| unit.clone()).collect();
    let planned = nudges(site, program, period, &ids).await?;
    let now = site.clock.now();
    let mut change = site.store.begin().await?;
    let mut asked = Vec::new();
    for ((unit, seen), planned) in units.iter().zip(planned) {
        let notice = match planned {
            Ok(notice) => notice,
            Err(why) => {
                asked.push(Err(why.words(site.language())));
                continue;
            }
        };
        if seen.as_ref().is_some_and(|seen| *seen != as_shown(&notice)) {
            let state = notice.reason.state.map_or("", State::label);
            asked.push(Err(format!("刚才已有变动，现在是“{state}”，请看过再定")));
            continue;
        }
        // It came due when it was decided, whenever it goes.
        let decided = Notice {
            at: now,
            ..notice.clone()
        };
        let records = NoticeRecord::of_each(&decided, now.to_utc());
        if site.store.add_notices(&mut change, &records).await? == 0 {
            asked.push(Err(NotNow::Already(notice.at).words(site.language())));
            continue;
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
        site.store.log(&mut change, now.to_utc(), &entry).await?;
        asked.push(Ok(notice));
    }
    change.commit().await?;
    Ok(asked)
}
