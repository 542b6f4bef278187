//! The way to a folder on the share. What people put where a folder of ours
//! belongs, a link or a file, is never followed and never replaced.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::scan::Obstacle;
use super::sentinel::read_sentinel;
use crate::domain::share_path::SharePath;

/// Something stands where a folder belongs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("共享文件夹中“{path}”处{}，不能当作文件夹使用，没有写入；请把它移走或改名，之后会自动继续", obstacle.words())]
pub struct Blocked {
    /// Path relative to the root, with `/`.
    pub path: SharePath,
    /// What it is.
    pub obstacle: Obstacle,
}

/// Why there is no way to a folder.
#[derive(Debug, thiserror::Error)]
pub enum NoWay {
    /// Something that people put there stands in it: name it, and go on with
    /// other folders; it may be taken away at any time.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The share can't be read or written: a fault of the place.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<NoWay> for io::Error {
    fn from(error: NoWay) -> Self {
        match error {
            NoWay::Blocked(blocked) => Self::other(blocked),
            NoWay::Io(error) => error,
        }
    }
}

impl Obstacle {
    /// What stands there, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Link => "是一个链接",
            Self::File => "是一个文件",
            Self::Special => "是一个特殊文件",
            Self::Folder => "是一个文件夹",
        }
    }

    pub(super) fn of(kind: fs::FileType) -> Self {
        if kind.is_symlink() {
            Self::Link
        } else if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else {
            Self::Special
        }
    }
}

/// The path of a folder below `root`, if nothing but folders lead there; the
/// last of them may be missing.
pub(super) fn way(root: &Path, folder: &str) -> Result<PathBuf, NoWay> {
    let mut path = root.to_owned();
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => {
                return Err(NoWay::Blocked(Blocked {
                    path: parts[..=at]
                        .iter()
                        .fold(SharePath::root(), |path, part| path.join(part)),
                    obstacle: Obstacle::of(metadata.file_type()),
                }));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                path.extend(&parts[at + 1..]);
                break;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(path)
}

/// Makes a folder below `root` and those that lead there; whether any was
/// missing. The root itself is never made.
pub(super) fn make_way(root: &Path, folder: &str) -> Result<bool, NoWay> {
    let path = way(root, folder)?;
    if path.is_dir() {
        return Ok(false);
    }
    let mut next = root.to_owned();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        next.push(part);
        match fs::create_dir(&next) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Somebody may have been quicker, with something else.
    way(root, folder).map(|_| true)
}

/// As [`make_way`], for a share that has to be there already: below an empty
/// mount point nothing is made.
pub(super) fn make_way_on_share(root: &Path, folder: &str) -> io::Result<PathBuf> {
    let top = folder.split('/').next().unwrap_or_default();
    if fs::symlink_metadata(root.join(top)).is_err() {
        read_sentinel(root).map_err(|error| {
            let words = format!("共享文件夹 {} 不可用（{error}）", root.display());
            io::Error::new(error.kind(), words)
        })?;
    }
    make_way(root, folder)?;
    Ok(root.join(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::SENTINEL;

    #[test]
    fn folders_are_made_only_where_nothing_else_stands() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert!(make_way(root, "a/b").unwrap());
        assert!(!make_way(root, "a/b").unwrap());
        fs::write(root.join("a/file"), "x").unwrap();
        let outside = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("a/link")).unwrap();
        for (folder, path, words) in [
            ("a/file", "a/file", "是一个文件"),
            ("a/file/c", "a/file", "是一个文件"),
            ("a/link/c/d", "a/link", "是一个链接"),
        ] {
            let error = make_way(root, folder).unwrap_err().to_string();
            assert!(error.contains(&format!("“{path}”处{words}")), "{error}");
        }
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
        assert_eq!(fs::read(root.join("a/file")).unwrap(), b"x");
    }

    #[test]
    fn nothing_is_made_below_an_empty_mount_point() {
        let root = tempfile::tempdir().unwrap();
        assert!(make_way_on_share(root.path(), "a/b").is_err());
        assert!(make_way_on_share(&root.path().join("gone"), "a/b").is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        fs::write(root.path().join(SENTINEL), "").unwrap();
        make_way_on_share(root.path(), "a/b").unwrap();
        assert!(root.path().join("a/b").is_dir());
    }
}
