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

/// Where a finding stands: the file first, then its sheets in order; on a
/// sheet what concerns it as a whole, then rows and columns.
pub(super) type Place = (Option<usize>, Option<u32>, Option<u16>);

/// What is told of a ledger, and in which order.
pub(super) struct Order<'a> {
    case: &'a Case<'a>,
    /// Cells that can't be understood, by sheet, with the rank of the one
    /// finding that is told there.
    spoiled: HashMap<(usize, Pos), usize>,
}

impl<'a> Order<'a> {
    pub(super) fn new(case: &'a Case<'a>) -> Self {
        Self {
            case,
            spoiled: HashMap::new(),
        }
    }

    /// Of the findings at one cell, keeps the one that says why it can't be
    /// understood, if there is such a one.
    pub(super) fn silence(&mut self, found: &mut Vec<Finding>) {
        let Some(least) = found.iter().filter_map(|finding| rank(finding.code)).min() else {
            return;
        };
        found.retain(|finding| rank(finding.code) == Some(least));
        if let Some(place) = found.first().and_then(|finding| self.cell(finding)) {
            self.spoiled.insert(place, least);
        }
    }

    /// Whether a finding at a cell is told: not beside a graver one that says
    /// why the cell can't be understood.
    pub(super) fn is_heard(&mut self, finding: &Finding) -> bool {
        let Some(place) = self.cell(finding) else {
            return true;
        };
        match (rank(finding.code), self.spoiled.get(&place)) {
            (None, least) => least.is_none(),
            (Some(own), Some(least)) if own > *least => false,
            (Some(own), _) => {
                self.spoiled.insert(place, own);
                true
            }
        }
    }

    /// Whether the column that a finding speaks of wants to hear of it.
    pub(super) fn is_wanted(&self, finding: &Finding) -> bool {
        let Some(key) = finding.column.as_deref() else {
            return true;
        };
        let mut sheets = self.case.reading.sheets.iter();
        let layout = sheets
            .find(|sheet| finding.sheet.as_ref() == Some(&sheet.sheet))
            .and_then(|sheet| self.case.form_sheet(sheet));
        let column = layout.and_then(|layout| layout.column(key));
        column.is_none_or(|(_, column)| !column.without.contains(&finding.code))
    }

    pub(super) fn place(&self, finding: &Finding) -> Place {
        let sheet = finding.sheet.as_deref().map(|name| self.sheet(name));
        (sheet, finding.row, finding.pos.map(|pos| pos.column))
    }

    fn cell(&self, finding: &Finding) -> Option<(usize, Pos)> {
        Some((self.sheet(finding.sheet.as_deref()?), finding.pos?))
    }

    fn sheet(&self, name: &str) -> usize {
        let sheets = &self.case.workbook.sheets;
        let own = sheets.iter().position(|sheet| sheet.name == name);
        own.unwrap_or(usize::MAX)
    }
}

fn rank(code: Code) -> Option<usize> {
    SPOILED.iter().position(|own| *own == code)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::super::tally::Tally;
    use super::*;

    fn at(code: Code, row: u32, column: u16) -> Finding {
        Finding::new(code).at("台账", Pos::new(row, column))
    }

    fn codes(bench: &Bench, findings: Vec<Finding>) -> Vec<&'static str> {
        let case = bench.case();
        let mut tally = Tally::new(&case, 500, false);
        tally.add(findings, 0);
        let (findings, _) = tally.finish();
        findings.iter().map(|finding| finding.code.as_str()).collect()
    }

    #[test]
    fn a_spoiled_cell_has_one_finding() {
        let mut found = vec![
            at(Code::PhoneUnreadable, 5, 6),
            at(Code::IdNumber, 5, 6),
            at(Code::ContactNameMissing, 5, 6),
        ];
        let bench = Bench::new();
        let case = bench.case();
        let mut order = Order::new(&case);
        order.silence(&mut found);
        let codes: Vec<Code> = found.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::IdNumber]);
        // Nor is anything else told there afterwards, by whatever check.
        for (code, column, heard) in [
            (Code::MergedCellsFilled, 6, false),
            (Code::PhoneUnreadable, 6, false),
            (Code::IdNumber, 6, true),
            (Code::MergedCellsFilled, 1, true),
        ] {
            assert_eq!(order.is_heard(&at(code, 5, column)), heard, "{code:?} {column}");
        }
    }

    #[test]
    fn cells_that_can_be_understood_keep_all() {
        let mut found = vec![at(Code::DateOutOfPeriod, 5, 1), at(Code::DateYearAssumed, 5, 1)];
        let bench = Bench::new();
        let case = bench.case();
        let mut order = Order::new(&case);
        order.silence(&mut found);
        assert_eq!(found.len(), 2);
        assert!(order.is_heard(&at(Code::MergedCellsFilled, 5, 1)));
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
        bench.column("visit_date").without.insert(Code::DateOutOfPeriod);
        let found = codes(
            &bench,
            vec![
                at(Code::DateOutOfPeriod, 5, 1).in_column("visit_date"),
                at(Code::DateInFuture, 6, 1).in_column("visit_date"),
            ],
        );
        assert_eq!(found, ["date-in-future"]);
    }
}
