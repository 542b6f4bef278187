//! 汇总表（呈阅） and 明细: the two sheets that hold the rows.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::XlsxError;

use super::pen::{Cell, Pen, Place, number, text};
use super::style::{self, Look};
use super::{MasterWriter, OfficeColumn, SMALL_WIDTH};
use crate::domain::consolidate::{Summary, leader_of, row_keys};
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::State;
use crate::domain::program::{Column, ColumnKind, FormSheet};
use crate::domain::roster::Unit;
use crate::domain::submission::Submission;

/// The two sheets of one sheet of the form.
#[derive(Debug)]
pub(super) struct FormPages {
    /// Index into the form's sheets.
    form_sheet: usize,
    submitted: (usize, Place),
    detail: (usize, Place),
    columns: usize,
    detail_columns: usize,
    /// The running number over all units.
    rows: u32,
}

/// Characters on a line of 明细, which is wider than paper and printed smaller.
const DETAIL_WIDTH: f64 = 210.0;

impl FormPages {
    /// Titles, headers, widths and print set-up.
    pub fn start(writer: &mut MasterWriter<'_>, form_sheet: usize) -> Result<Self, XlsxError> {
        let mut pages = Self {
            form_sheet,
            submitted: (form_sheet, Place::new(false)),
            detail: (writer.overview + 1 + form_sheet, Place::new(true)),
            columns: 0,
            detail_columns: 0,
            rows: 0,
        };
        pages.start_submitted(writer)?;
        pages.start_detail(writer)?;
        Ok(pages)
    }

    fn start_submitted(&mut self, writer: &mut MasterWriter<'_>) -> Result<(), XlsxError> {
        let words = writer.words;
        let program = writer.source.program;
        let sheet = &writer.form.sheets[self.form_sheet];
        let has_leaders = program.roster.units.iter().any(|unit| !unit.leaders.is_empty());
        let who = words.who(writer.form, has_leaders);
        let mut columns = vec![(words.no, 6.0), (who.as_str(), 10.0)];
        columns.extend(shown(sheet).map(|(_, column)| (column.header.as_str(), width(column))));
        let mut title = words.title(program, writer.source.period);
        if writer.form.sheets.len() > 1 {
            title += &words.bracketed(&sheet.name);
        }
        let subtitle = format!(
            "{}{}{}　　　　{}{}{}",
            words.office,
            words.colon,
            program.office.name,
            words.period,
            words.colon,
            words.period(writer.source.period)
        );
        self.columns = columns.len();
        let widths: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
        let headers: Vec<Cell<'_>> = columns
            .iter()
            .map(|(header, _)| text(Look::Header, *header))
            .collect();
        let mut pen = Pen {
            sheet: writer.book.worksheet_from_index(self.submitted.0)?,
            styles: &writer.styles,
            place: &mut self.submitted.1,
        };
        style::print_setup(pen.sheet, 2)?;
        pen.place.widths = style::set_widths(pen.sheet, &widths, SMALL_WIDTH)?;
        pen.merged(44.0, headers.len(), Look::Title, &title)?;
        pen.merged(24.0, headers.len(), Look::Subtitle, &subtitle)?;
        pen.line(&headers)
    }

    fn start_detail(&mut self, writer: &mut MasterWriter<'_>) -> Result<(), XlsxError> {
        let words = writer.words;
        let sheet = &writer.form.sheets[self.form_sheet];
        let mut columns = vec![(words.unit, 12.0)];
        columns.extend(
            sheet
                .form_columns()
                .map(|(_, column)| (column.header.as_str(), width(column))),
        );
        columns.extend([
            (words.others, 18.0),
            (words.source, 20.0),
            (words.version, 7.0),
            (words.source_row, 8.0),
            (words.link, 12.0),
            (words.row_key, 7.0),
        ]);
        let key = columns.len() - 1;
        columns.extend(OfficeColumn::ALL.map(|column| (column.header(words), 22.0)));
        self.detail_columns = columns.len();
        let widths: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
        let headers: Vec<Cell<'_>> = columns
            .iter()
            .enumerate()
            .map(|(index, (header, _))| {
                let look = if index > key {
                    Look::OfficeHeader
                } else {
                    Look::Header
                };
                text(look, *header)
            })
            .collect();
        let mut pen = Pen {
            sheet: writer.book.worksheet_from_index(self.detail.0)?,
            styles: &writer.styles,
            place: &mut self.detail.1,
        };
        style::print_setup(pen.sheet, 0)?;
        pen.place.widths = style::set_widths(pen.sheet, &widths, DETAIL_WIDTH)?;
        pen.sheet.set_column_hidden(index(key))?;
        // What isn't seen needs no height.
        pen.place.widths[key] = f64::from(u16::MAX);
        pen.line(&headers)
    }

