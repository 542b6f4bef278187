//! A data row as it is stored and merged: what counts of an accepted ledger.

use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::DateSpan;
use crate::domain::period::Period;
use crate::domain::program::FormSheet;
use crate::domain::table::Value;

/// Keys of the columns that a row's cells stand in, shared by the rows of a sheet.
pub type Columns = Arc<[SmolStr]>;

/// A row. Its cells are found by the keys of their columns; those of a row that
/// was arranged by a form also by their place in that form's sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LedgerRow {
    /// The sheet's name in the file.
    pub sheet: SmolStr,
    /// Index into [`Form::sheets`](crate::domain::program::Form::sheets).
    pub form_sheet: usize,
    /// 1-based row in the file.
    pub row: u32,
    /// Keys of the columns.
    pub columns: Columns,
    /// Canonical text for each column; dates as 2024年11月5日, places by full name.
    pub cells: Vec<SmolStr>,
    /// What cells mean beyond their text, by the place of their column, in its order.
    pub meanings: Vec<(u16, Meaning)>,
    /// Extra columns: header and text.
    pub extras: Vec<(String, String)>,
    /// What 情况说明 says.
    pub explanation: String,
    /// The values as typed, by form column: only for the marked-up copy, never stored.
    pub typed: Vec<Value>,
    /// Belongs to an earlier period (补报): counts for the year, not for the period.
    pub late: bool,
    /// Nothing was typed: it is the row of this earlier period (本期无变化).
    pub carried: Option<Period>,
}

/// What a cell means beyond its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Meaning {
    /// Days, or ranges of them.
    Dates(Vec<DateSpan>),
    /// Places by full name; as written where nobody knows them.
    Places(Vec<String>),
    /// A count or number.
    Number(Decimal),
}

/// The keys of a form sheet's columns.
#[must_use]
pub fn columns_of(sheet: &FormSheet) -> Columns {
    sheet
        .columns
        .iter()
        .map(|column| SmolStr::new(&column.key))
        .collect()
}

impl LedgerRow {
    /// The text of a column; empty where the row has none of that key.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        let place = self.place(key);
        place
            .and_then(|place| self.cells.get(place))
            .map_or("", SmolStr::as_str)
    }

    /// The days of a column; none where it holds none or isn't known.
    #[must_use]
    pub fn dates(&self, key: &str) -> &[DateSpan] {
        match self.meaning(key) {
            Some(Meaning::Dates(spans)) => spans,
            _ => &[],
        }
    }

    /// The places of a column.
    #[must_use]
    pub fn places(&self, key: &str) -> &[String] {
        match self.meaning(key) {
            Some(Meaning::Places(places)) => places,
            _ => &[],
        }
    }

    /// The number of a column.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<Decimal> {
        match self.meaning(key) {
            Some(Meaning::Number(number)) => Some(*number),
            _ => None,
        }
    }

    fn place(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|own| own == key)
    }

    fn meaning(&self, key: &str) -> Option<&Meaning> {
        let place = u16::try_from(self.place(key)?).ok()?;
        let found = self.meanings.iter().find(|(own, _)| *own == place);
        found.map(|(_, meaning)| meaning)
    }
}
