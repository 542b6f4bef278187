//! Tables beside a definition, as people keep them.

use super::table::{Sheet, Workbook};
use super::text::{name_key, tidy};

/// A CSV or workbook table: a header and rows of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTable {
    /// Header cells.
    pub header: Vec<String>,
    /// Rows with their 1-based line in the file.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl SourceTable {
    /// Reads CSV text, a byte order mark or not. Blank lines are left out.
    ///
    /// # Errors
    /// The first line that is no CSV, in words.
    pub fn from_csv(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut lines = Lines::of(text);
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| error.to_string())?;
            let start = record.position().map_or(0, csv::Position::byte);
            rows.push((lines.at(start), record.iter().map(tidy).collect()));
        }
        Ok(Self::from_rows(rows))
    }

    /// Takes the first visible sheet of a workbook that holds anything.
    #[must_use]
    pub fn from_workbook(workbook: &Workbook) -> Self {
        let rows = Self::sheet_of(workbook)
            .map_or(&[][..], |sheet| &sheet.rows)
            .iter()
            .map(|row| {
                let width = row.cells.last().map_or(0, |cell| usize::from(cell.column) + 1);
                let mut cells = vec![String::new(); width];
                for cell in &row.cells {
                    cells[usize::from(cell.column)] = tidy(&cell.value.display());
                }
                (row.index as usize + 1, cells)
            });
        Self::from_rows(rows.collect())
    }

    /// The first visible sheet of a workbook that holds anything.
    #[must_use]
    pub fn sheet_of(workbook: &Workbook) -> Option<&Sheet> {
        let mut sheets = workbook.sheets.iter();
        sheets.find(|sheet| !sheet.hidden && sheet.rows.iter().any(|row| !row.is_blank()))
    }

    /// The first row with more than one cell filled in is the header: a title
    /// above it, as offices like to write, is passed over.
    fn from_rows(rows: Vec<(usize, Vec<String>)>) -> Self {
        let filled = |row: &[String]| row.iter().filter(|cell| !cell.is_empty()).count();
        let mut rows = rows
            .into_iter()
            .filter(|(_, row)| filled(row) > 0)
            .skip_while(|(_, row)| filled(row) < 2);
        Self {
            header: rows.next().map(|(_, header)| header).unwrap_or_default(),
            rows: rows.collect(),
        }
    }
}

/// The place of a column by its header, however that is written.
#[must_use]
pub fn column_of(header: &[String], name: &str) -> Option<usize> {
    let key = name_key(name);
    header.iter().position(|own| name_key(own) == key)
}

/// Counts lines up to a growing position. The reader's own count stands
/// before the line breaks and blank lines that precede a record.
struct Lines<'t> {
    bytes: &'t [u8],
    place: usize,
    line: usize,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Self {
        Self {
            bytes: text.as_bytes(),
            place: 0,
            line: 1,
        }
    }

    /// The 1-based line of the first character at or after `start` that is no line break.
    fn at(&mut self, start: u64) -> usize {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        while let Some(byte) = self.bytes.get(self.place) {
            let breaks = matches!(byte, b'\r' | b'\n');
            if self.place >= start && !breaks {
                break;
            }
            let pair = *byte == b'\r' && self.bytes.get(self.place + 1) == Some(&b'\n');
            self.line += usize::from(breaks && !pair);
            self.place += 1;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::table::{Cell, FileKind, Row, Value};

    #[test]
    fn csv_keeps_its_line_numbers() {
        let table =
            SourceTable::from_csv("\u{feff}编号,名称\r\n\r\nU01,\"甲\n办\"\r\n,,\r\nU02,乙办\r\n").unwrap();
        assert_eq!(table.header, ["编号", "名称"]);
        assert_eq!(
            table.rows,
            [
                (3, vec!["U01".to_owned(), "甲\n办".to_owned()]),
                (6, vec!["U02".to_owned(), "乙办".to_owned()]),
            ]
        );
    }

    #[test]
    fn a_title_above_the_header_is_passed_over() {
        let row = |index, cells: &[(u16, &str)]| Row {
            index,
            cells: cells
                .iter()
                .map(|(column, text)| Cell {
                    column: *column,
                    value: Value::Text((*text).into()),
                    formula: false,
                })
                .collect(),
        };
        let sheet = Sheet {
            rows: vec![
                row(0, &[(0, "填报单位名册")]),
                row(2, &[(0, "编号"), (1, "名称")]),
                row(3, &[(1, " 甲办 ")]),
            ],
            ..Sheet::default()
        };
        let workbook = Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![sheet],
            properties: BTreeMap::new(),
            times: crate::domain::table::FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        };
        let table = SourceTable::from_workbook(&workbook);
        assert_eq!(table.header, ["编号", "名称"]);
        assert_eq!(table.rows, [(4, vec![String::new(), "甲办".to_owned()])]);
    }
}
