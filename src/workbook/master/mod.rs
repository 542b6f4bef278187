//! The master workbook (汇总台账): written from accepted rows, never patched.
//!
//! Rows are written as they come, one submission at a time in roster order;
//! memory holds one row of each sheet. The same calls in the same order give
//! the same bytes, and nothing in the file tells when it was made.

mod aggregates;
mod changes;
mod fingerprint;
mod leaders;
mod orphans;
mod overview;
mod pen;
mod places;
mod remarks;
mod reporting;
mod rows;
mod style;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::domain::consolidate::{Summary, UnitChange};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Form, Program};
use crate::domain::roster::Unit;
use crate::domain::submission::Submission;

pub use fingerprint::Fingerprint;
pub use remarks::{OfficeColumn, RemarkEdit, Remarks, differs_besides_remarks, read_remarks};

use fingerprint::SheetPrint;
use pen::{Pen, Place};
use rows::FormPages;
use style::Styles;
use words::Words;

/// Deflate level: of those below the default the one at which time and size
/// are both near their best.
const DEFLATE_LEVEL: u8 = 3;

/// Why a master couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// The programme has no form that holds for the period.
    #[error("方案“{0}”没有适用于该报告期的表样")]
    NoForm(String),
    /// The workbook couldn't be written.
    #[error("汇总台账写不出来：{0}")]
    Write(#[from] XlsxError),
}

/// What a master is written from, besides rows and figures.
#[derive(Debug, Clone, Copy)]
pub struct MasterSource<'a> {
    /// The programme.
    pub program: &'a Program,
    /// The period.
    pub period: &'a Period,
    /// The office's remarks.
    pub remarks: &'a Remarks,
    /// The way from the master's folder to the watch root, with forward
    /// slashes and without one at the end, such as `../../../watch`.
    pub watch: &'a str,
}

/// The version that is written, and what changed since the one before.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// 1 for the first version of a period's master.
    pub number: u32,
    /// Changes in roster order; [`crate::domain::consolidate::unit_change`] makes them.
    pub changes: &'a [UnitChange],
}

/// Writes a master from top to bottom.
pub struct MasterWriter<'a> {
    source: MasterSource<'a>,
    form: &'a Form,
    words: &'static Words,
    styles: Styles,
    book: Workbook,
    pages: Vec<FormPages>,
    overview: usize,
    /// Names of the sheets so far.
    names: Vec<String>,
    seen: BTreeSet<String>,
    /// Keys of remarks that found their row.
    placed: BTreeSet<&'a str>,
    finished: Vec<(usize, SheetPrint)>,
}

