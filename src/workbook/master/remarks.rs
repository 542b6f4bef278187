//! What the office writes into a master: its own columns 领导批示 and 办理情况 and
//! those that it adds at their right, read back by row key, wherever sorting,
//! filtering and inserting have moved them; and the boxes below 汇总表.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::consolidate::words::Words;
use crate::domain::language::Language;
use crate::domain::table::{Cell, Row, Sheet, Workbook};
use crate::domain::text::tidy;

/// Where the office writes: its columns of 明细, and the boxes below 汇总表.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfficeColumn {
    /// 领导批示.
    Instruction,
    /// 办理情况.
    Handling,
    /// A column that the office has added at the right, by its header.
    Own(String),
    /// A box below the table.
    Signed(Sign),
}

/// A box below 汇总表.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// 领导批示.
    Leader,
    /// 审核.
    Check,
    /// 制表.
    Author,
    /// The date.
    Date,
}

impl Sign {
    const ALL: [Self; 4] = [Self::Leader, Self::Check, Self::Author, Self::Date];

    fn name(self) -> &'static str {
        match self {
            Self::Leader => "signed:leader",
            Self::Check => "signed:check",
            Self::Author => "signed:author",
            Self::Date => "signed:date",
        }
    }

    /// What stands before the text in its box.
    pub(super) fn label(self, words: &Words) -> &'static str {
        match self {
            Self::Leader => words.sign_leader,
            Self::Check => words.sign_check,
            Self::Author => words.sign_author,
            Self::Date => words.sign_date,
        }
    }
}

/// What the name of an added column begins with in the database.
const OWN: &str = "own:";

/// What the key of a whole sheet begins with: no row's key does.
const SHEET: &str = "#sheet/";

impl OfficeColumn {
    /// Those that every 明细 has, in their order.
    pub const ALL: [Self; 2] = [Self::Instruction, Self::Handling];

    /// The name that the database keeps.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Instruction => "instruction".into(),
            Self::Handling => "handling".into(),
            Self::Own(header) => format!("{OWN}{header}").into(),
            Self::Signed(sign) => sign.name().into(),
        }
    }

    /// The column of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        if let Some(header) = name.strip_prefix(OWN) {
            return Some(Self::Own(header.to_owned()));
        }
        let sign = Sign::ALL.into_iter().find(|sign| sign.name() == name);
        let column = Self::ALL.into_iter().find(|column| column.name() == name);
        sign.map(Self::Signed).or(column)
    }

    pub(super) fn header(&self, words: &Words) -> String {
        match self {
            Self::Instruction => words.instruction.to_owned(),
            Self::Handling => words.handling.to_owned(),
            Self::Own(header) => header.clone(),
            Self::Signed(sign) => sign.label(words).to_owned(),
        }
    }
}

/// The key under which it is kept what belongs to a whole sheet.
fn sheet_key(sheet: &str) -> String {
    format!("{SHEET}{sheet}")
}

