//! One line of 汇总表 and one of 明细 for each row of a submission.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::XlsxError;
use smol_str::SmolStr;

use super::pen::{Cell, number, text};
use super::rows::shown;
use super::{MasterWriter, OfficeColumn};
use crate::domain::consolidate::{KeyedRows, leader_of};
use crate::domain::contacts::without_numbers;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Column, ColumnKind, FormSheet};
use crate::domain::roster::Unit;
use crate::domain::submission::Submission;
use crate::workbook::style::Look;

/// Writes one submission's rows into both sheets.
pub(super) fn add(
    writer: &mut MasterWriter<'_>,
    unit: &Unit,
    submission: &Submission,
    rows: &KeyedRows,
) -> Result<(), XlsxError> {
    let sheets: BTreeSet<&str> = rows.rows().iter().map(|row| row.sheet.as_str()).collect();
    let mut linked = false;
    for (row, key) in rows.iter() {
        if row.form_sheet >= writer.rows.numbers.len() {
            continue;
        }
        let running = writer.rows.count(row);
        submitted_row(writer, unit, submission, row, running)?;
        if let Some((own, _)) = writer.source.remarks.0.get_key_value(key) {
            writer.placed.insert(own);
        }
        let origin = Origin {
            unit,
            submission,
            key,
            several_sheets: sheets.len() > 1,
            link: !std::mem::replace(&mut linked, true),
        };
        detail_row(writer, &origin, row)?;
    }
    Ok(())
}

fn submitted_row(
    writer: &mut MasterWriter<'_>,
    unit: &Unit,
    submission: &Submission,
    row: &LedgerRow,
    running: u32,
) -> Result<(), XlsxError> {
    let program = writer.source.program;
    let sheet = &writer.form.sheets[row.form_sheet];
    let span = program.cycle.span(writer.source.period);
    let end = span.map_or(chrono::NaiveDate::MAX, |span| span.1);
    let leader = leader_of(program, Some(writer.form), unit, submission, row, end);
    let who = leader.map_or(unit.name.as_str(), |leader| leader.name.as_str());
    let running = number(Look::Centre, running);
    let mut cells = vec![running, text(Look::Centre, who)];
    let mut said = !row.late;
    let with_numbers = program.contacts.iter().any(|name| name == writer.words.submitted);
    for (index, column) in shown(sheet) {
        let mut cell = cell(row, index, column);
        if let (Cell::Safe(look, contact), ColumnKind::Contact, false) = (&cell, &column.kind, with_numbers) {
            cell = text(*look, without_numbers(contact));
        }
        if !said && matches!(column.kind, ColumnKind::Remark) {
            said = true;
            cell = mark_late(cell, writer.words.late_row);
        }
        cells.push(cell);
    }
    writer.rows.write(row.form_sheet, |pen| pen.line(&cells))
}

/// Says 补报 in the remarks of a row that doesn't count for the period.
fn mark_late<'a>(cell: Cell<'a>, word: &'static str) -> Cell<'a> {
    match cell {
        Cell::Safe(look, "") => Cell::Safe(look, word),
        Cell::Safe(look, own) if !own.contains(word) => text(look, format!("{word}。{own}")),
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

fn detail_row(writer: &mut MasterWriter<'_>, origin: &Origin<'_>, row: &LedgerRow) -> Result<(), XlsxError> {
    let words = writer.words;
    let sheet = &writer.form.sheets[row.form_sheet];
    let submission = origin.submission;
    let mut cells = Vec::with_capacity(sheet.columns.len() + 9);
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
    cells.push(Cell::Safe(Look::Source, origin.key));
    let remarks = writer.source.remarks;
    let added = &writer.rows.added[row.form_sheet];
    let own = OfficeColumn::ALL.iter().chain(added);
    cells.extend(own.map(|column| Cell::Own(remarks.get(origin.key, column).into())));
    let detail = writer.rows.numbers.len() + row.form_sheet;
    writer.rows.write(detail, |pen| pen.line(&cells))
}

/// A cell of a form column: a number only where the text says no more than
/// the number does.
fn cell<'a>(row: &'a LedgerRow, index: usize, column: &Column) -> Cell<'a> {
    let content = row.cells.get(index).map_or("", SmolStr::as_str);
    match column.kind {
        ColumnKind::Number { .. } | ColumnKind::Count { .. } => {
            let plain = row
                .number(&column.key)
                .filter(|number| is_plain(content, *number));
            match plain.and_then(|number| number.to_f64()) {
                Some(plain) => Cell::Number(Look::Centre, plain),
                None => Cell::Safe(Look::Body, content),
            }
        }
        ColumnKind::Sequence
        | ColumnKind::Dates
        | ColumnKind::Date
        | ColumnKind::Places
        | ColumnKind::Choice(_) => Cell::Safe(Look::Centre, content),
        _ => Cell::Safe(Look::Body, content),
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
        add(&column.header, row.cells.get(index).map_or("", SmolStr::as_str));
    }
    for (header, text) in &row.extras {
        add(header, text);
    }
    add(explanation, &row.explanation);
    parts.join("\n").into()
}
