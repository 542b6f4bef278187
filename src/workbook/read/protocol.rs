//! What parent and child say to each other: length-prefixed postcard frames.
//!
//! The parent begins with [`Limits`](super::Limits), the child answers with
//! [`GREETING`]; then one [`Job`] is answered by one [`Answer`] until the parent
//! closes the pipe.

use std::ffi::OsString;
use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::failure::ReadFailure;
use crate::domain::table::Workbook;

/// What a child says once its limits are set. The version is in it because the
/// program's file may be replaced while it runs, and the new one may speak differently.
pub(super) const GREETING: &str = concat!("taizhang read-workbook ", env!("CARGO_PKG_VERSION"));

/// The largest frame, in bytes; what unfolds to more is too large to be read.
/// The largest Chinese ledgers met in the wild need a third of it, and the
/// parent holds a frame beside what it makes of it.
pub(super) const LARGEST_FRAME: usize = 64 << 20;

/// A file to read.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Job {
    /// Its path; need not be UTF-8.
    pub path: OsString,
}

/// What became of it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    /// The file's verdict; the child waits for the next job.
    Done(Result<Workbook, ReadFailure>),
    /// The reader stumbled over it, and the child ends.
    Spent,
    /// The file could not be got at, which says nothing about it.
    NotReached(String),
}

/// A message with its length before it; none if it is larger than a frame may be.
pub(super) fn frame(message: &impl Serialize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = postcard::to_extend(message, vec![0; 4]).map_err(io::Error::other)?;
    let length = bytes.len() - 4;
    let Some(prefix) = u32::try_from(length).ok().filter(|_| length <= LARGEST_FRAME) else {
        return Ok(None);
    };
    bytes[..4].copy_from_slice(&prefix.to_le_bytes());
    Ok(Some(bytes))
}

/// Reads a message; none at the end of the stream.
pub(super) fn read<M: DeserializeOwned>(input: &mut impl Read) -> io::Result<Option<M>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let length = frame_length(length)?;
    let mut bytes = Vec::new();
    if input.take(length as u64).read_to_end(&mut bytes)? < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    decode(&bytes).map(Some)
}

/// Writes a message that is known to be small.
pub(super) fn write(output: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let bytes = frame(message)?.ok_or(io::ErrorKind::FileTooLarge)?;
    output.write_all(&bytes)?;
    output.flush()
}

/// The length of the frame that follows.
pub(super) fn frame_length(prefix: [u8; 4]) -> io::Result<usize> {
    let length = usize::try_from(u32::from_le_bytes(prefix)).unwrap_or(usize::MAX);
    if length > LARGEST_FRAME {
        Err(io::ErrorKind::FileTooLarge.into())
    } else {
        Ok(length)
    }
}

/// A frame's message.
pub(super) fn decode<M: DeserializeOwned>(bytes: &[u8]) -> io::Result<M> {
    postcard::from_bytes(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
