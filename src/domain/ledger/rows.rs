//! Which rows are data, and what their cells mean.

use std::collections::{BTreeSet, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::field::{Against, absent, read_field};
use super::locate::Again;
use super::merged_cells::MergedCells;
use super::row_kind::Table;
use super::{DataRow, Header, SheetReading, Skipped, read_count, read_number};
use crate::domain::program::{ColumnKind, Form};
use crate::domain::table::{Pos, Row, Sheet, column_letters};
use crate::domain::text::tidy;

/// Columns without a header that are kept as the unit's own.
const MOST_NAMELESS: usize = 10;

/// Reads everything below a header. `span` is the period's, for dates
/// without a year; `places` are all places that the roster knows. Columns
/// without a header that hold something beside data rows join the extras
/// under their letters.
#[must_use]
pub fn read_rows(
    sheet: &Sheet,
    mut header: Header,
    form: &Form,
    span: (NaiveDate, NaiveDate),
    places: &[&str],
    prefixes: &[String],
) -> SheetReading {
    let against = Against {
        sheet,
        span,
        places,
        prefixes,
    };
    let parts = parts(sheet, &header, form);
    let hidden: HashSet<u32> = sheet.hidden_rows.iter().copied().collect();
    let merges = MergedCells::below(sheet, &header);
    let mut reading = SheetReading {
        sheet: sheet.name.clone(),
        hidden: sheet.hidden,
        ..SheetReading::default()
    };
    for (at, mut part) in parts.into_iter().enumerate() {
        let table = Table::of(sheet, &part.header, form);
        let kinds = kinds(part.rows, &table, Some(against));
        if at == 0 {
            let nameless = nameless(&kinds, &table, &header).into_iter();
            header
                .extras
                .extend(nameless.map(|column| (column, column_letters(column))));
            part.header.extras.clone_from(&header.extras);
        } else {
            reading
                .skipped
                .push((part.header.first_row, Skipped::RepeatedHeader));
        }
        let reader = Reader {
            against,
            table: &table,
            header: &part.header,
            merges: &merges,
            hidden: &hidden,
        };
        reader.read(kinds, &mut reading);
    }
    // A row of strokes is a nil report where nothing else stands.
    if reading.rows.is_empty() && reading.nil.is_none() {
        let mut skipped = reading.skipped.iter();
        let crossed = skipped.find(|(_, kind)| *kind == Skipped::CrossedOut);
        let row = crossed.and_then(|(index, _)| sheet.row(*index));
        reading.nil = row.and_then(|row| nil_cell(row, &Table::of(sheet, &header, form)));
    }
    reading.header = header;
    reading
}

/// Rows under one header.
struct Part<'a> {
    header: Header,
    rows: &'a [Row],
}

/// The rows below a header, parted where it stands once more with its columns
/// in another order: what follows is read by that order.
fn parts<'a>(sheet: &'a Sheet, header: &Header, form: &Form) -> Vec<Part<'a>> {
    let mut rows = below(sheet, header);
    let mut header = header.clone();
    let mut parts = Vec::new();
    let again = Again::of(form, header.form_sheet);
    loop {
        let next = rows
            .iter()
            .enumerate()
            .find_map(|(at, row)| Some((at, again.as_ref()?.at(sheet, row, &header)?)));
        let Some((at, other)) = next else { break };
        parts.push(Part {
            header: std::mem::replace(&mut header, other),
            rows: &rows[..at],
        });
        rows = &rows[at + 1..];
    }
    parts.push(Part { header, rows });
    parts
}

/// Reads rows under one header.
struct Reader<'a, 'b> {
    against: Against<'a>,
    table: &'b Table<'b>,
    header: &'b Header,
    merges: &'b MergedCells<'b>,
    hidden: &'b HashSet<u32>,
}

impl Reader<'_, '_> {
    fn read(&self, kinds: Vec<(&Row, Option<Skipped>)>, reading: &mut SheetReading) {
        let table = self.table;
        for (row, kind) in kinds {
            let Some(kind) = kind else {
                self.data_row(row, reading);
                continue;
            };
            match kind {
                Skipped::Totals if Table::is_running_total(row) => {}
                Skipped::Totals => reading
                    .totals
                    .push((row.index, totals(self.against.sheet, row, table))),
                // With a real place it is somebody's own entry, and no example for others.
                Skipped::Example if table.names_place(row, self.against) => {}
                Skipped::Example => reading.examples.extend(examples(row, table)),
                Skipped::Nil if reading.nil.is_none() => reading.nil = nil_cell(row, table),
                _ => {}
            }
            reading.skipped.push((row.index, kind));
        }
    }

    fn data_row(&self, row: &Row, reading: &mut SheetReading) {
        let data = self.read_row(row);
        let filled = data
            .fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.filled_down);
        reading
            .filled_down
            .extend(filled.filter_map(|(index, field)| Some((field.pos?, index))));
        if let Some(cell) = row.cells.iter().find(|cell| self.table.is_example_mark(cell)) {
            reading.examples_used.push(Pos::new(row.index, cell.column));
        }
        reading.rows.push(data);
    }

    fn read_row(&self, row: &Row) -> DataRow {
        let Self {
            against,
            table,
            header,
            ..
        } = *self;
        let sheet = against.sheet;
        let text = |column: u16| {
            row.cell(column)
                .map_or_else(String::new, |cell| tidy(&cell.value.display()))
        };
        let fields = header
            .columns
            .iter()
            .map(|place| {
                let Some((_, column)) = place.and_then(|place| table.column(place)) else {
                    return absent();
                };
                let pos = Pos::new(row.index, place.unwrap_or_default());
                let own = row
                    .cell(pos.column)
                    .filter(|cell| !cell.value.is_blank() || cell.formula);
                // A running number merged over several rows numbers the first of them.
                let above = own
                    .is_none()
                    .then(|| self.merges.above(sheet, pos))
                    .flatten()
                    .filter(|_| column.kind != ColumnKind::Sequence || column.given.is_some());
                read_field(pos, own.or(above), above.is_some(), column, against)
            })
            .collect();
        DataRow {
            row: row.index,
            fields,
            extras: header.extras.iter().map(|(column, _)| text(*column)).collect(),
            explanation: header.explanation.map_or_else(String::new, text),
            hidden: self.hidden.contains(&row.index),
        }
    }
}

