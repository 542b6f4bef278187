//! 零报告: the ledger declares that there was nothing to report.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Reading;
use crate::domain::program::Form;
use crate::domain::table::{Row, Value, Workbook};
use crate::domain::text::name_key;

/// Whether it is a nil report: declared by the file's name or in a cell, and
/// without data rows. With rows, the rows count and the words don't.
pub(super) fn declared(workbook: &Workbook, reading: &Reading, form: &Form, by_name: bool) -> bool {
    if reading.sheets.is_empty() {
        return (by_name || bare_word(workbook, form)) && !holds_table(workbook);
    }
    let has_rows = reading.sheets.iter().any(|sheet| !sheet.rows.is_empty());
    let in_table = reading.sheets.iter().any(|sheet| sheet.nil.is_some());
    !has_rows && (by_name || in_table)
}

/// Mentions it to the office.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if !case.nil {
        return Vec::new();
    }
    let place = case
        .reading
        .sheets
        .iter()
        .find_map(|sheet| Some((sheet.sheet.as_str(), sheet.nil?)));
    let finding = Finding::new(Code::NilReport);
    vec![match place {
        Some((sheet, pos)) => finding.at(sheet, pos),
        None => finding,
    }]
}

/// A workbook without any table that only says 本期无.
fn bare_word(workbook: &Workbook, form: &Form) -> bool {
    let mut texts = workbook
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(|row| &row.cells)
        .filter_map(|cell| match &cell.value {
            Value::Text(text) => Some(name_key(text)),
            _ => None,
        });
    texts.any(|text| form.nil_words.iter().any(|word| name_key(word) == text))
}

/// Whether some sheet holds a table, be it one whose header nobody knows: its
/// rows must not be lost because the file's name says 零报告.
fn holds_table(workbook: &Workbook) -> bool {
    workbook.sheets.iter().any(|sheet| {
        let filled = |row: &&Row| row.cells.iter().filter(|cell| !cell.value.is_blank()).count() > 2;
        sheet.rows.iter().filter(filled).count() > 1
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Bench};
    use super::*;
    use crate::domain::table::Pos;

    fn declared_by(bench: &Bench, by_name: bool) -> bool {
        declared(
            &bench.workbook,
            &bench.reading,
            &bench.program.material.forms()[0],
            by_name,
        )
    }

    #[test]
    fn rows_win_over_words() {
        let mut said = Bench::new();
        said.reading.sheets[0].nil = Some(Pos::new(5, 0));
        for (bench, by_name, expected) in [
            (Bench::new(), false, false),
            (Bench::new(), true, true),
            (said.clone(), false, true),
            (said.filled_row(), true, false),
        ] {
            assert_eq!(declared_by(&bench, by_name), expected);
        }
    }

    #[test]
    fn a_workbook_without_table_may_only_say_it() {
        for (text, expected) in [("本期 无。", true), ("本期无法完成", false)] {
            let mut bench = Bench::new();
            bench.reading.sheets.clear();
            bench.workbook.sheets[0] = fixture::sheet("Sheet1", &[(0, 0, text)]);
            assert_eq!(declared_by(&bench, false), expected, "{text}");
        }
    }

    #[test]
    fn a_name_does_not_hide_a_table() {
        let mut bench = Bench::new();
        bench.reading.sheets.clear();
        assert!(declared_by(&bench, true));
        let cells: Vec<(u32, u16, &str)> = (0..2)
            .flat_map(|row| (0..3).map(move |column| (row, column, "x")))
            .collect();
        bench.workbook.sheets[0] = fixture::sheet("Sheet1", &cells);
        assert!(!declared_by(&bench, true));
    }

    #[test]
    fn it_is_mentioned_where_it_stands() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].nil = Some(Pos::new(5, 0));
        assert_eq!(bench.codes(check), []);
        bench.nil = true;
        assert_eq!(bench.codes(check), [("nil-report", "A6".to_owned())]);
    }
}
