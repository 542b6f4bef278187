//! What has to be done on the share after a decision. Every action can be
//! carried out again after a crash and then does no more than is missing.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{Duty, ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::inbox::Stat;
use crate::store::Role;

/// A step on the share. Paths are relative to the watch root.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case")]
pub enum Action {
    /// Moves a submitted file to where it belongs.
    Move {
        /// Where it lies.
        from: SharePath,
        /// As it was when it was taken.
        stat: Stat,
        /// SHA-256 of its bytes; the archive has a copy.
        sha256: Sha256,
        /// The folder it goes to.
        folder: SharePath,
        /// The name it bears there.
        name: String,
        /// What it is.
        role: Role,
    },
    /// Moves a file off the share.
    MoveOut {
        /// Where it lies.
        from: SharePath,
        /// As it was when it was taken.
        stat: Stat,
        /// SHA-256 of its bytes.
        sha256: Sha256,
        /// Where to.
        to: Outside,
        /// The name it bears there.
        name: String,
    },
    /// Leaves a file where it lies and remembers it as it is.
    Keep {
        /// Where it lies.
        path: SharePath,
        /// As it was when it was taken.
        stat: Stat,
        /// SHA-256 of its bytes.
        sha256: Sha256,
        /// What it is.
        role: Role,
    },
    /// Puts a prepared file on the share.
    Put {
        /// SHA-256 of the prepared bytes.
        sha256: Sha256,
        /// The folder it goes to.
        folder: SharePath,
        /// The name it bears there.
        name: String,
        /// What it is.
        role: Role,
    },
    /// Lays a unit's form for a period ready, with its 填报说明, and takes away
    /// those of earlier periods that nobody has touched.
    Form {
        /// Programme id.
        program: ProgramId,
        /// Unit id.
        unit: UnitId,
        /// The period.
        period: Period,
    },
    /// Puts an archived original back beside a file that a person changed.
    Restore {
        /// SHA-256 of the original.
        sha256: Sha256,
        /// The folder it goes to.
        folder: SharePath,
        /// The name it bears there.
        name: String,
    },
    /// Puts a note into the office's own folder for files that wait.
    Note {
        /// Name of the note.
        name: String,
        /// Its text.
        text: String,
    },
    /// Takes away what was put beside a file (notes, its marked-up copy), now
    /// that it counts, or counts elsewhere.
    Forget {
        /// The submission that this spoke of.
        submission: SubmissionId,
        /// The folder that they lie in.
        folder: SharePath,
    },
    /// Takes away a note of ours that holds no longer, unless a person has changed it.
    TakeAway {
        /// Where it lies.
        path: SharePath,
    },
    /// Writes the receipt of a unit and period anew.
    Receipt {
        /// Programme id.
        program: ProgramId,
        /// Unit id.
        unit: UnitId,
        /// The period.
        period: Period,
    },
    /// Writes the status note of a unit and period anew.
    Status {
        /// Programme id.
        program: ProgramId,
        /// Unit id.
        unit: UnitId,
        /// The period.
        period: Period,
    },
}

/// Folders outside the share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outside {
    /// data/quarantine: files with a classification mark.
    Quarantine,
    /// output/待处理: files that nobody's folder can take.
    Waiting,
}

impl Action {
    /// The path that the action takes away or keeps; until it is done, the
    /// file there is not taken again.
    #[must_use]
    pub fn source(&self) -> Option<(&str, Stat)> {
        match self {
            Self::Move { from, stat, .. } | Self::MoveOut { from, stat, .. } => Some((from, *stat)),
            Self::Keep { path, stat, .. } => Some((path, *stat)),
            _ => None,
        }
    }

    /// What the note or form that the action writes is about.
    #[must_use]
    pub fn about(&self) -> Option<Duty> {
        match self {
            Self::Receipt {
                program,
                unit,
                period,
            }
            | Self::Status {
                program,
                unit,
                period,
            }
            | Self::Form {
                program,
                unit,
                period,
            } => Some(Duty {
                program: program.clone(),
                period: period.clone(),
                unit: unit.clone(),
            }),
            _ => None,
        }
    }
}
