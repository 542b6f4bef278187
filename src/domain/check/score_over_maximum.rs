//! More points than the indicator is worth.

use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// The maximum stands in the table of items.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Number(reading) = &cell.field.parsed else {
        return None;
    };
    let (number, header) = (reading.number?, cell.column.max_from.as_deref()?);
    let items = cell.case.register.as_ref()?.items;
    let most = Decimal::from_str(items.cell(cell.item()?, header)?).ok()?;
    (number > most).then(|| {
        let finding = cell.finding(Code::ScoreOverMaximum);
        finding.with("value", number).with("maximum", most)
    })
}
