//! Filling in the form of any register, whatever its columns.

use std::collections::BTreeMap;

use taizhang::domain::table::Workbook;

use crate::harness::{cells, names, save_with};

/// A line of a form: its row in the sheet, and its cells by their headers.
pub struct Line {
    pub row: u32,
    pub cells: BTreeMap<String, String>,
}

/// The lines of a sheet that stand ready under a header with 序号.
pub fn lines(book: &Workbook, sheet: &str) -> Vec<Line> {
    let cells = cells(book, sheet);
    let Some(head) = cells.iter().find(|(_, text)| *text == "序号").map(|own| own.0) else {
        return Vec::new();
    };
    let head = row_of(head);
    let headers: BTreeMap<&str, &str> = cells
        .iter()
        .filter(|(cell, _)| row_of(cell) == head)
        .map(|(cell, text)| (column_of(cell), text.as_str()))
        .collect();
    let mut lines: BTreeMap<u32, BTreeMap<String, String>> = BTreeMap::new();
    for (cell, text) in &cells {
        if let Some(header) = headers.get(column_of(cell)).filter(|_| row_of(cell) > head) {
            let line = lines.entry(row_of(cell)).or_default();
            line.insert((*header).to_owned(), text.clone());
        }
    }
    let lines = lines.into_iter().map(|(row, cells)| Line { row, cells });
    lines
        .filter(|line| {
            line.cells
                .get("序号")
                .is_some_and(|number| !number.starts_with('注'))
        })
        .collect()
}

/// The form with its fill lines, and in each line what `say` gives for it by header.
pub fn filled<'h>(
    book: &Workbook,
    fill: &[(&str, &str)],
    say: impl Fn(&str, &Line) -> Vec<(&'h str, String)>,
) -> Vec<u8> {
    let mut changes: Vec<(String, String, String)> = Vec::new();
    for sheet in names(book) {
        let cells = cells(book, sheet);
        for (label, value) in fill {
            let found = cells.iter().find(|(_, text)| text.starts_with(label));
            if let Some((cell, _)) = found {
                let next = char::from(column_of(cell).as_bytes()[0] + 1);
                changes.push((
                    sheet.to_owned(),
                    format!("{next}{}", row_of(cell)),
                    (*value).to_owned(),
                ));
            }
        }
        for line in lines(book, sheet) {
            for (header, text) in say(sheet, &line) {
                let (cell, _) = cells.iter().find(|(_, own)| *own == header).expect(header);
                changes.push((sheet.to_owned(), format!("{}{}", column_of(cell), line.row), text));
            }
        }
    }
    let changes: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|(sheet, cell, text)| (sheet.as_str(), cell.as_str(), text.as_str()))
        .collect();
    save_with(book, &changes)
}

/// A form with rows of its own: what stands in each by its header.
pub fn listed(book: &Workbook, fill: &[(&str, &str)], rows: &[Vec<(&str, String)>]) -> Vec<u8> {
    let sheet = names(book)[0].to_owned();
    let cells = cells(book, &sheet);
    let (head, _) = cells.iter().find(|(_, text)| *text == "序号").expect("a header");
    let first: u32 = head[1..].parse().unwrap();
    let mut changes: Vec<(String, String)> = Vec::new();
    for (label, value) in fill {
        if let Some((cell, _)) = cells.iter().find(|(_, text)| text.starts_with(label)) {
            let next = char::from(cell.as_bytes()[0] + 1);
            changes.push((format!("{next}{}", &cell[1..]), (*value).to_owned()));
        }
    }
    for (at, row) in (first + 1..).zip(rows) {
        for (header, text) in row {
            let (cell, _) = cells.iter().find(|(_, own)| *own == header).expect(header);
            changes.push((format!("{}{at}", &cell[..1]), text.clone()));
        }
    }
    let changes: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|(cell, text)| (sheet.as_str(), cell.as_str(), text.as_str()))
        .collect();
    save_with(book, &changes)
}

fn row_of(cell: &str) -> u32 {
    cell.trim_start_matches(|c: char| c.is_ascii_uppercase())
        .parse()
        .unwrap()
}

fn column_of(cell: &str) -> &str {
    cell.trim_end_matches(|c: char| c.is_ascii_digit())
}