/// Whether a key is that of a whole sheet.
pub(super) fn is_sheet_key(key: &str) -> bool {
    key.starts_with(SHEET)
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
    pub fn get(&self, key: &str, column: &OfficeColumn) -> &str {
        self.0
            .get(key)
            .and_then(|row| row.get(column))
            .map_or("", String::as_str)
    }

    /// Columns that the office has added to a sheet of 明细, in their order.
    #[must_use]
    pub fn own_columns(&self, sheet: &str) -> Vec<OfficeColumn> {
        let own = self.0.get(&sheet_key(sheet)).into_iter().flatten();
        let mut columns: Vec<(&String, &OfficeColumn)> = own
            .filter(|(column, _)| matches!(column, OfficeColumn::Own(_)))
            .map(|(column, place)| (place, column))
            .collect();
        columns.sort();
        columns.into_iter().map(|(_, column)| column.clone()).collect()
    }

    /// What stands in a box below a sheet of 汇总表.
    #[must_use]
    pub fn signed(&self, sheet: &str, sign: Sign) -> &str {
        self.get(&sheet_key(sheet), &OfficeColumn::Signed(sign))
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
    let mut seen = Seen::new();
    for sheet in &found.sheets {
        match DetailLayout::find(sheet) {
            Some(layout) => of_detail(sheet, &layout, known, &mut seen),
            None => of_boxes(sheet, known, &mut seen),
        }
    }
    seen.into_iter()
        .filter_map(|((key, column), texts)| {
            let after = texts.join("；");
            let before = known.get(&key, &column).to_owned();
            (tidy(&before) != after).then_some(RemarkEdit {
                key,
                column,
                before,
                after,
            })
        })
        .collect()
}

type Seen = BTreeMap<(String, OfficeColumn), Vec<String>>;

/// What stands in the office's columns of a sheet of 明细.
fn of_detail(sheet: &Sheet, layout: &DetailLayout, known: &Remarks, seen: &mut Seen) {
    let whole = sheet_key(&sheet.name);
    // Columns that were there and are gone were taken away.
    for column in known.own_columns(&sheet.name) {
        seen.entry((whole.clone(), column)).or_default();
    }
    let added = layout
        .office
        .iter()
        .filter(|(column, _)| matches!(column, OfficeColumn::Own(_)));
    for (place, (column, _)) in added.enumerate() {
        let texts = seen.entry((whole.clone(), column.clone())).or_default();
        *texts = vec![format!("{place:03}")];
    }
    for row in sheet.rows.iter().filter(|row| row.index > layout.header) {
        let Some(key) = layout.key(row) else { continue };
        for (column, place) in &layout.office {
            let text = row.cell(*place).map(|cell| tidy(&cell.value.display()));
            let text = text.unwrap_or_default();
            // Most rows bear no remark and had none: nothing to keep of them.
            if text.is_empty() && known.get(&key, column).is_empty() {
                continue;
            }
            let texts = seen.entry((key.clone(), column.clone())).or_default();
            if !text.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
    }
}

/// What stands in the boxes below a sheet of 汇总表.
fn of_boxes(sheet: &Sheet, known: &Remarks, seen: &mut Seen) {
    let Some(boxes) = Boxes::find(sheet) else { return };
    for row in &sheet.rows {
        for cell in &row.cells {
            let Some(sign) = boxes.sign(row, cell) else {
                continue;
            };
            let text = tidy(&cell.value.display());
            let text = text
                .strip_prefix(sign.label(boxes.words).trim_end())
                .unwrap_or(&text);
            let text = tidy(text);
            if text.is_empty() && known.signed(&sheet.name, sign).is_empty() {
                continue;
            }
            let column = OfficeColumn::Signed(sign);
            let texts = seen.entry((sheet_key(&sheet.name), column)).or_default();
            if !text.is_empty() {
                texts.push(text);
            }
        }
    }
}

/// Where the boxes below a sheet of 汇总表 are: the last two rows.
pub(super) struct Boxes {
    pub words: &'static Words,
    /// The row of 审核, 制表 and the date; that of 领导批示 lies above it.
    signs: u32,
}

impl Boxes {
    /// Finds them by their labels, in either language.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        [Language::Chinese, Language::English]
            .into_iter()
            .find_map(|language| {
                let words = Words::of(language);
                let labelled = |cell: &Cell| labelled(words, &tidy(&cell.value.display())).is_some();
                let row = sheet
                    .rows
                    .iter()
                    .rev()
                    .take(3)
                    .find(|row| row.cells.iter().filter(|cell| labelled(cell)).count() >= 2)?;
                Some(Self {
                    words,
                    signs: row.index,
                })
            })
    }

    /// The box that a cell is; none for any other.
    pub fn sign(&self, row: &Row, cell: &Cell) -> Option<Sign> {
        let text = tidy(&cell.value.display());
        if row.index == self.signs {
            return labelled(self.words, &text);
        }
        // Whoever writes into the large box may write over its label.
        (row.index + 1 == self.signs && !text.is_empty()).then_some(Sign::Leader)
    }
}

/// The box of the second row that a text begins like.
fn labelled(words: &Words, text: &str) -> Option<Sign> {
    let signs = [Sign::Check, Sign::Author, Sign::Date];
    signs
        .into_iter()
        .find(|sign| text.starts_with(sign.label(words).trim_end()))
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
                    let key = at(words.row_key)?;
                    let mut office: Vec<(OfficeColumn, u16)> = OfficeColumn::ALL
                        .into_iter()
                        .filter_map(|column| {
                            let place = at(&column.header(words))?;
                            Some((column, place))
                        })
                        .collect();
                    let last = office.iter().map(|(_, place)| *place).max().unwrap_or(key);
                    let added = row.cells.iter().filter(|cell| cell.column > last.max(key));
                    office.extend(added.filter_map(|cell| {
                        let header = tidy(&cell.value.display());
                        (!header.is_empty()).then_some((OfficeColumn::Own(header), cell.column))
                    }));
                    Some(Self {
                        header: row.index,
                        key,
                        office,
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

    /// Whether a cell of the header names a column that the office has added.
    pub fn is_added(&self, row: &Row, column: u16) -> bool {
        let is_own =
            |(own, place): &(OfficeColumn, u16)| *place == column && matches!(own, OfficeColumn::Own(_));
        row.index == self.header && self.office.iter().any(is_own)
    }
}
