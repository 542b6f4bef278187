//! The name beside a number isn't that of the item.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::program::Given;
use crate::domain::text::name_key;

/// The number decides. A name that was shortened is no other name.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    if cell.column.given != Some(Given::Name) {
        return None;
    }
    let (item, typed) = (cell.item()?, name_key(&cell.field.text));
    let own = name_key(&item.name);
    let same = typed.is_empty() || own.contains(&typed) || typed.contains(&own);
    (!same).then(|| {
        let finding = cell.finding(Code::ItemNameMismatch);
        finding.with("value", &item.number).with("name", &item.name)
    })
}
