//! Pictures in the file, which no master can hold.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// One finding a sheet, at its first picture.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.workbook
        .sheets
        .iter()
        .filter_map(|sheet| {
            let first = sheet.pictures.iter().min_by_key(|pos| (pos.row, pos.column))?;
            Some(
                Finding::new(Code::PictureIgnored)
                    .at(&sheet.name, *first)
                    .with("count", sheet.pictures.len()),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    #[test]
    fn pictures_are_mentioned_once_a_sheet() {
        let mut bench = Bench::new();
        assert_eq!(bench.codes(check), []);
        bench.workbook.sheets[0].pictures = vec![Pos::new(8, 3), Pos::new(6, 7)];
        assert_eq!(bench.codes(check), [("picture-ignored", "H7".to_owned())]);
    }
}
