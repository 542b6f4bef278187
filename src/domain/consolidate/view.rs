//! The sheets of a master that are read rather than merged, as data: each view
//! makes a [`Table`] of the figures, and whoever writes a workbook writes any.

mod aggregates;
mod expiring;
mod infos;
mod leaders;
mod overview;
mod places;
mod register;
mod reporting;
#[cfg(test)]
mod tests;
mod unplaced;

use super::Summary;
use super::words::Words;
use crate::domain::period::Period;
use crate::domain::program::{Form, Program};
use crate::domain::targets::Light;

pub use expiring::{Expiring, expiring};
pub use infos::Info;
pub use register::{RegisterFacts, item_keys};
pub use unplaced::Unplaced;

/// A sheet: a title, a note, a header, and lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What the sheet should be called; shortened, and told apart from others, where needed.
    pub name: String,
    /// The title above it.
    pub title: String,
    /// What is said under the title; may be empty.
    pub note: String,
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// Its lines, sums included.
    pub lines: Vec<Line>,
    /// How it is printed.
    pub print: Print,
    /// Where the office writes on it.
    pub office: Office,
    /// Columns that the programme gives the office beside its remarks.
    pub office_columns: Vec<String>,
}

/// Where the office writes on a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Office {
    /// Nowhere.
    Nowhere,
    /// In columns at its right, row by row.
    Columns,
    /// In boxes below it.
    Boxes,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableColumn {
    /// Its header.
    pub header: String,
    /// Its share of the page's width.
    pub width: f64,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A cell a column; what is left out at the end has no border.
    Cells(Vec<Cell>),
    /// The same, with the key by which the office's remarks on it find it again.
    Row {
        /// The key; none for a further row of the same thing.
        key: Option<String>,
        /// The cells.
        cells: Vec<Cell>,
    },
    /// The heading of what follows.
    Heading(String),
    /// Texts side by side, each over a number of columns.
    Spans(Vec<(usize, String)>),
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What stands in it.
    pub value: Value,
    /// How it looks.
    pub tone: Tone,
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A number to reckon with.
    Number(f64),
}

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// A text that is read from its left.
    Body,
    /// A figure or a short word.
    Centre,
    /// A green light.
    Green,
    /// A yellow light.
    Yellow,
    /// A red light.
    Red,
}

/// How a table is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// One page wide, as many pages as it takes.
    Wide,
    /// On one page.
    OnePage,
}

/// What views speak of.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The programme.
    pub program: &'a Program,
    /// The form that holds for the period.
    pub form: &'a Form,
    /// The period.
    pub period: &'a Period,
    /// The words of the programme's language.
    pub words: &'static Words,
}

/// A sheet behind those of rows, in the order of the workbook.
#[derive(Debug, Clone, PartialEq)]
pub enum Sheet {
    /// A table.
    Table(Table),
    /// 变动, which is written while rows come in.
    Changes,
}

/// 情况概览: one page that says how the period stands.
#[must_use]
pub(crate) fn overview(of: Subject<'_>, summary: &Summary) -> Table {
    overview::table(of, summary)
}

/// The sheets behind those of rows.
#[must_use]
pub(crate) fn sheets(
    of: Subject<'_>,
    summary: &Summary,
    infos: &[Info],
    unplaced: &[Unplaced],
    (register, near): (Option<&RegisterFacts>, &[Expiring]),
) -> Vec<Sheet> {
    let mut sheets = Vec::new();
    let items = register.map(|facts| register::tables(of, facts));
    sheets.extend(items.into_iter().flatten().map(Sheet::Table));
    sheets.extend(expiring::table(of, near).map(Sheet::Table));
    if let Some(visits) = &summary.visits {
        sheets.push(Sheet::Table(leaders::table(of, visits)));
        sheets.push(Sheet::Table(places::table(of, visits)));
    }
    sheets.push(Sheet::Table(reporting::table(of, summary)));
    sheets.extend(infos::table(of, infos).map(Sheet::Table));
    sheets.push(Sheet::Changes);
    sheets.extend(unplaced::table(of, unplaced).map(Sheet::Table));
    let aggregates = summary.aggregates.iter();
    sheets.extend(aggregates.map(|own| Sheet::Table(aggregates::table(of, own))));
    sheets
}

impl Subject<'_> {
    /// A table without lines, with the title that ends so.
    fn table<H: Into<String>>(
        &self,
        name: &str,
        title: &str,
        columns: impl IntoIterator<Item = (H, f64)>,
    ) -> Table {
        let columns = columns.into_iter().map(|(header, width)| TableColumn {
            header: header.into(),
            width,
        });
        Table {
            name: name.to_owned(),
            title: self.words.small_title(self.program, self.period, title),
            note: String::new(),
            columns: columns.collect(),
            lines: Vec::new(),
            print: Print::Wide,
            office: Office::Nowhere,
            office_columns: Vec::new(),
        }
    }

    /// The header of the column that names who is reported for.
    fn who(&self) -> String {
        let has_leaders = !self.program.roster.leaders.is_empty();
        self.words.who(self.form, has_leaders)
    }
}

impl Tone {
    fn of_light(light: Light) -> Self {
        match light {
            Light::Green => Self::Green,
            Light::Yellow => Self::Yellow,
            Light::Red => Self::Red,
        }
    }
}

impl Table {
    fn line(&mut self, cells: impl Into<Vec<Cell>>) {
        self.lines.push(Line::Cells(cells.into()));
    }
}

fn text(tone: Tone, text: impl Into<String>) -> Cell {
    Cell {
        value: Value::Text(text.into()),
        tone,
    }
}

fn number(tone: Tone, number: impl Into<f64>) -> Cell {
    Cell {
        value: Value::Number(number.into()),
        tone,
    }
}

/// A count that may be larger than any count should be.
fn count(count: u64) -> Cell {
    number(Tone::Centre, u32::try_from(count).unwrap_or(u32::MAX))
}

fn blank() -> Cell {
    text(Tone::Centre, "")
}
