//! 变动: what changed since the version before.

use std::collections::BTreeSet;

use rust_xlsxwriter::XlsxError;

use super::ink::StreamInk;
use super::pen::{Pen, Place, text};
use super::table::{Book, SMALL_WIDTH, head};
use super::{MasterError, MasterWriter, free_name};
use crate::domain::consolidate::words::Words;
use crate::domain::consolidate::{RowChange, RowChangeKind, UnitChange};
use crate::domain::contacts::without_numbers;
use crate::domain::program::{ColumnKind, Form, Program};
use crate::workbook::stream::{Cells, Sheet, StyleNumbers};
use crate::workbook::style::{self, Look, STYLES};

/// The most lines of 变动; who wants more looks into 明细. Changes that come
/// after so many need not be gathered.
const MOST_CHANGE_LINES: usize = 5_000;

/// 变动 on its way: written beside the rows, put into the workbook when they are.
pub struct Changes<'a> {
    program: &'a Program,
    words: &'static Words,
    title: String,
    number: u32,
    sheet: Sheet,
    place: Place,
    looks: StyleNumbers<STYLES>,
    /// Headers of contacts, whose telephone numbers don't stand here.
    hides: BTreeSet<String>,
    begun: bool,
}

impl<'a> MasterWriter<'a> {
    /// Begins with 变动: what changed between the version of this number, 1
    /// being a period's first, and the one before.
    ///
    /// # Errors
    /// No temporary file can be made.
    pub fn changes(&self, number: u32) -> Result<Changes<'a>, MasterError> {
        let (program, period) = (self.source.program, self.source.period);
        let widths = style::widths(&[16.0, 14.0, 26.0, 20.0, 38.0, 38.0], SMALL_WIDTH);
        let mut place = Place::new(false);
        place.widths.clone_from(&widths);
        Ok(Changes {
            program,
            words: self.words,
            title: self.words.small_title(program, period, self.words.titles[3]),
            number,
            sheet: Sheet::start(style::layout(widths, 2, None, &self.styles), false)?,
            place,
            looks: self.rows.looks().clone(),
            hides: if program.contacts.iter().any(|name| name == self.words.changes) {
                BTreeSet::new()
            } else {
                contact_headers(self.form)
            },
            begun: false,
        })
    }
}

impl Changes<'_> {
    /// Writes what changed of a unit; units come in roster order. Gives whether
    /// there is room for more.
    ///
    /// # Errors
    /// It couldn't be written.
    pub fn add(&mut self, change: &UnitChange) -> Result<bool, MasterError> {
        if self.number <= 1 {
            return Ok(false);
        }
        let (program, words) = (self.program, self.words);
        self.begin(&words.versions(self.number))?;
        let unit = program.roster.unit(&change.unit);
        let name = unit.map_or(change.unit.as_str(), |unit| unit.display_name.as_str());
        let shown = without_contacts(change, &self.hides, words);
        self.write(|pen| unit_lines(pen, words, name, &shown))?;
        Ok(self.place.row as usize <= MOST_CHANGE_LINES)
    }

    /// Writes title, note and header, unless that was done.
    fn begin(&mut self, note: &str) -> Result<(), XlsxError> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let (title, headers) = (std::mem::take(&mut self.title), self.words.change_columns);
        self.write(|pen| head(pen, &title, &headers, note))
    }

    fn write(&mut self, lines: impl FnOnce(&mut Pen<'_>) -> Result<(), XlsxError>) -> Result<(), XlsxError> {
        let mut ink = StreamInk {
            cells: Cells {
                sheet: &mut self.sheet,
                strings: None,
            },
            numbers: &self.looks,
        };
        lines(&mut Pen {
            ink: &mut ink,
            place: &mut self.place,
        })
    }

    /// Puts the sheet into the workbook, behind those that are there.
    pub(super) fn put(mut self, book: &mut Book<'_>) -> Result<(), XlsxError> {
        let words = self.words;
        if self.number <= 1 {
            self.begin(words.first_version)?;
        } else {
            let versions = words.versions(self.number);
            self.begin(&format!("{versions}{}{}", words.colon, words.nothing_changed))?;
        }
        let name = free_name(&book.names, words.changes);
        book.package.add(&name, self.sheet)?;
        book.finished.push((book.names.len(), self.place.print));
        book.names.push(name);
        Ok(())
    }
}

