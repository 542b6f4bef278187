//! What lies in the shared folder. A scan is the truth; events only hint.

mod again;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::locks::{is_lock_name, is_temporary_name, lock_stands_beside};
use super::pattern::matches_pattern;
use crate::domain::words::FolderWords;

pub use again::scan_again;

/// Folders deeper than this are not looked into.
const DEPTH: usize = 8;

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
    pub program: String,
    /// Unit ids by the name of their folder.
    pub units: HashMap<String, String>,
    /// The fixed names.
    pub words: &'static FolderWords,
}

/// The name of the file at the watch root that tells a present share from an absent one.
pub const SENTINEL: &str = ".taizhang";

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
    pub program: String,
    /// Unit id, if a folder on the way bears a unit's name.
    pub unit: Option<String>,
    /// Which kind of folder.
    pub zone: Zone,
    /// The period's folder, within our own folders.
    pub period: Option<String>,
}

/// Which kind of folder a file lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Where people drop.
    Drop,
    /// 审核通过.
    Accepted,
    /// 退回修改.
    Returned,
    /// 附件.
    Attachments,
    /// 本期填报表.
    Forms,
    /// 待确认单位.
    Unclaimed,
}

/// A regular file with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Path relative to the watch root, with `/`.
    pub path: String,
    /// Its name.
    pub name: String,
    /// As the file system describes it.
    pub stat: Stat,
    /// Where it lies.
    pub place: Place,
    /// An editor's lock stands beside it.
    pub locked: bool,
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
    pub refused: Vec<String>,
    /// Folders that could not be read, with the reason.
    pub unreadable: Vec<(String, String)>,
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
}

/// Walks the shared folder.
///
/// # Errors
/// The share is away: nothing may be concluded from absence.
pub fn scan(root: &Path, layout: &Layout) -> Result<Scan, ScanError> {
    let entries = listing(root, layout)?;
    let mut scan = Scan::default();
    for entry in entries.flatten() {
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
            continue;
        };
        if is_temporary_name(&name) || layout.ignores(&name) {
            continue;
        }
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => match layout.programs.get(&name) {
                Some(folders) => {
                    let place = Place {
                        program: folders.program.clone(),
                        unit: None,
                        zone: Zone::Drop,
                        period: None,
                    };
                    walk(&mut scan, root, layout, folders, &name, &place, 1);
                }
                None => scan.unknown_folders.push(name),
            },
            Ok(kind) if kind.is_file() && name == WELCOME => {}
            Ok(kind) if kind.is_file() => scan.at_root.push(name),
            _ => scan.refused.push(name),
        }
    }
    scan.found.sort_by(|a, b| a.path.cmp(&b.path));
    scan.at_root.sort();
    scan.unknown_folders.sort();
    scan.refused.sort();
    Ok(scan)
}

/// The share's own folder, if the share is there.
fn listing(root: &Path, layout: &Layout) -> Result<fs::ReadDir, ScanError> {
    let entries = fs::read_dir(root).map_err(|error| ScanError::Away(root.to_owned(), error))?;
    if layout.sentinel && fs::read(root.join(SENTINEL)).is_err() {
        return Err(ScanError::NoSentinel(root.to_owned()));
    }
    Ok(entries)
}

fn walk(
    scan: &mut Scan,
    root: &Path,
    layout: &Layout,
    folders: &ProgramFolders,
    path: &str,
    place: &Place,
    depth: usize,
) {
    let entries = match fs::read_dir(root.join(path)) {
        Ok(entries) => entries,
        Err(error) => {
            scan.unreadable.push((path.to_owned(), error.to_string()));
            return;
        }
    };
    let mut files = Vec::new();
    let mut locks = HashSet::new();
    for entry in entries.flatten() {
        let file_name = entry.file_name();
        let Some(name) = file_name.to_str() else {
            scan.refused
                .push(format!("{path}/{}", file_name.to_string_lossy()));
            continue;
        };
        if is_lock_name(name) {
            locks.insert(name.to_owned());
            continue;
        }
        if is_temporary_name(name) || layout.ignores(name) {
            continue;
        }
        let below = format!("{path}/{name}");
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                if depth < DEPTH {
                    walk(
                        scan,
                        root,
                        layout,
                        folders,
                        &below,
                        &enter(place, name, folders),
                        depth + 1,
                    );
                }
            }
            Ok(kind) if kind.is_file() => {
                // Without metadata it went away between listing and looking.
                if let Ok(metadata) = entry.metadata() {
                    files.push((below, name.to_owned(), Stat::of(&metadata)));
                }
            }
            _ => scan.refused.push(below),
        }
    }
    for (path, name, stat) in files {
        let locked = lock_stands_beside(&name, locks.iter().map(String::as_str));
        scan.found.push(Found {
            path,
            name,
            stat,
            place: place.clone(),
            locked,
        });
    }
}

