//! Writes tables, whatever they say.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::fingerprint::SheetPrint;
use super::free_name;
use super::ink::BookInk;
use super::pen::{self, Pen, Place};
use super::remarks::{OfficeColumn, Remarks, Sign};
use crate::domain::consolidate::view::{Cell, Line, Office, Print, Table, Tone, Value};
use crate::domain::consolidate::words::Words;
use crate::workbook::stream::Package;
use crate::workbook::style::{self, Look, Styles};

/// Characters that fit beside one another on A4 across, at full size.
pub(super) const SMALL_WIDTH: f64 = 128.0;

/// Characters on a line of a table with the office's columns, wider than paper.
const WIDE: f64 = 230.0;

/// The workbook while its small sheets are put in.
pub(super) struct Book<'s> {
    pub package: Package,
    pub styles: &'s Styles,
    /// Names of the sheets so far.
    pub names: Vec<String>,
    /// Places of the finished sheets, and what is known of them.
    pub finished: Vec<(usize, SheetPrint)>,
    /// What the office wrote.
    pub remarks: &'s Remarks,
    /// The words of the programme's language.
    pub words: &'static Words,
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
        let own = OfficeSide {
            remarks: self.remarks,
            words: self.words,
            sheet: &self.names[index],
        };
        let print = write(sheet, self.styles, table, &own)?;
        self.finished.push((index, print));
        Ok(())
    }
}

/// What a table needs where the office writes on it.
struct OfficeSide<'a> {
    remarks: &'a Remarks,
    words: &'static Words,
    /// The sheet's name.
    sheet: &'a str,
}

fn write(
    sheet: &mut Worksheet,
    styles: &Styles,
    table: &Table,
    own: &OfficeSide<'_>,
) -> Result<SheetPrint, XlsxError> {
    let header = if table.note.is_empty() { 1 } else { 2 };
    let mut wanted: Vec<f64> = table.columns.iter().map(|column| column.width).collect();
    let written = table.office == Office::Columns;
    let mut office: Vec<OfficeColumn> = OfficeColumn::ALL.to_vec();
    office.extend(table.office_columns.iter().cloned().map(OfficeColumn::Own));
    for added in own.remarks.own_columns(own.sheet) {
        if !office.contains(&added) {
            office.push(added);
        }
    }
    let hidden = written.then_some(wanted.len());
    if written {
        wanted.push(7.0);
        wanted.extend(office.iter().map(|_| 18.0));
    }
    let mut place = Place::new(written);
    place.widths = style::widths(&wanted, if written { WIDE } else { SMALL_WIDTH });
    style::print_setup(sheet, header, styles)?;
    if table.print == Print::OnePage {
        sheet.set_print_fit_to_pages(1, 1);
    }
    for (column, width) in (0..).zip(&place.widths) {
        sheet.set_column_width(column, *width)?;
    }
    if let Some(hidden) = hidden.and_then(|hidden| u16::try_from(hidden).ok()) {
        sheet.set_column_hidden(hidden)?;
        // What isn't seen needs no height.
        place.widths[usize::from(hidden)] = f64::from(u16::MAX);
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
    if written {
        office_head(&mut pen, table, &headers, (own, &office))?;
    } else {
        head(&mut pen, &table.title, &headers, &table.note)?;
    }
    for line in &table.lines {
        match line {
            Line::Row { key, cells } if written => {
                office_line(&mut pen, key.as_deref(), cells, (own, &office))?;
            }
            line => self::line(&mut pen, headers.len(), line)?,
        }
    }
    if table.office == Office::Boxes {
        sign_boxes(&mut pen, headers.len(), own.words, (own.remarks, own.sheet))?;
    }
    if written {
        let last = place.row.saturating_sub(1);
        let columns = u16::try_from(wanted.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.autofilter(header, 0, last.max(header), columns)?;
        sheet.set_freeze_panes(header + 1, 3)?;
    }
    Ok(place.print)
}

/// Title, note and header of a table with the office's columns.
fn office_head(
    pen: &mut Pen<'_>,
    table: &Table,
    headers: &[&str],
    (own, office): (&OfficeSide<'_>, &[OfficeColumn]),
) -> Result<(), XlsxError> {
    pen.merged(42.0, headers.len(), Look::Title, &table.title)?;
    if !table.note.is_empty() {
        pen.paragraph(headers.len(), Look::Subtitle, &table.note)?;
    }
    let mut cells: Vec<pen::Cell<'_>> = headers
        .iter()
        .map(|header| pen::text(Look::Header, *header))
        .collect();
    cells.push(pen::text(Look::Header, own.words.row_key));
    let named: Vec<String> = office.iter().map(|column| column.header(own.words)).collect();
    for (column, header) in office.iter().zip(&named) {
        cells.push(match column {
            OfficeColumn::Own(_) => pen::Cell::Named(header),
            _ => pen::text(Look::OfficeHeader, header.as_str()),
        });
    }
    pen.line(&cells)
}

/// A line on which the office writes, if it has a key.
fn office_line(
    pen: &mut Pen<'_>,
    key: Option<&str>,
    cells: &[Cell],
    (own, office): (&OfficeSide<'_>, &[OfficeColumn]),
) -> Result<(), XlsxError> {
    let mut line: Vec<pen::Cell<'_>> = cells.iter().map(cell).collect();
    line.push(pen::text(Look::Source, key.unwrap_or_default()));
    // Without a key there is nothing to write on, only the edge of the table.
    line.extend(office.iter().map(|column| match key {
        Some(key) => pen::Cell::Own(own.remarks.get(key, column).into()),
        None => pen::text(Look::Body, ""),
    }));
    pen.line(&line)
}

/// The boxes in which the office and its leaders sign, below a sheet of that name.
pub(super) fn sign_boxes(
    pen: &mut Pen<'_>,
    columns: usize,
    words: &Words,
    (remarks, name): (&Remarks, &str),
) -> Result<(), XlsxError> {
    let signs = [Sign::Leader, Sign::Check, Sign::Author, Sign::Date];
    let [leader, check, author, date] = signs.map(|sign| remarks.signed(name, sign));
    pen.boxes(70.0, &[(columns, Look::Section, words.sign_leader, leader)])?;
    let third = columns / 3;
    pen.boxes(
        30.0,
        &[
            (third, Look::Plain, words.sign_check, check),
            (third, Look::Plain, words.sign_author, author),
            (columns - 2 * third, Look::Plain, words.sign_date, date),
        ],
    )
}

fn line(pen: &mut Pen<'_>, columns: usize, line: &Line) -> Result<(), XlsxError> {
    match line {
        Line::Cells(cells) | Line::Row { cells, .. } => pen.line(&cells.iter().map(cell).collect::<Vec<_>>()),
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
