//! Whether a workbook is still as this program wrote it, or was saved by an
//! editor since.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use zip::ZipArchive;

/// What the properties say of the last change in everything that we write: a
/// day that never changes. Editors put the time of saving there.
const UNTOUCHED: &str =
    "<dcterms:modified xsi:type=\"dcterms:W3CDTF\">2024-01-01T00:00:00Z</dcterms:modified>";

/// The properties of a workbook are no larger than this.
const MOST: u64 = 64 * 1024;

/// Whether nobody has saved a workbook since we wrote it. A file that can't be
/// read says nothing, and was not written by us.
#[must_use]
pub fn is_as_written(path: &Path) -> bool {
    let properties = || {
        let mut archive = ZipArchive::new(File::open(path).ok()?).ok()?;
        let part = archive.by_name("docProps/core.xml").ok()?;
        let mut text = String::new();
        part.take(MOST).read_to_string(&mut text).ok()?;
        Some(text)
    };
    properties().is_some_and(|text| text.contains(UNTOUCHED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::style::fixed_properties;
    use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

    #[test]
    fn an_editors_saving_shows() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xlsx");
        let mut book = Workbook::new();
        book.add_worksheet();
        book.set_properties(&fixed_properties());
        book.save(&path).unwrap();
        assert!(is_as_written(&path));
        let saved = ExcelDateTime::from_ymd(2024, 12, 3).unwrap();
        book.set_properties(&DocProperties::new().set_creation_datetime(&saved));
        book.save(&path).unwrap();
        assert!(!is_as_written(&path));
        std::fs::write(&path, "x").unwrap();
        assert!(!is_as_written(&path));
    }
}
