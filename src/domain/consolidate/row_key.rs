//! What a row is known by, whatever happens to its place in the workbook.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use smol_str::SmolStr;

use crate::domain::ledger::LedgerRow;
use crate::domain::program::{ColumnKind, Form};
use crate::domain::safe_text::safe_text;
use crate::domain::text::may_hold_space;

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

impl RowKey {
    /// The key as people read it: its texts, and the ordinal where it isn't the first.
    #[must_use]
    pub fn as_read(&self) -> String {
        let texts: Vec<&str> = self
            .texts
            .iter()
            .map(String::as_str)
            .filter(|text| !text.is_empty())
            .collect();
        let mut shown = texts.join(" ");
        if self.ordinal > 1 {
            shown = format!("{shown}（{}）", self.ordinal);
        }
        shown
    }
}

/// The text is no row key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是行标识")]
pub struct RowKeyError(pub String);

/// The keys of a unit's rows, in the order of the rows.
#[must_use]
pub fn row_keys(form: &Form, unit: &str, rows: &[LedgerRow]) -> Vec<RowKey> {
    let mut equals: HashMap<(&str, Vec<String>), u32> = HashMap::new();
    rows.iter()
        .map(|row| {
            let sheet = sheet_name(form, row);
            let texts = key_cells(form, row).map(|text| part(&safe_text(text)).into_owned());
            let texts: Vec<String> = texts.collect();
            let ordinal = equals.entry((sheet, texts.clone())).or_default();
            *ordinal += 1;
            RowKey {
                unit: unit.to_owned(),
                sheet: sheet.to_owned(),
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
    /// The rows of one unit in the order of its ledger, with the keys that
    /// [`row_keys`] gives them. Their texts become safe to write
    /// ([`safe_text`]).
    #[must_use]
    pub fn of(form: &Form, unit: &str, mut rows: Vec<LedgerRow>) -> Self {
        rows.iter_mut().for_each(make_safe);
        let mut start = String::new();
        push(&mut start, unit);
        let mut equals: HashMap<String, u32> = HashMap::with_capacity(rows.len());
        let keys = rows.iter().map(|row| {
            let mut key = String::with_capacity(start.len() + TYPICAL_KEY);
            key.push_str(&start);
            push(&mut key, sheet_name(form, row));
            for text in key_cells(form, row) {
                push(&mut key, &part(text));
            }
            let ordinal = if let Some(ordinal) = equals.get_mut(&key) {
                *ordinal += 1;
                *ordinal
            } else {
                equals.insert(key.clone(), 1);
                1
            };
            key.push_str(&ordinal.to_string());
            key
        });
        let keys = keys.collect();
        Self { rows, keys }
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[LedgerRow] {
        &self.rows
    }

    /// Each row with its key as it is written.
    pub fn iter(&self) -> impl Iterator<Item = (&LedgerRow, &str)> {
        self.rows.iter().zip(self.keys.iter().map(String::as_str))
    }
}

/// Bytes that a key takes as a rule.
const TYPICAL_KEY: usize = 320;

/// Makes all texts of a row safe to write.
fn make_safe(row: &mut LedgerRow) {
    for text in row.cells.iter_mut().chain([&mut row.sheet]) {
        if let Cow::Owned(safe) = safe_text(text) {
            *text = safe.into();
        }
    }
    let extras = row.extras.iter_mut().flat_map(|(header, text)| [header, text]);
    for text in extras.chain([&mut row.explanation]) {
        if let Cow::Owned(safe) = safe_text(text) {
            *text = safe;
        }
    }
}

fn sheet_name<'f>(form: &'f Form, row: &LedgerRow) -> &'f str {
    form.sheets.get(row.form_sheet).map_or("", |sheet| &sheet.name)
}

/// Texts of the key columns; of all but the running number where none is declared.
fn key_cells<'r>(form: &'r Form, row: &'r LedgerRow) -> impl Iterator<Item = &'r str> {
    let sheet = form.sheets.get(row.form_sheet);
    let declared = sheet.filter(|sheet| !sheet.row_key.is_empty());
    let keys = declared.into_iter().flat_map(|sheet| {
        let keys = sheet.row_key.iter();
        keys.filter_map(|key| sheet.column(key)).map(|(index, _)| index)
    });
    let all = sheet.filter(|_| declared.is_none());
    let all = all.into_iter().flat_map(|sheet| {
        let columns = sheet.columns.iter().enumerate();
        columns
            .filter(|(_, column)| !matches!(column.kind, ColumnKind::Sequence))
            .map(|(index, _)| index)
    });
    keys.chain(all)
        .map(|index| row.cells.get(index).map_or("", SmolStr::as_str))
}

/// What a key says of a safe text: white space folded, cut if it is long.
fn part(text: &str) -> Cow<'_, str> {
    let mut folded = Cow::Borrowed(text);
    if may_hold_space(text) {
        let mut words = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        folded = words.into();
    }
    if folded.len() <= LONGEST_PART {
        return folded;
    }
    match folded.char_indices().nth(LONGEST_PART) {
        Some((end, _)) => format!("{}…{:08x}", &folded[..end], check_sum(&folded)).into(),
        None => folded,
    }
}

/// Writes one part of a key, with the bar that ends it.
fn push(key: &mut String, part: &str) {
    if part.contains(['\\', '|']) {
        key.push_str(&part.replace('\\', "\\\\").replace('|', "\\|"));
    } else {
        key.push_str(part);
    }
    key.push('|');
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
        let mut text = String::with_capacity(TYPICAL_KEY);
        for part in parts {
            push(&mut text, part);
        }
        write!(f, "{text}{}", self.ordinal)
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
    use crate::domain::fixture;

    #[test]
    fn equals_are_numbered_and_reordering_others_changes_nothing() {
        let program = fixture::wutang();
        let rows = [
            fixture::row("2024-11-05", "乌塘圩村", 1),
            fixture::row("2024-11-05", "乌塘圩村", 2),
            fixture::row("2024-11-06", "边板村", 1),
        ];
        let keys = row_keys(&program.material.forms()[0], "U01", &rows);
        assert_eq!(keys[0].to_string(), "U01|挂点调研台账|2024年11月5日|乌塘圩村|1");
        assert_eq!(keys[1].ordinal, 2);
        let moved = [rows[2].clone(), rows[0].clone(), rows[1].clone()];
        let mut other = row_keys(&program.material.forms()[0], "U01", &moved);
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
    fn rows_with_their_keys_have_the_same_ones() {
        let program = fixture::wutang();
        let mut rows = vec![
            fixture::row("2024-11-05", "乌塘圩村", 1),
            fixture::row("2024-11-05", "乌塘圩村", 2),
            fixture::row("2024-11-06", "边板\u{3000}村|\\", 1),
        ];
        rows[2].cells[4] = "a\u{1}b\n".repeat(40).into();
        let keys = row_keys(&program.material.forms()[0], "u|1", &rows);
        let keyed = KeyedRows::of(&program.material.forms()[0], "u|1", rows);
        let texts: Vec<&str> = keyed.iter().map(|(_, key)| key).collect();
        assert_eq!(texts, keys.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(keyed.rows()[2].cells[4], "ab\n".repeat(40));
    }

    #[test]
    fn white_space_of_all_kinds_is_folded() {
        for space in [
            " ", "\n", "\t", "\u{3000}", "\u{a0}", "\u{2003}", "\u{2028}", "\u{205f}", "\u{1680}", "\u{85}",
        ] {
            for before in [0, 1, 16, 30] {
                let own = format!("{}村{space}{space}路{space}", "村".repeat(before));
                assert_eq!(part(&own), format!("{}村 路", "村".repeat(before)), "{space:?}");
            }
        }
        assert!(matches!(part("乌塘圩村、边板村（2户）"), Cow::Borrowed(_)));
    }

    #[test]
    fn long_texts_stay_apart_though_cut() {
        let (a, b) = ("村".repeat(100), "村".repeat(101));
        let (a, b) = (part(&a), part(&b));
        assert_ne!(a, b);
        assert!(a.chars().count() <= LONGEST_PART + 9);
    }
}
