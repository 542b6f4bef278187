//! The programme's own summaries, a sheet each.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::MasterWriter;
use super::pen::{Cell, number, text};
use super::style::Look;
use crate::domain::consolidate::AggregateTable;

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    table: &AggregateTable,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let mut columns = vec![(words.no, 6.0), (words.unit, 24.0)];
    columns.extend(table.columns.iter().map(|header| (header.as_str(), 16.0)));
    writer.small_sheet(book, (&table.name, &table.name), &columns, "", |pen| {
        for (index, line) in (1_u32..).zip(&table.lines) {
            let mut cells = vec![number(Look::Centre, index), text(Look::Centre, &*line.name)];
            cells.extend(line.values.iter().flatten().map(|value| figure(*value)));
            // A unit whose ledger doesn't count yet has blanks, not noughts.
            cells.resize(columns.len(), text(Look::Centre, ""));
            pen.line(&cells)?;
        }
        let mut cells = vec![text(Look::Centre, ""), text(Look::Centre, words.total)];
        cells.extend(table.total.iter().map(|value| figure(*value)));
        pen.line(&cells)
    })
}

fn figure<'a>(value: Decimal) -> Cell<'a> {
    match value.to_f64() {
        Some(plain) if value.normalize().to_string().len() <= 15 => number(Look::Centre, plain),
        _ => text(Look::Centre, value.normalize().to_string()),
    }
}
