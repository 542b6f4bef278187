//! The table of texts that the large sheets share: what 汇总表 and 明细 both
//! say is stored, and compressed, once.

use std::collections::HashMap;
use std::fs::File;

use foldhash::fast::RandomState;
use rust_xlsxwriter::XlsxError;
use zip::ZipArchive;

use super::part::Part;
use crate::domain::text::count_bytes;

/// Name of the part within the package.
pub(super) const PART: &str = "xl/sharedStrings.xml";

/// Short texts (dates, places, names) come again and again; they are kept.
const SHORT: usize = 48;

/// How many short texts are kept at most; it bounds the memory.
const MOST_SHORT: usize = 20_000;

/// How many long texts are kept: the second sheet writes a row's texts right
/// after the first one.
const RECENT: usize = 48;

/// Texts in the order of their indices.
#[derive(Debug)]
pub struct SharedStrings {
    part: Part,
    count: u32,
    short: HashMap<Box<str>, u32, RandomState>,
    recent: Vec<(String, u32)>,
    oldest: usize,
}

impl SharedStrings {
    /// An empty table.
    #[must_use]
    pub fn start() -> Self {
        let mut part = Part::start();
        part.buffer().extend_from_slice(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
              <sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">",
        );
        Self {
            part,
            count: 0,
            short: HashMap::default(),
            recent: Vec::with_capacity(RECENT),
            oldest: 0,
        }
    }

    /// The index of a text.
    ///
    /// # Errors
    /// The disk is full.
    pub fn index(&mut self, text: &str) -> Result<u32, XlsxError> {
        if text.len() <= SHORT {
            if let Some(index) = self.short.get(text) {
                return Ok(*index);
            }
            let index = self.append(text)?;
            if self.short.len() < MOST_SHORT {
                self.short.insert(text.into(), index);
            }
            return Ok(index);
        }
        if let Some((_, index)) = self.recent.iter().find(|(known, _)| known == text) {
            return Ok(*index);
        }
        let index = self.append(text)?;
        match self.recent.get_mut(self.oldest) {
            Some((known, place)) => {
                known.clear();
                known.push_str(text);
                *place = index;
            }
            None => self.recent.push((text.to_owned(), index)),
        }
        self.oldest = (self.oldest + 1) % RECENT;
        Ok(index)
    }

    fn append(&mut self, text: &str) -> Result<u32, XlsxError> {
        let out = self.part.buffer();
        out.extend_from_slice(b"<si>");
        push_text(out, text);
        out.extend_from_slice(b"</si>");
        self.part.pass_on()?;
        let index = self.count;
        self.count += 1;
        Ok(index)
    }

    /// Ends the table, and gives it as the only entry of an archive.
    pub(super) fn finish(mut self) -> Result<ZipArchive<File>, XlsxError> {
        self.part.buffer().extend_from_slice(b"</sst>");
        self.part.finish()
    }
}

/// Appends the element that holds a text.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) {
    let space = |c: char| matches!(c, ' ' | '\t' | '\n');
    out.extend_from_slice(if text.starts_with(space) || text.ends_with(space) {
        b"<t xml:space=\"preserve\">"
    } else {
        b"<t>"
    });
    escape(out, text);
    out.extend_from_slice(b"</t>");
}

/// Escapes what XML takes for markup, and `_x0041_`, which spreadsheet
/// programs would take for an escaped character.
fn escape(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let special = |byte| matches!(byte, b'&' | b'<' | b'>' | b'_');
    if count_bytes(bytes, special) == 0 {
        return out.extend_from_slice(bytes);
    }
    let mut written = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let escaped: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'_' if is_escape(&bytes[at..]) => b"_x005F_",
            _ => continue,
        };
        out.extend_from_slice(&bytes[written..at]);
        out.extend_from_slice(escaped);
        written = at + 1;
    }
    out.extend_from_slice(&bytes[written..]);
}

/// Whether bytes start like `_x0041_`.
fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', hex @ .., ] if hex.len() >= 5
        && hex[..4].iter().all(u8::is_ascii_hexdigit)
        && hex[4] == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_escapes_are_escaped() {
        let escaped = |text: &str| {
            let mut out = Vec::new();
            escape(&mut out, text);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(escaped("a<b>&\"村"), "a&lt;b&gt;&amp;\"村");
        assert_eq!(escaped("_x0041_ _x00_ _x"), "_x005F_x0041_ _x00_ _x");
    }

    #[test]
    fn a_text_that_comes_again_is_stored_once() {
        let mut strings = SharedStrings::start();
        let long = "村".repeat(100);
        assert_eq!(strings.index("a").unwrap(), 0);
        assert_eq!(strings.index(&long).unwrap(), 1);
        assert_eq!(strings.index("a").unwrap(), 0);
        assert_eq!(strings.index(&long).unwrap(), 1);
        for number in 0..100 {
            strings.index(&format!("{long}{number}")).unwrap();
        }
        assert_eq!(strings.index(&long).unwrap(), 102);
    }
}
