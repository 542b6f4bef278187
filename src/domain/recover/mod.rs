//! What became of files, told by what lies on the share: the evidence from
//! which a lost database is rebuilt, and by which an older one is brought up
//! to date. Nothing here guesses to a unit's disadvantage: what the notes
//! don't prove counts as on time, and is named as a doubt.

mod names;
mod note;
mod plan;
mod settle;
mod times;

use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use chrono::{DateTime, Utc};

use super::submission::Arrival;

pub use names::{Beside, beside_of, kind_of_beside, lies_as};
pub use note::{BesideNote, Noted, Outcome, StatusName, is_draft_note, read_beside, read_note, status_name};
pub use plan::{Group, Planned, plan};
pub use settle::{Settled, settle};
pub use times::believable;

/// In which of our folders an original lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lies {
    /// 审核通过.
    Accepted,
    /// 退回修改.
    Returned,
    /// 本期填报表: it stays there, whatever becomes of it.
    Forms,
    /// Nowhere on the share any more: only the archive has it.
    ArchiveOnly,
}

/// A submitted file as it lies there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Path relative to the watch root; empty where only the archive has it.
    pub path: SharePath,
    /// Its name there.
    pub name: String,
    /// In which folder.
    pub lies: Lies,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// When its private copy was made, if that can be believed.
    pub archived: Option<DateTime<Utc>>,
    /// When it was saved last, as the file system tells; people's machines and
    /// copies make this whatever they like.
    pub saved: DateTime<Utc>,
    /// The version that the database knows it as, if it does.
    pub known: Option<u32>,
    /// A note beside it says that it repeats another one.
    pub repeats: bool,
    /// A note beside it says that it couldn't be read.
    pub unreadable: bool,
}

/// How a version stands, as far as places and notes tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stands {
    /// It lies with the accepted ones, or is noted as accepted.
    Accepted,
    /// As [`Stands::Accepted`]; the receipt says that the office took it as it is, and why.
    ByOffice(String),
    /// It was handed back.
    Returned,
    /// It was taken back; why.
    Withdrawn(String),
    /// Neither its place nor a note tells: what the checks say holds.
    AsChecked,
}

/// What the time of arrival rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    /// A receipt or status note says it.
    Noted,
    /// The archive's copy was made then.
    Archived,
    /// Only the file's own time tells, which proves nothing.
    Guessed,
}

/// What can't be told for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// A file's time of arrival is only guessed; on time counts.
    Arrival {
        /// The file.
        file: String,
        /// What was assumed.
        at: DateTime<Utc>,
    },
    /// It came after the deadline, but nothing proves that it wasn't there
    /// before while nobody looked; on time counts.
    Lateness {
        /// The file.
        file: String,
        /// When it was seen first.
        at: DateTime<Utc>,
    },
    /// A version that notes or numbers speak of isn't there.
    VersionGone {
        /// Its number.
        version: u32,
        /// Its file, if a note names it.
        file: Option<String>,
    },
    /// Neither receipt nor status note names the version that counts.
    NoNote,
    /// The number of a version is only by order.
    Number {
        /// The file.
        file: String,
        /// The number that it was given.
        version: u32,
    },
    /// It was accepted, but today's checks would hand it back.
    AcceptedAgainstChecks {
        /// The file.
        file: String,
    },
    /// It was accepted by the office; by whom isn't written anywhere.
    AcceptedByOffice {
        /// The file.
        file: String,
        /// The reason on the receipt.
        reason: String,
    },
    /// It lies with the returned ones though the checks find nothing: taken
    /// back, it seems, or handed back by a definition of then.
    ReturnedAgainstChecks {
        /// The file.
        file: String,
    },
    /// It has another number of rows than its note says: perhaps it is another
    /// file, perhaps the definition was another one then.
    Rows {
        /// The file.
        file: String,
        /// Rows by the note.
        noted: u32,
        /// Rows now.
        found: usize,
    },
    /// It was taken back; by whom, and when, isn't written anywhere.
    Withdrawn {
        /// The file.
        file: String,
    },
}

/// A version as it is to be recorded, before its rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number within unit and period.
    pub number: u32,
    /// How it stands.
    pub stands: Stands,
    /// When it came.
    pub arrival: Arrival,
    /// What that rests on.
    pub proof: Proof,
    /// Data rows by the note; none where no note speaks of it.
    pub rows: Option<u32>,
    /// A note declares it a nil report.
    pub nil: bool,
}
