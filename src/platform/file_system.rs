//! What a file system is and what it can promise.

use std::io;
use std::path::Path;

/// Kinds of file system, by the number that `statfs` gives, that another
/// machine may change without the kernel here noticing (linux/magic.h).
#[cfg(target_os = "linux")]
const NETWORK_KINDS: [u64; 13] = [
    0x6969,      // NFS
    0x517B,      // SMB
    0xFF53_4D42, // CIFS
    0xFE53_4D42, // SMB2
    0x6573_5546, // FUSE: sshfs, cloud drives, virtiofs
    0x0102_1997, // 9p, which is also WSL's view of Windows drives
    0x5346_414F, // AFS
    0x6B41_4653, // AFS of the kernel
    0x00C3_6400, // Ceph
    0x7375_7245, // Coda
    0x564C,      // NetWare
    0x0BD0_0BD0, // Lustre
    0x786F_4256, // VirtualBox shared folder
];

/// Whether changes under `path` may go unnoticed by file events, because the
/// files are another machine's. A path that can't be asked counts as local.
///
/// Only Linux tells; elsewhere the answer is false and the configuration decides.
#[must_use]
pub fn is_network_file_system(path: &Path) -> bool {
    #[cfg(target_os = "linux")]
    {
        rustix::fs::statfs(path).is_ok_and(|found| is_network_kind(found.f_type.cast_unsigned()))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        false
    }
}

#[cfg(target_os = "linux")]
fn is_network_kind(kind: u64) -> bool {
    // A 32-bit system sign-extends the upper kinds.
    NETWORK_KINDS.contains(&(kind & 0xFFFF_FFFF))
}

/// Bytes that this user may still write to the file system of `path`.
///
/// # Errors
/// When `path` can't be asked, or the system has no such question.
pub fn free_space(path: &Path) -> io::Result<u64> {
    #[cfg(unix)]
    {
        let found = rustix::fs::statvfs(path)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Makes the names in a folder last: without it a rename may be forgotten by
/// a power cut although the file's bytes are safe.
///
/// File systems that can't do this for folders (some network shares, Windows)
/// are left alone: they have their own order.
///
/// # Errors
/// When the folder can't be opened or the disk reports an error.
pub fn sync_dir(path: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    match std::fs::File::open(path)?.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        result => result,
    }
}

/// A file system whose writing can be made to last in one go, instead of file
/// by file: each file alone costs a wait for the disk.
///
/// Only a Linux of 2020 (5.8) or later does this and says when it failed, and
/// only for disks of its own: a network share's server isn't asked.
#[derive(Debug)]
pub struct FileSystem {
    #[cfg(target_os = "linux")]
    folder: std::fs::File,
}

impl FileSystem {
    /// The file system that a folder is on; none where this can't be done.
    /// It tells of failures from now on, so it is asked for before anything is written.
    #[must_use]
    pub fn of(folder: &Path) -> Option<Self> {
        #[cfg(target_os = "linux")]
        {
            let kernel = rustix::system::uname();
            if !tells_of_failures(&kernel.release().to_string_lossy()) || is_network_file_system(folder) {
                return None;
            }
            let folder = std::fs::File::open(folder).ok()?;
            Some(Self { folder })
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = folder;
            None
        }
    }

    /// Whether a file or folder is on it; another one may be mounted below.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        #[cfg(target_os = "linux")]
        {
            use std::os::unix::fs::MetadataExt;
            let (own, other) = (self.folder.metadata(), std::fs::symlink_metadata(path));
            matches!((own, other), (Ok(own), Ok(other)) if own.dev() == other.dev())
        }
        #[cfg(not(target_os = "linux"))]
        {
            let _ = path;
            false
        }
    }

    /// Makes all that was written to it so far last: bytes, names, folders.
    ///
    /// # Errors
    /// Something didn't reach the disk; which of it isn't known.
    pub fn sync(&self) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            Ok(rustix::fs::syncfs(&self.folder)?)
        }
        #[cfg(not(target_os = "linux"))]
        {
            Err(io::ErrorKind::Unsupported.into())
        }
    }
}

/// Whether a kernel's `syncfs` says that writing failed: since 5.8 it does.
#[cfg(target_os = "linux")]
fn tells_of_failures(release: &str) -> bool {
    let mut parts = release.split(|c: char| !c.is_ascii_digit());
    let mut next = || {
        parts
            .next()
            .and_then(|part| part.parse::<u32>().ok())
            .unwrap_or(0)
    };
    (next(), next()) >= (5, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn old_kernels_keep_failures_to_themselves() {
        assert!(!tells_of_failures("4.19.90-52.22.v2207.ky10.x86_64"));
        assert!(!tells_of_failures("5.7.19"));
        assert!(tells_of_failures("5.8.0-rc1"));
        assert!(tells_of_failures("5.10.0-136.12.0.86.oe2203sp1.aarch64"));
        assert!(tells_of_failures("6.1.0"));
        assert!(!tells_of_failures("unknown"));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_system_knows_what_is_on_it() {
        let folder = tempfile::tempdir().unwrap();
        let release = rustix::system::uname().release().to_string_lossy().into_owned();
        let able = tells_of_failures(&release) && !is_network_file_system(folder.path());
        let own = FileSystem::of(folder.path());
        assert_eq!(own.is_some(), able, "{release}");
        if let Some(own) = own {
            assert!(own.holds(folder.path()));
            assert!(!own.holds(Path::new("/proc")));
            assert!(!own.holds(&folder.path().join("none")));
            own.sync().unwrap();
        }
        assert!(FileSystem::of(Path::new("/nowhere/at/all")).is_none());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn shares_are_told_from_disks() {
        assert!(is_network_kind(0x6969));
        assert!(is_network_kind(0xFF53_4D42));
        assert!(is_network_kind(0xFFFF_FFFF_FF53_4D42), "sign-extended");
        assert!(!is_network_kind(0xEF53), "ext4");
        assert!(!is_network_kind(0x5846_5342), "xfs");
        assert!(!is_network_kind(0x0102_1994), "tmpfs");
        assert!(!is_network_file_system(Path::new("/nowhere/at/all")));
    }

    #[test]
    #[cfg(unix)]
    fn a_temporary_folder_has_space_and_can_be_synced() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_space(folder.path()).unwrap() > 0);
        sync_dir(folder.path()).unwrap();
        assert!(sync_dir(&folder.path().join("none")).is_err());
    }
}
