//! The office's own columns, 领导批示 and 办理情况: read back from a master by
//! row key, wherever sorting, filtering and inserting have moved them.

use std::collections::BTreeMap;

use super::words::Words;
use crate::domain::program::Language;
use crate::domain::table::{Row, Sheet, Workbook};
use crate::domain::text::tidy;

/// One of the office's columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeColumn {
    /// 领导批示.
    Instruction,
    /// 办理情况.
    Handling,
}

impl OfficeColumn {
    /// Both, in their order in 明细.
    pub const ALL: [Self; 2] = [Self::Instruction, Self::Handling];

    /// The name that the database keeps.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Instruction => "instruction",
            Self::Handling => "handling",
        }
    }

    /// The column of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    pub(super) fn header(self, words: &Words) -> &'static str {
        match self {
            Self::Instruction => words.instruction,
            Self::Handling => words.handling,
        }
    }
}

/// What the office wrote, by the text of the row's key
/// ([`crate::domain::consolidate::RowKey`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks(pub BTreeMap<String, BTreeMap<OfficeColumn, String>>);

/// A remark that the office wrote, changed or cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemarkEdit {
    /// Text of the row's key.
    pub key: String,
    /// The column.
    pub column: OfficeColumn,
    /// What was known.
    pub before: String,
    /// What stands there now; empty when it was cleared.
    pub after: String,
}

impl Remarks {
    /// A remark; empty if there is none.
    #[must_use]
    pub fn get(&self, key: &str, column: OfficeColumn) -> &str {
        self.0
            .get(key)
            .and_then(|row| row.get(&column))
            .map_or("", String::as_str)
    }

    /// Sets a remark; an empty text removes it.
    pub fn set(&mut self, key: &str, column: OfficeColumn, text: &str) {
        if !text.is_empty() {
            self.0
                .entry(key.to_owned())
                .or_default()
                .insert(column, text.to_owned());
        } else if let Some(row) = self.0.get_mut(key) {
            row.remove(&column);
            if row.is_empty() {
                self.0.remove(key);
            }
        }
    }
}

/// Compares a master that was found with the remarks that are known. A row
/// that isn't there says nothing about its remarks; a cell that was cleared
/// removes one; two rows with one key (a copied row) are joined.
#[must_use]
pub fn read_remarks(found: &Workbook, known: &Remarks) -> Vec<RemarkEdit> {
    let mut seen: BTreeMap<(String, OfficeColumn), Vec<String>> = BTreeMap::new();
    for sheet in &found.sheets {
        let Some(layout) = DetailLayout::find(sheet) else {
            continue;
        };
        for row in sheet.rows.iter().filter(|row| row.index > layout.header) {
            let Some(key) = layout.key(row) else { continue };
            for (column, place) in &layout.office {
                let text = row.cell(*place).map(|cell| tidy(&cell.value.display()));
                let text = text.unwrap_or_default();
                // Most rows bear no remark and had none: nothing to keep of them.
                if text.is_empty() && known.get(&key, *column).is_empty() {
                    continue;
                }
                let texts = seen.entry((key.clone(), *column)).or_default();
                if !text.is_empty() && !texts.contains(&text) {
                    texts.push(text);
                }
            }
        }
    }
    seen.into_iter()
        .filter_map(|((key, column), texts)| {
            let after = texts.join("；");
            let before = known.get(&key, column).to_owned();
            (tidy(&before) != after).then_some(RemarkEdit {
                key,
                column,
                before,
                after,
            })
        })
        .collect()
}

/// Whether somebody edited a master beside the office's own columns. Sorting
/// and filtering 明细, and opening and saving the file, are no edits. Where
/// the written workbook isn't at hand, compare [`super::Fingerprint`]s.
#[must_use]
pub fn differs_besides_remarks(written: &Workbook, found: &Workbook) -> bool {
    super::Fingerprint::of(written) != super::Fingerprint::of(found)
}

/// Where the office's columns and the row keys stand in a sheet of 明细.
pub(super) struct DetailLayout {
    header: u32,
    key: u16,
    office: Vec<(OfficeColumn, u16)>,
}

impl DetailLayout {
    /// Finds the header by its own words, in either language.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        [Language::Chinese, Language::English]
            .into_iter()
            .find_map(|language| {
                let words = Words::of(language);
                sheet.rows.iter().take(15).find_map(|row| {
                    let at = |header: &str| {
                        let cell = row
                            .cells
                            .iter()
                            .find(|cell| tidy(&cell.value.display()) == header);
                        cell.map(|cell| cell.column)
                    };
                    let office = OfficeColumn::ALL.into_iter();
                    Some(Self {
                        header: row.index,
                        key: at(words.row_key)?,
                        office: office
                            .filter_map(|column| Some((column, at(column.header(words))?)))
                            .collect(),
                    })
                })
            })
    }

    /// The row's key.
    fn key(&self, row: &Row) -> Option<String> {
        let text = row.cell(self.key)?.value.display();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Whether the row is one that we wrote: remarks in others have no key,
    /// so they are edits like any other.
    pub fn owns(&self, row: &Row) -> bool {
        row.index > self.header && self.key(row).is_some()
    }

    pub fn is_office(&self, column: u16) -> bool {
        self.office.iter().any(|(_, own)| *own == column)
    }
}
