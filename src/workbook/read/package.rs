//! The parts of a zip-based workbook: each inflated once, counted while that
//! happens, and handed on uncompressed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read, Seek, Write as _};

use encoding_rs::Encoding;
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

    /// A part that is XML; none if it isn't there. Declarations of entities,
    /// which can unfold to any size, are refused: the format forbids them.
    pub(super) fn xml(&mut self, name: &str) -> Reading<Option<Xml>> {
        let Some(xml) = self.bytes(name)?.map(Xml) else {
            return Ok(None);
        };
        if xml.declares_entities() {
            return Err(ReadFailure::Unreadable("文件内含有不允许的实体定义".into()).into());
        }
        Ok(Some(xml))
    }
}

/// A part that is XML.
pub(super) struct Xml(Vec<u8>);

impl Xml {
    /// The characters; none at all if they can't be decoded, which is left to
    /// the main reader to judge.
    pub(super) fn text(&self) -> Cow<'_, str> {
        match Encoding::for_bom(&self.0) {
            Some((encoding, length)) => encoding.decode_without_bom_handling(&self.0[length..]).0,
            None => Cow::Borrowed(simdutf8::basic::from_utf8(&self.0).unwrap_or_default()),
        }
    }

    fn declares_entities(&self) -> bool {
        // Most parts have no such sign at all, and looking for one byte is quick.
        let declares = |bytes: &[u8]| {
            bytes.contains(&b'!')
                && bytes
                    .windows(9)
                    .any(|at| at == b"<!DOCTYPE" || at.starts_with(b"<!ENTITY"))
        };
        declares(&self.0) || Encoding::for_bom(&self.0).is_some() && declares(self.text().as_bytes())
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
        part.map_or(Ok(()), |part| self.add_bytes(name, &part.0))
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
