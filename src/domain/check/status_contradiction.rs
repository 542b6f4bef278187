//! An item is said to be done, and its figure says otherwise.

use rust_decimal::Decimal;

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// 已完成 with less than 100 %.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let status = cell.case.register.as_ref()?.items.status.as_ref()?;
    let (said, percent) = (cell.choice()?, status.percent.as_deref()?);
    if cell.column.key != status.column || !status.done.iter().any(|done| done == said) {
        return None;
    }
    let beside = cell.beside(percent)?;
    let Parsed::Number(reading) = &beside.field.parsed else {
        return None;
    };
    let number = reading.number?;
    (number < Decimal::ONE_HUNDRED).then(|| {
        let finding = cell.finding(Code::StatusContradiction);
        finding.with("status", said).with("value", beside.value())
    })
}
