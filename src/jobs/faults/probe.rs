//! Whether a place takes writes: by writing, flushing and renaming a file
//! there, which is what the work does.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process;

use crate::platform::durable::{TEMPORARY, temporary_in};
use crate::platform::sync_dir;

/// Bytes written to see whether there is room: less would fit beside a full disk's last files.
const ROOM: usize = 64 * 1024;

/// Where in the data folder it is tried: on the way that an original takes.
#[must_use]
pub fn in_data(data: &Path) -> (PathBuf, PathBuf) {
    let (staging, archive) = (data.join("staging"), data.join("archive"));
    if staging.is_dir() && archive.is_dir() {
        (staging, archive)
    } else {
        (data.into(), data.into())
    }
}

/// Whether a file can be written and flushed in a folder, and renamed into another one.
///
/// # Errors
/// What the system says.
pub fn folder_takes(from: &Path, to: &Path) -> io::Result<()> {
    match tried(from, to) {
        // A start clears what looks like a leftover, also what another process tries just then.
        Err(error) if error.kind() == ErrorKind::NotFound && from.is_dir() && to.is_dir() => tried(from, to),
        other => other,
    }
}

fn tried(from: &Path, to: &Path) -> io::Result<()> {
    let mut file = temporary_in(from)?;
    file.write_all(&vec![0; ROOM])?;
    file.as_file().sync_all()?;
    // A name for each process: `doctor` asks beside the daemon. Numbers of processes
    // come again, so that what kills leave behind doesn't pile up.
    let target = to.join(format!("{TEMPORARY}probe-{}.tmp", process::id()));
    file.persist(&target).map_err(|error| error.error)?;
    let synced = sync_dir(to);
    match fs::remove_file(&target) {
        // A start has cleared it. That it was there is what was asked.
        Err(error) if error.kind() == ErrorKind::NotFound => synced,
        other => other.and(synced),
    }
}
