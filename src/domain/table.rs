//! What a workbook says, cell by cell, before anything is made of it.
//!
//! A [`Workbook`] is what the reading child hands over: values as they are
//! stored in the file, with the facts that decide how far they can be trusted
//! (hidden, merged, computed). Nothing in here knows what a ledger is.

mod wire;

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use serde::{Deserialize, Serialize};
use smol_str::{SmolStr, ToSmolStr as _, format_smolstr};

/// The format that the first bytes of a file show, whatever its name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Office Open XML without macros.
    Xlsx,
    /// Office Open XML with a macro project; only its values are read.
    Xlsm,
    /// BIFF in an OLE2 container; WPS `.et` files usually are this too.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
}

impl FileKind {
    /// The name shown to people, as WPS lists it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Xlsm => "xlsm",
            Self::Xls => "xls",
            Self::Ods => "ods",
        }
    }
}

/// A whole workbook, read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workbook {
    /// The format found by content.
    pub kind: FileKind,
    /// Sheets in their order in the file, hidden ones included.
    pub sheets: Vec<Sheet>,
    /// Custom document properties, such as the stamp of our own forms.
    pub properties: BTreeMap<String, String>,
    /// When it was made and last saved, as its properties say.
    #[serde(default)]
    pub times: FileTimes,
    /// Texts of page headers and footers, of all sheets.
    pub page_texts: Vec<String>,
    /// Whether a macro project is inside.
    pub has_macros: bool,
    /// Whether cells refer to other files.
    pub has_external_links: bool,
}

/// What a workbook's properties say of its times, as written there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTimes {
    /// When it was made.
    pub created: Option<String>,
    /// When it was last saved.
    pub modified: Option<String>,
}

/// One sheet. Rows without any cell are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The name on the tab.
    pub name: String,
    /// Hidden by its user or by a program.
    pub hidden: bool,
    /// Rows in ascending order of [`Row::index`]; only rows with a non-empty cell or a formula.
    pub rows: Vec<Row>,
    /// Merged ranges.
    pub merges: Vec<Range>,
    /// Hidden rows, 0-based.
    pub hidden_rows: Vec<u32>,
    /// Hidden columns, 0-based.
    pub hidden_columns: Vec<u16>,
    /// Cells that hold a picture placed in the cell (WPS DISPIMG), and the
    /// anchors of floating pictures.
    pub pictures: Vec<Pos>,
    /// Whether the file's reader can tell how its numbers are shown.
    pub formats_known: bool,
    /// Numbers that are shown otherwise than they are stored, in ascending order.
    pub formats: Vec<(Pos, Shown)>,
}

/// How a cell shows its number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shown {
    /// The file's reader can't tell.
    #[default]
    Unknown,
    /// As it is stored.
    Plain,
    /// With so many decimal places: 11.1 as 11.10.
    Decimals(u8),
    /// As a percentage: 0.85 as 85%.
    Percent,
}

/// A row of cells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// 0-based row number in the sheet.
    pub index: u32,
    /// Cells in ascending order of column; empty cells are left out unless they hold a formula.
    pub cells: Vec<Cell>,
}

/// A cell with its 0-based column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// 0-based column number.
    pub column: u16,
    /// The stored value.
    pub value: Value,
    /// Whether the cell is computed; `value` is then what the file last saved.
    pub formula: bool,
}

/// A stored value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Nothing: only for a formula that has no saved result.
    Empty,
    /// Text as typed, untrimmed.
    Text(#[serde(with = "wire")] SmolStr),
    /// A number that is not formatted as a date.
    Number(f64),
    /// A number formatted as a date or time.
    Date(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
    /// An error value such as `#REF!`, as Excel writes it.
    Error(SmolStr),
}

/// A 0-based cell position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pos {
    /// 0-based row.
    pub row: u32,
    /// 0-based column.
    pub column: u16,
}

