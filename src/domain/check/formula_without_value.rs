//! A formula whose result the file didn't save, or an error value.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::ColumnKind;

/// Running numbers are given anew, so their formulas don't matter.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let broken = cell.field.parsed == Parsed::NoValue && cell.column.kind != ColumnKind::Sequence;
    broken.then(|| {
        cell.finding(Code::FormulaWithoutValue)
            .with("value", cell.value())
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;

    #[test]
    fn error_values_and_unsaved_results_are_told() {
        for (key, text, parsed, told) in [
            ("solved", "#REF!", Parsed::NoValue, true),
            ("solved", "", Parsed::NoValue, true),
            ("remark", "#N/A", Parsed::NoValue, true),
            ("seq", "", Parsed::NoValue, false),
            ("content", "#1号楼", Parsed::Text, false),
        ] {
            let found = Bench::new().ask(check, key, field(text, parsed));
            assert_eq!(found.is_some(), told, "{key} {text}");
        }
    }
}
