//! Letters, from the moment they are made until they are sent.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::LetterState;
use crate::domain::ids::{LetterId, ProgramId};
use crate::domain::ladder::Kind;
use crate::domain::notices::Recipient;

/// To whom a letter goes; frozen when it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressed {
    /// Recipients.
    pub to: Vec<Recipient>,
    /// Copies.
    pub cc: Vec<Recipient>,
}

impl Addressed {
    /// Whether somebody who gets a copy has no address and has to be told by a person.
    #[must_use]
    pub fn has_copies_by_hand(&self) -> bool {
        self.cc.iter().any(|copy| copy.address.is_empty())
    }
}

/// A letter as it is made.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// Kind.
    pub kind: Kind,
    /// State that it begins in.
    pub state: LetterState,
    /// To whom.
    pub addressed: Addressed,
    /// The day it was made for, in the site's zone.
    pub day: NaiveDate,
    /// When.
    pub created: DateTime<Utc>,
    /// Not to be sent before.
    pub not_before: DateTime<Utc>,
    /// The letter that it withdraws or clears.
    pub about: Option<LetterId>,
    /// Why it was made, where a person said so.
    pub reason: Option<String>,
    /// The programmes that it is about.
    pub programs: BTreeSet<ProgramId>,
}

/// The words of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LetterText {
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// For a chat group.
    pub chat: String,
}

/// A letter as the database has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// Number.
    pub id: LetterId,
    /// Kind.
    pub kind: Kind,
    /// State.
    pub state: LetterState,
    /// To whom.
    pub addressed: Addressed,
    /// The day it was made for.
    pub day: NaiveDate,
    /// Words, as last written.
    pub text: LetterText,
    /// A person wrote the text.
    pub edited: bool,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Not to be sent before.
    pub not_before: DateTime<Utc>,
    /// When it was sent, or handed over.
    pub sent: Option<DateTime<Utc>>,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Message-ID, once it was tried.
    pub message_id: String,
    /// The letter that it withdraws or clears.
    pub about: Option<LetterId>,
    /// Who approved, discarded or delivered it.
    pub decided_by: Option<String>,
    /// Why, where a person said so.
    pub reason: Option<String>,
    /// The programmes that it is about; none of letters that an older version divided.
    pub programs: BTreeSet<ProgramId>,
}
