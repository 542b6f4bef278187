//! What lies in the shared folder. A scan is the truth; events only hint.

mod again;
mod names;
mod walk;

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::locks::is_temporary_name;
use super::pattern::matches_pattern;
use super::sentinel::{SENTINEL, read_sentinel};
use crate::domain::ids::{ProgramId, UnitId};
pub use crate::domain::placement::Zone;
use crate::domain::share_path::SharePath;
use crate::domain::words::FolderWords;
use names::Names;
use walk::Walk;

pub use again::scan_again;

/// The folders that a site knows.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Programmes by the name of their folder.
    pub programs: HashMap<String, ProgramFolders>,
    /// Further names to be passed over, from the configuration; see [`matches_pattern`].
    pub ignore: Vec<String>,
    /// Whether the sentinel must stand at the root.
    pub sentinel: bool,
}

/// A programme's folders.
#[derive(Debug, Clone)]
pub struct ProgramFolders {
    /// Programme id.
    pub program: ProgramId,
    /// Unit ids by the name of their folder.
    pub units: HashMap<String, UnitId>,
    /// The folders that the programme must have: one a unit, and 待确认单位.
    pub own: BTreeSet<String>,
    /// The fixed names.
    pub words: &'static FolderWords,
}

/// A note at the watch root that tells people what the folder is for; nobody has misplaced it.
const WELCOME: &str = "README.txt";

/// A file as the file system describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stat {
    /// Size in bytes.
    pub size: u64,
    /// Time of last change in nanoseconds since 1970; only ever compared with itself.
    pub modified: i64,
}

impl Stat {
    /// Of an open file's or path's metadata.
    #[must_use]
    pub fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata
            .modified()
            .ok()
            .and_then(|at| at.duration_since(UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_nanos()).ok())
            .unwrap_or(0);
        Self {
            size: metadata.len(),
            modified,
        }
    }
}

/// Where a file lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Programme id.
    pub program: ProgramId,
    /// Unit id, if a folder on the way bears a unit's name.
    pub unit: Option<UnitId>,
    /// Which kind of folder.
    pub zone: Zone,
    /// The period's folder, within our own folders.
    pub period: Option<String>,
}

/// A regular file with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// Its name.
    pub name: String,
    /// As the file system describes it.
    pub stat: Stat,
    /// Where it lies.
    pub place: Place,
    /// An editor's lock stands beside it.
    pub locked: bool,
}

/// A backup or a part of a file where people drop, which isn't taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id, if its folder tells.
    pub unit: Option<UnitId>,
    /// As the file system describes it.
    pub stat: Stat,
}

/// What a scan saw.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// Files that may be submissions, and our own.
    pub found: Vec<Found>,
    /// Files straight in the watch root: not taken.
    pub at_root: Vec<String>,
    /// Folders in the watch root that belong to no programme.
    pub unknown_folders: Vec<String>,
    /// Symbolic links and special files, refused.
    pub refused: Vec<SharePath>,
    /// Folders that could not be read, with the reason.
    pub unreadable: Vec<(SharePath, String)>,
    /// The folders that the site must have and that stand: of programmes,
    /// units, and 待确认单位.
    pub folders: BTreeSet<SharePath>,
    /// What stands where a folder of ours belongs.
    pub in_the_way: Vec<InTheWay>,
    /// Files in folders that are too deep to be looked into, some at most.
    pub too_deep: Vec<Deep>,
    /// Backups and parts of files that were passed over, some at most.
    pub passed_over: Vec<PassedOver>,
    /// Files and folders whose names are not in UTF-8, as far as they can be shown.
    pub badly_named: Vec<SharePath>,
    /// Folders that are called nearly as one of ours, with the path of ours.
    pub similar: Vec<(SharePath, SharePath)>,
}

/// Something that stands where a folder of ours belongs. It is left alone,
/// and nothing is written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTheWay {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id, if it is a unit's folder or one within it.
    pub unit: Option<UnitId>,
    /// What it is.
    pub obstacle: Obstacle,
}

