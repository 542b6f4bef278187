//! Where a failure belongs.

use std::fmt;
use std::io::{self, ErrorKind};

use crate::store::is_fault as is_database_fault;

use serde::{Deserialize, Serialize};

/// What can fail by itself while the rest works. As the context of an error
/// (`error.context(Area::Output)`) it says where the work was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// The database.
    Database,
    /// Archive and work in progress: the data folder.
    Data,
    /// The shared folder.
    Share,
    /// The office's folder.
    Output,
    /// The office's page; no work waits for it.
    Page,
}

impl Area {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Database, Self::Data, Self::Share, Self::Output, Self::Page];

    /// Its name for people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Database => "数据库",
            Self::Data => "数据目录",
            Self::Share => "共享文件夹",
            Self::Output => "输出目录",
            Self::Page => "网页",
        }
    }
}

impl fmt::Display for Area {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}写不进去", self.name())
    }
}

/// The area whose fault an error is: the database where it says so, else what
/// its context says, else `otherwise`. None if it is no fault of a place: a
/// file that somebody has open, a name that is taken, a faulty template.
#[must_use]
pub fn area_of(error: &anyhow::Error, otherwise: Area) -> Option<Area> {
    if is_database_fault(error) {
        return Some(Area::Database);
    }
    let fault = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(is_fault);
    fault.then(|| error.downcast_ref::<Area>().copied().unwrap_or(otherwise))
}

/// Whether an error says that a place doesn't take what is written, as
/// opposed to something about one file.
fn is_fault(error: &io::Error) -> bool {
    !crate::platform::is_sharing_violation(error)
        && !matches!(
            error.kind(),
            ErrorKind::NotFound
                | ErrorKind::AlreadyExists
                | ErrorKind::NotADirectory
                | ErrorKind::IsADirectory
                | ErrorKind::DirectoryNotEmpty
                | ErrorKind::InvalidInput
                | ErrorKind::InvalidData
                | ErrorKind::InvalidFilename
                | ErrorKind::Unsupported
                | ErrorKind::Interrupted
                | ErrorKind::WouldBlock
                | ErrorKind::UnexpectedEof
                | ErrorKind::BrokenPipe
                | ErrorKind::OutOfMemory
                | ErrorKind::Other
        )
}
