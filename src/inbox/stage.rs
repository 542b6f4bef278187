//! Private copies: staged while hashed, then archived by SHA-256.

mod by_hash;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use sha2::Digest as _;

use super::scan::Stat;
use crate::domain::sha256::Sha256;
use crate::platform::durable::{sha256, sha256_of};
use crate::platform::{self, FileSystem};
use by_hash::{lay, put_by_hash};

/// Where originals and work in progress are kept, never on the share.
#[derive(Debug, Clone)]
pub struct Archive {
    data: PathBuf,
    /// Where it is, if that can be made to last in one go.
    file_system: Arc<Option<FileSystem>>,
}

/// From how many files on one wait for the whole disk is shorter than one for each.
pub const TOGETHER: usize = 8;

/// A private copy that is not archived yet; removed when dropped.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
}

/// Why a file could not be copied.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// It changed while it was copied, or is gone: it will be looked at again.
    #[error("文件还在变化")]
    Changing,
    /// Another program keeps it closed to us.
    #[error("文件正被其他程序占用：{0}")]
    InUse(io::Error),
    /// The original can't be read.
    #[error("文件读不出来：{0}")]
    Source(io::Error),
    /// Our own disk can't take it.
    #[error("数据目录写不进去：{0}")]
    Disk(io::Error),
}

static COUNTER: AtomicU64 = AtomicU64::new(0);

impl Archive {
    /// Prepares the folders below `data`, and removes what an interrupted run left in staging.
    ///
    /// # Errors
    /// The folder can't be written.
    pub fn open(data: &Path) -> io::Result<Self> {
        for folder in ["archive", "staging", "outgoing", "quarantine"] {
            let path = data.join(folder);
            let named = |error: io::Error| {
                let words = format!("文件夹 {} 建不了，如有同名的文件请移走：{error}", path.display());
                io::Error::new(error.kind(), words)
            };
            platform::make_private_folder(&path).map_err(named)?;
        }
        Ok(Self {
            data: data.to_owned(),
            file_system: Arc::new(FileSystem::of(data)),
        })
    }

    /// Removes private copies that an interrupted run left. Only the daemon
    /// calls this, before it takes anything.
    pub fn clear_staging(&self) {
        for entry in fs::read_dir(self.data.join("staging"))
            .into_iter()
            .flatten()
            .flatten()
        {
            let _ = fs::remove_file(entry.path());
        }
    }

    /// Copies a file to private staging while hashing it.
    ///
    /// # Errors
    /// See [`StageError`].
    pub fn stage(&self, source: &Path, expected: Stat) -> Result<Staged, StageError> {
        let mut original = open_no_follow(source).map_err(classify)?;
        let before = Stat::of(&original.metadata().map_err(StageError::Source)?);
        if before != expected {
            return Err(StageError::Changing);
        }
        let path = self.data.join("staging").join(format!(
            "{}-{}",
            std::process::id(),
            COUNTER.fetch_add(1, Ordering::Relaxed)
        ));
        let mut staged = Staged {
            path,
            sha256: Sha256::default(),
        };
        let mut copy = platform::create_private(&staged.path).map_err(StageError::Disk)?;
        let mut hash = sha2::Sha256::new();
        let mut buffer = vec![0; 256 * 1024];
        let mut copied = 0;
        loop {
            let count = match original.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(classify(error)),
            };
            hash.update(&buffer[..count]);
            copy.write_all(&buffer[..count]).map_err(StageError::Disk)?;
            copied += count as u64;
        }
        let after = fs::symlink_metadata(source).map_err(|_| StageError::Changing)?;
        if copied != before.size || Stat::of(&after) != before {
            return Err(StageError::Changing);
        }
        staged.sha256 = <[u8; 32]>::from(hash.finalize()).into();
        Ok(staged)
    }

    /// Keeps staged copies for good. They are on disk when this returns. Many
    /// at once wait for the disk no longer than one.
    ///
    /// # Errors
    /// The disk is full or can't be written.
    pub fn keep<'a>(&self, staged: impl IntoIterator<Item = &'a mut Staged>) -> io::Result<()> {
        let mut kept = BTreeSet::new();
        let mut fresh = Vec::new();
        let lay_all = || {
            for one in staged {
                let target = self.path_of(one.sha256);
                // A power cut may have left a name there without its bytes.
                if !sha256_of(&target).is_ok_and(|own| one.sha256 == own) {
                    lay(&one.path, &target)?;
                    one.path = PathBuf::new();
                    fresh.push(target.clone());
                }
                kept.insert(target);
            }
            self.make_lasting(&kept)
        };
        let outcome = lay_all();
        if outcome.is_err() {
            // A flush that failed once says that all is well when it is asked
            // again, though nothing reached the disk: the next try writes anew.
            for target in &fresh {
                let _ = fs::remove_file(target);
            }
        }
        outcome
    }

    /// Sees to it that archived files, their names and their folders outlast a power cut.
    fn make_lasting(&self, files: &BTreeSet<PathBuf>) -> io::Result<()> {
        if files.len() >= TOGETHER
            && let Some(file_system) = &*self.file_system
        {
            match file_system.sync() {
                Ok(()) => return Ok(()),
                // Perhaps it was nothing of ours: each file tells for itself.
                Err(error) => tracing::warn!(%error, "数据目录所在磁盘写入异常，逐个文件重新落盘"),
            }
        }
        for file in files {
            File::options().write(true).open(file)?.sync_all()?;
        }
        let folders: BTreeSet<&Path> = files.iter().filter_map(|file| file.parent()).collect();
        for folder in &folders {
            platform::sync_dir(folder)?;
        }
        if folders.is_empty() {
            return Ok(());
        }
        platform::sync_dir(&self.data.join("archive"))
    }

    /// Keeps bytes for good and gives their SHA-256.
    ///
    /// # Errors
    /// The disk is full or can't be written.
    pub fn keep_bytes(&self, bytes: &[u8]) -> io::Result<Sha256> {
        let sha256 = sha256(bytes).into();
        put_by_hash(&self.path_of(sha256), bytes)?;
        Ok(sha256)
    }

    /// Where an original with this SHA-256 is kept.
    #[must_use]
    pub fn path_of(&self, sha256: Sha256) -> PathBuf {
        let name = sha256.to_string();
        self.data.join("archive").join(&name[..2]).join(name)
    }

    /// The originals that are kept below a data folder, with the times at which
    /// they were put there. What bears another name is none of ours.
    #[must_use]
    pub fn originals(data: &Path) -> BTreeMap<Sha256, DateTime<Utc>> {
        let folders = fs::read_dir(data.join("archive")).into_iter().flatten().flatten();
        folders
            .flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten().flatten())
            .filter_map(|entry| {
                let sha256 = entry.file_name().to_str()?.parse().ok()?;
                let kept = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some((sha256, kept.modified().ok()?.into()))
            })
            .collect()
    }

    /// Keeps a file that we are about to put on the share, until it lies there.
    ///
    /// # Errors
    /// The disk is full or can't be written.
    pub fn prepare(&self, bytes: &[u8]) -> io::Result<Sha256> {
        let sha256 = sha256(bytes).into();
        put_by_hash(&self.prepared(sha256), bytes)?;
        Ok(sha256)
    }

    /// Where a prepared file is kept.
    #[must_use]
    pub fn prepared(&self, sha256: Sha256) -> PathBuf {
        self.data.join("outgoing").join(sha256.to_string())
    }

    /// Removes a prepared file that lies on the share now.
    pub fn discard_prepared(&self, sha256: Sha256) {
        let _ = fs::remove_file(self.prepared(sha256));
    }

    /// The folder for files that bear a classification mark.
    #[must_use]
    pub fn quarantine(&self) -> PathBuf {
        self.data.join("quarantine")
    }

    /// The folder that all this lies in.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }
}

