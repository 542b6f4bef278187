//! The many kinds of file that are zip archives inside.

use std::io::{self, Read, Seek, SeekFrom};

use super::super::zip_directory::{Directory, Entry};
use super::{ARCHIVE, SLIDES, Sniffed, UNKNOWN, WORD};
use crate::domain::table::FileKind;

/// Names of so many parts decide; a workbook's main parts stand among the first.
const LOOKED_AT: usize = 4096;

pub(super) fn kind(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    let Some(directory) = Directory::read(file, LOOKED_AT)? else {
        return Ok(Sniffed::Damaged("文件不完整，没有保存完整或复制时中断"));
    };
    let kind = match directory.entries.iter().find(|entry| entry.name == "mimetype") {
        Some(entry) => open_document(&media_type(file, entry)?),
        None if directory.has("[content_types].xml") => office_open(&directory),
        None if directory.has("ofd.xml") => Sniffed::Attachment("OFD文档"),
        None => Sniffed::Unsupported(ARCHIVE),
    };
    let encrypted = directory.entries.iter().any(|entry| entry.encrypted);
    Ok(if encrypted && matches!(kind, Sniffed::Workbook(_)) {
        Sniffed::Encrypted
    } else {
        kind
    })
}

/// Office Open XML, by the folder that its parts lie in.
fn office_open(directory: &Directory) -> Sniffed {
    let within = |folder: &str| {
        directory
            .entries
            .iter()
            .any(|entry| entry.name.starts_with(folder))
    };
    let ends = |end: &str| directory.entries.iter().any(|entry| entry.name.ends_with(end));
    if ends("workbook.bin") {
        Sniffed::Unsupported("xlsb")
    } else if within("xl/") || ends("workbook.xml") {
        Sniffed::Workbook(if ends("/vbaproject.bin") {
            FileKind::Xlsm
        } else {
            FileKind::Xlsx
        })
    } else if within("word/") {
        Sniffed::Attachment(WORD)
    } else if within("ppt/") {
        Sniffed::Unsupported(SLIDES)
    } else {
        Sniffed::Unsupported(UNKNOWN)
    }
}

/// OpenDocument and its relatives, by the type that they declare.
fn open_document(media_type: &[u8]) -> Sniffed {
    let is = |kind: &str| media_type.starts_with(kind.as_bytes());
    if is("application/vnd.oasis.opendocument.spreadsheet") {
        Sniffed::Workbook(FileKind::Ods)
    } else if is("application/vnd.oasis.opendocument.text") {
        Sniffed::Attachment("文字文档")
    } else if is("application/vnd.oasis.opendocument.presentation") {
        Sniffed::Unsupported(SLIDES)
    } else {
        Sniffed::Unsupported(UNKNOWN)
    }
}

/// The declared type, which stands uncompressed in the file so that it can be
/// read like this.
fn media_type(file: &mut (impl Read + Seek), entry: &Entry) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    file.seek(SeekFrom::Start(entry.header_at))?;
    file.take(30).read_to_end(&mut header)?;
    let [.., name_low, name_high, extra_low, extra_high] = header[..] else {
        return Ok(Vec::new());
    };
    let name_length = u16::from_le_bytes([name_low, name_high]);
    let extra_length = u16::from_le_bytes([extra_low, extra_high]);
    let mut found = Vec::new();
    if entry.stored {
        file.seek(SeekFrom::Current(
            i64::from(name_length) + i64::from(extra_length),
        ))?;
        file.take(entry.size.min(100)).read_to_end(&mut found)?;
    }
    Ok(found)
}