    /// Closing lines and the filter.
    pub fn finish(mut self, writer: &mut MasterWriter<'_>, summary: &Summary) -> Result<(), XlsxError> {
        let words = writer.words;
        let columns = self.columns;
        let mut pen = Pen {
            sheet: writer.book.worksheet_from_index(self.submitted.0)?,
            styles: &writer.styles,
            place: &mut self.submitted.1,
        };
        let late = if writer.form.sheets.len() > 1 {
            0
        } else {
            summary.late_rows
        };
        let visits = summary.visits.as_ref().map(|visits| visits.period);
        pen.paragraph(columns, Look::Plain, &words.sum(self.rows, late, visits))?;
        let mut absent = Vec::new();
        for (word, states) in [
            (words.nil, &[State::Nil][..]),
            (words.missing, &[State::Upcoming, State::Due, State::Overdue]),
            (words.returned, &[State::Returned]),
            (words.exempt, &[State::Exempt]),
        ] {
            let units = summary.units.iter().filter(|line| states.contains(&line.state));
            let names: Vec<&str> = units.map(|line| line.name.as_str()).collect();
            if !names.is_empty() {
                let word = word.trim_end_matches("（份）");
                absent.push(words.listed(word, &names));
            }
        }
        if !absent.is_empty() {
            pen.paragraph(
                columns,
                Look::Plain,
                &(absent.join(words.parting()) + words.stop()),
            )?;
        }
        pen.merged(70.0, columns, Look::Section, words.sign_leader)?;
        let third = columns / 3;
        let parts = [
            (third, Look::Plain, words.sign_check),
            (third, Look::Plain, words.sign_author),
            (columns - 2 * third, Look::Plain, words.sign_date),
        ];
        pen.merged_parts(30.0, &parts)?;

        let sheet = writer.book.worksheet_from_index(self.detail.0)?;
        let last = self.detail.1.row - 1;
        sheet.autofilter(0, 0, last, index(self.detail_columns - 1))?;
        for (index, place) in [self.submitted, self.detail] {
            writer.finished.push((index, place.print));
        }
        Ok(())
    }
}

/// Writes one submission's rows into both sheets.
pub(super) fn add(
    writer: &mut MasterWriter<'_>,
    unit: &Unit,
    submission: &Submission,
    rows: &[LedgerRow],
) -> Result<(), XlsxError> {
    let keys = row_keys(writer.form, &unit.id, rows);
    let sheets: BTreeSet<&str> = rows.iter().map(|row| row.sheet.as_str()).collect();
    let mut linked = false;
    for (row, key) in rows.iter().zip(&keys) {
        let Some(mut pages) = take_pages(writer, row.form_sheet) else {
            continue;
        };
        pages.rows += 1;
        submitted_row(writer, &mut pages, unit, submission, row)?;
        let key = key.to_string();
        if let Some((own, _)) = writer.source.remarks.0.get_key_value(&key) {
            writer.placed.insert(own);
        }
        let origin = Origin {
            unit,
            submission,
            key: &key,
            several_sheets: sheets.len() > 1,
            link: !std::mem::replace(&mut linked, true),
        };
        detail_row(writer, &mut pages, &origin, row)?;
        writer.pages.insert(row.form_sheet, pages);
    }
    Ok(())
}

/// Takes the pages out, so that they and the workbook can be written at once.
fn take_pages(writer: &mut MasterWriter<'_>, form_sheet: usize) -> Option<FormPages> {
    (form_sheet < writer.pages.len()).then(|| writer.pages.remove(form_sheet))
}

fn submitted_row(
    writer: &mut MasterWriter<'_>,
    pages: &mut FormPages,
    unit: &Unit,
    submission: &Submission,
    row: &LedgerRow,
) -> Result<(), XlsxError> {
    let program = writer.source.program;
    let sheet = &writer.form.sheets[pages.form_sheet];
    let span = program.cycle.span(writer.source.period);
    let end = span.map_or(chrono::NaiveDate::MAX, |span| span.1);
    let leader = leader_of(program, Some(writer.form), unit, submission, row, end);
    let who = leader.map_or(unit.name.as_str(), |leader| leader.name.as_str());
    let mut cells = vec![number(Look::Centre, pages.rows), text(Look::Centre, who)];
    let mut said = !row.late;
    for (index, column) in shown(sheet) {
        let mut cell = cell(row, index, column);
        if !said && matches!(column.kind, ColumnKind::Remark) {
            said = true;
            cell = mark_late(cell, writer.words.late_row);
        }
        cells.push(cell);
    }
    Pen {
        sheet: writer.book.worksheet_from_index(pages.submitted.0)?,
        styles: &writer.styles,
        place: &mut pages.submitted.1,
    }
    .line(&cells)
}

