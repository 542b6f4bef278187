//! The header once more below itself: on the next page, or in another order.

use super::{Table, header_key, short_key, text_of};
use crate::domain::table::Cell;

impl Table<'_> {
    /// The header's texts once more in their columns, as on the next page of a long table.
    pub(super) fn repeats_header(&self, cells: &[&Cell]) -> bool {
        if let [cell] = cells {
            return short_key(cell).is_some_and(|key| key.starts_with("续表"));
        }
        let same = cells.iter().filter(|cell| self.is_header_text(cell)).count();
        // A table with other columns may share some of them.
        same >= 2 && (same == cells.len() || (same >= 3 && same * 4 >= cells.len() * 3))
    }

    /// Whether a cell holds what stands over its column.
    fn is_header_text(&self, cell: &Cell) -> bool {
        let own = self.texts.get(&cell.column);
        own.is_some_and(|own| text_of(cell).is_some_and(|text| own.contains(&header_key(text))))
    }
}
