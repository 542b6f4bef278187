//! The form of a ledger: fill lines, sheets, columns, rules.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Visits;
use crate::domain::codes::{Code, Severity};
use crate::domain::period::Period;

/// One version of a ledger's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// Version, written into each form that we hand out.
    pub version: String,
    /// The first period it holds for.
    pub first: Option<Period>,
    /// The title, a template with `{{ year }}`, `{{ period }}`, `{{ unit }}`.
    pub title: String,
    /// Further words by which a title is known.
    pub titles: Vec<String>,
    /// What stands above the header.
    pub fill_lines: Vec<FillLine>,
    /// The sheets that a unit fills in.
    pub sheets: Vec<FormSheet>,
    /// Lines below the table (注：…).
    pub notes: Vec<String>,
    /// Words in the first column that mark the example row.
    pub example_marks: Vec<String>,
    /// Texts that were examples in earlier versions of the form.
    pub earlier_examples: Vec<String>,
    /// Words that declare that there was nothing to report (本期无).
    pub nil_words: Vec<String>,
    /// Words in 备注 or 情况说明 that mark a row of an earlier period (补报).
    pub late_words: Vec<String>,
}

impl Form {
    /// Texts of the examples of this form and of its earlier versions.
    pub fn example_texts(&self) -> impl Iterator<Item = &str> {
        let columns = self.sheets.iter().flat_map(|sheet| &sheet.columns);
        columns
            .map(|column| &column.example)
            .chain(&self.earlier_examples)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

/// A labelled value above the header, such as 填报单位：规划办.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillLine {
    /// Key.
    pub key: String,
    /// Label without its colon.
    pub label: String,
    /// Other labels that mean the same.
    pub aliases: Vec<String>,
    /// What the value says.
    pub role: FillRole,
    /// Whether `fill-line-missing` is given when it is empty.
    pub required: bool,
}

/// What a fill line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FillRole {
    /// The leader whose ledger this is.
    Leader,
    /// The reporting unit.
    Unit,
    /// The period.
    Period,
    /// The day on which it was filled in.
    FilledOn,
    /// A person.
    Person,
    /// A telephone number.
    Phone,
    /// That nothing changed since the last period: what was accepted then holds.
    Unchanged,
    /// Anything else.
    Other,
}

/// One sheet of a form. A workbook may hold several sheets of the same layout.
#[derive(Debug, Clone, PartialEq)]
pub struct FormSheet {
    /// The tab's name in forms that we write.
    pub name: String,
    /// The columns, in their order in the form.
    pub columns: Vec<Column>,
    /// Keys of the columns that identify a row within a unit's ledger.
    pub row_key: Vec<String>,
    /// Whether an empty sheet is accepted although others have rows.
    pub may_be_empty: bool,
    /// The programme's own cross-column rules.
    pub rules: Vec<Rule>,
    /// The programme's own checks over all rows.
    pub checks: Vec<RowsCheck>,
}

/// A column of a ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Key, used in rules and in the database.
    pub key: String,
    /// The header as printed.
    pub header: String,
    /// Other headers that mean the same.
    pub aliases: Vec<String>,
    /// How cells are read.
    pub kind: ColumnKind,
    /// Whether a data row must fill it in.
    pub required: bool,
    /// Whether forms that we write have it; columns that are only understood
    /// (a list in a column of its own) don't.
    pub in_form: bool,
    /// The example row's text.
    pub example: String,
    /// Width in characters of forms that we write.
    pub width: f64,
    /// Codes that are not given for this column.
    pub without: BTreeSet<Code>,
    /// Smallest number of characters before `text-length` is given; 0 switches it off.
    pub min_length: usize,
    /// Whether texts are compared with the unit's last period (`repeats-last-period`).
    pub compare_last: bool,
    /// The input message of the cell in forms that we write.
    pub help: String,
    /// What stands in it already when the form is laid ready: never input.
    pub given: Option<Given>,
    /// When it must be filled in, beside [`Self::required`]: an expression over
    /// the other columns (状态为“滞后”).
    pub required_if: Option<Condition>,
    /// The column of the table of items that says how much it may be at most (分值).
    pub max_from: Option<String>,
    /// Values of a choice that the office is warned of.
    pub warns_of: Vec<String>,
}

