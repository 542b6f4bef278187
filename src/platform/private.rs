//! Files and folders that nobody but their owner reads.

use std::fs;
use std::io;
use std::path::Path;

/// Makes a folder, if need be, and has it read by its owner alone. Elsewhere
/// than on Unix its rights are those of the folder above.
///
/// # Errors
/// It can't be made, or isn't ours.
pub fn private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    set(path, 0o700)
}

/// Has a file read by its owner alone; see [`private_folder`].
///
/// # Errors
/// It isn't there, or isn't ours.
pub fn private_file(path: &Path) -> io::Result<()> {
    set(path, 0o600)
}

#[cfg(unix)]
fn set(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "the same signature everywhere")]
fn set(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
