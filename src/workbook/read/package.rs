//! The parts of a zip-based workbook: each inflated once, counted while that
//! happens, and handed on uncompressed.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::failure::{ReadFailure, Reading};
use super::limits::Limits;
use super::zip_directory::{Directory, normal_name, too_large_inside};

/// An opened container. Its [`Package::part`]s can't together become larger
/// than the limit, whatever sizes the file declares.
pub(super) struct Package<'l, R> {
    archive: ZipArchive<R>,
    /// Where a part stands, by its normal name.
    positions: HashMap<String, usize>,
    left: u64,
    limits: &'l Limits,
}

impl<'l, R: Read + Seek> Package<'l, R> {
    /// Opens a file whose table of contents keeps the limits.
    pub(super) fn open(mut file: R, limits: &'l Limits) -> Reading<Self> {
        let most = usize::try_from(limits.entries).unwrap_or(usize::MAX);
        Directory::read(&mut file, most)?
            .ok_or_else(ReadFailure::damaged)?
            .check(limits)?;
        let archive = ZipArchive::new(file)?;
        let mut positions = HashMap::new();
        for index in 0..archive.len() {
            if let Some(Ok(name)) = archive.name_for_index(index) {
                positions.insert(normal_name(&name), index);
            }
        }
        Ok(Self {
            archive,
            positions,
            left: limits.uncompressed,
            limits,
        })
    }

    /// Whether any part's normal name begins with `start`.
    pub(super) fn any_in(&self, start: &str) -> bool {
        self.positions.keys().any(|name| name.starts_with(start))
    }

    /// Whether any part's normal name ends with `end`.
    pub(super) fn any_named(&self, end: &str) -> bool {
        self.positions.keys().any(|name| name.ends_with(end))
    }

    /// A part's bytes; none if it isn't there.
    ///
    /// A wrong checksum is damage: a flipped bit would otherwise change a
    /// figure without anybody noticing.
    pub(super) fn bytes(&mut self, name: &str) -> Reading<Option<Vec<u8>>> {
        let Some(&index) = self.positions.get(&normal_name(name)) else {
            return Ok(None);
        };
        let part = self.archive.by_index(index)?;
        let expected = part.size().min(self.left);
        let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
        part.take(self.left + 1).read_to_end(&mut bytes)?;
        let Some(left) = self.left.checked_sub(bytes.len() as u64) else {
            return Err(too_large_inside(self.limits).into());
        };
        self.left = left;
        Ok(Some(bytes))
    }

    /// A part that is XML, as text; none if it isn't there. Declarations of
    /// entities, which can unfold to any size, are refused: the format forbids them.
    pub(super) fn xml(&mut self, name: &str) -> Reading<Option<Xml>> {
        let Some(bytes) = self.bytes(name)? else {
            return Ok(None);
        };
        let xml = Xml::new(bytes);
        if xml.text.contains("<!DOCTYPE") || xml.text.contains("<!ENTITY") {
            return Err(ReadFailure::Unreadable("文件内含有不允许的实体定义".into()).into());
        }
        Ok(Some(xml))
    }
}

/// A part that is XML.
pub(super) struct Xml {
    /// The characters; empty if they can't be decoded, which is left to the main reader to judge.
    pub text: String,
    /// The bytes, where they are not the characters' UTF-8.
    original: Option<Vec<u8>>,
}

impl Xml {
    fn new(bytes: Vec<u8>) -> Self {
        let utf16 = encoding_rs::Encoding::for_bom(&bytes).filter(|(found, _)| *found != encoding_rs::UTF_8);
        if let Some((encoding, _)) = utf16 {
            return Self {
                text: encoding.decode(&bytes).0.into_owned(),
                original: Some(bytes),
            };
        }
        match String::from_utf8(bytes) {
            Ok(text) => Self { text, original: None },
            Err(error) => Self {
                text: String::new(),
                original: Some(error.into_bytes()),
            },
        }
    }

    fn into_bytes(self) -> Vec<u8> {
        self.original.unwrap_or_else(|| self.text.into_bytes())
    }
}

/// A container written anew from checked parts, uncompressed, so that the main
/// reader inflates nothing and sees nothing else.
pub(super) struct Repacked(ZipWriter<Cursor<Vec<u8>>>);

impl Repacked {
    pub(super) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    /// Adds a part under the name by which the main reader asks for it.
    pub(super) fn add(&mut self, name: &str, part: Option<Xml>) -> Reading<()> {
        part.map_or(Ok(()), |part| self.add_bytes(name, &part.into_bytes()))
    }

    pub(super) fn add_bytes(&mut self, name: &str, bytes: &[u8]) -> Reading<()> {
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.0.start_file(name, stored)?;
        self.0.write_all(bytes)?;
        Ok(())
    }

    /// The container, to be read from its beginning.
    pub(super) fn finish(self) -> Reading<Cursor<Vec<u8>>> {
        let mut whole = self.0.finish()?;
        whole.set_position(0);
        Ok(whole)
    }
}
