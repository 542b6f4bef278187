//! What the office decided, announced to the units concerned (情况告知): a later
//! deadline, an exemption, and that a duty is open again. Told by the state, so
//! that a crash loses none and a decision that was changed at once makes none.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::answers::answer;
use super::gather::GatheredPeriod;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Role};
use crate::domain::letters::holds::{
    EXEMPTED, EXTENDED, OWED_AGAIN, TAKEN_BACK, exemption, stamp, taken_back, undone,
};
use crate::domain::notices::{Notice, is_unmet, who};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Where it is remembered which decisions lie before announcing began: those of
/// a version that announced nothing.
const AFTER: &str = "announced_after";

/// After which instant decisions are announced.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn announced_after(site: &Site) -> anyhow::Result<DateTime<Utc>> {
    let text = site.store.meta(AFTER).await?;
    let millis = text.and_then(|text| text.parse().ok());
    Ok(millis
        .and_then(DateTime::from_timestamp_millis)
        .unwrap_or_default())
}

/// The announcements that a period calls for.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn announced(
    site: &Site,
    program: &Program,
    period: &GatheredPeriod,
    after: DateTime<Utc>,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<Notice>> {
    let standing = &period.standing;
    let extended_at = |unit: &UnitId| {
        let revision = standing.due_of(unit).revision;
        let own = program
            .extensions
            .iter()
            .filter(|own| own.period == standing.period);
        let last = own
            .filter(|own| own.revision == revision)
            .map(|own| own.at)
            .next();
        last.filter(|at| *at > after)
    };
    let mut notices = Vec::new();
    for own in &standing.obligations {
        let Some(unit) = program.roster.unit(&own.unit) else {
            continue;
        };
        let mut add = |step: &str, version: u32, revision: u32, why: &str| {
            let to = who(program, Role::Liaison, Some(unit), Kind::Notice);
            let mut notice = answer(now, program, period, unit, Kind::Notice, version, to);
            step.clone_into(&mut notice.step);
            why.clone_into(&mut notice.reason.decision);
            notice.revision = revision;
            notices.push(notice);
        };
        // Who owes it again only since then is told the date with that.
        let reopened = period.reopened(own);
        let owed_then = extended_at(&unit.id).filter(|at| reopened.is_none_or(|reopened| reopened < *at));
        if owed_then.is_some() && is_unmet(own.state) {
            let due = standing.due_of(&unit.id);
            let why = due.extended_because.as_deref().unwrap_or_default();
            add(EXTENDED, 0, due.revision, why);
        }
        if let Some(exemption) = exemption(standing, &unit.id).filter(|own| own.at > after) {
            add(EXEMPTED, stamp(exemption.at), 0, &exemption.reason);
        }
        if let Some(undone) = undone(standing, &unit.id).filter(|own| own.at > after) {
            add(OWED_AGAIN, stamp(undone.at), 0, &undone.reason);
        }
        if let Some(last) = taken_back(standing, &unit.id).filter(|last| last.withdrawn > Some(after)) {
            let record = site.store.submission(last.id).await?;
            let why = record.and_then(|record| record.withdrawn).unwrap_or_default().1;
            add(TAKEN_BACK, last.version, 0, &why);
        }
    }
    Ok(notices)
}
