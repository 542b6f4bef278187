//! Collects the cells of one sheet into rows, sparse and within limits.

use super::failure::{ReadFailure, Reading};
use super::limits::Limits;
use super::xml::place;
use crate::domain::table::{Cell, Pos, Row, Sheet, Value, column_letters};

/// Rows being collected. Cells usually come in order; if they don't, rows are sorted at the end.
pub(super) struct SheetRows<'l> {
    sheet: &'l str,
    limits: &'l Limits,
    rows: Vec<Row>,
    in_order: bool,
    /// Cells so far, those of the sheets before included.
    filled: u64,
    /// The smallest rectangle around all cells so far.
    bounds: Option<(Pos, Pos)>,
}

impl<'l> SheetRows<'l> {
    /// `filled`: what the sheets before hold.
    pub(super) fn new(sheet: &'l str, limits: &'l Limits, filled: u64) -> Self {
        Self {
            sheet,
            limits,
            rows: Vec::new(),
            in_order: true,
            filled,
            bounds: None,
        }
    }

    /// Adds a cell; one that holds nothing and computes nothing is left out.
    pub(super) fn push(&mut self, row: u32, column: u32, value: Value, formula: bool) -> Reading<()> {
        // Blanks alone say nothing, and would only stretch the grid.
        let nothing = match &value {
            Value::Empty => true,
            Value::Text(text) => text.chars().all(char::is_whitespace),
            _ => false,
        };
        if nothing && !formula {
            return Ok(());
        }
        let pos = place(row, column)
            .ok_or_else(|| ReadFailure::Unreadable(format!("工作表“{}”有单元格超出表格范围", self.sheet)))?;
        self.widen(pos)?;
        self.filled += 1;
        check_filled(self.filled, self.limits)?;
        let cell = Cell {
            column: pos.column,
            value,
            formula,
        };
        match self.rows.last_mut() {
            Some(last) if last.index == row => {
                self.in_order &= last.cells.last().is_none_or(|before| before.column < cell.column);
                last.cells.push(cell);
            }
            last => {
                self.in_order &= last.is_none_or(|last| last.index < row);
                self.rows.push(Row {
                    index: row,
                    cells: vec![cell],
                });
            }
        }
        Ok(())
    }

    /// The rows in order; where a cell came twice the later one stands.
    pub(super) fn finish(mut self) -> Vec<Row> {
        if !self.in_order {
            self.rows.sort_by_key(|row| row.index);
            self.rows.dedup_by(|later, kept| {
                let same = later.index == kept.index;
                if same {
                    kept.cells.append(&mut later.cells);
                }
                same
            });
            for row in &mut self.rows {
                row.cells.reverse();
                row.cells.sort_by_key(|cell| cell.column);
                row.cells.dedup_by_key(|cell| cell.column);
            }
        }
        self.rows
    }

    /// Refuses cells that lie so far apart that everything that works on the
    /// sheet as a rectangle would suffer.
    fn widen(&mut self, pos: Pos) -> Result<(), ReadFailure> {
        let (first, last) = self.bounds.unwrap_or((pos, pos));
        let first = Pos::new(first.row.min(pos.row), first.column.min(pos.column));
        let last = Pos::new(last.row.max(pos.row), last.column.max(pos.column));
        self.bounds = Some((first, last));
        let cells = u64::from(last.row - first.row + 1) * u64::from(last.column - first.column + 1);
        if cells <= self.limits.cells {
            return Ok(());
        }
        Err(ReadFailure::TooLarge(format!(
            "工作表“{}”的内容从第{}行到第{}行、从{}列到{}列，范围过大",
            self.sheet,
            first.row + 1,
            last.row + 1,
            column_letters(first.column),
            column_letters(last.column)
        )))
    }
}

/// Refuses a file that holds more than anybody fills in.
pub(super) fn check_filled(filled: u64, limits: &Limits) -> Result<(), ReadFailure> {
    if filled <= limits.filled {
        return Ok(());
    }
    Err(ReadFailure::TooLarge(format!(
        "有内容的格超过{}个",
        limits.filled
    )))
}

/// What a sheet costs of [`Limits::filled`].
pub(super) fn filled_in(sheet: &Sheet) -> u64 {
    let cells: usize = sheet.rows.iter().map(|row| row.cells.len()).sum();
    (cells + sheet.merges.len() + sheet.pictures.len()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::read::failure::Stop;

    #[test]
    fn cells_in_any_order_become_ordered_rows() {
        let limits = Limits::default();
        let mut rows = SheetRows::new("表", &limits, 0);
        for (row, column, number) in [(5, 2, 1.0), (3, 1, 2.0), (5, 0, 3.0), (5, 2, 4.0), (3, 0, 5.0)] {
            rows.push(row, column, Value::Number(number), false).unwrap();
        }
        rows.push(9, 9, Value::Empty, false).unwrap();
        rows.push(9, 9, Value::Text("".into()), false).unwrap();
        rows.push(7, 1, Value::Empty, true).unwrap();
        let found: Vec<_> = rows
            .finish()
            .into_iter()
            .flat_map(|row| {
                row.cells
                    .into_iter()
                    .map(move |cell| (row.index, cell.column, cell.value.display()))
            })
            .collect();
        let expected = [(3, 0, "5"), (3, 1, "2"), (5, 0, "3"), (5, 2, "4"), (7, 1, "")];
        assert_eq!(
            found,
            expected.map(|(row, column, text)| (row, column, text.into()))
        );
    }

    #[test]
    fn cells_far_apart_or_outside_are_refused() {
        let limits = Limits::default();
        let mut rows = SheetRows::new("表", &limits, 0);
        rows.push(0, 0, Value::Bool(true), false).unwrap();
        let refused = rows.push(1_048_575, 16_383, Value::Bool(true), false);
        assert!(matches!(refused, Err(Stop::File(ReadFailure::TooLarge(_)))));
        let refused = SheetRows::new("表", &limits, 0).push(1_048_576, 0, Value::Bool(true), false);
        assert!(matches!(refused, Err(Stop::File(ReadFailure::Unreadable(_)))));
        // More cells than anybody fills in, those of other sheets included.
        let mut rows = SheetRows::new("表", &limits, limits.filled - 1);
        rows.push(0, 0, Value::Bool(true), false).unwrap();
        let refused = rows.push(0, 1, Value::Bool(true), false);
        assert!(matches!(refused, Err(Stop::File(ReadFailure::TooLarge(_)))));
        // A ledger far down, or a note at the far right, is no fault.
        let mut rows = SheetRows::new("表", &limits, 0);
        rows.push(1_000_000, 0, Value::Bool(true), false).unwrap();
        rows.push(1_000_020, 9, Value::Bool(true), false).unwrap();
    }
}
