//! Columns by what they hold, and when two cells say the same.

use crate::domain::program::{Holds, RosterTable, date, split};
use crate::domain::text::name_key;

/// What tells a column from another: the key of one that is known, else its header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ColumnKey {
    Known(&'static str),
    Own(String),
}

impl ColumnKey {
    /// Of a header; none of an empty one.
    pub(super) fn of(table: RosterTable, header: &str) -> Option<Self> {
        let known = table.fields().iter().find(|field| field.is_called(header));
        match known {
            Some(field) => Some(Self::Known(field.key)),
            None => Some(name_key(header))
                .filter(|key| !key.is_empty())
                .map(Self::Own),
        }
    }

    /// Whether two cells of the column say the same.
    pub(super) fn says_the_same(&self, left: &str, right: &str) -> bool {
        if left == right {
            return true;
        }
        let Self::Known(key) = self else { return false };
        match Holds::of(key) {
            Holds::Text => false,
            Holds::List => split(left) == split(right),
            Holds::Day => date(left).is_some_and(|day| date(right) == Some(day)),
        }
    }
}

/// The columns of a table, by their places.
#[derive(Debug)]
pub(super) struct Columns(Vec<Option<ColumnKey>>);

impl Columns {
    pub(super) fn of(table: RosterTable, header: &[String]) -> Self {
        Self(header.iter().map(|own| ColumnKey::of(table, own)).collect())
    }

    /// Each with its place.
    pub(super) fn each(&self) -> impl Iterator<Item = (usize, &ColumnKey)> {
        self.0
            .iter()
            .enumerate()
            .filter_map(|(at, key)| Some((at, key.as_ref()?)))
    }

    pub(super) fn place(&self, key: &ColumnKey) -> Option<usize> {
        self.each().find(|(_, own)| *own == key).map(|(at, _)| at)
    }

    pub(super) fn known(&self, key: &'static str) -> Option<usize> {
        self.place(&ColumnKey::Known(key))
    }

    /// Adds a column at the end; gives its place.
    pub(super) fn add(&mut self, key: ColumnKey) -> usize {
        self.0.push(Some(key));
        self.0.len() - 1
    }
}

/// A cell of a row; empty where the row is shorter.
pub(super) fn cell(cells: &[String], place: Option<usize>) -> &str {
    place.and_then(|at| cells.get(at)).map_or("", String::as_str)
}

/// Puts a text into a cell of a row.
pub(super) fn put(cells: &mut Vec<String>, place: usize, text: &str) {
    if cells.len() <= place {
        cells.resize(place + 1, String::new());
    }
    text.clone_into(&mut cells[place]);
}