/// The rows of a sheet below a header.
pub(super) fn below<'a>(sheet: &'a Sheet, header: &Header) -> &'a [Row] {
    &sheet.rows[sheet.rows.partition_point(|row| row.index <= header.last_row)..]
}

/// Rows with anything in them, each with the reason why it is no data row.
/// `read` tells what rows are read against.
pub(super) fn kinds<'a>(
    rows: &'a [Row],
    table: &Table<'_>,
    read: Option<Against<'_>>,
) -> Vec<(&'a Row, Option<Skipped>)> {
    let mut after_note = false;
    let mut first_rows = true;
    let mut kinds: Vec<(&Row, Option<Skipped>)> = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|row| !row.is_blank()) {
        let mut kind = table.skipped(row, after_note, first_rows);
        if kind == Some(Skipped::Example) && read.is_some_and(|read| table.is_example_in_use(row, read)) {
            kind = None;
        }
        first_rows &= kind.is_some();
        after_note = kind == Some(Skipped::Note);
        kinds.push((row, kind));
    }
    other_table(&mut kinds, table);
    if let Some(read) = read {
        // Below the last row with two filled columns lone texts are no data.
        let last = kinds
            .iter()
            .rposition(|(row, kind)| kind.is_none() && table.is_substantial(row));
        for (row, kind) in kinds.iter_mut().skip(last.map_or(usize::MAX, |last| last + 1)) {
            if kind.is_none() {
                *kind = table.below_the_table(row, read.span, read.places);
            }
        }
    }
    // The printed annex spreads its example over a row above the one marked 例.
    if let Some(example) = kinds.iter().position(|(_, kind)| *kind == Some(Skipped::Example)) {
        for (row, kind) in &mut kinds[..example] {
            if kind.is_none() && table.lacks_number_and_date(row) {
                *kind = Some(Skipped::Example);
            }
        }
    }
    kinds
}

/// Marks a second table under the first, with its caption.
fn other_table(kinds: &mut [(&Row, Option<Skipped>)], table: &Table<'_>) {
    let is_data = |kind: &Option<Skipped>| kind.is_none();
    let Some(first) = kinds
        .iter()
        .position(|(row, kind)| is_data(kind) && !table.is_other_header(row))
    else {
        return;
    };
    let head = kinds
        .iter()
        .skip(first)
        .position(|(row, kind)| is_data(kind) && table.is_other_header(row));
    let Some(head) = head.map(|head| head + first) else {
        return;
    };
    for (_, kind) in &mut kinds[head..] {
        if *kind == Some(Skipped::RepeatedHeader) {
            break;
        }
        if !matches!(kind, Some(Skipped::Note | Skipped::Signature)) {
            *kind = Some(Skipped::OtherTable);
        }
    }
}

/// Columns without a header that hold something in a data row.
fn nameless(kinds: &[(&Row, Option<Skipped>)], table: &Table<'_>, header: &Header) -> Vec<u16> {
    let found: BTreeSet<u16> = kinds
        .iter()
        .filter(|(_, kind)| kind.is_none())
        .flat_map(|(row, _)| &row.cells)
        .filter(|cell| !cell.value.is_blank() && table.column(cell.column).is_none())
        .filter(|cell| !table.has_header(cell.column) && header.explanation != Some(cell.column))
        .map(|cell| cell.column)
        .collect();
    found.into_iter().take(MOST_NAMELESS).collect()
}

/// The numbers of a totals row by form column.
fn totals(sheet: &Sheet, row: &Row, table: &Table<'_>) -> Vec<(usize, Decimal)> {
    row.cells
        .iter()
        .filter(|cell| !cell.value.is_blank())
        .filter_map(|cell| {
            let (index, column) = table.column(cell.column)?;
            let number = match column.kind {
                ColumnKind::Number { .. } => {
                    let shown = sheet.shown(Pos::new(row.index, cell.column));
                    read_number(&cell.value, shown, &column.header).number
                }
                ColumnKind::Count { .. } => read_count(&cell.value).count.map(Decimal::from),
                _ => None,
            };
            Some((index, number?))
        })
        .collect()
}

/// The texts of an example row, its mark left out.
fn examples(row: &Row, table: &Table<'_>) -> Vec<(usize, String)> {
    row.cells
        .iter()
        .filter(|cell| !cell.value.is_blank())
        .filter_map(|cell| {
            let (index, column) = table.column(cell.column)?;
            (column.kind != ColumnKind::Sequence).then(|| (index, tidy(&cell.value.display())))
        })
        .collect()
}

/// The cell that declares nothing to report: the first that is no running number.
fn nil_cell(row: &Row, table: &Table<'_>) -> Option<Pos> {
    let mut filled = row.cells.iter().filter(|cell| !cell.value.is_blank());
    let worded = filled.clone().find(|cell| !table.is_running_number(cell));
    worded
        .or_else(|| filled.next())
        .map(|cell| Pos::new(row.index, cell.column))
}

#[cfg(test)]
mod tests;
