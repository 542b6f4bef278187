//! The master workbook (汇总台账): written from accepted rows, never patched.
//!
//! Rows are written as they come, one submission at a time in roster order;
//! memory holds some chunks of them, temporary files the rest. The same calls in the same order give
//! the same bytes, and nothing in the file tells when it was made.

mod changes;
mod fingerprint;
mod ink;
mod lines;
mod pen;
mod remarks;
mod rows;
mod table;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, XlsxError};

use crate::domain::consolidate::view::{self, Expiring, Info, RegisterFacts, Sheet, Subject, Unplaced};
use crate::domain::consolidate::words::Words;
use crate::domain::consolidate::{KeyedRows, Summary};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::own_digest::Kind;
use crate::domain::period::Period;
use crate::domain::program::{Form, Program};
use crate::domain::roster::Unit;
use crate::domain::stamp;
use crate::domain::submission::Submission;
use crate::workbook::stream;

pub use changes::Changes;
pub use fingerprint::Fingerprint;
pub use remarks::{OfficeColumn, RemarkEdit, Remarks, differs_besides_remarks, read_remarks};

use crate::workbook::style::{Styles, is_taken};
use fingerprint::SheetPrint;
use remarks::is_sheet_key;
use rows::Rows;
use table::Book;

/// Why a master couldn't be written.
#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    /// The programme has no form that holds for the period.
    #[error("方案“{0}”没有适用于该报告期的表样")]
    NoForm(ProgramId),
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
    /// How its items stand, where the programme is a register.
    pub register: Option<&'a RegisterFacts>,
    /// Rows of lists whose day is near or over.
    pub expiring: &'a [Expiring],
    /// The way from the master's folder to the watch root, with forward
    /// slashes and without one at the end, such as `../../../watch`.
    pub watch: &'a str,
    /// What stands at the foot of each page beside its number, such as 定稿 and
    /// its date; may be empty.
    pub stamp: &'a str,
}

/// Writes a master from top to bottom.
pub struct MasterWriter<'a> {
    source: MasterSource<'a>,
    summary: &'a Summary,
    form: &'a Form,
    words: &'static Words,
    styles: Styles,
    rows: Rows,
    overview: usize,
    /// Names of the sheets so far.
    names: Vec<String>,
    seen: BTreeSet<UnitId>,
    /// Keys of remarks that found their row.
    placed: BTreeSet<&'a str>,
    finished: Vec<(usize, SheetPrint)>,
}

impl<'a> MasterWriter<'a> {
    /// Starts a master whose figures are known: its first sheet begins with them.
    ///
    /// # Errors
    /// The programme has no form, or temporary files can't be written.
    pub fn create(source: MasterSource<'a>, summary: &'a Summary) -> Result<Self, MasterError> {
        let form = source
            .program
            .form(Some(source.period))
            .ok_or_else(|| MasterError::NoForm(source.program.id.clone()))?;
        let words = Words::of(source.program.language);
        let styles = Styles::new(
            source.program.language,
            source.stamp,
            &source.program.basis.disclosure,
        );
        let mut names = Vec::new();
        // A register's rows stand item by item among the small sheets.
        let streamed = if source.register.is_some() {
            &[][..]
        } else {
            form.sheets.as_slice()
        };
        let sheets = 0..streamed.len();
        let submitted = sheets
            .clone()
            .map(|index| Words::sheet_name(words.submitted, form, index));
        let detail = sheets.map(|index| Words::sheet_name(words.detail, form, index));
        for name in submitted.chain([words.overview.to_owned()]).chain(detail) {
            names.push(free_name(&names, &name));
        }
        let opening = words.opening(source.program, summary);
        let rows = Rows::start(&source, (form, streamed), words, &styles, (&names, &opening))?;
        Ok(Self {
            source,
            summary,
            form,
            words,
            styles,
            rows,
            overview: streamed.len(),
            names,
            seen: BTreeSet::new(),
            placed: BTreeSet::new(),
            finished: Vec::new(),
        })
    }

