//! Something of the negative list is said to be so.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// At the value that the definition warns of.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let said = cell.choice()?;
    if !cell.column.warns_of.iter().any(|value| value == said) {
        return None;
    }
    let item = cell.item();
    let name = item.map_or_else(|| cell.value(), |item| item.name.clone());
    Some(cell.finding(Code::NegativeItemHit).with("value", name))
}
