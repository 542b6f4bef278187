//! What a table that somebody hands in, or one cell of it, changes in a roster.
//! Rows are told apart by their ids alone: a unit that is called otherwise is
//! the same unit, and one that reported once is ended, never removed.

mod cells;
mod fresh_ids;
mod merge;
mod one_row;
#[cfg(test)]
mod tests;
mod workbook;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::definition::Problem;
use super::kept_table::{KeptTable, NextRow};
use super::program::RosterTable;
use super::source_table::SourceTable;

pub use merge::merge;
pub use one_row::with_cells;
pub use workbook::{Mark, of_workbook};

/// Most rows of a table: fifty times what the largest roster has.
pub const MOST_ROWS: usize = 5_000;

/// Longest cell, in characters.
pub const LONGEST_CELL: usize = 1_000;

/// A table that somebody hands in.
#[derive(Debug, Clone, Copy)]
pub struct HandedIn<'a> {
    /// Which table of the roster it is.
    pub table: RosterTable,
    /// Its cells.
    pub cells: &'a SourceTable,
    /// Ids of rows on which something hangs; none: on all of them.
    pub used: Option<&'a BTreeSet<String>>,
    /// The last day of those that it leaves out.
    pub until: NaiveDate,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It ends.
    Ended,
    /// It goes: nothing hangs on it.
    Removed,
    /// It is called otherwise.
    Renamed,
    /// Whom to write to, or where, is another.
    Contact,
    /// Something else of it is another.
    Other,
}

impl ChangeKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Added,
        Self::Ended,
        Self::Removed,
        Self::Renamed,
        Self::Contact,
        Self::Other,
    ];
}

/// A change of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What happens to it.
    pub kind: ChangeKind,
    /// Its id.
    pub id: String,
    /// What it is called from now on.
    pub name: String,
    /// Its line in the table that was handed in; for what that leaves out, the
    /// line by which faults call it.
    pub line: usize,
    /// Which cells change.
    pub cells: Vec<CellChange>,
}

/// A cell that says something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellChange {
    /// The column.
    pub column: String,
    /// As it was; empty where nothing stood there.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// A table as it is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Its header.
    pub header: Vec<String>,
    /// Its rows.
    pub rows: Vec<NextRow>,
    /// What is another than before.
    pub changes: Vec<Change>,
    /// Rows stand in another order.
    pub reordered: bool,
    /// Columns that are new.
    pub new_columns: Vec<String>,
    /// Columns that the table which was handed in hasn't; they stay as they are.
    pub left_columns: Vec<String>,
    /// Most of what was known is gone or called otherwise: it may be another's table.
    pub doubtful: bool,
}

impl Plan {
    /// Whether nothing is another than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && !self.reordered && self.new_columns.is_empty()
    }

    /// How many rows something happens to.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|own| own.kind == kind).count()
    }

    /// The table, as definitions are read.
    #[must_use]
    pub fn as_source(&self) -> SourceTable {
        let rows = self.rows.iter();
        SourceTable {
            header: self.header.clone(),
            rows: rows.map(|row| (row.line, row.cells.clone())).collect(),
        }
    }

    /// The table's file, where it is CSV.
    #[must_use]
    pub fn csv(&self, before: &KeptTable) -> String {
        before.csv(&self.header, &self.rows)
    }
}

/// Something wrong with a table that was handed in, at one of its lines.
fn problem(line: Option<usize>, message: impl Into<String>, remedy: impl Into<String>) -> Problem {
    Problem {
        file: String::new(),
        line,
        message: message.into(),
        remedy: remedy.into(),
    }
}
