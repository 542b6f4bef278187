//! Reading a file in this very process.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::failure::{ReadFailure, Reading, Stop};
use super::limits::Limits;
use super::sniff::{Sniffed, sniff_file};
use super::{ods, xls, xlsx};
use crate::domain::table::{FileKind, Workbook};

/// Reads a workbook here and now, for files of the office's own, such as its
/// roster. Limits of size hold, those of time and memory don't: files of
/// strangers are for [`super::ReaderPool`].
///
/// # Errors
/// A verdict on the file; one that can't be opened counts as unreadable.
pub fn read_in_process(path: &Path, limits: &Limits) -> Result<Workbook, ReadFailure> {
    match read_caught(path, limits) {
        Ok(Caught::Verdict(verdict)) => verdict,
        Ok(Caught::Panic) => Err(ReadFailure::damaged()),
        Err(_) => Err(ReadFailure::Unreadable("文件无法打开".into())),
    }
}

/// Reads a workbook that this program has just written, from memory. Limits
/// are for strangers' files: what we write may be as large as it has to be.
///
/// # Errors
/// It isn't as we would have read it from the share.
pub fn read_written(bytes: &[u8]) -> Result<Workbook, ReadFailure> {
    let limits = Limits {
        ratio: u64::MAX,
        uncompressed: u64::MAX - 1,
        cells: u64::MAX,
        ..Limits::default()
    };
    match xlsx::read(Cursor::new(bytes), FileKind::Xlsx, &limits) {
        Ok(book) => Ok(book),
        Err(Stop::File(failure)) => Err(failure),
        Err(Stop::Io(error)) => Err(ReadFailure::Unreadable(error.to_string())),
    }
}

/// How reading ended.
pub(super) enum Caught {
    /// In good order.
    Verdict(Result<Workbook, ReadFailure>),
    /// The reader stumbled; its process is better not used again.
    Panic,
}

/// Reads a workbook; a panic on the way is caught.
///
/// # Errors
/// When the file could not be got at.
pub(super) fn read_caught(path: &Path, limits: &Limits) -> io::Result<Caught> {
    // Nothing that the closure touches is used afterwards.
    match catch_unwind(AssertUnwindSafe(|| read(path, limits))) {
        Ok(Ok(book)) => Ok(Caught::Verdict(Ok(book))),
        Ok(Err(Stop::File(failure))) => Ok(Caught::Verdict(Err(failure))),
        Ok(Err(Stop::Io(error))) => Err(error),
        Err(_) => Ok(Caught::Panic),
    }
}

/// What Excel tries before it asks for a password: such a workbook is
/// protected, and opens for everybody.
const DEFAULT_PASSWORD: &str = "VelvetSweatshop";

/// Reads a workbook in the wrapping of those with a password, if it is the
/// one that nobody has to know.
fn read_protected(mut file: impl Read + Seek, limits: &Limits) -> Reading<Workbook> {
    file.seek(SeekFrom::Start(0)).map_err(Stop::Io)?;
    let mut wrapped = Vec::new();
    file.take(limits.uncompressed)
        .read_to_end(&mut wrapped)
        .map_err(Stop::Io)?;
    // With another password the result is anything but a workbook.
    let plain = office_crypto::decrypt_from_bytes(wrapped, DEFAULT_PASSWORD).unwrap_or_default();
    let mut plain = Cursor::new(plain);
    match sniff_file(&mut plain)? {
        Sniffed::Workbook(kind @ (FileKind::Xlsx | FileKind::Xlsm)) => xlsx::read(plain, kind, limits),
        _ => Err(ReadFailure::Encrypted.into()),
    }
}

fn read(path: &Path, limits: &Limits) -> Reading<Workbook> {
    let mut file = BufReader::new(File::open(path).map_err(Stop::Io)?);
    match sniff_file(&mut file)? {
        Sniffed::Workbook(kind @ (FileKind::Xlsx | FileKind::Xlsm)) => xlsx::read(file, kind, limits),
        Sniffed::Workbook(FileKind::Xls) => xls::read(file, limits),
        Sniffed::Workbook(FileKind::Ods) => ods::read(file, limits),
        Sniffed::Encrypted => read_protected(file, limits),
        Sniffed::Enciphered => Err(ReadFailure::Enciphered.into()),
        Sniffed::Attachment(kind) | Sniffed::Unsupported(kind) => {
            Err(ReadFailure::UnsupportedType(kind.into()).into())
        }
        Sniffed::Empty => Err(ReadFailure::Unreadable("文件是空的".into()).into()),
        Sniffed::Damaged(reason) => Err(ReadFailure::Unreadable(reason.into()).into()),
    }
}
