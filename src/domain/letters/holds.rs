//! Whether what a notice says still holds when its letter goes: nobody is chased
//! for what has come in, and no decision is announced that was taken back.

use chrono::{DateTime, Utc};

use super::NoticeRecord;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Trigger};
use crate::domain::notices::{NoticeKey, is_praiseworthy, is_unmet};
use crate::domain::obligation::standing::Standing;
use crate::domain::obligation::{Exemption, State, Undone};
use crate::domain::submission::Submission;

/// The deadline was extended.
pub const EXTENDED: &str = "extended";
/// The unit needn't report.
pub const EXEMPTED: &str = "exempted";
/// The unit was exempted and has to report after all.
pub const OWED_AGAIN: &str = "owed-again";
/// What had been accepted was taken back.
pub const TAKEN_BACK: &str = "taken-back";

/// Whether what a notice says still holds, given its period's standing; none
/// where the period is history by now.
#[must_use]
pub fn still_true(notice: &NoticeRecord, standing: Option<&Standing>) -> bool {
    let Some(unit) = &notice.unit else {
        return true;
    };
    if matches!(notice.kind, Kind::Target | Kind::Expiry | Kind::Receipt) {
        return true;
    }
    let Some(standing) = standing else {
        return false;
    };
    if matches!(notice.body.reason.trigger, Trigger::Value { .. }) {
        // It speaks of what a ledger says that counts, not of one that is owed.
        return standing.of(unit).is_some_and(|own| !is_unmet(own.state));
    }
    if matches!(notice.body.reason.trigger, Trigger::Lagging { .. }) {
        // It speaks of several periods: whatever came meanwhile, a person decides.
        return standing.of(unit).is_some_and(|own| own.state != State::Exempt);
    }
    // A deadline that was extended meanwhile has steps of its own.
    if !notice.kind.is_answer() && notice.key.revision != standing.due_of(unit).revision {
        return false;
    }
    if notice.kind == Kind::Notice {
        return still_announced(standing, &notice.key, unit);
    }
    let own = standing.of(unit);
    let unmet = own.is_some_and(|own| is_unmet(own.state));
    match notice.kind {
        // A date that was extended, and a file to be looked at, come first.
        Kind::Nudge => {
            let same = notice.key.revision == standing.due_of(unit).revision;
            unmet && same && own.is_some_and(|own| own.unconfirmed.is_none())
        }
        Kind::Returned => returned_version(standing, unit) == Some(notice.key.version),
        Kind::Cleared => own.is_some() && !unmet,
        Kind::Praise => own.is_some_and(|own| is_praiseworthy(own.state)),
        _ => unmet,
    }
}

/// The version of a unit that was returned and is still uncorrected.
#[must_use]
pub fn returned_version(standing: &Standing, unit: &UnitId) -> Option<u32> {
    let own = standing.of(unit)?;
    let versions = standing.submissions.get(unit)?;
    let returned = versions.iter().filter(|version| version.is_returned());
    returned
        .map(|version| version.version)
        .max()
        .filter(|_| own.state == State::Returned)
}

/// Whether what was announced, or is to be, still holds.
#[must_use]
fn still_announced(standing: &Standing, key: &NoticeKey, unit: &UnitId) -> bool {
    let unmet = standing.of(unit).is_some_and(|own| is_unmet(own.state));
    match key.step.as_str() {
        EXTENDED => unmet && key.revision == standing.due_of(unit).revision,
        EXEMPTED => exemption(standing, unit).is_some_and(|own| stamp(own.at) == key.version),
        OWED_AGAIN => undone(standing, unit).is_some_and(|own| stamp(own.at) == key.version),
        TAKEN_BACK => taken_back(standing, unit).is_some_and(|last| last.version == key.version),
        _ => false,
    }
}

/// The exemption of a unit.
#[must_use]
pub fn exemption<'a>(standing: &'a Standing, unit: &UnitId) -> Option<&'a Exemption> {
    standing.exemptions.iter().find(|own| own.unit == *unit)
}

/// The exemption of a unit that was undone, as long as it owes something.
#[must_use]
pub fn undone<'a>(standing: &'a Standing, unit: &UnitId) -> Option<&'a Undone> {
    let unmet = standing.of(unit).is_some_and(|own| is_unmet(own.state));
    standing.undone.iter().find(|own| unmet && own.unit == *unit)
}

/// The last version that had been accepted and was taken back, as long as
/// nothing is in, and it was the office that opened the duty again.
#[must_use]
pub fn taken_back<'a>(standing: &'a Standing, unit: &UnitId) -> Option<&'a Submission> {
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
#[must_use]
pub fn stamp(at: DateTime<Utc>) -> u32 {
    u32::try_from(at.timestamp()).unwrap_or(u32::MAX)
}
