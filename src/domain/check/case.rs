//! What the checks look at: one ledger with everything that is known of it.

use chrono::NaiveDate;

use super::register::Register;
use super::wording::Words;
use crate::domain::calendar::Calendar;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::identify::Origin;
use crate::domain::ledger::{
    DataRow, DateReading, Field, LedgerRow, Parsed, PlaceReading, Reading, SheetReading,
};
use crate::domain::period::Period;
use crate::domain::program::{Column, ColumnKind, Form, FormSheet, Program};
use crate::domain::roster::Unit;
use crate::domain::table::Workbook;
use crate::domain::text::folded;

/// One ledger, read and identified.
pub(super) struct Case<'a> {
    /// The programme.
    pub program: &'a Program,
    /// The form that holds for the period.
    pub form: &'a Form,
    /// What is known of the file from outside.
    pub origin: &'a Origin,
    /// The file's cells.
    pub workbook: &'a Workbook,
    /// What they say as a ledger.
    pub reading: &'a Reading,
    /// Working days.
    pub calendar: &'a Calendar,
    /// How dates and lists are worded.
    pub words: Words,
    /// Phrases that explain nothing, the longest first.
    pub stock_phrases: &'a [String],
    /// The unit; without one no place is checked.
    pub unit: Option<&'a Unit>,
    /// The period that the ledger counts for.
    pub period: Option<&'a Period>,
    /// The period's first and last day.
    pub span: Option<(NaiveDate, NaiveDate)>,
    /// The present day.
    pub today: NaiveDate,
    /// The day that the ledger says it was filled in.
    pub filled_on: Option<NaiveDate>,
    /// The first day of the period that a row names.
    pub first_date: Option<NaiveDate>,
    /// All places of the roster.
    pub places: &'a [&'a str],
    /// Places assigned to the unit in the period.
    pub own_places: Vec<&'a str>,
    /// Rows of the unit's accepted ledger of the period before.
    pub last_rows: &'a [LedgerRow],
    /// Whether it declares that there was nothing to report, and holds no rows.
    pub nil: bool,
    /// What is known of it as a register.
    pub register: Option<Register<'a>>,
}

/// A cell of a data row, with what surrounds it.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    /// The ledger.
    pub case: &'a Case<'a>,
    /// The sheet.
    pub sheet: &'a SheetReading,
    /// The row.
    pub row: &'a DataRow,
    /// The column.
    pub column: &'a Column,
    /// The cell itself.
    pub field: &'a Field,
}

