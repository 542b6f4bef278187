//! Data in hidden rows, columns or sheets: read and counted, and mentioned.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::SheetReading;
use crate::domain::program::ColumnKind;
use crate::domain::table::{Sheet, column_letters};
use crate::domain::text::tidy;

/// One finding a sheet that says what is hidden there.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.workbook
        .sheets
        .iter()
        .filter_map(|sheet| {
            let reading = case
                .reading
                .sheets
                .iter()
                .find(|reading| reading.sheet == sheet.name);
            let (rows, columns) = match reading {
                Some(reading) => (hidden_rows(reading), hidden_columns(sheet, reading)),
                None => (Vec::new(), Vec::new()),
            };
            let whole = sheet.hidden && holds_data(case, sheet, reading);
            if rows.is_empty() && columns.is_empty() && !whole {
                return None;
            }
            Some(
                Finding::new(Code::HiddenContent)
                    .on_sheet(&sheet.name)
                    .with("sheet", &sheet.name)
                    .with("whole", if whole { "true" } else { "" })
                    .with("rows", case.words.rows(&rows))
                    .with("columns", case.words.list(columns)),
            )
        })
        .collect()
}

fn hidden_rows(reading: &SheetReading) -> Vec<u32> {
    reading
        .rows
        .iter()
        .filter(|row| row.hidden)
        .map(|row| row.row + 1)
        .collect()
}

fn hidden_columns(sheet: &Sheet, reading: &SheetReading) -> Vec<String> {
    sheet
        .hidden_columns
        .iter()
        .filter(|column| {
            reading.rows.iter().any(|row| {
                sheet
                    .row(row.row)
                    .and_then(|row| row.cell(**column))
                    .is_some_and(|cell| !cell.value.is_blank())
            })
        })
        .map(|column| column_letters(*column))
        .collect()
}

/// Whether a hidden sheet holds more than the lists behind the dropdowns of
/// our own forms: places of the roster and values of choice columns.
fn holds_data(case: &Case<'_>, sheet: &Sheet, reading: Option<&SheetReading>) -> bool {
    if let Some(reading) = reading {
        return !reading.rows.is_empty();
    }
    let choices: Vec<&str> = case
        .form
        .sheets
        .iter()
        .flat_map(|layout| &layout.columns)
        .filter_map(|column| match &column.kind {
            ColumnKind::Choice(choices) => Some(choices),
            _ => None,
        })
        .flatten()
        .map(|choice| choice.name.as_str())
        .collect();
    sheet
        .rows
        .iter()
        .flat_map(|row| &row.cells)
        .filter(|cell| !cell.value.is_blank())
        .any(|cell| {
            let text = tidy(&cell.value.display());
            !case.places.contains(&text.as_str()) && !choices.contains(&text.as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Bench};
    use super::*;

    #[test]
    fn hidden_rows_and_columns_count_only_with_data() {
        let mut bench = Bench::new().filled_row();
        bench.workbook.sheets[0] = fixture::sheet("台账", &[(5, 1, "2024年11月5日"), (5, 7, "")]);
        bench.workbook.sheets[0].hidden_columns = vec![7, 9];
        assert_eq!(bench.codes(check), []);
        bench.workbook.sheets[0].hidden_columns = vec![1];
        bench.reading.sheets[0].rows[0].hidden = true;
        let finding = bench.findings(check).remove(0);
        assert_eq!(
            (finding.args["rows"].as_str(), finding.args["columns"].as_str()),
            ("6", "B")
        );
    }

    #[test]
    fn our_own_list_sheet_is_no_content() {
        for (text, told) in [("塘沟村", false), ("上月明细", true)] {
            let mut bench = Bench::new();
            let mut hidden = fixture::sheet("选项", &[(0, 0, "金屋村"), (1, 0, text)]);
            hidden.hidden = true;
            bench.workbook.sheets.push(hidden);
            assert_eq!(bench.codes(check).len(), usize::from(told), "{text}");
        }
    }
}
