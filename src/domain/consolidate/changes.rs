//! 变动: what differs between two versions of one unit's rows.

use std::collections::HashMap;

use super::row_key::{RowKey, row_keys};
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{ColumnKind, Form};
use crate::domain::safe_text::safe_text;

/// The most rows of a unit that are listed one by one; further ones are only counted.
pub const MOST_ROWS_LISTED: usize = 50;

/// Longer texts are cut: the list shows where to look, 明细 shows the whole.
const LONGEST_TEXT: usize = 80;

/// What changed in one unit's rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnitChange {
    /// Unit id.
    pub unit: String,
    /// Whether the unit had no rows before.
    pub is_new: bool,
    /// Number of rows added.
    pub added: u32,
    /// Number of rows removed.
    pub removed: u32,
    /// Number of rows changed.
    pub changed: u32,
    /// The first [`MOST_ROWS_LISTED`] of them: changed and added rows in the
    /// order of the new version, then removed ones.
    pub rows: Vec<RowChange>,
}

/// What happened to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowChangeKind {
    /// 新增.
    Added,
    /// 删除.
    Removed,
    /// 修改.
    Changed,
}

/// A row that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowChange {
    /// What happened.
    pub kind: RowChangeKind,
    /// Which row.
    pub key: RowKey,
    /// The cells that differ; for a row added or removed, all that hold something.
    pub cells: Vec<CellChange>,
}

/// A cell that changed, with texts of 80 characters at most.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Header of the column.
    pub header: String,
    /// Text before.
    pub before: String,
    /// Text after.
    pub after: String,
}

/// Compares two versions of a unit's rows by their keys. Running numbers,
/// places in the file and the order of rows make no difference. `None` if
/// nothing changed.
#[must_use]
pub fn unit_change(form: &Form, unit: &str, before: &[LedgerRow], after: &[LedgerRow]) -> Option<UnitChange> {
    let mut change = UnitChange {
        unit: unit.to_owned(),
        is_new: before.is_empty(),
        ..UnitChange::default()
    };
    let old_keys = row_keys(form, unit, before);
    let mut old: HashMap<&RowKey, &LedgerRow> = old_keys.iter().zip(before).collect();
    for (key, row) in row_keys(form, unit, after).into_iter().zip(after) {
        let earlier = old.remove(&key);
        let cells = differences(form, earlier, Some(row));
        let kind = match earlier {
            None => RowChangeKind::Added,
            Some(_) if cells.is_empty() => continue,
            Some(_) => RowChangeKind::Changed,
        };
        change.note(kind, key, cells);
    }
    for (key, row) in old_keys.iter().zip(before) {
        if old.contains_key(key) {
            change.note(
                RowChangeKind::Removed,
                key.clone(),
                differences(form, Some(row), None),
            );
        }
    }
    (change.added + change.removed + change.changed > 0).then_some(change)
}

impl UnitChange {
    fn note(&mut self, kind: RowChangeKind, key: RowKey, cells: Vec<CellChange>) {
        match kind {
            RowChangeKind::Added => self.added += 1,
            RowChangeKind::Removed => self.removed += 1,
            RowChangeKind::Changed => self.changed += 1,
        }
        if self.rows.len() < MOST_ROWS_LISTED {
            self.rows.push(RowChange { kind, key, cells });
        }
    }
}

fn differences(form: &Form, before: Option<&LedgerRow>, after: Option<&LedgerRow>) -> Vec<CellChange> {
    let Some(row) = after.or(before) else {
        return Vec::new();
    };
    let text = |row: Option<&LedgerRow>, index: usize| {
        let cell = row.and_then(|row| row.cells.get(index));
        cell.cloned().unwrap_or_default()
    };
    let mut found = Vec::new();
    if let Some(sheet) = form.sheets.get(row.form_sheet) {
        for (index, column) in sheet.columns.iter().enumerate() {
            if !matches!(column.kind, ColumnKind::Sequence) && column.given.is_none() {
                compare(
                    &mut found,
                    &column.header,
                    &text(before, index),
                    &text(after, index),
                );
            }
        }
    }
    let find = |row: Option<&LedgerRow>, header: &str| {
        let found = extras(row).iter().find(|(own, _)| own == header);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    for (header, _) in extras(after) {
        compare(&mut found, header, &find(before, header), &find(after, header));
    }
    for (header, old) in extras(before) {
        if !extras(after).iter().any(|(own, _)| own == header) {
            compare(&mut found, header, old, "");
        }
    }
    found
}

fn extras(row: Option<&LedgerRow>) -> &[(String, String)] {
    row.map(|row| row.extras.as_slice()).unwrap_or_default()
}

fn compare(found: &mut Vec<CellChange>, header: &str, before: &str, after: &str) {
    if before != after {
        found.push(CellChange {
            header: header.to_owned(),
            before: short(before),
            after: short(after),
        });
    }
}

fn short(text: &str) -> String {
    let text = safe_text(text);
    if text.chars().count() <= LONGEST_TEXT {
        return text.into_owned();
    }
    let head: String = text.chars().take(LONGEST_TEXT).collect();
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;

    #[test]
    fn rows_are_compared_by_key() {
        let program = fixture::wutang();
        let form = &program.material.forms()[0];
        let before = [
            fixture::row("2024-11-05", "乌塘圩村", 2),
            fixture::row("2024-11-06", "边板村", 1),
        ];
        let mut after = [
            fixture::row("2024-11-12", "乌塘圩村", 0),
            fixture::row("2024-11-05", "乌塘圩村", 3),
        ];
        after[1].row = 99;
        after[1].cells[0] = "7".into();
        let change = unit_change(form, "U01", &before, &after).unwrap();
        assert_eq!((change.added, change.removed, change.changed), (1, 1, 1));
        assert_eq!(change.rows[1].kind, RowChangeKind::Changed);
        assert_eq!(change.rows[1].cells.len(), 1);
        assert_eq!(change.rows[1].cells[0].before, "2");
        assert_eq!(change.rows[1].cells[0].after, "3");
        assert!(!change.is_new);
    }

    #[test]
    fn a_new_order_is_no_change() {
        let program = fixture::wutang();
        let mut rows = vec![
            fixture::row("2024-11-05", "乌塘圩村", 2),
            fixture::row("2024-11-06", "边板村", 1),
        ];
        let before = rows.clone();
        rows.reverse();
        assert_eq!(
            unit_change(&program.material.forms()[0], "U01", &before, &rows),
            None
        );
    }

    #[test]
    fn many_rows_are_counted_but_not_all_listed() {
        let program = fixture::wutang();
        let rows = vec![fixture::row("2024-11-05", "乌塘圩村", 2); 200];
        let change = unit_change(&program.material.forms()[0], "U01", &[], &rows).unwrap();
        assert_eq!((change.added, change.rows.len()), (200, MOST_ROWS_LISTED));
        assert!(change.is_new);
    }
}