impl<'a> MasterWriter<'a> {
    /// Starts a master.
    ///
    /// # Errors
    /// The programme has no form, or temporary files can't be written.
    pub fn create(source: MasterSource<'a>) -> Result<Self, MasterError> {
        let form = source
            .program
            .form(Some(source.period))
            .ok_or_else(|| MasterError::NoForm(source.program.id.clone()))?;
        let words = Words::of(source.program.language);
        let mut book = Workbook::new();
        let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&created));
        book.set_zip_compression_level(DEFLATE_LEVEL);
        let mut writer = Self {
            source,
            form,
            words,
            styles: Styles::new(),
            book,
            pages: Vec::new(),
            overview: form.sheets.len(),
            names: Vec::new(),
            seen: BTreeSet::new(),
            placed: BTreeSet::new(),
            finished: Vec::new(),
        };
        for index in 0..form.sheets.len() {
            let submitted = words.sheet_name(words.submitted, form, index);
            writer.add_sheet(&submitted, true)?;
        }
        writer.add_sheet(words.overview, false)?;
        for index in 0..form.sheets.len() {
            let detail = words.sheet_name(words.detail, form, index);
            writer.add_sheet(&detail, true)?;
            let pages = FormPages::start(&mut writer, index)?;
            writer.pages.push(pages);
        }
        Ok(writer)
    }

    /// Writes the rows of the submission that counts for a unit. Units come in
    /// roster order; a second submission of a unit is passed over.
    ///
    /// # Errors
    /// A row couldn't be written.
    pub fn add(
        &mut self,
        unit: &Unit,
        submission: &Submission,
        rows: &[LedgerRow],
    ) -> Result<(), MasterError> {
        if self.seen.insert(unit.id.clone()) {
            rows::add(self, unit, submission, rows)?;
        }
        Ok(())
    }

    /// Writes the small sheets and saves the workbook to `path`. Returns the
    /// fingerprint by which an edit of the file is recognised later.
    ///
    /// # Errors
    /// The file couldn't be written.
    pub fn finish(
        mut self,
        summary: &Summary,
        version: &Version<'_>,
        path: &Path,
    ) -> Result<Fingerprint, MasterError> {
        for pages in std::mem::take(&mut self.pages) {
            pages.finish(&mut self, summary)?;
        }
        overview::write(&mut self, summary)?;
        if let Some(visits) = &summary.visits {
            leaders::write(&mut self, visits)?;
            places::write(&mut self, visits)?;
        }
        reporting::write(&mut self, summary)?;
        changes::write(&mut self, version)?;
        orphans::write(&mut self)?;
        for table in &summary.aggregates {
            aggregates::write(&mut self, table)?;
        }
        self.book.save(path)?;
        let mut whole = Fingerprint::default();
        for (index, print) in &self.finished {
            print.add_to(&mut whole, &self.names[*index]);
        }
        Ok(whole)
    }

    /// Adds a sheet at the end, under a name as near as can be: names
    /// from a definition may be too long, hold what Excel forbids, or repeat.
    fn add_sheet(&mut self, name: &str, large: bool) -> Result<(), XlsxError> {
        let name = free_name(&mut self.book, name);
        let sheet = if large {
            self.book.add_worksheet_with_constant_memory()?
        } else {
            self.book.add_worksheet()
        };
        sheet.set_name(&name)?;
        self.names.push(name);
        Ok(())
    }

    /// Writes one small sheet, of this name and with a title that ends so:
    /// title, note, header, then what `lines` writes.
    fn small_sheet(
        &mut self,
        (name, title): (&str, &str),
        columns: &[(&str, f64)],
        note: &str,
        lines: impl FnOnce(&mut Pen<'_>) -> Result<(), XlsxError>,
    ) -> Result<(), XlsxError> {
        let index = self.names.len();
        self.add_sheet(name, false)?;
        let title = self
            .words
            .small_title(self.source.program, self.source.period, title);
        let mut place = Place::new(false);
        let sheet = self.book.worksheet_from_index(index)?;
        let mut pen = Pen {
            sheet,
            styles: &self.styles,
            place: &mut place,
        };
        small_table(&mut pen, &title, columns, note, lines)?;
        self.finished.push((index, place.print));
        Ok(())
    }
}

/// A titled table: the common build of all small sheets.
fn small_table(
    pen: &mut Pen<'_>,
    title: &str,
    columns: &[(&str, f64)],
    note: &str,
    lines: impl FnOnce(&mut Pen<'_>) -> Result<(), XlsxError>,
) -> Result<(), XlsxError> {
    use style::Look;
    let widths: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
    let header = if note.is_empty() { 1 } else { 2 };
    style::print_setup(pen.sheet, header)?;
    pen.place.widths = style::set_widths(pen.sheet, &widths, SMALL_WIDTH)?;
    pen.merged(42.0, columns.len(), Look::Title, title)?;
    if !note.is_empty() {
        pen.paragraph(columns.len(), Look::Subtitle, note)?;
    }
    let headers: Vec<_> = columns
        .iter()
        .map(|(header, _)| pen::text(Look::Header, *header))
        .collect();
    pen.line(&headers)?;
    lines(pen)
}

/// Characters that fit beside one another on A4 across, at full size.
const SMALL_WIDTH: f64 = 128.0;

/// A sheet name that Excel takes: at most 31 characters, none of `[]:*?/\`, unique.
fn free_name(book: &mut Workbook, wanted: &str) -> String {
    let clean: String = wanted
        .chars()
        .map(|c| {
            if "[]:*?/\\".contains(c) || c.is_control() {
                '_'
            } else {
                c
            }
        })
        .collect();
    let clean = match clean.trim_matches([' ', '\'']) {
        "" => "表",
        name => name,
    };
    let taken: BTreeSet<String> = book
        .worksheets()
        .iter()
        .map(|sheet| sheet.name().to_lowercase())
        .collect();
    (1_u32..)
        .map(|number| {
            let tail = if number == 1 {
                String::new()
            } else {
                format!("({number})")
            };
            let room = 31 - tail.len();
            let mut units = 0;
            let head: String = clean
                .chars()
                .take_while(|c| {
                    units += c.len_utf16();
                    units <= room
                })
                .collect();
            head + tail.as_str()
        })
        .find(|name| !taken.contains(&name.to_lowercase()))
        .unwrap_or_default()
}
