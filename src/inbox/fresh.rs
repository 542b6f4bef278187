//! Files on their way to their place on the share.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::TempPath;

use crate::domain::sha256::Sha256;
use crate::platform::FileSystem;
use crate::platform::durable::{sha256, share_mode, temporary_in};

/// A file that was written beside its place and has yet to get its name;
/// removed when dropped.
#[derive(Debug)]
pub struct Fresh {
    /// Not held open: many may wait for their names at the same time.
    written: TempPath,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: Sha256,
    /// Its length in bytes.
    pub size: u64,
}

impl Fresh {
    pub(super) fn write(folder: &Path, bytes: &[u8], later: Option<&FileSystem>) -> io::Result<Self> {
        let mut file = temporary_in(folder)?;
        file.write_all(bytes)?;
        share_mode(file.as_file());
        if !later.is_some_and(|later| later.holds(file.path())) {
            file.as_file().sync_all()?;
        }
        Ok(Self {
            written: file.into_temp_path(),
            sha256: sha256(bytes).into(),
            size: bytes.len() as u64,
        })
    }

    /// Where it lies for now.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.written
    }

    /// Sees to it that its bytes are on disk.
    ///
    /// # Errors
    /// The disk is full or can't be written.
    pub fn flush(&self) -> io::Result<()> {
        File::options().write(true).open(&self.written)?.sync_all()
    }

    /// Now that it has its name: its SHA-256.
    pub(super) fn put_away(self) -> Sha256 {
        let Self { written, sha256, .. } = self;
        // The name it had is gone; nothing is to be removed.
        let _ = written.keep();
        sha256
    }
}