fn contact_headers(form: &Form) -> BTreeSet<String> {
    let columns = form.sheets.iter().flat_map(|sheet| &sheet.columns);
    let contacts = columns.filter(|column| column.kind == ColumnKind::Contact);
    contacts.map(|column| column.header.clone()).collect()
}

/// A change in which contacts stand without their telephone numbers.
fn without_contacts(change: &UnitChange, hides: &BTreeSet<String>, words: &Words) -> UnitChange {
    let mut shown = change.clone();
    let cells = shown.rows.iter_mut().flat_map(|row| &mut row.cells);
    for cell in cells.filter(|cell| hides.contains(&cell.header)) {
        let (before, after) = (without_numbers(&cell.before), without_numbers(&cell.after));
        let only_number = before == after && cell.before != cell.after && !cell.before.is_empty();
        cell.after = if only_number {
            format!("{after}{}", words.number_changed)
        } else {
            after
        };
        cell.before = before;
    }
    shown
}

fn unit_lines(pen: &mut Pen<'_>, words: &Words, name: &str, change: &UnitChange) -> Result<(), XlsxError> {
    let tally = words.tally(change.added, change.removed, change.changed);
    pen.parts(&[(1, Look::Section, name), (5, Look::Section, &tally)])?;
    for row in &change.rows {
        row_lines(pen, words, name, row)?;
    }
    let all = (change.added + change.removed + change.changed) as usize;
    if all > change.rows.len() {
        let more = words.more(all - change.rows.len());
        pen.parts(&[(1, Look::Body, name), (5, Look::Body, &more)])?;
    }
    Ok(())
}

/// One line a changed cell; a row that came or went takes one line.
fn row_lines(pen: &mut Pen<'_>, words: &Words, name: &str, row: &RowChange) -> Result<(), XlsxError> {
    let [added, removed, changed] = words.kinds;
    let key = row.key.as_read();
    let line = |pen: &mut Pen<'_>, kind: &str, column: &str, before: &str, after: &str| {
        pen.line(&[
            text(Look::Body, name.to_owned()),
            text(Look::Centre, kind.to_owned()),
            text(Look::Body, key.clone()),
            text(Look::Body, column.to_owned()),
            text(Look::Body, before.to_owned()),
            text(Look::Body, after.to_owned()),
        ])
    };
    let whole_row = |pen: &mut Pen<'_>, kind: &str, content: &str| {
        pen.parts(&[
            (1, Look::Body, name),
            (1, Look::Centre, kind),
            (1, Look::Body, &key),
            (3, Look::Body, content),
        ])
    };
    let whole = |side: fn(&crate::domain::consolidate::CellChange) -> &String| {
        let cells = row.cells.iter().filter(|cell| !side(cell).is_empty());
        let parts: Vec<String> = cells
            .filter(|cell| !row.key.texts.contains(side(cell)))
            .map(|cell| {
                format!(
                    "{}{}{}",
                    cell.header,
                    words.colon,
                    side(cell).trim_end_matches('。')
                )
            })
            .collect();
        parts.join(words.parting())
    };
    match row.kind {
        RowChangeKind::Added => whole_row(pen, added, &whole(|cell| &cell.after)),
        RowChangeKind::Removed => whole_row(pen, removed, &whole(|cell| &cell.before)),
        RowChangeKind::Changed => {
            for cell in &row.cells {
                line(pen, changed, &cell.header, &cell.before, &cell.after)?;
            }
            Ok(())
        }
    }
}
