//! Which findings are shown, and in which order.

use std::collections::HashMap;

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::table::Pos;

/// Findings of a value that can't be understood: the first of these at a cell
/// is the only one there.
const SPOILED: [Code; 11] = [
    Code::IdNumber,
    Code::FormulaWithoutValue,
    Code::Placeholder,
    Code::Required,
    Code::ExampleText,
    Code::DateUnreadable,
    Code::DateImpossible,
    Code::CountUnreadable,
    Code::NumberUnreadable,
    Code::NotInList,
    Code::PhoneUnreadable,
];

/// Drops what a column doesn't want told, and everything else at cells that
/// can't be understood; then sorts by the place in the file.
pub(super) fn arrange(case: &Case<'_>, mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.retain(|finding| !is_unwanted(case, finding));
    let mut spoiled: HashMap<(String, Pos), usize> = HashMap::new();
    for finding in &findings {
        if let (Some(sheet), Some(pos), Some(rank)) = (&finding.sheet, finding.pos, rank(finding.code)) {
            let least = spoiled.entry((sheet.clone(), pos)).or_insert(rank);
            *least = rank.min(*least);
        }
    }
    if !spoiled.is_empty() {
        findings.retain(|finding| {
            let place = finding.sheet.clone().zip(finding.pos);
            place
                .and_then(|place| spoiled.get(&place))
                .is_none_or(|least| rank(finding.code) == Some(*least))
        });
    }
    findings.sort_by_cached_key(|finding| place(case, finding));
    findings
}

fn rank(code: Code) -> Option<usize> {
    SPOILED.iter().position(|own| *own == code)
}

fn is_unwanted(case: &Case<'_>, finding: &Finding) -> bool {
    let layout = case
        .reading
        .sheets
        .iter()
        .find(|sheet| finding.sheet.as_ref() == Some(&sheet.sheet))
        .and_then(|sheet| case.form_sheet(sheet));
    finding
        .column
        .as_deref()
        .and_then(|key| layout?.column(key))
        .is_some_and(|(_, column)| column.without.contains(&finding.code))
}

/// The file first, then its sheets in order; on a sheet what concerns it as a
/// whole, then rows and columns.
fn place(case: &Case<'_>, finding: &Finding) -> (Option<usize>, Option<u32>, Option<u16>) {
    let sheet = finding.sheet.as_deref().map(|name| {
        case.workbook
            .sheets
            .iter()
            .position(|sheet| sheet.name == name)
            .unwrap_or(usize::MAX)
    });
    (sheet, finding.row, finding.pos.map(|pos| pos.column))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    fn at(code: Code, row: u32, column: u16) -> Finding {
        Finding::new(code).at("台账", Pos::new(row, column))
    }

    fn codes(bench: &Bench, findings: Vec<Finding>) -> Vec<&'static str> {
        arrange(&bench.case(), findings)
            .iter()
            .map(|finding| finding.code.as_str())
            .collect()
    }

    #[test]
    fn a_spoiled_cell_has_one_finding() {
        let found = codes(
            &Bench::new(),
            vec![
                at(Code::PhoneUnreadable, 5, 6),
                at(Code::MergedCellsFilled, 5, 6),
                at(Code::IdNumber, 5, 6),
                at(Code::DateOutOfPeriod, 5, 1),
                at(Code::DateYearAssumed, 5, 1),
            ],
        );
        assert_eq!(found, ["date-out-of-period", "date-year-assumed", "id-number"]);
    }

    #[test]
    fn findings_follow_the_sheet() {
        let found = codes(
            &Bench::new(),
            vec![
                at(Code::Required, 7, 1),
                at(Code::SeveralPlaces, 5, 2),
                at(Code::DateInFuture, 5, 1),
                Finding::new(Code::ColumnUnexpected).on_sheet("台账"),
                Finding::new(Code::MacrosIgnored),
            ],
        );
        assert_eq!(
            found,
            [
                "macros-ignored",
                "column-unexpected",
                "date-in-future",
                "several-places",
                "required"
            ]
        );
    }

    #[test]
    fn a_column_may_refuse_a_code() {
        let mut bench = Bench::new();
        bench.column("date").without.insert(Code::DateOutOfPeriod);
        let found = codes(
            &bench,
            vec![
                at(Code::DateOutOfPeriod, 5, 1).in_column("date"),
                at(Code::DateInFuture, 6, 1).in_column("date"),
            ],
        );
        assert_eq!(found, ["date-in-future"]);
    }
}
