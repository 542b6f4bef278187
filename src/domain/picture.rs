//! A workbook as somebody sees it who opens it: the letters and numbers of its
//! cells, what is merged and what is hidden. It is kept beside a submission, so
//! that looking at one opens no stranger's file.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use super::ledger::mask_identity_numbers;
use super::table::{Pos, Range, Row, Sheet, Shown, Value, Workbook};

/// Rows of a sheet that are kept from its beginning.
pub const ROWS: usize = 200;

/// Columns that are kept.
pub const COLUMNS: u16 = 40;

/// Sheets that are kept.
const SHEETS: usize = 12;

/// Rows beside those of the beginning, around findings.
const AROUND: usize = 600;

/// Longest text of a cell that is kept, in characters.
const LONGEST: usize = 2_000;

/// The sheets of a workbook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// In their order; hidden ones too.
    pub sheets: Vec<SheetPicture>,
    /// Sheets that aren't kept.
    pub further: u32,
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPicture {
    /// The name on the tab.
    pub name: String,
    /// It is hidden.
    pub hidden: bool,
    /// Its rows with anything in them, in ascending order.
    pub rows: Vec<RowPicture>,
    /// How many rows with anything in them it has in all.
    pub in_all: u32,
    /// Columns that are kept, from the first; 1 at the least.
    pub columns: u16,
    /// Further columns have something in them.
    pub wider: bool,
    /// Hidden columns among those.
    pub hidden_columns: Vec<u16>,
    /// Merged cells within what is kept.
    pub merges: Vec<Range>,
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowPicture {
    /// 0-based.
    pub index: u32,
    /// It is hidden.
    pub hidden: bool,
    /// 0-based columns with what is read there; identity numbers masked.
    pub cells: Vec<(u16, String)>,
}

/// The picture of a workbook: of each sheet the first [`ROWS`] rows, and those
/// around each finding.
#[must_use]
pub fn picture(workbook: &Workbook, findings: &[Finding]) -> Picture {
    let kept = workbook.sheets.iter().take(SHEETS);
    let sheets = kept.map(|sheet| {
        let around = around(sheet, findings);
        let first = sheet.rows.iter().take(ROWS);
        let later = sheet.rows.iter().skip(ROWS);
        let later = later.filter(|row| around.contains(&row.index)).take(AROUND);
        of_sheet(sheet, first.chain(later))
    });
    Picture {
        sheets: sheets.collect(),
        further: u32::try_from(workbook.sheets.len().saturating_sub(SHEETS)).unwrap_or(u32::MAX),
    }
}

/// Rows of a sheet from one on, by their place among those with anything in them.
#[must_use]
pub fn rows_from(sheet: &Sheet, from: usize, most: usize) -> SheetPicture {
    of_sheet(sheet, sheet.rows.iter().skip(from).take(most))
}

/// The rows that findings of a sheet speak of, and their neighbours.
fn around(sheet: &Sheet, findings: &[Finding]) -> BTreeSet<u32> {
    let own = findings
        .iter()
        .filter(|own| own.sheet.as_deref() == Some(sheet.name.as_str()));
    own.filter_map(|own| {
        own.pos
            .map(|pos| pos.row)
            .or(own.row.map(|row| row.saturating_sub(1)))
    })
    .flat_map(|row| row.saturating_sub(1)..=row.saturating_add(1))
    .collect()
}

fn of_sheet<'a>(sheet: &'a Sheet, rows: impl Iterator<Item = &'a Row>) -> SheetPicture {
    let rows: Vec<RowPicture> = rows.map(|row| of_row(sheet, row)).collect();
    let used = sheet
        .rows
        .iter()
        .filter_map(|row| row.cells.last())
        .map(|own| own.column);
    let widest = used.max().map_or(1, |last| last.saturating_add(1));
    let columns = widest.min(COLUMNS);
    let shown: BTreeSet<u32> = rows.iter().map(|row| row.index).collect();
    let within = |range: &&Range| shown.contains(&range.first.row) && range.first.column < columns;
    let hidden = sheet.hidden_columns.iter().copied();
    SheetPicture {
        name: sheet.name.clone(),
        hidden: sheet.hidden,
        in_all: u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX),
        columns,
        wider: widest > COLUMNS,
        hidden_columns: hidden.filter(|own| *own < columns).collect(),
        merges: sheet.merges.iter().filter(within).take(AROUND).copied().collect(),
        rows,
    }
}

