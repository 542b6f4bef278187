//! Putting files into the places that their hashes name.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::platform;

/// Gives a file its place, in a folder that is made if need be.
pub(super) fn lay(file: &Path, target: &Path) -> io::Result<()> {
    match fs::rename(file, target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if let Some(folder) = target.parent() {
                platform::make_private_folder(folder)?;
            }
            fs::rename(file, target)
        }
        other => other,
    }
}

/// Writes bytes to the place that their hash names, unless they lie there.
pub(super) fn put_by_hash(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let Some(folder) = target.parent() else {
        return Ok(());
    };
    if !target.exists() {
        if !folder.exists() {
            platform::make_private_folder(folder)?;
            folder.parent().map_or(Ok(()), platform::sync_dir)?;
        }
        let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(target).map_err(|error| error.error)?;
    }
    platform::sync_dir(folder)
}
