//! Columns were added, renamed or moved; they are read by name all the same.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::SheetReading;

/// One finding a sheet.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let header = &sheet.header;
    let extras: Vec<&str> = header
        .extras
        .iter()
        .map(|(_, text)| text.as_str())
        .filter(|text| !text.is_empty())
        .collect();
    if extras.is_empty() && header.renamed.is_empty() && !header.reordered {
        return Vec::new();
    }
    vec![
        Finding::new(Code::ColumnUnexpected)
            .on_sheet(&sheet.sheet)
            .with("extras", case.words.list(extras))
            .with("renamed", case.words.list(&header.renamed))
            .with("reordered", if header.reordered { "true" } else { "" }),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn every_change_of_the_header_is_one_finding() {
        for (extra, renamed, reordered, told) in [
            (None, None, false, 0),
            (Some("现场照片"), None, false, 1),
            (Some(""), None, false, 0),
            (None, Some("解决问题数量"), false, 1),
            (None, None, true, 1),
            (Some("现场照片"), Some("解决问题数量"), true, 1),
        ] {
            let mut bench = Bench::new();
            let header = &mut bench.reading.sheets[0].header;
            header.extras = extra.map(|text| (8, text.to_owned())).into_iter().collect();
            header.renamed = renamed.map(str::to_owned).into_iter().collect();
            header.reordered = reordered;
            assert_eq!(bench.sheet_codes(check).len(), told);
        }
    }
}
