//! A required column of the form isn't there.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{SheetReading, missing_columns};

/// One finding for each column.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    missing_columns(&sheet.header, case.form)
        .into_iter()
        .map(|header| {
            Finding::new(Code::ColumnMissing)
                .on_sheet(&sheet.sheet)
                .with("column", header)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn only_required_columns_are_missed() {
        for (gone, told) in [(1, 1), (5, 0), (8, 0)] {
            let mut bench = Bench::new();
            bench.reading.sheets[0].header.columns[gone] = None;
            assert_eq!(bench.sheet_codes(check).len(), told, "column {gone}");
        }
    }
}
