//! A digest of what a reader sees in a workbook, by which one that we wrote is
//! known again under any name and in any place.
//!
//! It covers the names of the visible sheets and the position, kind and value
//! of each of their cells. So it is the same after the workbook was opened and
//! saved by another program, and another one as soon as somebody fills in or
//! corrects a cell. Hidden sheets hold the lists that cells offer for choice;
//! programs write those anew as they like, and nobody reads them.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::table::{Cell, Sheet, Value, Workbook};
use super::text::is_space;

/// What kind of workbook of ours a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A form to be filled in (填报表).
    Form,
    /// The marked-up copy of a returned ledger (审核意见).
    Copy,
    /// A master (汇总台账).
    Master,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Form, Self::Copy, Self::Master];

    fn as_str(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Copy => "copy",
            Self::Master => "master",
        }
    }

    /// The value of the property [`super::stamp::DIGEST`] for a digest.
    #[must_use]
    pub fn property(self, digest: &str) -> String {
        format!("{}-{digest}", self.as_str())
    }

    /// Kind and digest that a value of the property names.
    #[must_use]
    pub fn parse(property: &str) -> Option<(Self, &str)> {
        let (word, digest) = property.split_once('-')?;
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == word)?;
        Some((kind, digest))
    }
}

/// Hexadecimal digits of a digest.
pub const DIGITS: usize = 32;

/// The digest of a workbook as it was read: [`DIGITS`] hexadecimal digits.
#[must_use]
pub fn digest(workbook: &Workbook) -> String {
    let mut hash = Sha256::new();
    for sheet in workbook.sheets.iter().filter(|sheet| !sheet.hidden) {
        add_sheet(&mut hash, sheet);
    }
    let mut digits = String::with_capacity(DIGITS);
    for byte in hash.finalize().iter().take(DIGITS / 2) {
        // Writing to a text can't fail.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn add_sheet(hash: &mut Sha256, sheet: &Sheet) {
    add_text(hash, b'S', &sheet.name);
    for row in &sheet.rows {
        for cell in &row.cells {
            if cell.value.is_blank() && !cell.formula {
                continue;
            }
            hash.update(row.index.to_le_bytes());
            hash.update(cell.column.to_le_bytes());
            add_cell(hash, cell);
        }
    }
}

fn add_cell(hash: &mut Sha256, cell: &Cell) {
    if cell.formula {
        hash.update(b"=");
    }
    match &cell.value {
        Value::Empty => add_text(hash, b'E', ""),
        Value::Text(text) => add_text(hash, b'T', text),
        // To twelve digits: programs differ in the last ones.
        Value::Number(number) => add_text(hash, b'N', &format!("{number:.11e}")),
        Value::Date(_) => add_text(hash, b'D', &cell.value.display()),
        Value::Bool(_) => add_text(hash, b'B', &cell.value.display()),
        Value::Error(error) => add_text(hash, b'X', error),
    }
}

/// Takes a text; white space around it and the kind of its line breaks are
/// what programs change on saving. The length parts one text from the next.
fn add_text(hash: &mut Sha256, kind: u8, text: &str) {
    let text = text.trim_matches(is_space).replace('\r', "");
    hash.update([kind]);
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::table::{FileKind, Row};

    fn cell(column: u16, value: Value) -> Cell {
        Cell {
            column,
            value,
            formula: false,
        }
    }

    type Edit = fn(&mut Workbook);

    fn book() -> Workbook {
        let date = chrono::NaiveDate::from_ymd_opt(2024, 11, 5).unwrap();
        let row = |index, cells| Row { index, cells };
        let sheet = |name: &str, hidden, rows| Sheet {
            name: name.into(),
            hidden,
            rows,
            ..Sheet::default()
        };
        Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![
                sheet(
                    "台账",
                    false,
                    vec![
                        row(0, vec![cell(0, Value::Text("工作台账".into()))]),
                        row(
                            4,
                            vec![
                                cell(0, Value::Number(0.1 + 0.2)),
                                cell(1, Value::Date(date.into())),
                                cell(2, Value::Text("湛川村\n二组".into())),
                            ],
                        ),
                    ],
                ),
                sheet(
                    "选项",
                    true,
                    vec![row(0, vec![cell(0, Value::Text("一".into()))])],
                ),
            ],
            properties: BTreeMap::new(),
            times: crate::domain::table::FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        }
    }

    #[test]
    fn saving_it_again_changes_nothing() {
        let cases: [(&str, Edit); 6] = [
            ("the last digit", |book| {
                book.sheets[0].rows[1].cells[0].value = Value::Number(0.3);
            }),
            ("line breaks", |book| {
                book.sheets[0].rows[1].cells[2].value = Value::Text("湛川村\r\n二组".into());
            }),
            ("a blank cell", |book| {
                book.sheets[0].rows[1]
                    .cells
                    .push(cell(9, Value::Text(" ".into())));
            }),
            ("a list", |book| drop(book.sheets.pop())),
            ("the format", |book| book.kind = FileKind::Ods),
            ("a property", |book| {
                book.properties.insert("Application".into(), "WPS".into());
            }),
        ];
        for (what, edit) in cases {
            let mut changed = book();
            edit(&mut changed);
            assert_eq!(digest(&changed), digest(&book()), "{what}");
        }
        assert_eq!(digest(&book()).len(), DIGITS);
    }

    #[test]
    fn what_a_person_changes_shows() {
        let cases: [(&str, Edit); 7] = [
            ("a text", |book| {
                book.sheets[0].rows[1].cells[2].value = Value::Text("湛川村".into());
            }),
            ("a number", |book| {
                book.sheets[0].rows[1].cells[0].value = Value::Number(0.4);
            }),
            ("a number as text", |book| {
                book.sheets[0].rows[1].cells[0].value = Value::Text("0.3".into());
            }),
            ("a row moved", |book| book.sheets[0].rows[1].index = 5),
            ("a column moved", |book| {
                book.sheets[0].rows[1].cells[2].column = 3;
            }),
            ("a formula", |book| book.sheets[0].rows[1].cells[0].formula = true),
            ("a sheet's name", |book| book.sheets[0].name = "Sheet1".into()),
        ];
        for (what, edit) in cases {
            let mut changed = book();
            edit(&mut changed);
            assert_ne!(digest(&changed), digest(&book()), "{what}");
        }
    }

    #[test]
    fn the_property_tells_kind_and_digest() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(&kind.property("0a1b")), Some((kind, "0a1b")));
        }
        for other in ["", "form", "0a1b", "bulletin-0a1b"] {
            assert_eq!(Kind::parse(other), None, "{other}");
        }
    }
}