impl Staged {
    /// Where the copy lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn open_no_follow(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
    }
    options.open(path)
}

fn classify(error: io::Error) -> StageError {
    if error.kind() == io::ErrorKind::NotFound {
        StageError::Changing
    } else if platform::is_sharing_violation(&error) {
        StageError::InUse(error)
    } else {
        StageError::Source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_kept_by_its_hash() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("data")).unwrap();
        let source = folder.path().join("a.xlsx");
        fs::write(&source, b"abc").unwrap();
        let stat = Stat::of(&fs::metadata(&source).unwrap());
        let mut staged = archive.stage(&source, stat).unwrap();
        assert_eq!(
            staged.sha256.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        archive.keep([&mut staged]).unwrap();
        assert!(!staged.path.exists());
        let kept = archive.path_of(staged.sha256);
        assert_eq!(fs::read(&kept).unwrap(), b"abc");
        let staging = folder.path().join("data/staging");
        assert_eq!(fs::read_dir(&staging).unwrap().count(), 0);

        // What a power cut left without its bytes is written again, what is whole stays.
        for left in ["", "abc"] {
            fs::write(&kept, left).unwrap();
            archive
                .keep([&mut archive.stage(&source, stat).unwrap()])
                .unwrap();
            assert_eq!(fs::read(&kept).unwrap(), b"abc");
            assert_eq!(fs::read_dir(&staging).unwrap().count(), 0);
        }
        fs::write(&source, b"abcd").unwrap();
        assert!(matches!(archive.stage(&source, stat), Err(StageError::Changing)));
    }

    #[test]
    fn many_copies_are_kept_in_one_go() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("data")).unwrap();
        let mut many: Vec<Staged> = (0..2 * TOGETHER)
            .map(|n| {
                let source = folder.path().join("a.xlsx");
                // Every second one has the bytes of the one before.
                fs::write(&source, (n / 2).to_string()).unwrap();
                let stat = Stat::of(&fs::metadata(&source).unwrap());
                archive.stage(&source, stat).unwrap()
            })
            .collect();
        archive.keep(&mut many).unwrap();
        for one in &many {
            assert_eq!(one.sha256, sha256_of(&archive.path_of(one.sha256)).unwrap());
        }
        drop(many);
        let staging = folder.path().join("data/staging");
        assert_eq!(fs::read_dir(staging).unwrap().count(), 0);
    }

    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::open(&folder.path().join("data")).unwrap();
        let link = folder.path().join("l.xlsx");
        std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
        let stat = Stat::of(&fs::metadata(&link).unwrap());
        assert!(archive.stage(&link, stat).is_err());
    }
}
