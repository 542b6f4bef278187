//! Cells merged downwards in the data: one value that stands for several rows.

use std::collections::HashMap;

use super::Header;
use crate::domain::table::{Cell, Pos, Range, Sheet};

/// The ranges merged downwards, by the column that holds their value.
pub(super) struct MergedCells<'a> {
    by_column: HashMap<u16, Vec<&'a Range>>,
}

impl<'a> MergedCells<'a> {
    /// Those below a header that don't span the whole table: those are notes.
    pub(super) fn below(sheet: &'a Sheet, header: &Header) -> Self {
        let known = || header.columns.iter().flatten();
        let (first, last) = (known().min(), known().max());
        let mut by_column: HashMap<u16, Vec<&Range>> = HashMap::new();
        for range in &sheet.merges {
            let whole =
                Some(&range.first.column) <= first && Some(&range.last.column) >= last && first != last;
            if range.first.row > header.last_row && range.last.row > range.first.row && !whole {
                by_column.entry(range.first.column).or_default().push(range);
            }
        }
        for ranges in by_column.values_mut() {
            ranges.sort_by_key(|range| range.first.row);
        }
        Self { by_column }
    }

    /// The cell whose value is meant at a position covered by a range that began further up.
    pub(super) fn above(&self, sheet: &'a Sheet, pos: Pos) -> Option<&'a Cell> {
        let ranges = self.by_column.get(&pos.column)?;
        let after = ranges.partition_point(|range| range.first.row < pos.row);
        let range = ranges.get(after.checked_sub(1)?)?;
        (pos.row <= range.last.row)
            .then(|| sheet.cell(range.first))
            .flatten()
            .filter(|cell| !cell.value.is_blank() || cell.formula)
    }
}
