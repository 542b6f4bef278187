//! Writes tables, whatever they say.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::fingerprint::SheetPrint;
use super::free_name;
use super::ink::BookInk;
use super::pen::{self, Pen, Place};
use crate::domain::consolidate::view::{Cell, Line, Print, Table, Tone, Value};
use crate::workbook::stream::Package;
use crate::workbook::style::{self, Look, Styles};

/// Characters that fit beside one another on A4 across, at full size.
pub(super) const SMALL_WIDTH: f64 = 128.0;

/// The workbook while its small sheets are put in.
pub(super) struct Book<'s> {
    pub package: Package,
    pub styles: &'s Styles,
    /// Names of the sheets so far.
    pub names: Vec<String>,
    /// Places of the finished sheets, and what is known of them.
    pub finished: Vec<(usize, SheetPrint)>,
}

impl Book<'_> {
    /// Adds a sheet with a table, under a name as near to its own as can be.
    pub fn add(&mut self, table: &Table) -> Result<(), XlsxError> {
        let index = self.names.len();
        self.names.push(free_name(&self.names, &table.name));
        // Texts stay in the sheet: the table of shared ones is made elsewhere.
        let sheet = self.package.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(&self.names[index])?;
        self.fill(index, table)
    }

    /// Writes a table into an empty sheet.
    pub fn fill(&mut self, index: usize, table: &Table) -> Result<(), XlsxError> {
        let sheet = self.package.book.worksheet_from_index(index)?;
        let print = write(sheet, self.styles, table)?;
        self.finished.push((index, print));
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, styles: &Styles, table: &Table) -> Result<SheetPrint, XlsxError> {
    let header = if table.note.is_empty() { 1 } else { 2 };
    let wanted: Vec<f64> = table.columns.iter().map(|column| column.width).collect();
    let mut place = Place::new(false);
    place.widths = style::widths(&wanted, SMALL_WIDTH);
    style::print_setup(sheet, header, styles)?;
    if table.print == Print::OnePage {
        sheet.set_print_fit_to_pages(1, 1);
    }
    for (column, width) in (0..).zip(&place.widths) {
        sheet.set_column_width(column, *width)?;
    }
    let mut ink = BookInk { sheet, styles };
    let mut pen = Pen {
        ink: &mut ink,
        place: &mut place,
    };
    let headers: Vec<&str> = table
        .columns
        .iter()
        .map(|column| column.header.as_str())
        .collect();
    head(&mut pen, &table.title, &headers, &table.note)?;
    for line in &table.lines {
        self::line(&mut pen, headers.len(), line)?;
    }
    Ok(place.print)
}

fn line(pen: &mut Pen<'_>, columns: usize, line: &Line) -> Result<(), XlsxError> {
    match line {
        Line::Cells(cells) => pen.line(&cells.iter().map(cell).collect::<Vec<_>>()),
        Line::Heading(words) => pen.merged(24.0, columns, Look::Section, words),
        Line::Spans(spans) => {
            let spans: Vec<_> = spans
                .iter()
                .map(|(columns, text)| (*columns, Look::Body, text.as_str()))
                .collect();
            pen.parts(&spans)
        }
    }
}

fn cell(cell: &Cell) -> pen::Cell<'_> {
    let look = match cell.tone {
        Tone::Body => Look::Body,
        Tone::Centre => Look::Centre,
        Tone::Green => Look::Green,
        Tone::Yellow => Look::Yellow,
        Tone::Red => Look::Red,
    };
    match &cell.value {
        Value::Text(text) => pen::text(look, text.as_str()),
        Value::Number(number) => pen::number(look, *number),
    }
}

/// Title, note and header of a table.
pub(super) fn head(pen: &mut Pen<'_>, title: &str, headers: &[&str], note: &str) -> Result<(), XlsxError> {
    pen.merged(42.0, headers.len(), Look::Title, title)?;
    if !note.is_empty() {
        pen.paragraph(headers.len(), Look::Subtitle, note)?;
    }
    let headers: Vec<_> = headers
        .iter()
        .map(|header| pen::text(Look::Header, *header))
        .collect();
    pen.line(&headers)
}
