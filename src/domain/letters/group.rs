//! From notices to letters: one a recipient and day, with everything that
//! concerns the recipient; answers at once, documents by themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Addressed, LetterState, NoticeRecord};
use crate::domain::ladder::{Kind, Mode};
use crate::domain::language::Language;
use crate::domain::notices::Recipient;
use crate::domain::program::Program;

/// A letter to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The gravest kind of what stands in it.
    pub kind: Kind,
    /// The state that it begins in.
    pub state: LetterState,
    /// To whom.
    pub addressed: Addressed,
    /// What stands in it, in order of time.
    pub notices: Vec<NoticeRecord>,
}

/// Puts waiting notices into letters. Who got a daily letter from an office
/// today (`written`) gets the rest tomorrow; a notice without a recipient, and
/// one of a programme that isn't loaded now, wait.
pub fn grouped<'p>(
    waiting: Vec<NoticeRecord>,
    written: &BTreeSet<(String, Desk)>,
    program: impl Fn(&str) -> Option<&'p Program>,
) -> Vec<Group> {
    let mut groups: BTreeMap<GroupKey, Vec<NoticeRecord>> = BTreeMap::new();
    for notice in waiting {
        let Some(key) = key_of(program(&notice.key.program), &notice) else {
            continue;
        };
        let daily = !notice.kind.stands_alone();
        if !(daily && written.contains(&(key.recipient.clone(), key.desk.clone()))) {
            groups.entry(key).or_default().push(notice);
        }
    }
    let groups = groups.into_iter();
    groups
        .map(|(key, notices)| {
            let addressed = addressed(&notices);
            Group {
                kind: notices
                    .iter()
                    .map(|notice| notice.kind)
                    .max()
                    .unwrap_or(Kind::Reminder),
                state: if key.draft {
                    LetterState::Draft
                } else {
                    ready(&addressed)
                },
                addressed,
                notices,
            }
        })
        .collect()
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

/// The office in whose name a letter goes: what it says of name, contact,
/// language and trial holds for all that stands in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Desk {
    name: String,
    mail: String,
    english: bool,
    trial: bool,
}

impl Desk {
    /// The office of a programme.
    #[must_use]
    pub fn of(program: &Program) -> Self {
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
fn key_of(program: Option<&Program>, notice: &NoticeRecord) -> Option<GroupKey> {
    let to = notice.body.to.as_ref()?;
    let key = &notice.key;
    let about = format!(
        "{}/{}/{}/{}/{}",
        key.program, key.period, key.subject, key.step, key.version
    );
    Some(GroupKey {
        desk: Desk::of(program?),
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