/// The place of what lies in the folder `name` at `place`.
fn enter(place: &Place, name: &str, folders: &ProgramFolders) -> Place {
    let mut inner = place.clone();
    match (&place.unit, place.zone) {
        (None, Zone::Drop) if name == folders.words.unclaimed => inner.zone = Zone::Unclaimed,
        (None, Zone::Drop) => inner.unit = folders.units.get(name).cloned(),
        (Some(_), Zone::Drop) => {
            let zone = [
                (folders.words.accepted, Zone::Accepted),
                (folders.words.returned, Zone::Returned),
                (folders.words.attachments, Zone::Attachments),
                (folders.words.forms, Zone::Forms),
            ]
            .into_iter()
            .find(|(word, _)| *word == name);
            if let Some((_, zone)) = zone {
                inner.zone = zone;
            }
        }
        (_, Zone::Accepted | Zone::Returned | Zone::Attachments | Zone::Forms) if place.period.is_none() => {
            inner.period = Some(name.to_owned());
        }
        _ => {}
    }
    inner
}

impl Layout {
    fn ignores(&self, name: &str) -> bool {
        self.ignore.iter().any(|pattern| matches_pattern(pattern, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::program::Language;

    fn layout() -> Layout {
        let units = [("洪文泽".to_owned(), "u1".to_owned())].into();
        let folders = ProgramFolders {
            program: "p".into(),
            units,
            words: FolderWords::of(Language::Chinese),
        };
        Layout {
            programs: [("挂点".to_owned(), folders)].into(),
            ignore: vec!["*.ini".into()],
            sentinel: true,
        }
    }

    fn put(root: &Path, path: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x").unwrap();
    }

    #[test]
    fn files_are_found_with_their_place() {
        let root = tempfile::tempdir().unwrap();
        for path in [
            SENTINEL,
            "散落.xlsx",
            WELCOME,
            "挂点/直接.xlsx",
            "挂点/洪文泽/a.xlsx",
            "挂点/洪文泽/2024-11/b.xlsx",
            "挂点/洪文泽/退回修改/2024-11/c.xlsx",
            "挂点/洪文泽/~$a.xlsx",
            "挂点/待确认单位/d.xlsx",
            "挂点/陌生人/e.xlsx",
            "别的/f.xlsx",
            "挂点/x.ini",
        ] {
            put(root.path(), path);
        }
        std::os::unix::fs::symlink("/etc/passwd", root.path().join("挂点/洪文泽/link.xlsx")).unwrap();
        let scan = scan(root.path(), &layout()).unwrap();
        let seen: Vec<_> = scan
            .found
            .iter()
            .map(|found| {
                (
                    found.path.as_str(),
                    found.place.unit.as_deref(),
                    found.place.zone,
                    found.locked,
                )
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("挂点/待确认单位/d.xlsx", None, Zone::Unclaimed, false),
                ("挂点/洪文泽/2024-11/b.xlsx", Some("u1"), Zone::Drop, false),
                ("挂点/洪文泽/a.xlsx", Some("u1"), Zone::Drop, true),
                (
                    "挂点/洪文泽/退回修改/2024-11/c.xlsx",
                    Some("u1"),
                    Zone::Returned,
                    false
                ),
                ("挂点/直接.xlsx", None, Zone::Drop, false),
                ("挂点/陌生人/e.xlsx", None, Zone::Drop, false),
            ]
        );
        assert_eq!(scan.at_root, ["散落.xlsx"]);
        assert_eq!(scan.unknown_folders, ["别的"]);
        assert_eq!(scan.refused, ["挂点/洪文泽/link.xlsx"]);
        assert_eq!(scan.found[3].place.period.as_deref(), Some("2024-11"));
    }

    #[test]
    fn an_absent_share_is_no_empty_share() {
        let root = tempfile::tempdir().unwrap();
        assert!(matches!(
            scan(root.path(), &layout()),
            Err(ScanError::NoSentinel(_))
        ));
        assert!(matches!(
            scan(&root.path().join("gone"), &layout()),
            Err(ScanError::Away(..))
        ));
    }
}
