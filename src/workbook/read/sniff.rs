//! What a file is, told from its content. Names lie: web pages are called
//! `.xls`, encrypted workbooks `.xlsx`, workbooks of WPS `.et`.

mod text;
mod zipped;

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::domain::table::FileKind;

/// What the first look at a file shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sniffed {
    /// Can be read as a ledger.
    Workbook(FileKind),
    /// A document that needs a password.
    Encrypted,
    /// Enciphered as a whole, as 文档加密软件 leave it.
    Enciphered,
    /// Goes with a ledger but is none; the kind's name.
    Attachment(&'static str),
    /// Neither; the kind's name, fit for “{类型}不能作为台账读取”.
    Unsupported(&'static str),
    /// No bytes at all.
    Empty,
    /// Something that was cut off or overwritten; the reason.
    Damaged(&'static str),
}

/// The name for what nothing is known about.
const UNKNOWN: &str = "无法识别的文件";
const PHOTO: &str = "照片";
const ARCHIVE: &str = "压缩包";
const WORD: &str = "Word文档";
const SLIDES: &str = "演示文稿";

/// Kinds of file by how they begin; longer beginnings need no order here, as none begins another.
const BEGINNINGS: [(&[u8], Sniffed); 15] = [
    (b"L\0\0\0\x01\x14\x02\0", Sniffed::Unsupported("快捷方式")),
    (b"%PDF-", Sniffed::Attachment("PDF")),
    (b"\xFF\xD8\xFF", Sniffed::Attachment(PHOTO)),
    (b"\x89PNG\r\n\x1A\n", Sniffed::Attachment(PHOTO)),
    (b"GIF87a", Sniffed::Attachment(PHOTO)),
    (b"GIF89a", Sniffed::Attachment(PHOTO)),
    (b"II*\0", Sniffed::Attachment(PHOTO)),
    (b"MM\0*", Sniffed::Attachment(PHOTO)),
    (b"{\\rtf", Sniffed::Attachment(WORD)),
    (b"Rar!\x1A\x07", Sniffed::Unsupported(ARCHIVE)),
    (b"7z\xBC\xAF\x27\x1C", Sniffed::Unsupported(ARCHIVE)),
    (b"\x1F\x8B", Sniffed::Unsupported(ARCHIVE)),
    (b"BZh", Sniffed::Unsupported(ARCHIVE)),
    (b"\xFD7zXZ\0", Sniffed::Unsupported(ARCHIVE)),
    (b"\x28\xB5\x2F\xFD", Sniffed::Unsupported(ARCHIVE)),
];

/// How a compound file of older Office programs begins.
const OLE2: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Enough to tell a web page from a table in plain text.
const HEAD: u64 = 4096;

/// Looks at a file's content and tells its kind. Cheap and bounded: reads some
/// kilobytes at the beginning and the tables of contents of containers;
/// inflates nothing.
///
/// # Errors
/// When the file can't be opened or the disk reports an error.
pub fn sniff(path: &Path) -> io::Result<Sniffed> {
    sniff_file(&mut BufReader::new(File::open(path)?))
}

/// The same for an open file, wherever it stands.
pub(super) fn sniff_file(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::new();
    file.take(HEAD).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(Sniffed::Empty);
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zipped::kind(file);
    }
    if head.starts_with(OLE2) {
        return compound_kind(file);
    }
    if head.iter().all(|&byte| byte == 0) {
        // What a power cut or a broken share leaves of a file that was being saved.
        return Ok(Sniffed::Damaged("文件内容为空白，没有保存完整"));
    }
    let by_beginning = BEGINNINGS
        .iter()
        .find(|(bytes, _)| head.starts_with(bytes))
        .map(|&(_, kind)| kind);
    Ok(by_beginning
        .or_else(|| media_kind(&head))
        .or_else(|| text::kind(&head))
        .unwrap_or_else(|| unknown_kind(&head)))
}

/// Something of which nothing is known: enciphered, if it looks like nothing at all.
fn unknown_kind(head: &[u8]) -> Sniffed {
    let marked = CIPHERS.iter().any(|mark| {
        head.get(..64)
            .unwrap_or(head)
            .windows(mark.len())
            .any(|part| part == *mark)
    });
    if marked || is_noise(head) {
        Sniffed::Enciphered
    } else {
        Sniffed::Unsupported(UNKNOWN)
    }
}

/// Marks that encryption software leaves near the beginning of a file.
const CIPHERS: [&[u8]; 4] = [b"E-SafeNet", b"%TSD-Header-###%", b"TSDEF", b"DRMFILE"];

/// Whether bytes are spread as evenly as only ciphers and compression make
/// them; too few of them tell nothing.
fn is_noise(head: &[u8]) -> bool {
    const LEAST: usize = 1024;
    /// Of the 8 bits a byte that are possible; 4096 bytes of noise have 7.95.
    const BITS: f64 = 7.7;
    if head.len() < LEAST {
        return false;
    }
    let mut counts = [0_u32; 256];
    for byte in head {
        counts[usize::from(*byte)] += 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "some thousand bytes")]
    let whole = head.len() as f64;
    let bits: f64 = counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / whole)
        .map(|share| -share * share.log2())
        .sum();
    bits > BITS
}

/// Pictures and films whose mark stands a few bytes further on.
fn media_kind(head: &[u8]) -> Option<Sniffed> {
    /// Brands of HEIF and AVIF pictures; all others of this container are films.
    const PICTURES: [&[u8]; 9] = [
        b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif",
    ];
    let (first, mark, brand) = (head.get(..4)?, head.get(4..8)?, head.get(8..12)?);
    let is_webp = first == b"RIFF" && brand == b"WEBP";
    // A bitmap says in bytes 6 to 9 that they are reserved: always 0.
    let is_bitmap = first.starts_with(b"BM") && head[6..10] == [0; 4];
    let is_film_or_picture = mark == b"ftyp";
    if is_webp || is_bitmap || is_film_or_picture && PICTURES.contains(&brand) {
        Some(Sniffed::Attachment(PHOTO))
    } else {
        is_film_or_picture.then_some(Sniffed::Unsupported("视频"))
    }
}

/// Compound files: workbooks up to Excel 2003 and of WPS, old Word files, and
/// the wrapping of everything that has a password.
fn compound_kind(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    file.seek(SeekFrom::Start(0))?;
    let streams = match cfb::CompoundFile::open(file) {
        Ok(streams) => streams,
        Err(error) if error.raw_os_error().is_some() => return Err(error),
        // The reader of workbooks forgives more than this look does: let it decide.
        Err(_) => return Ok(Sniffed::Workbook(FileKind::Xls)),
    };
    Ok(if streams.exists("/EncryptedPackage") {
        Sniffed::Encrypted
    } else if streams.is_stream("/Workbook") || streams.is_stream("/Book") {
        Sniffed::Workbook(FileKind::Xls)
    } else if streams.is_stream("/WordDocument") {
        Sniffed::Attachment(WORD)
    } else if streams.is_stream("/PowerPoint Document") {
        Sniffed::Unsupported(SLIDES)
    } else {
        Sniffed::Unsupported(UNKNOWN)
    })
}

#[cfg(test)]
mod tests;
