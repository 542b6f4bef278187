//! A row cites an item that the register doesn't have, or one twice.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::register::Citation;

/// At the number; a row without a number and a known name cites nothing.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    if !cell.cites() {
        return None;
    }
    match cell.case.citation(cell.sheet, cell.row)? {
        Citation::Unknown => Some(cell.finding(Code::ItemUnknown).with("value", cell.value())),
        Citation::Again(_) => {
            let (message, hint) = cell.case.words.item_twice(&cell.value());
            let finding = cell.finding(Code::RuleBroken).with("rule", "item-twice");
            Some(finding.with("message", message).with("hint", hint))
        }
        Citation::Own(_) | Citation::Other(_) => None,
    }
}
