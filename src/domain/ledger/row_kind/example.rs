//! An example row that somebody filled in: what stands there is data.

use super::Table;
use crate::domain::example_dates::moved_into;
use crate::domain::ledger::{placeholder, read_dates, read_places};
use crate::domain::program::ColumnKind;
use crate::domain::table::{Cell, Row, Sheet};
use crate::domain::text::{folded, is_space};

use super::super::field::Against;

/// A worded cell that is shorter, in characters, may be the example's by chance.
const TELLING: usize = 6;

impl Table<'_> {
    /// Whether a row names a place of the roster in its own column.
    pub(in crate::domain::ledger) fn names_place(&self, row: &Row, against: Against<'_>) -> bool {
        self.told_columns().any(|(column, form_column)| {
            let cell = row
                .cell(column)
                .filter(|_| form_column.kind == ColumnKind::Places);
            cell.is_some_and(|cell| {
                let parts = read_places(&cell.value.display(), against.places, against.prefixes);
                parts.iter().any(|part| part.place.is_some())
            })
        })
    }

    /// Whether a row marked 例 holds a visit of the unit's own: a date of the
    /// period and a known place wherever the table asks for them (for one at
    /// least), no placeholder, and no text of an example of this form or an
    /// earlier version of it.
    pub(in crate::domain::ledger) fn is_example_in_use(&self, row: &Row, against: Against<'_>) -> bool {
        let mut asked = 0;
        let mut met = 0;
        let mut worded = 0;
        let mut copied = 0;
        // A date that isn't the example's own.
        let mut dated = false;
        for (column, form_column) in self.told_columns() {
            let Some(cell) = row.cell(column).filter(|cell| !cell.value.is_blank()) else {
                let needed = matches!(form_column.kind, ColumnKind::Dates | ColumnKind::Places);
                asked += u32::from(needed && form_column.required);
                continue;
            };
            let text = cell.value.display();
            if placeholder(&text).is_some() {
                return false;
            }
            match form_column.kind {
                ColumnKind::Dates => {
                    asked += 1;
                    met += u32::from(is_of_span(cell, against.sheet, row.index, against.span));
                    let own = plain(&text, against);
                    dated |= self.example_texts.iter().all(|text| plain(text, against) != own);
                }
                ColumnKind::Places => {
                    asked += 1;
                    let parts = read_places(&text, against.places, against.prefixes);
                    met += u32::from(!parts.is_empty() && parts.iter().all(|part| part.place.is_some()));
                }
                ColumnKind::Text | ColumnKind::List | ColumnKind::Contact | ColumnKind::Count { .. } => {
                    let own = plain(&text, against);
                    let long = own.chars().count() >= TELLING;
                    let same = self.example_texts.iter().any(|text| plain(text, against) == own);
                    if same && long {
                        return false;
                    }
                    worded += 1;
                    copied += u32::from(same);
                }
                _ => {}
            }
        }
        met > 0 && met == asked && (copied < worded || (worded == 0 && dated))
    }
}

/// A text as examples are compared: folded, without spaces, its dates in one month.
fn plain(text: &str, against: Against<'_>) -> String {
    let moved = moved_into(&folded(text), against.span.0);
    moved.chars().filter(|c| !is_space(*c)).collect()
}

fn is_of_span(
    cell: &Cell,
    sheet: &Sheet,
    row: u32,
    (first, last): (chrono::NaiveDate, chrono::NaiveDate),
) -> bool {
    let shown = sheet.shown(crate::domain::table::Pos::new(row, cell.column));
    let dates = read_dates(&cell.value, shown, (first, last));
    !dates.spans.is_empty()
        && dates
            .spans
            .iter()
            .all(|span| span.from >= first && span.to <= last)
}