    /// The form that the master follows; rows get their keys by it.
    #[must_use]
    pub fn form(&self) -> &'a Form {
        self.form
    }

    /// Writes the rows of the submission that counts for a unit. Units come in
    /// roster order; a second submission of a unit is passed over.
    ///
    /// # Errors
    /// A row couldn't be written.
    pub fn add(&mut self, unit: &Unit, submission: &Submission, rows: &KeyedRows) -> Result<(), MasterError> {
        if self.seen.insert(unit.id.clone()) {
            lines::add(self, unit, submission, rows)?;
        }
        Ok(())
    }

    /// Writes the small sheets and saves the workbook to `path`. `changes` was
    /// begun by [`MasterWriter::changes`]. Returns the fingerprint by which an edit of the file is recognised later.
    ///
    /// # Errors
    /// The file couldn't be written.
    pub fn finish(
        mut self,
        changes: Changes<'_>,
        infos: &[Info],
        path: &Path,
    ) -> Result<Fingerprint, MasterError> {
        rows::close(&mut self)?;
        let (of, summary) = (self.subject(), self.summary);
        let also = (self.source.register, self.source.expiring);
        let remarks = self.source.remarks;
        // Remarks on items find them in the table, whoever reports on them.
        for (key, _) in view::item_keys(self.source.program) {
            if let Some((own, _)) = remarks.0.get_key_value(&key) {
                self.placed.insert(own);
            }
        }
        let unplaced = self.unplaced();
        let (package, strings) = self.rows.pack(&self.styles, &self.names)?;
        let mut book = Book {
            package,
            styles: &self.styles,
            names: self.names,
            finished: self.finished,
            remarks,
            words: self.words,
        };
        book.fill(self.overview, &view::overview(of, summary))?;
        let mut changes = Some(changes);
        for sheet in view::sheets(of, summary, infos, &unplaced, also) {
            match sheet {
                Sheet::Table(table) => book.add(&table)?,
                Sheet::Changes => {
                    if let Some(changes) = changes.take() {
                        changes.put(&mut book)?;
                    }
                }
            }
        }
        let mut whole = Fingerprint::default();
        for (index, print) in &book.finished {
            print.add_to(&mut whole, &book.names[*index]);
        }
        let digest = Kind::Master.property(&whole.to_string());
        let properties = properties()?.set_custom_property(stamp::DIGEST, digest);
        book.package.book.set_properties(&properties);
        stream::save(book.package, strings, path)?;
        Ok(whole)
    }

    /// The column that counts solved problems, and what counts for the period.
    fn counts_solved(&self) -> Option<(&'a str, u64)> {
        let key = self.source.program.material.visits()?.count.as_deref()?;
        Some((key, self.summary.visits.as_ref()?.period.solved))
    }

    /// What the views of the master speak of.
    fn subject(&self) -> Subject<'a> {
        Subject {
            program: self.source.program,
            form: self.form,
            period: self.source.period,
            words: self.words,
        }
    }

    /// Remarks that found no row.
    fn unplaced(&self) -> Vec<Unplaced> {
        let remarks = self.source.remarks.0.iter();
        let unplaced = remarks.filter(|(key, _)| !self.placed.contains(key.as_str()) && !is_sheet_key(key));
        unplaced
            .flat_map(|(key, texts)| {
                texts.iter().map(|(column, text)| Unplaced {
                    key: key.clone(),
                    column: column.header(self.words),
                    text: text.clone(),
                })
            })
            .collect()
    }
}

/// Properties that don't tell when a master was made.
fn properties() -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_creation_datetime(&created))
}

/// A sheet name that Excel takes: at most 31 characters, none of `[]:*?/\`, unique.
fn free_name(names: &[String], wanted: &str) -> String {
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
    // Two more than there are names can't all be taken.
    (1..=names.len() + 2)
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
        .find(|name| !is_taken(name, names))
        .unwrap_or_default()
}
