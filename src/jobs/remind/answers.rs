//! Answers to what happened: a ledger that was handed back, one that came at last.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono_tz::Tz;

use super::announced::{announced, announced_after};
use super::gather::GatheredPeriod;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Mode, Role, Trigger};
use crate::domain::notices::{Notice, Reason, Recipient, reaches_superior, who};
use crate::domain::obligation::State;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::submission::counting;
use crate::jobs::site::Site;

/// The answers that some periods call for, told by their state, so that a
/// crash loses none and a correction that came first makes none.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn answers(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<Notice>> {
    let mut notices = Vec::new();
    let after = announced_after(site).await?;
    for period in periods {
        notices.extend(announced(site, program, period, after, now).await?);
        let told = told(site, program, period).await?;
        for obligation in &period.standing.obligations {
            let Some(unit) = program.roster.unit(&obligation.unit) else {
                continue;
            };
            if let Some(version) = period.returned_version(&unit.id) {
                let to = who(program, Role::Liaison, Some(unit), Kind::Returned);
                let mut notice = answer(now, program, period, unit, Kind::Returned, version, to);
                // What a recheck found is told anew.
                notice.revision = period.rechecks(&unit.id, version);
                notices.push(notice);
            }
            let met = matches!(
                obligation.state,
                State::Accepted | State::AcceptedLate | State::Nil
            );
            if !met {
                continue;
            }
            let versions = period.standing.submissions.get(&unit.id);
            let version = versions
                .and_then(|own| counting(own))
                .map_or(0, |own| own.version);
            if program.ladder.receipts {
                let to = who(program, Role::Liaison, Some(unit), Kind::Receipt);
                let mut notice = answer(now, program, period, unit, Kind::Receipt, version, to);
                notice.revision = period.rechecks(&unit.id, version);
                notices.push(notice);
            }
            if let Some(to) = told.get(&unit.id) {
                // Once is enough, whichever version comes to count later.
                notices.push(answer(now, program, period, unit, Kind::Cleared, 0, to.clone()));
            }
        }
    }
    Ok(notices)
}

/// Who was told, in a letter that went out, that a unit is behind: leaders,
/// heads, the office. The clerk knows without being told that it came.
async fn told(
    site: &Site,
    program: &Program,
    period: &GatheredPeriod,
) -> anyhow::Result<BTreeMap<UnitId, Vec<Recipient>>> {
    let period = period.standing.period.to_string();
    let mut told: BTreeMap<UnitId, Vec<Recipient>> = BTreeMap::new();
    for (unit, recipients) in site.store.told_of(&program.id, &period).await? {
        let own = told.entry(unit).or_default();
        for recipient in recipients {
            let outside = !matches!(recipient.role, Role::Liaison | Role::AllUnits);
            if outside && own.iter().all(|known| known.key != recipient.key) {
                own.push(recipient);
            }
        }
    }
    told.retain(|_, recipients| !recipients.is_empty());
    Ok(told)
}

pub(super) fn answer(
    now: DateTime<Tz>,
    program: &Program,
    period: &GatheredPeriod,
    unit: &Unit,
    kind: Kind,
    version: u32,
    to: Vec<Recipient>,
) -> Notice {
    let draft = program.ladder.trial || reaches_superior(program, &to);
    Notice {
        program: program.id.clone(),
        unit: Some(unit.id.clone()),
        leader: None,
        period: period.standing.period.clone(),
        // Who was told anew after an extension hears anew that it came.
        revision: if kind == Kind::Cleared {
            period.standing.due_of(&unit.id).revision
        } else {
            0
        },
        step: kind.as_str().to_owned(),
        version: Some(version),
        kind,
        mode: if draft { Mode::Draft } else { Mode::Auto },
        at: now,
        step_at: now,
        to,
        cc: Vec::new(),
        reason: Reason {
            trigger: Trigger::Event,
            state: period.state(&unit.id),
            held: false,
            all_excepted: false,
            provisional: false,
            decision: String::new(),
        },
    }
}
