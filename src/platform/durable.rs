//! Files that are there whole or not at all: written beside their place under
//! a temporary name, flushed, renamed; and what tells whether they are whole.

use std::fs::{self, File};
use std::hash::{BuildHasher as _, Hasher as _};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::{make_private, sync_dir};

/// Temporary files that we write beside their target begin so; scans pass over them.
pub const TEMPORARY: &str = ".taizhang-";

/// Marks the temporary files of this process, so that it doesn't take them for
/// leftovers of an interrupted run.
static OWN: LazyLock<String> = LazyLock::new(|| {
    // The seed of a hash is as random as a name has to be.
    let number = std::collections::hash_map::RandomState::new()
        .build_hasher()
        .finish();
    format!("{TEMPORARY}{number:016x}-")
});

/// Removes half-written files that an interrupted run left in a folder or
/// below it. Only for the one process that writes there, which may go on
/// writing meanwhile.
pub fn clear_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => clear_leftovers(&entry.path()),
            Ok(kind)
                if kind.is_file()
                    && name.starts_with(TEMPORARY)
                    && !name.starts_with(OWN.as_str())
                    && name.ends_with(".tmp") =>
            {
                let _ = fs::remove_file(entry.path());
            }
            _ => {}
        }
    }
}

/// Writes a file so that it is there whole or not at all.
///
/// # Errors
/// The folder can't be written, the disk is full.
pub fn write_whole(target: &Path, bytes: &[u8]) -> io::Result<()> {
    fill_whole(target, |file| file.write_all(bytes))
}

/// Copies a file so that the copy is there whole or not at all.
///
/// # Errors
/// The source can't be read, the folder can't be written, the disk is full.
pub fn copy_whole(source: &Path, target: &Path) -> io::Result<()> {
    let mut source = File::open(source)?;
    fill_whole(target, |file| io::copy(&mut source, file).map(drop))
}

/// Flushes a file that was written beside its place, and gives its SHA-256,
/// both at the same time: it may be large.
///
/// # Errors
/// The disk is full, or the file can't be read.
pub fn flush_and_hash(written: &NamedTempFile) -> io::Result<[u8; 32]> {
    thread::scope(|scope| {
        let flushing = scope.spawn(|| written.as_file().sync_all());
        let digest = sha256_of(written.path())?;
        let broken = |_| io::Error::other("the flushing thread ended early");
        flushing.join().map_err(broken)??;
        Ok(digest)
    })
}

/// Puts a file that was written beside its place into it, as [`write_whole`]
/// does; whatever was there is replaced.
///
/// # Errors
/// The disk is full, or the target can't be replaced.
pub fn put_whole(written: NamedTempFile, target: &Path) -> io::Result<()> {
    settle(written, target)?;
    sync_dir(folder_of(target))
}

/// As [`write_whole`], for the owner's eyes alone.
///
/// # Errors
/// The folder can't be written, the disk is full.
pub fn write_private(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut temporary = temporary_in(folder_of(target))?;
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    make_private(temporary.path())?;
    temporary.persist(target).map_err(|error| error.error)?;
    sync_dir(folder_of(target))
}

fn fill_whole(target: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut temporary = temporary_in(folder_of(target))?;
    fill(temporary.as_file_mut())?;
    settle(temporary, target)?;
    sync_dir(folder_of(target))
}

fn settle(written: NamedTempFile, target: &Path) -> io::Result<()> {
    written.as_file().sync_all()?;
    share_mode(written.as_file());
    written.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn folder_of(target: &Path) -> &Path {
    target.parent().unwrap_or(Path::new("."))
}

/// An empty file that is ours to fill, in the folder where it will stand.
///
/// # Errors
/// The folder can't be written.
pub fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(OWN.as_str()).suffix(".tmp").tempfile_in(folder)
}

/// Lets the group write to a file that we made.
#[cfg(unix)]
pub(crate) fn share_mode(file: &File) {
    use std::os::unix::fs::PermissionsExt;
    let _ = file.set_permissions(fs::Permissions::from_mode(0o664));
}

#[cfg(not(unix))]
pub(crate) fn share_mode(_: &File) {}

/// SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of a file; the file may be larger than memory should be.
///
/// # Errors
/// It can't be read.
pub fn sha256_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.finalize().into()),
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
