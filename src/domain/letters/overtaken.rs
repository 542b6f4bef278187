//! Letters to be handed over that a later one has overtaken.

use super::{NoticeRecord, NoticeState};
use crate::domain::ladder::{Kind, Trigger};
use crate::domain::language::Language;

/// Why nobody hands a notice over any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overtaken {
    /// Its period has closed.
    Closed,
    /// The same person was written to at a later step of the same duty.
    By(Kind),
}

impl Overtaken {
    /// In words, for whoever looks for the letter.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        match self {
            Self::Closed => "报告期已关，没有送达的不再送".to_owned(),
            Self::By(kind) => format!("已到后一步（{}），没有送达的这一封不再送", kind.label(language)),
        }
    }
}

/// What has overtaken a notice; none while it holds. `about` is all that was
/// noted about its unit and period, in order of time.
#[must_use]
pub fn overtaken(notice: &NoticeRecord, closed: bool, about: &[NoticeRecord]) -> Option<Overtaken> {
    let to = notice.body.to.as_ref().filter(|_| is_rung(notice))?;
    if closed {
        return Some(Overtaken::Closed);
    }
    let later = about.iter().rfind(|own| {
        let mut reached = own.body.to.iter().chain(&own.body.cc);
        own.at > notice.at
            && own.state == NoticeState::Waiting
            && is_rung(own)
            && reached.any(|other| other.identity() == to.identity())
    });
    later.map(|own| Overtaken::By(own.kind))
}

/// Whether a notice is a rung of a duty's ladder, which the next one overtakes.
#[must_use]
pub fn is_rung(notice: &NoticeRecord) -> bool {
    let kinds = [
        Kind::Reminder,
        Kind::Nudge,
        Kind::DueToday,
        Kind::FirstChase,
        Kind::SecondChase,
        Kind::Escalation,
    ];
    kinds.contains(&notice.kind)
        && matches!(
            notice.body.reason.trigger,
            Trigger::Days(_) | Trigger::Calendar(_) | Trigger::Asked
        )
}