fn of_row(sheet: &Sheet, row: &Row) -> RowPicture {
    let cells = row.cells.iter().filter(|cell| cell.column < COLUMNS);
    let cells = cells.filter_map(|cell| {
        let text = as_read(&cell.value, sheet.shown(Pos::new(row.index, cell.column)));
        (!text.is_empty()).then_some((cell.column, text))
    });
    RowPicture {
        index: row.index,
        hidden: sheet.hidden_rows.contains(&row.index),
        cells: cells.collect(),
    }
}

/// What is read in a cell.
fn as_read(value: &Value, shown: Shown) -> String {
    let text = match (value, shown) {
        (Value::Number(number), Shown::Percent) => format!("{}%", (number * 1e6).round() / 1e4),
        (Value::Number(number), Shown::Decimals(places)) => format!("{number:.*}", usize::from(places)),
        _ => value.display().to_string(),
    };
    let text = mask_identity_numbers(&text);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::table::{Cell, FileKind, FileTimes};

    fn row(index: u32, texts: &[&str]) -> Row {
        let cells = (0_u16..).zip(texts).map(|(column, text)| Cell {
            column,
            value: Value::Text((*text).into()),
            formula: false,
        });
        Row {
            index,
            cells: cells.collect(),
        }
    }

    fn book(rows: Vec<Row>) -> Workbook {
        Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![Sheet {
                name: "台账".into(),
                rows,
                ..Sheet::default()
            }],
            properties: std::collections::BTreeMap::default(),
            times: FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        }
    }

    #[test]
    fn the_beginning_is_kept_and_what_surrounds_a_finding() {
        let all = (0..1_000).map(|index| row(index, &["甲"])).collect();
        let finding = Finding::new(Code::Rejected).at("台账", Pos::new(700, 0));
        let elsewhere = Finding::new(Code::Rejected).at("别处", Pos::new(900, 0));
        let kept = picture(&book(all), &[finding, elsewhere]);
        let indices: Vec<u32> = kept.sheets[0].rows.iter().map(|row| row.index).collect();
        assert_eq!(indices.len(), ROWS + 3);
        assert_eq!(&indices[ROWS..], [699, 700, 701]);
        assert_eq!(kept.sheets[0].in_all, 1_000);
    }

    #[test]
    fn numbers_are_read_as_the_file_shows_them() {
        assert_eq!(as_read(&Value::Number(0.85), Shown::Percent), "85%");
        assert_eq!(as_read(&Value::Number(11.1), Shown::Decimals(2)), "11.10");
        assert_eq!(as_read(&Value::Number(3.0), Shown::Plain), "3");
        let id = as_read(&Value::Text("440825199001011234".into()), Shown::Plain);
        assert!(!id.contains("19900101"), "{id}");
        let long = as_read(&Value::Text("长".repeat(5_000).into()), Shown::Plain);
        assert_eq!(long.chars().count(), LONGEST + 1);
    }

    #[test]
    fn what_is_hidden_wide_or_merged_is_said() {
        let wide: Vec<&str> = vec!["x"; 50];
        let mut own = book(vec![row(0, &wide), row(1, &["甲"])]);
        own.sheets[0].hidden_rows = vec![1];
        own.sheets[0].hidden_columns = vec![2, 45];
        let merged = |first, last| Range { first, last };
        own.sheets[0].merges = vec![
            merged(Pos::new(0, 0), Pos::new(0, 3)),
            merged(Pos::new(9, 0), Pos::new(9, 3)),
        ];
        let kept = picture(&own, &[]);
        let sheet = &kept.sheets[0];
        assert!(sheet.wider && sheet.rows[1].hidden && !sheet.rows[0].hidden);
        assert_eq!(
            (sheet.columns, sheet.hidden_columns.as_slice()),
            (COLUMNS, &[2][..])
        );
        assert_eq!(
            sheet.merges.len(),
            1,
            "that of a row that isn't there is left out"
        );
        assert_eq!(rows_from(&own.sheets[0], 1, 200).rows.len(), 1);
    }
}