/// What can stand in the place of a folder of ours, or of the sentinel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A symbolic link, wherever it leads.
    Link,
    /// A file.
    File,
    /// A pipe, a device.
    Special,
    /// A folder, where a file belongs.
    Folder,
}

/// A file that lies too deep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deep {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id, if a folder on the way bears a unit's name.
    pub unit: Option<UnitId>,
}

/// A scan that says nothing about what is missing.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// The share is away.
    #[error("共享文件夹 {0} 不可用（{1}）")]
    Away(PathBuf, io::Error),
    /// The root is there, the sentinel isn't.
    #[error("共享文件夹 {0} 里没有标志文件 {SENTINEL}，可能没有挂载；确认无误后新建一个同名空文件即可")]
    NoSentinel(PathBuf),
    /// Something else stands in place of the sentinel.
    #[error("{0} 处{words}，不是标志文件，本系统不动共享文件夹；请把它移走，再在原处新建一个同名空文件", words = .1.words())]
    OddSentinel(PathBuf, Obstacle),
}

/// Walks the shared folder.
///
/// # Errors
/// The share is away: nothing may be concluded from absence.
pub fn scan(root: &Path, layout: &Layout) -> Result<Scan, ScanError> {
    let mut scan = Scan::default();
    let own: BTreeSet<&str> = layout.programs.keys().map(String::as_str).collect();
    let names = Names::of(root, &SharePath::root(), listing(root, layout)?, &own, &mut scan);
    for (name, entry) in names.entries {
        let (name, own_name) = (name.given, name.own);
        if is_temporary_name(&name) || layout.ignores(&name) {
            continue;
        }
        let folders = layout.programs.get(&own_name);
        match (entry.file_type(), folders) {
            (Ok(kind), Some(folders)) if kind.is_dir() => {
                scan.folders.insert(SharePath::root().join(&own_name));
                let mut walk = Walk {
                    scan: &mut scan,
                    root,
                    layout,
                    folders,
                };
                walk.program(&SharePath::root().join(&own_name));
            }
            (Ok(kind), None) if kind.is_dir() => scan.unknown_folders.push(name),
            (Ok(kind), Some(folders)) => scan.in_the_way.push(InTheWay {
                path: SharePath::root().join(&name),
                program: folders.program.clone(),
                unit: None,
                obstacle: Obstacle::of(kind),
            }),
            (Ok(kind), None) if kind.is_file() && name == WELCOME => {}
            (Ok(kind), None) if kind.is_file() => scan.at_root.push(name),
            _ => scan.refused.push(SharePath::root().join(&name)),
        }
    }
    scan.found.sort_by(|a, b| a.path.cmp(&b.path));
    scan.in_the_way.sort_by(|a, b| a.path.cmp(&b.path));
    scan.too_deep.sort_by(|a, b| a.path.cmp(&b.path));
    scan.at_root.sort();
    scan.unknown_folders.sort();
    scan.refused.sort();
    scan.badly_named.sort();
    scan.similar.sort();
    Ok(scan)
}

/// The share's own folder, if the share is there.
fn listing(root: &Path, layout: &Layout) -> Result<fs::ReadDir, ScanError> {
    let entries = fs::read_dir(root).map_err(|error| ScanError::Away(root.to_owned(), error))?;
    if layout.sentinel && read_sentinel(root).is_err() {
        let path = root.join(SENTINEL);
        return Err(match fs::symlink_metadata(&path) {
            Ok(what) if !what.is_file() => ScanError::OddSentinel(path, Obstacle::of(what.file_type())),
            _ => ScanError::NoSentinel(root.to_owned()),
        });
    }
    Ok(entries)
}

impl Layout {
    fn ignores(&self, name: &str) -> bool {
        self.ignore.iter().any(|pattern| matches_pattern(pattern, name))
    }
}

#[cfg(test)]
mod tests;
