//! Whether two ways lead to one thing.

use std::path::Path;

/// Whether two paths are the same file or folder, by links or by capitals
/// that the file system doesn't tell apart. False when either can't be looked at.
#[must_use]
pub fn same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        let key = |path: &Path| file_key(path).ok();
        key(one).is_some_and(|one| key(other) == Some(one))
    }
    #[cfg(not(unix))]
    {
        let key = |path: &Path| std::fs::canonicalize(path).ok();
        key(one).is_some_and(|one| key(other) == Some(one))
    }
}

/// What tells a file or folder from every other one of this machine, whatever
/// it is called. On Windows, where nobody can take a file away that is open,
/// all are alike.
///
/// # Errors
/// It isn't there, or can't be looked at.
pub fn file_key(path: &Path) -> std::io::Result<(u64, u64)> {
    let metadata = std::fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Ok((metadata.dev(), metadata.ino()))
    }
    #[cfg(not(unix))]
    {
        drop(metadata);
        Ok((0, 0))
    }
}