impl<'a> Case<'a> {
    /// The layout of a sheet that was read.
    pub fn form_sheet(&self, sheet: &SheetReading) -> Option<&'a FormSheet> {
        self.form.sheets.get(sheet.header.form_sheet)
    }

    /// The cells of a data row that stand in the file.
    pub fn cells<'s>(&'s self, sheet: &'s SheetReading, row: &'s DataRow) -> impl Iterator<Item = Cell<'s>> {
        let columns = self
            .form_sheet(sheet)
            .map_or(&[][..], |layout| layout.columns.as_slice());
        columns
            .iter()
            .zip(&row.fields)
            .filter(|(_, field)| field.pos.is_some())
            .map(move |(column, field)| Cell {
                case: self,
                sheet,
                row,
                column,
                field,
            })
    }

    /// Every cell of every data row.
    pub fn all_cells(&self) -> impl Iterator<Item = Cell<'_>> {
        self.reading
            .sheets
            .iter()
            .flat_map(move |sheet| sheet.rows.iter().flat_map(move |row| self.cells(sheet, row)))
    }

    /// How many data rows stand in the file.
    pub fn row_count(&self) -> usize {
        self.reading.sheets.iter().map(|sheet| sheet.rows.len()).sum()
    }

    /// The day up to which dates are plausible: the day of filling in, unless
    /// that is itself implausible, else the present day.
    pub fn latest_day(&self) -> NaiveDate {
        self.filled_on
            .filter(|day| *day <= self.today && self.span.is_none_or(|(start, _)| start <= *day))
            .filter(|day| !self.precedes_rows(*day))
            .unwrap_or(self.today)
    }

    /// Whether a day lies before every dated row: a 填报时间 that came with a
    /// copied form.
    pub fn precedes_rows(&self, day: NaiveDate) -> bool {
        self.first_date.is_some_and(|first| day < first)
    }

    /// The column of a sheet whose dates and places make its visits: those
    /// that the programme names, else the first of their kind.
    pub fn date_column(&self, layout: &FormSheet) -> Option<usize> {
        let visits = self.program.material.visits();
        layout.date_column(visits).map(|(place, _)| place)
    }

    /// See [`Case::date_column`].
    pub fn place_column(&self, layout: &FormSheet) -> Option<usize> {
        let visits = self.program.material.visits();
        layout.place_column(visits).map(|(place, _)| place)
    }

    /// What the row's 情况说明 says; 备注 stands in for it where it is empty,
    /// and where the ledger has no such column.
    pub fn explanation(&self, sheet: &SheetReading, row: &DataRow) -> String {
        if !row.explanation.is_empty() {
            return row.explanation.clone();
        }
        let remarks: Vec<&str> = self
            .cells(sheet, row)
            .filter(|cell| cell.column.kind == ColumnKind::Remark)
            .map(|cell| cell.field.text.as_str())
            .collect();
        remarks.join("\n")
    }

    /// Whether 备注 or 情况说明 marks the row as one of an earlier period (补报).
    pub fn says_late(&self, sheet: &SheetReading, row: &DataRow) -> bool {
        let says = |text: &str| {
            let folded = folded(text);
            let mut words = self.form.late_words.iter();
            words.any(|word| folded.contains(word.as_str()))
        };
        says(&row.explanation)
            || self
                .cells(sheet, row)
                .any(|cell| cell.column.kind == ColumnKind::Remark && says(&cell.field.text))
    }

    /// Whether a cell's dates all lie before the period, and the row says so.
    pub fn is_late(&self, sheet: &SheetReading, row: &DataRow, dates: &DateReading) -> bool {
        self.span.is_some_and(|(start, _)| {
            !dates.spans.is_empty()
                && dates.spans.iter().all(|span| span.to < start)
                && self.says_late(sheet, row)
        })
    }
}

/// The first day of the period that the rows name.
pub(super) fn first_date(reading: &Reading, span: Option<(NaiveDate, NaiveDate)>) -> Option<NaiveDate> {
    let rows = reading.sheets.iter().flat_map(|sheet| &sheet.rows);
    let spans = rows
        .flat_map(|row| &row.fields)
        .filter_map(|field| match &field.parsed {
            Parsed::Dates(dates) => Some(&dates.spans),
            _ => None,
        });
    let within = |day: &NaiveDate| span.is_none_or(|(start, end)| (start..=end).contains(day));
    spans.flatten().map(|span| span.from).filter(within).min()
}

impl<'a> Cell<'a> {
    /// Whether the column wants to hear of this. [`super::order`] drops what
    /// it doesn't; what is found in most rows asks before it makes a finding.
    pub fn wants(&self, code: Code) -> bool {
        !self.column.without.contains(&code)
    }

    /// A finding that stands at this cell and names its column.
    pub fn finding(&self, code: Code) -> Finding {
        let finding = Finding::new(code)
            .in_column(&self.column.key)
            .with("column", &self.column.header);
        match self.field.pos {
            Some(pos) => finding.at(&self.sheet.sheet, pos),
            None => finding.on_sheet(&self.sheet.sheet),
        }
    }

    /// The text as a message quotes it: on one line, cut after 40 characters.
    pub fn value(&self) -> String {
        let line = self.field.text.replace('\n', " ");
        match line.char_indices().nth(40) {
            Some((end, _)) => format!("{}…", &line[..end]),
            None => line,
        }
    }

    /// Another cell of the same row, by column key.
    pub fn beside(&self, key: &str) -> Option<Cell<'a>> {
        let (index, column) = self.case.form_sheet(self.sheet)?.column(key)?;
        let field = self.row.fields.get(index).filter(|field| field.pos.is_some())?;
        Some(Cell {
            column,
            field,
            ..*self
        })
    }

    /// The dates, if they were understood.
    pub fn dates(&self) -> Option<&'a DateReading> {
        match &self.field.parsed {
            Parsed::Dates(dates) if dates.problem.is_none() => Some(dates),
            _ => None,
        }
    }

    /// The places, as far as they can be judged: only with a unit.
    pub fn places(&self) -> &'a [PlaceReading] {
        match &self.field.parsed {
            Parsed::Places(places) if self.case.unit.is_some() => places,
            _ => &[],
        }
    }
}
