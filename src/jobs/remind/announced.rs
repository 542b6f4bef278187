//! What the office decided, announced to the units concerned (情况告知): a later
//! deadline, an exemption, and that a duty is open again. Told by the state, so
//! that a crash loses none and a decision that was changed at once makes none.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::answers::answer;
use super::gather::GatheredPeriod;
use crate::domain::ladder::{Kind, Notice, NoticeKey, Role, is_unmet, who};
use crate::domain::obligation::State;
use crate::domain::program::Program;
use crate::domain::submission::Submission;
use crate::jobs::obligations::Standing;
use crate::jobs::site::Site;

/// Where it is remembered which decisions lie before announcing began: those of
/// a version that announced nothing.
const AFTER: &str = "announced_after";

/// The deadline was extended.
pub const EXTENDED: &str = "extended";
/// The unit needn't report.
pub const EXEMPTED: &str = "exempted";
/// The unit was exempted and has to report after all.
pub const OWED_AGAIN: &str = "owed-again";
/// What had been accepted was taken back.
pub const TAKEN_BACK: &str = "taken-back";

/// After which instant decisions are announced.
///
/// # Errors
/// The database is gone.
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
/// The database is gone.
pub(super) async fn announced(
    site: &Site,
    program: &Program,
    period: &GatheredPeriod,
    after: DateTime<Utc>,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<Notice>> {
    let standing = &period.standing;
    let extended = site.store.extended_at(&program.id, &standing.period).await?;
    let extended = extended.filter(|at| *at > after);
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
        let owed_then = extended.filter(|at| reopened.is_none_or(|reopened| reopened < *at));
        if owed_then.is_some() && is_unmet(own.state) {
            let why = standing.due.extended_because.as_deref().unwrap_or_default();
            add(EXTENDED, 0, standing.due.revision, why);
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

/// Whether what was announced, or is to be, still holds.
#[must_use]
pub(super) fn still_announced(standing: &Standing, key: &NoticeKey, unit: &str) -> bool {
    let unmet = standing.of(unit).is_some_and(|own| is_unmet(own.state));
    match key.step.as_str() {
        EXTENDED => unmet && key.revision == standing.due.revision,
        EXEMPTED => exemption(standing, unit).is_some_and(|own| stamp(own.at) == key.version),
        OWED_AGAIN => undone(standing, unit).is_some_and(|own| stamp(own.at) == key.version),
        TAKEN_BACK => taken_back(standing, unit).is_some_and(|last| last.version == key.version),
        _ => false,
    }
}

fn exemption<'a>(standing: &'a Standing, unit: &str) -> Option<&'a crate::domain::obligation::Exemption> {
    standing.exemptions.iter().find(|own| own.unit == unit)
}

/// The exemption of a unit that was undone, as long as it owes something.
fn undone<'a>(standing: &'a Standing, unit: &str) -> Option<&'a crate::domain::obligation::Undone> {
    let unmet = standing.of(unit).is_some_and(|own| is_unmet(own.state));
    standing.undone.iter().find(|own| unmet && own.unit == unit)
}

/// The last version that had been accepted and was taken back, as long as
/// nothing is in, and it was the office that opened the duty again.
fn taken_back<'a>(standing: &'a Standing, unit: &str) -> Option<&'a Submission> {
    let own = standing.of(unit)?;
    let waits = matches!(own.state, State::Upcoming | State::Due | State::Overdue);
    let versions = standing.submissions.get(unit).filter(|_| waits)?;
    let counted = |own: &&Submission| own.verdict.is_accepted() || own.accepted_by_office.is_some();
    versions
        .iter()
        .filter(counted)
        .filter(|own| own.withdrawn.is_some())
        .max_by_key(|own| own.withdrawn)
}

/// An instant as the number of a decision: seconds since 1970, for a unit
/// decides nothing twice within one.
fn stamp(at: DateTime<Utc>) -> u32 {
    u32::try_from(at.timestamp()).unwrap_or(u32::MAX)
}
