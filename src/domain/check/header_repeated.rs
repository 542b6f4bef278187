//! The header stands there once more (续表).

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{SheetReading, Skipped};

/// One finding a sheet, at the first repetition.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let rows: Vec<u32> = sheet
        .skipped
        .iter()
        .filter(|(_, reason)| *reason == Skipped::RepeatedHeader)
        .map(|(row, _)| row + 1)
        .collect();
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let mut finding = Finding::new(Code::HeaderRepeated).on_sheet(&sheet.sheet);
    finding.row = Some(*first);
    vec![finding.with("rows", case.words.rows(&rows))]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn repetitions_are_named_together() {
        let mut bench = Bench::new();
        assert_eq!(bench.sheet_codes(check), []);
        bench.reading.sheets[0].skipped = vec![
            (4, Skipped::Example),
            (20, Skipped::RepeatedHeader),
            (40, Skipped::RepeatedHeader),
        ];
        assert_eq!(bench.sheet_findings(check)[0].args["rows"], "21、41");
    }
}