/// An inclusive rectangle of cells, 0-based.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// Top left cell.
    pub first: Pos,
    /// Bottom right cell.
    pub last: Pos,
}

impl Range {
    /// Whether `pos` lies inside.
    #[must_use]
    pub fn contains(&self, pos: Pos) -> bool {
        (self.first.row..=self.last.row).contains(&pos.row)
            && (self.first.column..=self.last.column).contains(&pos.column)
    }
}

impl Pos {
    /// Makes a position from 0-based row and column.
    #[must_use]
    pub fn new(row: u32, column: u16) -> Self {
        Self { row, column }
    }
}

/// Writes the position as people cite it: `B6`.
impl fmt::Display for Pos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.column), self.row + 1)
    }
}

/// The letters of a 0-based column: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

impl Value {
    /// The value as a person reads it in the cell; whole numbers without a
    /// decimal point, dates as `2024-11-05`, midnight left out.
    #[must_use]
    pub fn display(&self) -> SmolStr {
        match self {
            Self::Empty => SmolStr::default(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(number) => number.to_smolstr(),
            Self::Date(at) => {
                let (date, time) = (at.date(), at.time());
                let day = format_smolstr!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
                if time == chrono::NaiveTime::MIN {
                    return day;
                }
                format_smolstr!(
                    "{day} {:02}:{:02}:{:02}",
                    time.hour(),
                    time.minute(),
                    time.second()
                )
            }
            Self::Bool(true) => "TRUE".into(),
            Self::Bool(false) => "FALSE".into(),
        }
    }

    /// Whether nothing but white space stands here.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(super::text::is_space),
            _ => false,
        }
    }
}

impl Row {
    /// The cell in a 0-based column.
    #[must_use]
    pub fn cell(&self, column: u16) -> Option<&Cell> {
        self.cells
            .binary_search_by_key(&column, |cell| cell.column)
            .ok()
            .map(|found| &self.cells[found])
    }

    /// Whether no cell of the row holds anything visible.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells
            .iter()
            .all(|cell| cell.value.is_blank() && !cell.formula)
    }

    /// The first cell that is not blank.
    #[must_use]
    pub fn first_cell(&self) -> Option<&Cell> {
        self.cells.iter().find(|cell| !cell.value.is_blank())
    }
}

impl Sheet {
    /// The row with a 0-based index.
    #[must_use]
    pub fn row(&self, index: u32) -> Option<&Row> {
        self.rows
            .binary_search_by_key(&index, |row| row.index)
            .ok()
            .map(|found| &self.rows[found])
    }

    /// The stored cell at a position.
    #[must_use]
    pub fn cell(&self, pos: Pos) -> Option<&Cell> {
        self.row(pos.row)?.cell(pos.column)
    }

    /// How the number at a position is shown.
    #[must_use]
    pub fn shown(&self, pos: Pos) -> Shown {
        match self.formats.binary_search_by_key(&pos, |(at, _)| *at) {
            Ok(found) => self.formats[found].1,
            Err(_) if self.formats_known => Shown::Plain,
            Err(_) => Shown::Unknown,
        }
    }

    /// The merged range that covers a position.
    #[must_use]
    pub fn merge_at(&self, pos: Pos) -> Option<&Range> {
        self.merges.iter().find(|range| range.contains(pos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_follow_the_sheet() {
        assert_eq!(column_letters(0), "A");
        assert_eq!(column_letters(25), "Z");
        assert_eq!(column_letters(26), "AA");
        assert_eq!(column_letters(16383), "XFD");
        assert_eq!(Pos::new(5, 1).to_string(), "B6");
    }

    #[test]
    fn values_read_as_in_the_cell() {
        assert_eq!(Value::Number(3.0).display(), "3");
        assert_eq!(Value::Number(11.5).display(), "11.5");
        let date = chrono::NaiveDate::from_ymd_opt(2024, 11, 5).unwrap();
        assert_eq!(Value::Date(date.into()).display(), "2024-11-05");
    }
}
