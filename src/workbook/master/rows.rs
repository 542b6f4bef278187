//! 汇总表（呈阅） and 明细: the two sheets that hold the rows.

use std::path::Path;

use rust_xlsxwriter::{Workbook, XlsxError};

use super::changes;
use super::ink::{BigSheet, XmlInk};
use super::pen::{Cell, Pen, Place, text};
use super::remarks::Sign;
use super::skeleton::{self, Frame};
use super::strings::SharedStrings;
use super::style::{self, Look, STYLES, Styles};
use super::words::Words;
use super::{MasterSource, MasterWriter, OfficeColumn, SMALL_WIDTH};
use crate::domain::consolidate::Summary;
use crate::domain::obligation::State;
use crate::domain::program::{Column, ColumnKind, Form, FormSheet};

/// The large sheets of a master.
#[derive(Debug)]
pub(super) struct Rows {
    /// In the order of the form's sheets: first all 汇总表, then all 明细.
    frames: Vec<Frame>,
    bigs: Vec<BigSheet>,
    places: Vec<Place>,
    strings: SharedStrings,
    looks: [u32; STYLES],
    /// Running numbers over all units, for each of the form's sheets.
    pub numbers: Vec<u32>,
    /// Columns that the office has added to each 明细.
    pub added: Vec<Vec<OfficeColumn>>,
    /// 变动, until somebody begins with it: its frame, and what stands before its rows.
    pub changes: Option<(Frame, String)>,
}

/// Characters on a line of 明细, which is wider than paper.
const DETAIL_WIDTH: f64 = 210.0;

impl Rows {
    /// Titles and headers of all large sheets, whose names stand in `names`
    /// with that of 情况概览 in the middle.
    pub fn start(
        source: &MasterSource<'_>,
        form: &Form,
        words: &Words,
        styles: &Styles,
        names: &[String],
    ) -> Result<Self, XlsxError> {
        let count = form.sheets.len();
        let mut frames = Vec::new();
        let mut headers = Vec::new();
        for (index, sheet) in form.sheets.iter().enumerate() {
            let columns = submitted_columns(source, form, words, sheet);
            let wanted: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
            frames.push(Frame {
                index,
                name: names[index].clone(),
                widths: style::widths(&wanted, SMALL_WIDTH),
                header: 2,
                hidden: None,
            });
            headers.push(columns);
        }
        let mut added = Vec::new();
        for (sheet, index) in form.sheets.iter().zip(count + 1..) {
            let own = source.remarks.own_columns(&names[index]);
            let mut columns = detail_columns(words, sheet);
            columns.extend(own.iter().map(|column| (column.header(words), 22.0)));
            added.push(own);
            let wanted: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
            frames.push(Frame {
                index,
                name: names[index].clone(),
                widths: style::widths(&wanted, DETAIL_WIDTH),
                header: 1,
                hidden: columns
                    .iter()
                    .position(|(header, _)| header == words.row_key)
                    .map(column_index),
            });
            headers.push(columns);
        }
        frames.push(changes::frame(names, words));
        let mut book = skeleton::begin(&frames, &[(count, names[count].clone())], styles)?;
        let (mut beginnings, looks) = skeleton::beginnings(&mut book, &frames)?;
        let changes = (frames.pop(), beginnings.pop());
        let mut rows = Self {
            bigs: Vec::new(),
            places: Vec::new(),
            strings: SharedStrings::start(),
            looks,
            numbers: vec![0; count],
            added,
            changes: changes.0.zip(changes.1),
            frames,
        };
        for (index, beginning) in beginnings.iter().enumerate() {
            let frame = &rows.frames[index];
            let big = BigSheet::start(frame.part(), beginning);
            let mut place = Place::new(index >= count);
            place.widths.clone_from(&frame.widths);
            if let Some(hidden) = frame.hidden {
                // What isn't seen needs no height.
                place.widths[usize::from(hidden)] = f64::from(u16::MAX);
            }
            rows.bigs.push(big);
            rows.places.push(place);
        }
        for (index, columns) in headers.iter().enumerate() {
            if let Some(sheet) = form.sheets.get(index) {
                rows.write(index, |pen| {
                    titles(pen, source, words, form, sheet, columns.len())
                })?;
            }
            if index >= count {
                let title = words.small_title(source.program, source.period, &rows.frames[index].name);
                // On the first page, where the table is printed several pages wide.
                let over = style::first_page(&rows.frames[index].widths);
                rows.write(index, |pen| pen.merged(36.0, over, Look::Title, &title))?;
            }
            let own = index.checked_sub(count).and_then(|index| rows.added.get(index));
            let added = columns.len() - own.map_or(0, Vec::len);
            let office = added - OfficeColumn::ALL.len();
            let cells: Vec<Cell<'_>> = columns
                .iter()
                .enumerate()
                .map(|(place, (header, _))| {
                    if index >= count && place >= added {
                        return Cell::Named(header.as_str());
                    }
                    let own = index >= count && place >= office;
                    text(
                        if own { Look::OfficeHeader } else { Look::Header },
                        header.as_str(),
                    )
                })
                .collect();
            rows.write(index, |pen| pen.line(&cells))?;
        }
        Ok(rows)
    }

