//! A second table under the ledger, with other columns: it is not read.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{SheetReading, Skipped};

/// One finding a sheet, at the other table's header.
pub(super) fn check(_: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let first = sheet
        .skipped
        .iter()
        .find(|(_, reason)| *reason == Skipped::OtherTable);
    first
        .map(|(row, _)| {
            let mut finding = Finding::new(Code::OtherTable).on_sheet(&sheet.sheet);
            finding.row = Some(row + 1);
            finding.with("row", row + 1)
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn the_other_table_is_named_once() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].skipped = vec![
            (8, Skipped::Note),
            (9, Skipped::OtherTable),
            (10, Skipped::OtherTable),
        ];
        let found = bench.sheet_findings(check);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].row, found[0].args["row"].as_str()), (Some(10), "10"));
    }
}
