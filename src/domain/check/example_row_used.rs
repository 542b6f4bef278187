//! Data stands in a row marked 例; it is counted.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::SheetReading;

/// One finding for each such row, at its mark.
pub(super) fn check(_: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let used = sheet.examples_used.iter();
    used.map(|pos| Finding::new(Code::ExampleRowUsed).at(&sheet.sheet, *pos))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    #[test]
    fn each_used_row_is_named_at_its_mark() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].examples_used = vec![Pos::new(4, 0), Pos::new(5, 0)];
        let cells: Vec<String> = bench
            .sheet_codes(check)
            .into_iter()
            .map(|(_, cell)| cell)
            .collect();
        assert_eq!(cells, ["A5", "A6"]);
    }
}
