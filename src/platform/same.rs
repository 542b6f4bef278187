//! Whether two ways lead to one thing.

use std::path::Path;

/// Whether two paths are the same file or folder, by links or by capitals
/// that the file system doesn't tell apart. False when either can't be looked at.
#[must_use]
pub fn same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let key = |path: &Path| {
            let metadata = std::fs::metadata(path).ok()?;
            Some((metadata.dev(), metadata.ino()))
        };
        key(one).is_some_and(|one| key(other) == Some(one))
    }
    #[cfg(not(unix))]
    {
        let key = |path: &Path| std::fs::canonicalize(path).ok();
        key(one).is_some_and(|one| key(other) == Some(one))
    }
}
