//! An item that was done is reported on as not done.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Never returns a ledger: the office looks into it.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let status = cell.case.register.as_ref()?.items.status.as_ref()?;
    if cell.column.key != status.column {
        return None;
    }
    let (said, before) = (cell.choice()?, cell.before()?);
    let done = |text: &str| status.done.iter().any(|done| done == text);
    (done(before.row.text(&status.column)) && !done(said)).then(|| {
        let finding = cell.finding(Code::Reopened).with("status", said);
        let number = cell.item().map_or("", |item| item.number.as_str());
        finding
            .with("value", number)
            .with("period", cell.case.period_words(&before.period))
    })
}
