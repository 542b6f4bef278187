//! From notices to letters: one a recipient and day, with everything that
//! concerns the recipient; answers at once, documents by themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::announced::still_announced;
use super::closed_off::{WHY, held_within, is_held};
use super::gather::GatheredPeriod;
use crate::domain::ids::NoticeId;
use crate::domain::ladder::{Kind, Mode, Recipient, is_praiseworthy, is_unmet};
use crate::domain::obligation::State;
use crate::domain::program::{Language, Program};
use crate::jobs::obligations::Standing;
use crate::jobs::site::Site;
use crate::store::{Addressed, Change, LetterState, NewLetter, NoticeRecord, Progress};

/// Programmes with their periods as they were gathered for this walk.
pub type Gathered = [(Arc<Program>, Vec<GatheredPeriod>)];

/// Puts every waiting notice that may go out today into a letter; gives how
/// many letters were made. Notices whose duty was met meanwhile are voided.
///
/// # Errors
/// The database is gone.
pub async fn into_letters(site: &Site, change: &mut Change, gathered: &Gathered) -> anyhow::Result<usize> {
    let now = site.clock.now();
    let day = now.date_naive();
    let mut waiting = site.store.notices_without_letter(change).await?;
    let void: Vec<NoticeId> = waiting
        .iter()
        .filter(|notice| !still_true(notice, standing_of(notice, gathered)))
        .map(|notice| notice.id)
        .collect();
    site.store.void_notices(change, &void).await?;
    waiting.retain(|notice| !void.contains(&notice.id));
    let written = site.store.written_to(change, day).await?;
    let written: BTreeSet<(String, Desk)> = written
        .into_iter()
        .filter_map(|(recipient, program)| Some((recipient, Desk::of(&*site.program(&program)?))))
        .collect();
    let mut groups: BTreeMap<GroupKey, Vec<NoticeRecord>> = BTreeMap::new();
    for notice in waiting {
        let Some(key) = group_of(site, &notice) else {
            continue;
        };
        let daily = !notice.kind.stands_alone();
        // Whoever got a letter from this office today gets the rest tomorrow.
        if !(daily && written.contains(&(key.recipient.clone(), key.desk.clone()))) {
            groups.entry(key).or_default().push(notice);
        }
    }
    let made = groups.len();
    let held = held_within(site, change).await?;
    for (key, notices) in groups {
        let waits = notices
            .iter()
            .any(|notice| is_held(&held, &notice.key.program, now.to_utc()));
        let addressed = addressed(&notices);
        let kind = notices
            .iter()
            .map(|notice| notice.kind)
            .max()
            .unwrap_or(Kind::Reminder);
        let new = NewLetter {
            kind,
            state: if key.draft || waits {
                LetterState::Draft
            } else {
                ready(&addressed)
            },
            addressed,
            day,
            created: now.to_utc(),
            not_before: now.to_utc(),
            about: None,
            reason: None,
        };
        let letter = site.store.add_letter(change, &new).await?;
        if waits {
            let why = Progress {
                error: Some(WHY),
                ..Progress::to(LetterState::Draft)
            };
            site.store.set_letter(change, letter, &why).await?;
        }
        let ids: Vec<NoticeId> = notices.iter().map(|notice| notice.id).collect();
        site.store.put_into_letter(change, &ids, letter).await?;
    }
    Ok(made)
}

/// The state of a letter that may go out: people without mail are reached by hand.
#[must_use]
pub fn ready(addressed: &Addressed) -> LetterState {
    if addressed.to.iter().all(|to| to.address.is_empty()) {
        LetterState::ByHand
    } else {
        LetterState::Queued
    }
}

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
    // A deadline that was extended meanwhile has steps of its own.
    if !notice.kind.is_answer() && notice.key.revision != standing.due.revision {
        return false;
    }
    if notice.kind == Kind::Notice {
        return still_announced(standing, &notice.key, unit);
    }
    let own = standing.of(unit);
    let unmet = own.is_some_and(|own| is_unmet(own.state));
    match notice.kind {
        Kind::Returned => returned_version(standing, unit) == Some(notice.key.version),
        Kind::Cleared => own.is_some() && !unmet,
        Kind::Praise => own.is_some_and(|own| is_praiseworthy(own.state)),
        _ => unmet,
    }
}

/// The version of a unit that was returned and is still uncorrected.
#[must_use]
pub fn returned_version(standing: &Standing, unit: &str) -> Option<u32> {
    let own = standing.of(unit)?;
    let versions = standing.submissions.get(unit)?;
    let returned = versions.iter().filter(|version| version.is_returned());
    returned
        .map(|version| version.version)
        .max()
        .filter(|_| own.state == State::Returned)
}

fn standing_of<'a>(notice: &NoticeRecord, gathered: &'a Gathered) -> Option<&'a Standing> {
    gathered
        .iter()
        .filter(|(program, _)| program.id == notice.key.program)
        .flat_map(|(_, periods)| periods)
        .map(|period| &period.standing)
        .find(|standing| standing.period.to_string() == notice.key.period)
}

/// The office in whose name a letter goes: what it says of name, contact,
/// language and trial holds for all that stands in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Desk {
    name: String,
    mail: String,
    english: bool,
    trial: bool,
}

impl Desk {
    fn of(program: &Program) -> Self {
        Self {
            name: program.office.name.clone(),
            mail: program.office.mail.trim().to_ascii_lowercase(),
            english: program.language == Language::English,
            trial: program.ladder.trial,
        }
    }
}

/// What goes into one letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct GroupKey {
    recipient: String,
    desk: Desk,
    draft: bool,
    /// What an answer or a document is about; empty for the daily letter.
    own: String,
}

/// None for a notice without a recipient, and for one of a programme that
/// isn't loaded now, which waits.
fn group_of(site: &Site, notice: &NoticeRecord) -> Option<GroupKey> {
    let to = notice.body.to.as_ref()?;
    let key = &notice.key;
    let about = format!(
        "{}/{}/{}/{}/{}",
        key.program, key.period, key.subject, key.step, key.version
    );
    Some(GroupKey {
        desk: Desk::of(&*site.program(&key.program)?),
        // All recipients of a document stand in one letter until it is approved.
        recipient: if notice.kind.is_document() {
            String::new()
        } else {
            to.key.clone()
        },
        draft: notice.mode == Mode::Draft,
        own: if notice.kind.stands_alone() {
            about
        } else {
            String::new()
        },
    })
}

fn addressed(notices: &[NoticeRecord]) -> Addressed {
    let mut addressed = Addressed::default();
    let add = |list: &mut Vec<Recipient>, recipient: &Recipient| {
        if list.iter().all(|own| own.identity() != recipient.identity()) {
            list.push(recipient.clone());
        }
    };
    for notice in notices {
        if let Some(to) = &notice.body.to {
            add(&mut addressed.to, to);
        }
    }
    for copy in notices.iter().flat_map(|notice| &notice.body.cc) {
        if addressed.to.iter().all(|own| own.identity() != copy.identity()) {
            add(&mut addressed.cc, copy);
        }
    }
    addressed
}
