//! How much a file holds, before it is read.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::zip_directory::Directory;

/// Parts that are looked at; a workbook with more of them isn't read.
const MOST_PARTS: usize = 2_000;

/// Bytes that a file holds by its own account: of a container those of its
/// parts once unfolded, otherwise its length. A number to plan with, no more.
#[must_use]
pub fn unfolded_size(path: &Path) -> u64 {
    let Ok(file) = File::open(path) else {
        return 0;
    };
    let length = file.metadata().map_or(0, |metadata| metadata.len());
    match Directory::read(&mut BufReader::new(file), MOST_PARTS) {
        Ok(Some(directory)) => directory
            .entries
            .iter()
            .map(|entry| entry.size)
            .sum::<u64>()
            .max(length),
        _ => length,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_is_measured_unfolded_and_anything_else_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let sheet = workbook.add_worksheet();
        for row in 0..1000 {
            sheet.write_string(row, 0, "一样的内容").unwrap();
        }
        let path = folder.path().join("a.xlsx");
        workbook.save(&path).unwrap();
        assert!(unfolded_size(&path) > 2 * path.metadata().unwrap().len());
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "abc").unwrap();
        assert_eq!(unfolded_size(&path), 3);
        assert_eq!(unfolded_size(&folder.path().join("none")), 0);
    }
}
