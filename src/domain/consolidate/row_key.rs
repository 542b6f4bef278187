//! What a row is known by, whatever happens to its place in the workbook.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use crate::domain::ledger::LedgerRow;
use crate::domain::program::{ColumnKind, Form};
use crate::domain::safe_text::safe_text;

/// A key column longer than this is cut, and a check sum takes the place of
/// the rest, so that keys stay readable and fit into a cell.
const LONGEST_PART: usize = 60;

/// Unit, sheet, the texts of the columns that the form declares as its row
/// key, and an ordinal among equals. Its text form
/// `unit|sheet|text|…|ordinal` is what the database and the master hold.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RowKey {
    /// Unit id.
    pub unit: String,
    /// Name of the form's sheet.
    pub sheet: String,
    /// Texts of the key columns.
    pub texts: Vec<String>,
    /// 1 for the first row with these texts, 2 for the second, …
    pub ordinal: u32,
}

/// The text is no row key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是行标识")]
pub struct RowKeyError(pub String);

/// The keys of a unit's rows, in the order of the rows.
#[must_use]
pub fn row_keys(form: &Form, unit: &str, rows: &[LedgerRow]) -> Vec<RowKey> {
    let mut equals: HashMap<(usize, Vec<String>), u32> = HashMap::new();
    rows.iter()
        .map(|row| {
            let texts = key_texts(form, row);
            let ordinal = equals.entry((row.form_sheet, texts.clone())).or_default();
            *ordinal += 1;
            RowKey {
                unit: unit.to_owned(),
                sheet: form
                    .sheets
                    .get(row.form_sheet)
                    .map(|sheet| sheet.name.clone())
                    .unwrap_or_default(),
                texts,
                ordinal: *ordinal,
            }
        })
        .collect()
}

/// A unit's rows with the text form of their keys, in the same order.
#[derive(Debug, Clone)]
pub struct KeyedRows {
    rows: Vec<LedgerRow>,
    keys: Vec<String>,
}

impl KeyedRows {
    /// Gives the rows of a unit their keys.
    #[must_use]
    pub fn of(form: &Form, unit: &str, rows: Vec<LedgerRow>) -> Self {
        let keys = row_keys(form, unit, &rows);
        let keys = keys.iter().map(ToString::to_string).collect();
        Self { rows, keys }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[LedgerRow] {
        &self.rows
    }

    /// Each row with its key.
    pub fn iter(&self) -> impl Iterator<Item = (&LedgerRow, &str)> {
        self.rows.iter().zip(self.keys.iter().map(String::as_str))
    }
}

/// Texts of the key columns; of all but the running number where none is declared.
fn key_texts(form: &Form, row: &LedgerRow) -> Vec<String> {
    let Some(sheet) = form.sheets.get(row.form_sheet) else {
        return Vec::new();
    };
    let text = |index: usize| part(row.cells.get(index).map_or("", String::as_str));
    if sheet.row_key.is_empty() {
        let columns = sheet.columns.iter().enumerate();
        return columns
            .filter(|(_, column)| !matches!(column.kind, ColumnKind::Sequence))
            .map(|(index, _)| text(index))
            .collect();
    }
    let keys = sheet.row_key.iter();
    keys.filter_map(|key| Some(text(sheet.column(key)?.0))).collect()
}

/// A text as part of a key: on one line, masked, of bounded length.
fn part(text: &str) -> String {
    let text = safe_text(text);
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    if folded.len() <= LONGEST_PART || folded.chars().count() <= LONGEST_PART {
        return folded;
    }
    let head: String = folded.chars().take(LONGEST_PART).collect();
    format!("{head}…{:08x}", check_sum(&folded))
}

/// FNV-1a: small, and the same for ever, as a stored key must be.
fn check_sum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.unit, &self.sheet].into_iter().chain(&self.texts);
        for part in parts {
            if part.contains(['\\', '|']) {
                f.write_str(&part.replace('\\', "\\\\").replace('|', "\\|"))?;
            } else {
                f.write_str(part)?;
            }
            f.write_str("|")?;
        }
        write!(f, "{}", self.ordinal)
    }
}

impl FromStr for RowKey {
    type Err = RowKeyError;

    fn from_str(text: &str) -> Result<Self, RowKeyError> {
        let error = || RowKeyError(text.to_owned());
        let mut parts = vec![String::new()];
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '|' => parts.push(String::new()),
                '\\' => parts
                    .last_mut()
                    .ok_or_else(error)?
                    .push(chars.next().ok_or_else(error)?),
                c => parts.last_mut().ok_or_else(error)?.push(c),
            }
        }
        let ordinal = parts.pop().and_then(|part| part.parse().ok()).ok_or_else(error)?;
        if parts.len() < 2 || parts[0].is_empty() {
            return Err(error());
        }
        let texts = parts.split_off(2);
        let sheet = parts.pop().ok_or_else(error)?;
        let unit = parts.pop().ok_or_else(error)?;
        Ok(Self {
            unit,
            sheet,
            texts,
            ordinal,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consolidate::sample;

    #[test]
    fn equals_are_numbered_and_reordering_others_changes_nothing() {
        let program = sample::wutang();
        let rows = [
            sample::row("2024-11-05", "乌塘圩村", 1),
            sample::row("2024-11-05", "乌塘圩村", 2),
            sample::row("2024-11-06", "边板村", 1),
        ];
        let keys = row_keys(&program.forms[0], "u1", &rows);
        assert_eq!(keys[0].to_string(), "u1|台账|2024年11月5日|乌塘圩村|1");
        assert_eq!(keys[1].ordinal, 2);
        let moved = [rows[2].clone(), rows[0].clone(), rows[1].clone()];
        let mut other = row_keys(&program.forms[0], "u1", &moved);
        other.sort();
        let mut keys = keys;
        keys.sort();
        assert_eq!(other, keys);
    }

    #[test]
    fn text_is_read_back() {
        for texts in [
            vec!["a|b".to_owned(), "c\\".to_owned()],
            vec![],
            vec![String::new(), "x".to_owned()],
        ] {
            let key = RowKey {
                unit: "单位|一".into(),
                sheet: "台账".into(),
                texts,
                ordinal: 3,
            };
            assert_eq!(key.to_string().parse::<RowKey>().unwrap(), key);
        }
        for wrong in ["", "x", "a|b|", "a|b|c", "|b|1", "a|b|1\\"] {
            assert!(wrong.parse::<RowKey>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn long_texts_stay_apart_though_cut() {
        let (a, b) = (part(&"村".repeat(100)), part(&"村".repeat(101)));
        assert_ne!(a, b);
        assert!(a.chars().count() <= LONGEST_PART + 9);
    }
}
