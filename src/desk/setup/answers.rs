//! What is answered, step by step.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Where everything lies.
    Where,
    /// What is collected.
    What,
    /// Who collects.
    Who,
    /// Who reports.
    Roster,
    /// When.
    When,
    /// How people are told.
    Notify,
    /// All of it once more.
    Look,
}

impl Step {
    /// All of them, in their order.
    pub const ALL: [Self; 7] = [
        Self::Where,
        Self::What,
        Self::Who,
        Self::Roster,
        Self::When,
        Self::Notify,
        Self::Look,
    ];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Where => "where",
            Self::What => "what",
            Self::Who => "who",
            Self::Roster => "roster",
            Self::When => "when",
            Self::Notify => "notify",
            Self::Look => "look",
        }
    }

    /// The step behind this one; the last has none.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().find(|own| *own > self)
    }
}

/// What was answered so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answers {
    /// Steps that are done.
    pub done: BTreeSet<Step>,
    /// Where everything lies.
    pub places: Places,
    /// Ids of the programmes; none before they were chosen.
    pub programs: Option<Vec<String>>,
    /// Who collects.
    pub office: Office,
    /// The first user.
    pub person: Option<Person>,
    /// How people are told.
    pub mail: Mail,
    /// It begins with a trial.
    pub trial: bool,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            done: BTreeSet::new(),
            places: Places::default(),
            programs: None,
            office: Office::default(),
            person: None,
            mail: Mail::default(),
            trial: true,
        }
    }
}

/// Folders; what isn't absolute lies in the folder of the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The share, where units hand in.
    pub share: String,
    /// The office's own folder.
    pub output: String,
    /// Database and originals.
    pub data: String,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            share: "watch".into(),
            output: "output".into(),
            data: "data".into(),
        }
    }
}

/// Who collects.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Its name.
    pub name: String,
    /// Contact person.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// Mail address; may be empty.
    pub mail: String,
}

/// The first user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As people call them.
    pub shown: String,
    /// What they log in with.
    pub name: String,
    /// What tells their password.
    pub secret: String,
}

/// Which way letters go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// Into files.
    #[default]
    File,
    /// To a mail server.
    Smtp,
    /// By a person.
    ByHand,
}

impl Way {
    /// The word of the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Smtp => "smtp",
            Self::ByHand => "by-hand",
        }
    }
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS after a beginning in the clear.
    Starttls,
    /// TLS from the first byte, as the great providers have it.
    #[default]
    Tls,
    /// None.
    None,
}

impl Security {
    /// The word of the configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Starttls => "starttls",
            Self::Tls => "tls",
            Self::None => "none",
        }
    }
}

/// How people are told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mail {
    /// Which way.
    pub way: Way,
    /// The server.
    pub host: String,
    /// Its port; 0 is the usual one.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// Who logs in.
    pub user: String,
    /// The sender's address.
    pub from: String,
    /// A password lies beside.
    pub has_password: bool,
}
