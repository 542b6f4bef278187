//! A cumulative figure is less than the last one.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::{ColumnKind, Growth};

/// Compared with the unit's own last accepted row of the item.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Number(reading) = &cell.field.parsed else {
        return None;
    };
    let cumulative = matches!(cell.column.kind, ColumnKind::Number { cumulative: true, .. });
    let number = reading.number.filter(|_| cumulative)?;
    let (before, item, year) = (cell.before()?, cell.item()?, cell.case.year()?);
    // A level may fall, and a figure of the year begins anew with it.
    let falls = item.measure.as_ref().is_some_and(|own| own.growth != Growth::Sum);
    if falls || !before.holds_in(item, year, cell.case.program) {
        return None;
    }
    let last = before.row.number(&cell.column.key)?;
    (number < last).then(|| {
        let finding = cell.finding(Code::BelowLastPeriod);
        finding.with("value", number).with("last", last)
    })
}