    /// Lends a pen for one of the large sheets.
    pub fn write(
        &mut self,
        index: usize,
        lines: impl FnOnce(&mut Pen<'_>) -> Result<(), XlsxError>,
    ) -> Result<(), XlsxError> {
        let mut ink = XmlInk {
            sheet: &mut self.bigs[index],
            strings: Some(&mut self.strings),
            looks: &self.looks,
        };
        lines(&mut Pen {
            ink: &mut ink,
            place: &mut self.places[index],
        })
    }

    /// Numbers of the styles.
    pub fn looks(&self) -> &[u32; STYLES] {
        &self.looks
    }

    /// Takes a finished sheet, wherever it stands.
    pub fn take(&mut self, frame: Frame, big: BigSheet) {
        self.frames.push(frame);
        self.bigs.push(big);
    }

    /// The workbook around the rows, complete but for the small sheets.
    pub fn book(&self, styles: &Styles, names: &[String]) -> Result<Workbook, XlsxError> {
        let count = self.numbers.len();
        let mut book = skeleton::begin(&self.frames, &[(count, names[count].clone())], styles)?;
        for (index, (frame, big)) in self.frames.iter().zip(&self.bigs).enumerate() {
            let last = (index >= count).then(|| self.places[index].row.saturating_sub(1));
            frame.complete(&mut book, styles, big, last)?;
        }
        Ok(book)
    }

    /// Saves the workbook with all rows in it.
    pub fn save(self, book: Workbook, path: &Path) -> Result<(), XlsxError> {
        skeleton::assemble(
            book,
            &self.frames,
            &self.looks,
            self.bigs,
            self.strings.finish(),
            path,
        )
    }
}

fn submitted_columns(
    source: &MasterSource<'_>,
    form: &Form,
    words: &Words,
    sheet: &FormSheet,
) -> Vec<(String, f64)> {
    let has_leaders = source
        .program
        .roster
        .units
        .iter()
        .any(|unit| !unit.leaders.is_empty());
    let mut columns = vec![(words.no.to_owned(), 6.0), (words.who(form, has_leaders), 10.0)];
    columns.extend(shown(sheet).map(|(_, column)| (column.header.clone(), width(column))));
    columns
}

fn detail_columns(words: &Words, sheet: &FormSheet) -> Vec<(String, f64)> {
    let own = sheet
        .form_columns()
        .map(|(_, column)| (column.header.clone(), width(column)));
    let behind = [
        (words.others, 18.0),
        (words.source, 20.0),
        (words.version, 7.0),
        (words.source_row, 8.0),
        (words.link, 12.0),
        (words.row_key, 7.0),
    ];
    let office = OfficeColumn::ALL.map(|column| (column.header(words), 22.0));
    let others = behind
        .map(|(header, width)| (header.to_owned(), width))
        .into_iter()
        .chain(office);
    std::iter::once((words.unit.to_owned(), 12.0))
        .chain(own)
        .chain(others)
        .collect()
}

/// Title and subtitle of 汇总表.
fn titles(
    pen: &mut Pen<'_>,
    source: &MasterSource<'_>,
    words: &Words,
    form: &Form,
    sheet: &FormSheet,
    columns: usize,
) -> Result<(), XlsxError> {
    let mut title = words.title(source.program, source.period);
    if form.sheets.len() > 1 {
        title += &words.bracketed(&sheet.name);
    }
    let office = words.listed(words.office, &[&source.program.office.name]);
    let period = words.listed(words.period, &[&words.period(source.period)]);
    pen.merged(44.0, columns, Look::Title, &title)?;
    pen.merged(
        24.0,
        columns,
        Look::Subtitle,
        &format!("{office}　　　　{period}"),
    )
}

/// Writes the lines below the tables and takes the fingerprints.
pub(super) fn close(writer: &mut MasterWriter<'_>, summary: &Summary) -> Result<(), XlsxError> {
    let words = writer.words;
    let count = writer.rows.numbers.len();
    let absent = absent(words, summary);
    // The figures are those of all sheets together.
    let late = if count > 1 { 0 } else { summary.late_rows };
    let visits = summary.visits.as_ref().map(|visits| visits.period);
    for index in 0..count {
        let columns = writer.rows.frames[index].widths.len();
        let sum = words.sum(writer.rows.numbers[index], late, visits);
        let name = writer.rows.frames[index].name.clone();
        let remarks = writer.source.remarks;
        let signs = [Sign::Leader, Sign::Check, Sign::Author, Sign::Date];
        let [leader, check, author, date] = signs.map(|sign| remarks.signed(&name, sign));
        writer.rows.write(index, |pen| {
            pen.paragraph(columns, Look::Plain, &sum)?;
            if !absent.is_empty() {
                pen.paragraph(columns, Look::Plain, &absent)?;
            }
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
        })?;
    }
    for (frame, place) in writer.rows.frames.iter().zip(&writer.rows.places) {
        writer.finished.push((frame.index, place.print));
    }
    Ok(())
}

/// Who isn't in the table, in one sentence.
fn absent(words: &Words, summary: &Summary) -> String {
    let mut parts = Vec::new();
    for (word, states) in [
        (words.nil, &[State::Nil][..]),
        (words.missing, &[State::Upcoming, State::Due, State::Overdue]),
        (words.returned, &[State::Returned]),
        (words.exempt, &[State::Exempt]),
    ] {
        let units = summary.units.iter().filter(|line| states.contains(&line.state));
        let names: Vec<&str> = units.map(|line| line.name.as_str()).collect();
        if !names.is_empty() {
            parts.push(words.listed(word.trim_end_matches("（份）"), &names));
        }
    }
    if parts.is_empty() {
        return String::new();
    }
    parts.join(words.parting()) + words.stop()
}

fn column_index(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// The columns of 汇总表: the document's own, but for its running number.
pub(super) fn shown(sheet: &FormSheet) -> impl Iterator<Item = (usize, &Column)> {
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
