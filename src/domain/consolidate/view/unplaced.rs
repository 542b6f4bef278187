//! 未对应批示: remarks whose row is gone; nothing the office wrote is lost.

use super::{Subject, Table, Tone, text};
use crate::domain::consolidate::RowKey;

/// What the office wrote beside a row that is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The row's key, as it stood in the workbook.
    pub key: String,
    /// Header of the office's column.
    pub column: String,
    /// What it wrote.
    pub text: String,
}

/// The sheet, by units in the order of the roster; none where every remark has its row.
pub(super) fn table(of: Subject<'_>, unplaced: &[Unplaced]) -> Option<Table> {
    if unplaced.is_empty() {
        return None;
    }
    let roster = &of.program.roster;
    let words = of.words;
    let mut lines: Vec<_> = unplaced
        .iter()
        .map(|own| {
            let Ok(key) = own.key.parse::<RowKey>() else {
                return (usize::MAX, String::new(), own.key.clone(), own);
            };
            let mut units = roster.units.iter();
            let place = units.position(|unit| unit.id == key.unit.as_str());
            let unit = roster.unit(&key.unit).map(|unit| unit.display_name.clone());
            let row = key.as_read();
            // Units that have left the roster come last.
            (place.unwrap_or(usize::MAX), unit.unwrap_or(key.unit), row, own)
        })
        .collect();
    lines.sort_by_key(|line| line.0);
    let columns = words.orphan_columns.into_iter().zip([18.0, 40.0, 14.0, 70.0]);
    let mut table = of.table(words.orphans, words.orphans, columns);
    for (_, unit, row, own) in lines {
        table.line([
            text(Tone::Body, unit),
            text(Tone::Body, row),
            text(Tone::Centre, own.column.as_str()),
            text(Tone::Body, own.text.as_str()),
        ]);
    }
    Some(table)
}
