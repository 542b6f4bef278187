//! Notices on record: steps of a ladder that have come due, each once for ever.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::ids::{LeaderId, LetterId, NoticeId, UnitId};
use crate::domain::ladder::{Kind, Mode};
use crate::domain::notices::{Notice, NoticeKey, Reason, Recipient};

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeState {
    /// Waits for a letter, or is in one.
    Waiting,
    /// The duty was met, or the step no longer true, before it was sent.
    Void,
    /// A later step came due as well.
    Superseded,
    /// Only recorded.
    Never,
}

impl NoticeState {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Void => "void",
            Self::Superseded => "superseded",
            Self::Never => "never",
        }
    }

    /// The state of a word; an unknown one says no more.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "waiting" => Self::Waiting,
            "superseded" => Self::Superseded,
            "never" => Self::Never,
            _ => Self::Void,
        }
    }
}

/// What is frozen with a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NoticeBody {
    /// To whom; none for a step that is only recorded.
    pub to: Option<Recipient>,
    /// Copies.
    pub cc: Vec<Recipient>,
    /// Why.
    pub reason: Reason,
    /// The leader whose target it is about.
    pub leader: Option<LeaderId>,
}

/// A notice for one recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeRecord {
    /// Number; 0 before it is recorded.
    pub id: NoticeId,
    /// What makes it the same one for ever, with the recipient.
    pub key: NoticeKey,
    /// The unit.
    pub unit: Option<UnitId>,
    /// Kind.
    pub kind: Kind,
    /// How it goes out.
    pub mode: Mode,
    /// What became of it.
    pub state: NoticeState,
    /// When it came due.
    pub at: DateTime<Utc>,
    /// When it was recorded.
    pub created: DateTime<Utc>,
    /// The letter it is in.
    pub letter: Option<LetterId>,
    /// The rest.
    pub body: NoticeBody,
}

impl NoticeRecord {
    /// A notice for somebody, or one that is only noted.
    #[must_use]
    pub fn of(notice: &Notice, to: Option<&Recipient>, state: NoticeState, now: DateTime<Utc>) -> Self {
        Self {
            id: NoticeId::UNRECORDED,
            key: notice.key(),
            unit: notice.unit.clone(),
            kind: notice.kind,
            mode: notice.mode,
            state,
            at: notice.at.to_utc(),
            created: now,
            letter: None,
            body: NoticeBody {
                to: to.cloned(),
                cc: notice.cc.clone(),
                reason: notice.reason.clone(),
                leader: notice.leader.clone(),
            },
        }
    }

    /// A notice that came due, once for each recipient; once without any where
    /// its step is only recorded. Where nobody can be written to, a copy with
    /// an address is written to for itself; documents are divided when they
    /// are approved.
    #[must_use]
    pub fn of_each(notice: &Notice, now: DateTime<Utc>) -> Vec<Self> {
        if notice.mode == Mode::Never {
            return vec![Self::of(notice, None, NoticeState::Never, now)];
        }
        let mut notice = notice.clone();
        let mut to = notice.to.clone();
        if !notice.kind.is_document() && to.iter().all(|to| to.address.is_empty()) {
            let (copies, by_hand) = notice.cc.into_iter().partition(|copy| !copy.address.is_empty());
            let copies: Vec<Recipient> = copies;
            to.extend(copies);
            notice.cc = by_hand;
        }
        to.iter()
            .map(|to| Self::of(&notice, Some(to), NoticeState::Waiting, now))
            .collect()
    }
}
