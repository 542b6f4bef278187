//! Sheets for tests of reading.

use crate::domain::table::{Cell, Pos, Range, Row, Sheet, Value};

/// Headers of the visits as units write them: the blank form has no list.
pub(crate) const HEADERS: [&str; 8] = [
    "序号",
    "调研时间",
    "调研地点",
    "调研内容",
    "调研成效",
    "解决问题数量",
    "联系人及联系方式",
    "备注",
];

/// A sheet from rows of texts: empty ones are no cells, whole numbers are numbers.
pub(crate) fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let cell = |(column, text): (usize, &&str)| {
        let value = text
            .parse::<f64>()
            .map_or_else(|_| Value::Text((*text).into()), Value::Number);
        (!text.is_empty()).then(|| Cell {
            column: u16::try_from(column).unwrap(),
            value,
            formula: false,
        })
    };
    let rows = rows.iter().enumerate().map(|(index, cells)| Row {
        index: u32::try_from(index).unwrap(),
        cells: cells.iter().enumerate().filter_map(cell).collect(),
    });
    Sheet {
        name: name.to_owned(),
        rows: rows.filter(|row| !row.cells.is_empty()).collect(),
        ..Sheet::default()
    }
}

/// The sheet with merged ranges, as people cite them (`A1:B2`, columns A–Z).
pub(crate) fn merged(mut sheet: Sheet, ranges: &[&str]) -> Sheet {
    let pos = |text: &str| {
        let column = u16::from(text.as_bytes()[0] - b'A');
        Pos::new(text[1..].parse::<u32>().unwrap() - 1, column)
    };
    sheet.merges = ranges
        .iter()
        .map(|range| {
            let (first, last) = range.split_once(':').unwrap();
            Range {
                first: pos(first),
                last: pos(last),
            }
        })
        .collect();
    sheet
}
