//! Rows that are no data: examples, totals, notes other than the form's own,
//! signatures.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::ledger::{SheetReading, Skipped};
use crate::domain::text::name_key;

/// One finding a sheet and reason. Empty numbered rows are not worth a word;
/// repeated headers and 本期无 have findings of their own.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    [
        Skipped::Example,
        Skipped::Totals,
        Skipped::Note,
        Skipped::Signature,
    ]
    .into_iter()
    .filter_map(|reason| {
        let rows: Vec<u32> = sheet
            .skipped
            .iter()
            .filter(|(_, own)| *own == reason)
            .filter(|(row, _)| reason != Skipped::Note || !is_forms_own(case, sheet, *row))
            .map(|(row, _)| row + 1)
            .collect();
        let mut finding = Finding::new(Code::RowSkipped).on_sheet(&sheet.sheet);
        finding.row = Some(*rows.first()?);
        Some(
            finding
                .with("rows", case.words.rows(&rows))
                .with("reason", name(reason, case.words.0)),
        )
    })
    .collect()
}

/// Whether a line says what the form itself says below its table.
fn is_forms_own(case: &Case<'_>, sheet: &SheetReading, row: u32) -> bool {
    let notes = name_key(&case.form.notes.join("\n"));
    let sheets = &case.workbook.sheets;
    let line = sheets
        .iter()
        .find(|own| own.name == sheet.sheet)
        .and_then(|own| own.row(row)?.first_cell());
    let text = line.map_or_else(String::new, |cell| name_key(&cell.value.display()));
    !text.is_empty() && !notes.is_empty() && (notes.contains(&text) || text.ends_with(&notes))
}

fn name(reason: Skipped, language: Language) -> &'static str {
    match (reason, language) {
        (Skipped::Example, Language::Chinese) => "示例",
        (Skipped::Totals, Language::Chinese) => "合计",
        (Skipped::Signature, Language::Chinese) => "签名",
        (_, Language::Chinese) => "说明",
        (Skipped::Example, Language::English) => "an example",
        (Skipped::Totals, Language::English) => "totals",
        (Skipped::Signature, Language::English) => "a signature line",
        (_, Language::English) => "a note",
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn rows_are_named_by_reason() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].skipped = vec![
            (4, Skipped::Example),
            (9, Skipped::Note),
            (10, Skipped::Note),
            (11, Skipped::Unfilled),
            (12, Skipped::RepeatedHeader),
        ];
        let found: Vec<(Option<u32>, String)> = bench
            .sheet_findings(check)
            .into_iter()
            .map(|finding| (finding.row, finding.args["rows"].clone()))
            .collect();
        assert_eq!(
            found,
            [(Some(5), "5".to_owned()), (Some(10), "10、11".to_owned())]
        );
    }
}
