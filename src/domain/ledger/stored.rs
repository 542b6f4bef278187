//! Rows in the database: with the keys of their columns, so that a form whose
//! columns were added to or moved since finds each value under its own header.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::DateSpan;
use super::row::{Columns, LedgerRow, Meaning, columns_of};
use crate::domain::period::Period;
use crate::domain::program::{Column, Form, FormSheet, Visits};

/// The rows of a submission as the database has them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StoredRows {
    /// Keys of the columns by form sheet; none in records of earlier versions of the program.
    columns: Vec<Columns>,
    rows: Vec<StoredRow>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct StoredRow {
    sheet: SmolStr,
    form_sheet: usize,
    row: u32,
    cells: Vec<SmolStr>,
    #[serde(default)]
    meanings: Vec<(u16, Meaning)>,
    #[serde(default)]
    extras: Vec<(String, String)>,
    #[serde(default)]
    explanation: String,
    #[serde(default)]
    late: bool,
    #[serde(default)]
    carried: Option<Period>,
    /// Dates and places of the visit and numbers by key, as they stood before
    /// meanings did.
    #[serde(default)]
    spans: Vec<DateSpan>,
    #[serde(default)]
    places: Vec<String>,
    #[serde(default)]
    numbers: Vec<(SmolStr, Decimal)>,
}

#[derive(Deserialize)]
struct File {
    columns: Vec<Vec<SmolStr>>,
    rows: Vec<StoredRow>,
}

#[derive(Serialize)]
struct Written<'a> {
    columns: Vec<&'a [SmolStr]>,
    rows: Vec<WrittenRow<'a>>,
}

#[derive(Serialize)]
struct WrittenRow<'a> {
    sheet: &'a str,
    form_sheet: usize,
    row: u32,
    cells: &'a [SmolStr],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    meanings: &'a [(u16, Meaning)],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    extras: &'a [(String, String)],
    #[serde(skip_serializing_if = "str::is_empty")]
    explanation: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    late: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    carried: Option<&'a Period>,
}

/// The text that the database keeps of rows.
///
/// # Errors
/// None that rows can give.
pub fn to_text(rows: &[LedgerRow]) -> serde_json::Result<String> {
    let by_sheet: BTreeMap<usize, &[SmolStr]> =
        rows.iter().map(|row| (row.form_sheet, &*row.columns)).collect();
    let sheets = by_sheet.keys().last().map_or(0, |last| last + 1);
    let columns = (0..sheets).map(|sheet| by_sheet.get(&sheet).copied().unwrap_or_default());
    let rows = rows.iter().map(|row| WrittenRow {
        sheet: &row.sheet,
        form_sheet: row.form_sheet,
        row: row.row,
        cells: &row.cells,
        meanings: &row.meanings,
        extras: &row.extras,
        explanation: &row.explanation,
        late: row.late,
        carried: row.carried.as_ref(),
    });
    serde_json::to_string(&Written {
        columns: columns.collect(),
        rows: rows.collect(),
    })
}

/// The rows that a text of the database holds.
///
/// # Errors
/// It isn't one.
pub fn from_text(text: &str) -> serde_json::Result<StoredRows> {
    if text.starts_with('[') {
        return Ok(StoredRows {
            columns: Vec::new(),
            rows: serde_json::from_str(text)?,
        });
    }
    let file: File = serde_json::from_str(text)?;
    Ok(StoredRows {
        columns: file.columns.into_iter().map(Arc::from).collect(),
        rows: file.rows,
    })
}

impl StoredRows {
    /// The rows with their cells in the order of a form: what the form doesn't
    /// have is left out, what the rows don't have is empty. `visits` tell which
    /// columns the dates and places of old records stand in.
    #[must_use]
    pub fn arranged(self, form: &Form, visits: Option<&Visits>) -> Vec<LedgerRow> {
        let sheets: Vec<Arrangement> = (form.sheets.iter().enumerate())
            .map(|(index, sheet)| Arrangement::of(sheet, self.columns.get(index), visits))
            .collect();
        let rows = self.rows.into_iter();
        rows.map(|row| match sheets.get(row.form_sheet) {
            Some(sheet) => sheet.arrange(row),
            // A sheet that the form has no more: its cells have no column.
            None => LedgerRow {
                sheet: row.sheet,
                form_sheet: row.form_sheet,
                row: row.row,
                cells: row.cells,
                ..LedgerRow::default()
            },
        })
        .collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// How the rows of one sheet are brought into the order of a form.
struct Arrangement {
    columns: Columns,
    /// For each column of the form its place among the stored ones; none where
    /// the order is the same.
    from: Option<Vec<Option<usize>>>,
    /// The columns of an old record's dates and places.
    dates: Option<u16>,
    places: Option<u16>,
}

impl Arrangement {
    fn of(sheet: &FormSheet, stored: Option<&Columns>, visits: Option<&Visits>) -> Self {
        let columns = columns_of(sheet);
        let from = stored
            .filter(|stored| ***stored != *columns && !stored.is_empty())
            .map(|stored| {
                let place = |key: &SmolStr| stored.iter().position(|own| own == key);
                columns.iter().map(place).collect()
            });
        let place = |found: Option<(usize, &Column)>| u16::try_from(found?.0).ok();
        Self {
            dates: place(sheet.date_column(visits)),
            places: place(sheet.place_column(visits)),
            columns,
            from,
        }
    }

    fn arrange(&self, mut row: StoredRow) -> LedgerRow {
        let mut meanings = std::mem::take(&mut row.meanings);
        let mut cells = std::mem::take(&mut row.cells);
        if let Some(from) = &self.from {
            let place = |old: u16| from.iter().position(|own| *own == Some(usize::from(old)));
            meanings = meanings
                .into_iter()
                .filter_map(|(old, meaning)| Some((u16::try_from(place(old)?).ok()?, meaning)))
                .collect();
            meanings.sort_by_key(|(place, _)| *place);
            cells = from
                .iter()
                .map(|place| {
                    place
                        .and_then(|place| cells.get(place))
                        .cloned()
                        .unwrap_or_default()
                })
                .collect();
        }
        if let (Some(place), false) = (self.dates, row.spans.is_empty()) {
            meanings.push((place, Meaning::Dates(row.spans)));
        }
        if let (Some(place), false) = (self.places, row.places.is_empty()) {
            meanings.push((place, Meaning::Places(row.places)));
        }
        for (key, number) in row.numbers {
            let place = self.columns.iter().position(|own| *own == key);
            if let Some(place) = place.and_then(|place| u16::try_from(place).ok()) {
                meanings.push((place, Meaning::Number(number)));
            }
        }
        LedgerRow {
            sheet: row.sheet,
            form_sheet: row.form_sheet,
            row: row.row,
            columns: self.columns.clone(),
            cells,
            meanings,
            extras: row.extras,
            explanation: row.explanation,
            typed: Vec::new(),
            late: row.late,
            carried: row.carried,
        }
    }
}
