//! Citizen identity numbers, in any cell of the file.

use super::{Case, Cell};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{SheetReading, contains_identity_number};
use crate::domain::table::{Pos, Value};

/// An identity number has at least 15 digits, in at least as many bytes.
const LEAST: usize = 15;

/// The cells of data rows. The number itself is never quoted.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    holds_one(&cell.field.text).then(|| cell.finding(Code::IdNumber))
}

/// All other cells: fill lines, extra columns, notes, other sheets.
pub(super) fn elsewhere(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for sheet in &case.workbook.sheets {
        let reading = case
            .reading
            .sheets
            .iter()
            .find(|reading| reading.sheet == sheet.name);
        for row in &sheet.rows {
            for cell in &row.cells {
                let pos = Pos::new(row.index, cell.column);
                if reading.is_some_and(|reading| is_data(reading, pos)) {
                    continue;
                }
                let holds = match &cell.value {
                    Value::Text(text) => holds_one(text),
                    Value::Number(number) => *number >= 1e14 && holds_one(&cell.value.display()),
                    _ => false,
                };
                if holds {
                    found.push(
                        Finding::new(Code::IdNumber)
                            .at(&sheet.name, pos)
                            .with("column", header_of(reading, cell.column)),
                    );
                }
            }
        }
    }
    found
}

fn holds_one(text: &str) -> bool {
    text.len() >= LEAST && contains_identity_number(text)
}

fn is_data(reading: &SheetReading, pos: Pos) -> bool {
    reading.header.columns.contains(&Some(pos.column))
        && reading.rows.binary_search_by_key(&pos.row, |row| row.row).is_ok()
}

/// The header of an extra column; empty elsewhere.
fn header_of(reading: Option<&SheetReading>, column: u16) -> &str {
    reading
        .and_then(|reading| {
            reading
                .header
                .extras
                .iter()
                .find(|(own, _)| *own == column)
                .map(|(_, text)| text.as_str())
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Bench, contact, field};
    use super::*;

    #[test]
    fn a_number_is_told_and_not_quoted() {
        for (text, told) in [
            ("张三；440823199001011234", true),
            ("张三；44082319900101123X", true),
            ("张三；13812345678、李四13987654321", false),
            ("张三；440823199013401234", false),
        ] {
            let found = Bench::new().ask(check, "contact", field(text, contact(&["张三"], &[], false)));
            assert_eq!(found.is_some(), told, "{text}");
            if let Some(finding) = found {
                assert!(finding.args.values().all(|value| !value.contains("4408")));
            }
        }
    }

    #[test]
    fn fill_lines_and_extra_columns_are_looked_at_too() {
        let mut bench = Bench::new().filled_row();
        let id = "440823199001011234";
        bench.reading.sheets[0].header.extras = vec![(9, "身份证".into())];
        bench.workbook.sheets[0] = fixture::sheet("台账", &[(2, 0, id), (5, 6, id), (5, 9, id)]);
        let found: Vec<(String, String)> = bench
            .findings(elsewhere)
            .into_iter()
            .map(|finding| (finding.cell().unwrap(), finding.args["column"].clone()))
            .collect();
        // G6 is a data cell, which the other function looks at.
        assert_eq!(
            found,
            [("A3".into(), String::new()), ("J6".into(), "身份证".into())]
        );
    }
}
