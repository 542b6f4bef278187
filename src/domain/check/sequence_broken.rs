//! The running numbers don't run from 1 without a gap.

use super::{Case, Cell};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{Parsed, SheetReading};
use crate::domain::program::ColumnKind;

/// One finding a sheet, at the first number that is out of order. Numbers are
/// given anew in the master, so nobody is bothered with it.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    // A row marked 例 carries no number, and another finding.
    let used = |row: u32| sheet.examples_used.iter().any(|pos| pos.row == row);
    let numbers = sheet.rows.iter().filter(|row| !used(row.row)).filter_map(|row| {
        case.cells(sheet, row)
            .find(|cell| cell.column.kind == ColumnKind::Sequence && cell.column.given.is_none())
    });
    let numbers: Vec<Cell<'_>> = numbers.collect();
    // Our own form leaves them empty: who numbers nothing has nothing out of order.
    if numbers
        .iter()
        .all(|cell| cell.field.parsed == Parsed::Sequence(None))
    {
        return Vec::new();
    }
    (1..)
        .zip(numbers)
        .find(|(expected, cell)| {
            // Whoever took 例 for the first number goes on with 2.
            let before = sheet
                .examples_used
                .iter()
                .filter(|pos| pos.row < cell.row.row)
                .count();
            let after_it = expected + u32::try_from(before).unwrap_or(0);
            ![*expected, after_it]
                .map(|number| Parsed::Sequence(Some(number)))
                .contains(&cell.field.parsed)
        })
        .map(|(expected, cell)| {
            cell.finding(Code::SequenceBroken)
                .with("value", cell.value())
                .with("expected", expected)
        })
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;

    #[test]
    fn the_first_number_out_of_order_is_named() {
        for (numbers, expected) in [
            (&[Some(1), Some(2), Some(3)][..], None),
            (&[Some(1), Some(1), Some(2)], Some("A7")),
            (&[Some(1), Some(3)], Some("A7")),
            (&[None, Some(2)], Some("A6")),
            (&[Some(2), Some(3)], Some("A6")),
            (&[None, None], None),
            (&[], None),
        ] {
            let bench = numbers.iter().fold(Bench::new(), |bench, number| {
                bench.row(&[("seq", field("x", Parsed::Sequence(*number)))])
            });
            let cells: Vec<String> = bench
                .sheet_codes(check)
                .into_iter()
                .map(|(_, cell)| cell)
                .collect();
            assert_eq!(cells.first().map(String::as_str), expected, "{numbers:?}");
        }
    }
}
