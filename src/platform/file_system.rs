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

#[cfg(test)]
mod tests {
    use super::*;

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
