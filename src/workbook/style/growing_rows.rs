//! Rows that have a height and may still grow.
//!
//! The writer fixes every height that it is given: a clerk who then types a
//! longer text into the cell sees it cut off. In the file this is one
//! attribute; without it the height holds until the row is edited, which is
//! how Excel itself saves rows.

use std::io::{Cursor, Read, Write};
use std::ops::RangeInclusive;

use anyhow::Context as _;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The rows of one sheet that may grow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrowingRows {
    /// Place of the sheet in the workbook, from 0.
    pub sheet: usize,
    /// 0-based rows.
    pub rows: RangeInclusive<u32>,
}

const FIXED: &str = " customHeight=\"1\"";

/// The columns of a sheet.
const COLUMNS: &str = "16384";

/// The part that holds the custom document properties.
const PROPERTIES: &str = "docProps/custom.xml";

/// Takes the fixed heights off the named rows of a workbook that we wrote, has
/// the last column that it describes stand for all that follow, and puts the
/// digest of its cells, which is known only now, in the place of what stood for
/// it: `digest` is that and the digest.
///
/// # Errors
/// When the bytes are no workbook.
pub fn finish(
    workbook: &[u8],
    growing: &[GrowingRows],
    digest: &(String, String),
) -> anyhow::Result<Vec<u8>> {
    let mut source = ZipArchive::new(Cursor::new(workbook)).context("our own workbook is no archive")?;
    let mut target = ZipWriter::new(Cursor::new(Vec::with_capacity(workbook.len())));
    // The time of the parts is fixed: equal content gives equal bytes.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for index in 0..source.len() {
        let mut part = source.by_index(index)?;
        let name = part.name()?.into_owned();
        let rows = growing
            .iter()
            .find(|own| name == format!("xl/worksheets/sheet{}.xml", own.sheet + 1));
        target.start_file(name.as_str(), options)?;
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        if let Some(growing) = rows {
            let xml = String::from_utf8(content).context("our own sheet is no text")?;
            content = to_the_last_column(&loosen(&xml, &growing.rows)).into_bytes();
        } else if name == PROPERTIES {
            let xml = String::from_utf8(content).context("our own properties are no text")?;
            content = xml.replace(&digest.0, &digest.1).into_bytes();
        }
        target.write_all(&content)?;
    }
    Ok(target.finish()?.into_inner())
}

/// A sheet's XML whose last description of columns reaches to the last one.
fn to_the_last_column(xml: &str) -> String {
    const MAX: &str = " max=\"";
    let widened = || {
        let (columns, after) = xml.split_once("</cols>")?;
        let at = columns.rfind(MAX)? + MAX.len();
        let rest = columns[at..].trim_start_matches(|c: char| c.is_ascii_digit());
        Some([&columns[..at], COLUMNS, rest, "</cols>", after].concat())
    };
    widened().unwrap_or_else(|| xml.to_owned())
}

/// A sheet's XML without the fixed heights of the given rows. Texts of cells
/// cannot be mistaken for tags: their angle brackets are escaped.
fn loosen(xml: &str, rows: &RangeInclusive<u32>) -> String {
    let mut out = String::with_capacity(xml.len());
    let mut rest = xml;
    while let Some(start) = rest.find("<row r=\"") {
        let (before, tag_on) = rest.split_at(start);
        out.push_str(before);
        let (tag, after) = tag_on.split_at(tag_on.find('>').unwrap_or(tag_on.len()));
        let number: Option<u32> = tag["<row r=\"".len()..]
            .split('"')
            .next()
            .and_then(|number| number.parse().ok());
        if number.is_some_and(|number| number > 0 && rows.contains(&(number - 1))) {
            out.push_str(&tag.replace(FIXED, ""));
        } else {
            out.push_str(tag);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_column_stands_for_all_that_follow() {
        let xml =
            r#"<cols><col min="1" max="1" style="1"/><col min="2" max="9" width="9"/></cols><row r="1"/>"#;
        assert_eq!(
            to_the_last_column(xml),
            r#"<cols><col min="1" max="1" style="1"/><col min="2" max="16384" width="9"/></cols><row r="1"/>"#
        );
        assert_eq!(to_the_last_column("<row r=\"1\"/>"), "<row r=\"1\"/>");
    }

    #[test]
    fn only_the_named_rows_are_loosened() {
        let xml = r#"<sheetFormatPr customHeight="1"/><row r="1" ht="30" customHeight="1"><c r="A1"/></row><row r="2" ht="40" customHeight="1"/>"#;
        assert_eq!(
            loosen(xml, &(1..=5)),
            r#"<sheetFormatPr customHeight="1"/><row r="1" ht="30" customHeight="1"><c r="A1"/></row><row r="2" ht="40"/>"#
        );
    }
}
