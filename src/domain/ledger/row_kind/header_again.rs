//! The header once more below itself: on the next page, or in another order.

use super::{Table, header_key, short_key, text_of};
use crate::domain::ledger::Header;
use crate::domain::ledger::locate::is_remarks;
use crate::domain::table::{Cell, Row};

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

    /// The header that a row is with this table's columns in another order;
    /// none for any other row, and for the header as it was.
    pub(in crate::domain::ledger) fn reordered(&self, row: &Row, header: &Header) -> Option<Header> {
        // Few rows begin with a header's text, and of the others nothing more is asked.
        let first = row.cells.iter().find(|cell| !cell.value.is_blank())?;
        if !self.is_any_header_text(text_of(first)?) {
            return None;
        }
        let cells: Vec<(u16, String)> = row
            .cells
            .iter()
            .filter(|cell| !cell.value.is_blank())
            .map(|cell| Some((cell.column, header_key(text_of(cell)?))))
            .collect::<Option<_>>()?;
        if cells.len() < 3 || cells.len() * 4 < self.by_column.len() * 3 {
            return None;
        }
        let place = |before: u16| {
            let texts = self.texts.get(&before)?;
            let now = cells.iter().find(|(_, key)| texts.contains(key))?;
            Some(now.0)
        };
        let columns: Vec<Option<u16>> = header.columns.iter().map(|own| own.and_then(place)).collect();
        let extras: Vec<(u16, String)> = header
            .extras
            .iter()
            .map(|(own, text)| (place(*own).unwrap_or(*own), text.clone()))
            .collect();
        let explanation = header.explanation.and_then(place);
        let named = |(column, key): &(u16, String)| {
            columns.contains(&Some(*column))
                || explanation == Some(*column)
                || extras.iter().any(|own| own.0 == *column)
                || is_remarks(key)
        };
        (columns != header.columns && cells.iter().all(named)).then(|| Header {
            first_row: row.index,
            last_row: row.index,
            columns,
            extras,
            explanation,
            ..header.clone()
        })
    }

    fn is_any_header_text(&self, text: &str) -> bool {
        let key = header_key(text);
        self.texts.values().any(|texts| texts.contains(&key))
    }
}