/// Says 补报 in the remarks of a row that doesn't count for the period.
fn mark_late<'a>(cell: Cell<'a>, word: &'static str) -> Cell<'a> {
    match cell {
        Cell::Text(look, text) if text.is_empty() => Cell::Text(look, word.into()),
        Cell::Text(look, text) if !text.contains(word) => Cell::Text(look, format!("{word}。{text}").into()),
        cell => cell,
    }
}

/// Where a row comes from.
struct Origin<'a> {
    unit: &'a Unit,
    submission: &'a Submission,
    key: &'a str,
    several_sheets: bool,
    link: bool,
}

fn detail_row(
    writer: &mut MasterWriter<'_>,
    pages: &mut FormPages,
    origin: &Origin<'_>,
    row: &LedgerRow,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let sheet = &writer.form.sheets[pages.form_sheet];
    let submission = origin.submission;
    let mut cells = Vec::with_capacity(pages.detail_columns);
    cells.push(text(Look::Centre, &*origin.unit.name));
    cells.extend(
        sheet
            .form_columns()
            .map(|(index, column)| cell(row, index, column)),
    );
    cells.push(text(
        Look::Body,
        others(words.explanation, words.colon, sheet, row),
    ));
    cells.push(text(Look::Source, &*submission.file_name));
    cells.push(number(Look::Centre, submission.version));
    cells.push(if origin.several_sheets {
        text(Look::Centre, words.file_row(&row.sheet, row.row))
    } else {
        number(Look::Centre, row.row)
    });
    cells.push(match &submission.placed {
        Some(placed) if origin.link => Cell::Link(words.open, format!("{}/{placed}", writer.source.watch)),
        _ => text(Look::Source, ""),
    });
    cells.push(text(Look::Source, origin.key));
    let remarks = writer.source.remarks;
    cells.extend(OfficeColumn::ALL.map(|column| Cell::Own(remarks.get(origin.key, column).into())));
    Pen {
        sheet: writer.book.worksheet_from_index(pages.detail.0)?,
        styles: &writer.styles,
        place: &mut pages.detail.1,
    }
    .line(&cells)
}

/// The columns of 汇总表: the document's own, but for its running number.
fn shown(sheet: &FormSheet) -> impl Iterator<Item = (usize, &Column)> {
    sheet
        .form_columns()
        .filter(|(_, column)| !matches!(column.kind, ColumnKind::Sequence))
}

/// A column's width; a whole date stays on one line.
fn width(column: &Column) -> f64 {
    match column.kind {
        ColumnKind::Dates => column.width.max(19.0),
        _ => column.width,
    }
}

/// A cell of a form column: a number only where the text says no more than
/// the number does.
fn cell<'a>(row: &'a LedgerRow, index: usize, column: &Column) -> Cell<'a> {
    let content = row.cells.get(index).map_or("", String::as_str);
    match column.kind {
        ColumnKind::Number { .. } | ColumnKind::Count { .. } => {
            let plain = row
                .number(&column.key)
                .filter(|number| is_plain(content, *number));
            match plain.and_then(|number| number.to_f64()) {
                Some(plain) => Cell::Number(Look::Centre, plain),
                None => text(Look::Body, content),
            }
        }
        ColumnKind::Sequence | ColumnKind::Dates | ColumnKind::Places | ColumnKind::Choice(_) => {
            text(Look::Centre, content)
        }
        _ => text(Look::Body, content),
    }
}

/// Whether a text is just this number, of no more digits than a cell keeps.
fn is_plain(text: &str, number: Decimal) -> bool {
    text.len() <= 15 && text.parse() == Ok(number) && !text.starts_with("00")
}

/// Extra columns of the unit, columns that the form only understands, and 情况说明, in one cell.
fn others<'a>(explanation: &str, colon: &str, sheet: &FormSheet, row: &'a LedgerRow) -> Cow<'a, str> {
    let mut parts = Vec::new();
    let mut add = |header: &str, text: &str| {
        if !text.trim().is_empty() {
            parts.push(format!("{header}{colon}{text}"));
        }
    };
    for (index, column) in sheet
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.in_form)
    {
        add(&column.header, row.cells.get(index).map_or("", String::as_str));
    }
    for (header, text) in &row.extras {
        add(header, text);
    }
    add(explanation, &row.explanation);
    parts.join("\n").into()
}

fn index(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}