/// What stands ready in a cell of a register's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// The item's number as printed; a row cites its item by it.
    Number,
    /// The item's name.
    Name,
    /// A column of the table of items, by its header.
    Column(String),
    /// What the year of the period requires.
    Requirement,
    /// The value of another column, by key, in the last accepted ledger.
    Last(String),
}

/// When a column must be filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// A rhai expression over the column keys.
    pub expression: String,
    /// The same in words, as the finding cites it (进度状态为“滞后”).
    pub words: String,
}

/// How the cells of a column are read.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnKind {
    /// The running number.
    Sequence,
    /// One or several dates or ranges of dates, within the period.
    Dates,
    /// One full date, whenever (整改期限、到期日期、出生年月).
    Date,
    /// One or several of the places assigned to the unit.
    Places,
    /// Free text.
    Text,
    /// A whole number, or a text that counts and lists.
    Count {
        /// Keys of the columns in which the items may be listed instead.
        listed_in: Vec<String>,
    },
    /// A numbered list that belongs to a count column.
    List,
    /// A decimal number.
    Number {
        /// Smallest value.
        min: Option<rust_decimal::Decimal>,
        /// Largest value.
        max: Option<rust_decimal::Decimal>,
        /// Whether only whole numbers are right.
        whole: bool,
        /// Whether it adds up from period to period: less than the last figure
        /// is questioned.
        cumulative: bool,
    },
    /// One value of a list.
    Choice(Vec<Choice>),
    /// Name and telephone number.
    Contact,
    /// Remarks; may explain a query.
    Remark,
}

/// A value of a choice column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The value.
    pub name: String,
    /// Other words for it.
    pub synonyms: Vec<String>,
}

/// A rule of the programme's own, over the cells of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id, named in logs.
    pub id: String,
    /// A rhai expression over the column keys that must hold.
    pub expression: String,
    /// The column whose cell is marked.
    pub column: String,
    /// Error, query or warning.
    pub severity: Severity,
    /// What is wrong, in words.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// A check of the programme's own, over all rows of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsCheck {
    /// Id, named in logs.
    pub id: String,
    /// A rhai expression over `rows`, `unit`, `start` and `end` that must hold.
    pub expression: String,
    /// An expression for the rows that are marked where it doesn't hold; none:
    /// the sheet is.
    pub at: Option<String>,
    /// The column whose cells are marked in these rows; none: the first.
    pub column: Option<String>,
    /// Error, query or warning.
    pub severity: Severity,
    /// What is wrong, in words.
    pub message: String,
    /// What to do.
    pub hint: String,
}

impl FormSheet {
    /// A column with its place.
    #[must_use]
    pub fn column(&self, key: &str) -> Option<(usize, &Column)> {
        self.columns
            .iter()
            .enumerate()
            .find(|(_, column)| column.key == key)
    }

    /// The column whose dates a row of the sheet is dated by: the one that the
    /// programme's visits name, else the first of dates.
    #[must_use]
    pub fn date_column(&self, visits: Option<&Visits>) -> Option<(usize, &Column)> {
        let named = visits.and_then(|visits| self.column(&visits.date));
        named.or_else(|| self.first_of(|kind| matches!(kind, ColumnKind::Dates)))
    }

    /// The column whose places a row of the sheet speaks of, likewise.
    #[must_use]
    pub fn place_column(&self, visits: Option<&Visits>) -> Option<(usize, &Column)> {
        let named = visits.and_then(|visits| self.column(&visits.place));
        named.or_else(|| self.first_of(|kind| matches!(kind, ColumnKind::Places)))
    }

    fn first_of(&self, fits: impl Fn(&ColumnKind) -> bool) -> Option<(usize, &Column)> {
        let mut columns = self.columns.iter().enumerate();
        columns.find(|(_, column)| fits(&column.kind))
    }

    /// The columns of the form that we write.
    pub fn form_columns(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns
            .iter()
            .enumerate()
            .filter(|(_, column)| column.in_form)
    }
}
