//! Letters: their words ([`Letters`]), and their way from a finished
//! [`Message`] to the wire or to a file.
//!
//! Whoever sends is told one of four things ([`Outcome`]), and only these:
//! it went; it did not and may later; it did not and never will; nobody can
//! say. The last happens when the connection breaks after the letter was
//! handed over whole: sending again might double it, so nothing here does.

mod attachment_name;
mod compose;
mod facts;
mod file;
mod header_text;
mod memory;
mod message;
mod mime;
mod options;
mod page;
mod recipients;
mod smtp;

use std::time::Duration;

use anyhow::Context as _;

pub use compose::{LONGEST, Letters, LintProblem, Offered, Words, samples, site_templates};
pub use facts::{
    Composed, ExpiryFacts, FaultFacts, ItemFacts, ItemsFacts, LetterFacts, OfficeFacts, PeriodFacts,
    RunningFacts, TargetFacts, UnitFacts, WaitingFacts, WithdrawnFacts,
};
pub use file::FileTransport;
pub use memory::MemoryTransport;
pub use message::{Attachment, Mailbox, Message};
pub use options::{MailOptions, Password, Security, SmtpOptions, TransportKind};
pub use smtp::SmtpTransport;

/// What became of a letter. The words are for the office, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server, or the disk, has it.
    Sent,
    /// It was certainly not taken; the same attempt may succeed later.
    Temporary(String),
    /// It was certainly not taken, and will not be as it is.
    Permanent(String),
    /// It may or may not have been taken. Never to be sent again unasked.
    Uncertain(String),
}

/// Where letters go.
#[derive(Debug)]
pub enum Transport {
    /// Into a folder, for rehearsal and for sites without a mail server.
    File(FileTransport),
    /// To a mail server.
    Smtp(SmtpTransport),
    /// Into memory, for tests.
    Memory(MemoryTransport),
}

impl Transport {
    /// Makes ready what the options ask for. Nothing is connected yet, and
    /// the password is read with each connection, so that a new one is used
    /// without a restart.
    ///
    /// # Errors
    /// The certificate file (`ca_file`) can't be read.
    pub fn open(options: &MailOptions) -> anyhow::Result<Self> {
        Ok(match options.transport {
            // By hand nothing is handed over but a letter to try it out.
            TransportKind::File | TransportKind::ByHand => Self::File(FileTransport::new(options)),
            TransportKind::Smtp => Self::Smtp(SmtpTransport::new(options).context("邮件不能发送")?),
        })
    }

    /// Hands a letter over. Addresses are looked at once more: malformed ones,
    /// ones outside `allow_domains` and, on the way to a server, placeholders
    /// are refused for good.
    pub async fn send(&self, message: &Message) -> Outcome {
        match self {
            Self::File(file) => file.send(message).await,
            Self::Smtp(smtp) => smtp.send(message).await,
            Self::Memory(memory) => memory.send(message),
        }
    }

    /// Whether letters leave the house.
    #[must_use]
    pub fn sends_for_real(&self) -> bool {
        matches!(self, Self::Smtp(_))
    }

    /// Looks whether letters could be sent now, without sending one: the mail
    /// server is connected and logged in to, the folder is made.
    ///
    /// # Errors
    /// What is in the way, in words for the office.
    pub async fn probe(&self, limit: Duration) -> Result<(), String> {
        match self {
            Self::File(file) => file.probe(),
            Self::Smtp(smtp) => smtp.probe(limit).await,
            Self::Memory(_) => Ok(()),
        }
    }
}
