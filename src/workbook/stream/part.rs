//! One large part of the package: its bytes go to a thread that compresses
//! them into a temporary file, while the next ones are being made.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rust_xlsxwriter::XlsxError;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Deflate level: of those below the default the one at which time and size
/// are both near their best.
pub const DEFLATE_LEVEL: u8 = 2;

/// Bytes that are handed over at once.
const CHUNK: usize = 128 * 1024;

/// Chunks that may wait; it bounds the memory.
const WAITING: usize = 4;

/// A part that is being written.
#[derive(Debug)]
pub(super) struct Part {
    buffer: Vec<u8>,
    sender: SyncSender<Vec<u8>>,
    thread: JoinHandle<Result<File, XlsxError>>,
}

impl Part {
    /// Starts a part; what it is called is said when it is put into a package.
    pub fn start() -> Self {
        let (sender, receiver) = sync_channel(WAITING);
        Self {
            buffer: Vec::with_capacity(CHUNK + CHUNK / 4),
            sender,
            thread: std::thread::spawn(move || compress(&receiver)),
        }
    }

    /// Where the next bytes go; call [`Part::pass_on`] now and then.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Hands a full buffer over.
    pub fn pass_on(&mut self) -> Result<(), XlsxError> {
        if self.buffer.len() < CHUNK {
            return Ok(());
        }
        let next = Vec::with_capacity(CHUNK + CHUNK / 4);
        // A thread that has ended has failed; `finish` says why, this only that.
        self.sender
            .send(std::mem::replace(&mut self.buffer, next))
            .map_err(|_| XlsxError::IoError(io::ErrorKind::BrokenPipe.into()))
    }

    /// The part as the only entry of an archive.
    pub fn finish(self) -> Result<ZipArchive<File>, XlsxError> {
        let sent = self.sender.send(self.buffer);
        drop(self.sender);
        let file = self
            .thread
            .join()
            .map_err(|_| XlsxError::IoError(io::Error::other("the compressing thread ended early")))??;
        sent.map_err(|_| XlsxError::IoError(io::ErrorKind::BrokenPipe.into()))?;
        Ok(ZipArchive::new(file)?)
    }
}

fn compress(chunks: &Receiver<Vec<u8>>) -> Result<File, XlsxError> {
    // The same options as those of the parts that `rust_xlsxwriter` writes.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(i64::from(DEFLATE_LEVEL)))
        .unix_permissions(0o600)
        .last_modified_time(zip::DateTime::default());
    let mut zip = ZipWriter::new(BufWriter::new(tempfile::tempfile()?));
    zip.start_file("part", options)?;
    for chunk in chunks {
        zip.write_all(&chunk)?;
    }
    let file = zip.finish()?.into_inner();
    Ok(file.map_err(io::IntoInnerError::into_error)?)
}
