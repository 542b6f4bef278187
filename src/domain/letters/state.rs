//! Where a letter stands, and what becomes of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::language::Language;

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterState {
    /// Waits for a person.
    Draft,
    /// Waits to be sent.
    Queued,
    /// Is being sent; found after a crash: nobody knows.
    Attempting,
    /// Sent.
    Sent,
    /// A person carries it.
    ByHand,
    /// The server refused it for good.
    Failed,
    /// Nobody knows whether it arrived; never sent again by itself.
    Uncertain,
    /// Not sent: discarded by a person, or its matter was settled first.
    Discarded,
}

impl LetterState {
    /// All states.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Queued,
        Self::Attempting,
        Self::Sent,
        Self::ByHand,
        Self::Failed,
        Self::Uncertain,
        Self::Discarded,
    ];

    /// The word in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Attempting => "attempting",
            Self::Sent => "sent",
            Self::ByHand => "by-hand",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Discarded => "discarded",
        }
    }

    /// The word that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Draft => "草稿",
            Self::Queued => "待发",
            Self::Attempting => "正在发送",
            Self::Sent => "已发出",
            Self::ByHand => "待人工送达",
            Self::Failed => "发送失败",
            Self::Uncertain => "结果不明",
            Self::Discarded => "不发",
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        let english = match self {
            Self::Draft => "draft",
            Self::Queued => "to be sent",
            Self::Attempting => "being sent",
            Self::Sent => "sent",
            Self::ByHand => "to be delivered by hand",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Discarded => "discarded",
        };
        language.either(self.label(), english)
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What became of a letter; what isn't said stays as it was, but for the error.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Its state now.
    pub state: LetterState,
    /// Not to be tried before.
    pub not_before: Option<DateTime<Utc>>,
    /// When it was sent, or handed over.
    pub sent: Option<DateTime<Utc>>,
    /// What went wrong.
    pub error: Option<&'a str>,
    /// Who decided.
    pub by: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
}

impl Progress<'_> {
    /// Nothing but a state.
    #[must_use]
    pub fn to(state: LetterState) -> Self {
        Self {
            state,
            not_before: None,
            sent: None,
            error: None,
            by: None,
            reason: None,
        }
    }
}
