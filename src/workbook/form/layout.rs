//! Where everything stands on a ledger sheet that we write.

use std::ops::RangeInclusive;

use crate::domain::program::{Column, ColumnKind, FillRole, FormSheet};

use super::FormContext;
use super::fill::{Slot, arrange};
use crate::workbook::style::{HEADER_SIZE, text_width};

/// Width of a column that the unit added, in characters.
const EXTRA_WIDTH: f64 = 14.0;
const REMARKS_WIDTH: f64 = 34.0;
const EXPLANATION_WIDTH: f64 = 22.0;
const NARROWEST: f64 = 5.0;
const WIDEST: f64 = 120.0;

/// One column of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown<'a> {
    /// A column of the form, with its index in [`FormSheet::columns`].
    Form(usize, &'a Column),
    /// A column of the unit's own: its header, and the how-manieth of that header.
    Extra(String, usize),
    /// 审核意见.
    Remarks,
    /// 情况说明.
    Explanation,
}

/// The plan of a sheet. Rows and columns are 0-based.
#[derive(Debug, Clone)]
pub struct Layout<'a> {
    /// The columns, left to right.
    pub columns: Vec<Shown<'a>>,
    /// Labels and values above the header.
    pub fill: Vec<Slot>,
    /// A low empty row, where there are fill lines: the last one's rule would
    /// be the table's upper edge.
    pub spacer_row: Option<u32>,
    /// The header row.
    pub header_row: u32,
    /// The example row, if the form has one.
    pub example_row: Option<u32>,
    /// The first row for data.
    pub first_row: u32,
}

impl<'a> Layout<'a> {
    /// The form as it is handed out.
    pub fn blank(context: &FormContext<'_>, sheet: &'a FormSheet, first: bool) -> Self {
        let columns = sheet
            .form_columns()
            .map(|(index, column)| Shown::Form(index, column));
        Self::plan(context, columns.collect(), first)
    }

    /// Plans a sheet of these columns. Only the first sheet of a workbook asks
    /// who filled it in; the others just say whose they are.
    pub fn plan(context: &FormContext<'_>, columns: Vec<Shown<'a>>, first: bool) -> Self {
        let lines: Vec<(usize, f64, f64)> = context
            .form
            .fill_lines
            .iter()
            .enumerate()
            .filter(|(_, line)| first || names_the_ledger(line.role))
            .map(|(index, line)| {
                let label = text_width(&format!("{}{}", line.label, context.words().colon), HEADER_SIZE);
                let value = text_width(&context.fill_value(line), HEADER_SIZE);
                (index, label, value.max(value_width(line.role)))
            })
            .collect();
        // Not over columns that a copy adds: the head looks alike everywhere.
        let widths: Vec<f64> = columns
            .iter()
            .filter(|shown| matches!(shown, Shown::Form(..)))
            .map(Shown::width)
            .collect();
        let fill = arrange(&lines, &widths, 1);
        let spacer_row = fill.iter().map(|slot| slot.row).max().map(|last| last + 1);
        let header_row = spacer_row.unwrap_or(0) + 1;
        let has_example = columns
            .iter()
            .any(|shown| matches!(shown, Shown::Form(_, column) if !column.example.is_empty()));
        let example_row = has_example.then_some(header_row + 1);
        Self {
            columns,
            fill,
            spacer_row,
            header_row,
            example_row,
            first_row: example_row.unwrap_or(header_row) + 1,
        }
    }

    /// The rows for `count` data rows, at least one.
    pub fn rows(&self, count: u32) -> RangeInclusive<u32> {
        self.first_row..=self.first_row + count.max(1) - 1
    }

    /// The last column.
    pub fn last_column(&self) -> u16 {
        u16::try_from(self.columns.len().max(1) - 1).unwrap_or(u16::MAX)
    }

    /// The columns with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (u16, &Shown<'a>)> {
        (0..).zip(&self.columns)
    }

    /// The number of the column that shows a form column.
    pub fn column_of(&self, key: &str) -> Option<u16> {
        self.numbered()
            .find(|(_, shown)| matches!(shown, Shown::Form(_, column) if column.key == key))
            .map(|(number, _)| number)
    }

    /// Total width in characters.
    pub fn width(&self) -> f64 {
        self.columns.iter().map(Shown::width).sum()
    }
}

impl Shown<'_> {
    /// Width in characters.
    pub fn width(&self) -> f64 {
        match self {
            Self::Form(_, column) if column.width > 0.0 => column.width.clamp(NARROWEST, WIDEST),
            Self::Form(_, column) => usual_width(&column.kind),
            Self::Extra(..) => EXTRA_WIDTH,
            Self::Remarks => REMARKS_WIDTH,
            Self::Explanation => EXPLANATION_WIDTH,
        }
    }
}

/// The width of a column that the programme doesn't give one.
fn usual_width(kind: &ColumnKind) -> f64 {
    match kind {
        ColumnKind::Sequence => 6.0,
        ColumnKind::Dates | ColumnKind::Date | ColumnKind::Places => 15.0,
        ColumnKind::Text | ColumnKind::List | ColumnKind::Count { .. } => 28.0,
        ColumnKind::Number { .. } | ColumnKind::Choice(_) => 12.0,
        ColumnKind::Contact => 18.0,
        ColumnKind::Remark => 14.0,
    }
}

fn names_the_ledger(role: FillRole) -> bool {
    matches!(role, FillRole::Leader | FillRole::Unit | FillRole::Period)
}

/// The least width of a value, in characters.
fn value_width(role: FillRole) -> f64 {
    match role {
        FillRole::Leader | FillRole::Person => 10.0,
        FillRole::Unit => 20.0,
        FillRole::FilledOn => 18.0,
        FillRole::Period | FillRole::Phone | FillRole::Unchanged | FillRole::Other => 15.0,
    }
}
