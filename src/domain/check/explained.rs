//! Queries that the row itself answers.

use std::collections::HashMap;

use super::Case;
use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, SheetReading};

/// What the rows of a ledger say of themselves.
pub(super) struct Explanations<'a> {
    case: &'a Case<'a>,
    /// By the sheet's name and 1-based row.
    rows: HashMap<(&'a str, u32), (&'a SheetReading, &'a DataRow)>,
}

impl<'a> Explanations<'a> {
    pub(super) fn of(case: &'a Case<'a>) -> Self {
        let sheets = case.reading.sheets.iter();
        let rows = sheets
            .flat_map(|sheet| sheet.rows.iter().map(move |row| (sheet, row)))
            .map(|(sheet, row)| ((sheet.sheet.as_str(), row.row + 1), (sheet, row)));
        Self {
            case,
            rows: rows.collect(),
        }
    }

    /// Whether a finding is a query whose row says why: in 情况说明, or in 备注
    /// where the ledger has no such column.
    pub(super) fn explain(&self, finding: &Finding) -> bool {
        if finding.severity() != Severity::Query {
            return false;
        }
        let place = finding.sheet.as_deref().zip(finding.row);
        place
            .and_then(|place| self.rows.get(&place))
            .is_some_and(|(sheet, row)| explains(&self.case.explanation(sheet, row)))
    }
}

/// Whether a text says something: at least four characters that are neither
/// 无 nor punctuation.
fn explains(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphanumeric() && *c != '无').count() >= 4
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, place, places, text};
    use super::super::place_not_assigned;
    use super::*;

    #[test]
    fn four_characters_that_say_something_explain() {
        for (said, expected) in [
            ("陪同区领导调研", true),
            ("陪同调研", true),
            ("无", false),
            ("无无无无", false),
            ("陪同。。。", false),
            ("", false),
            ("joint visit", true),
        ] {
            assert_eq!(explains(said), expected, "{said}");
        }
    }

    #[test]
    fn remarks_count_only_without_a_column_for_explanations() {
        for (column, explanation, remark, explained) in [
            (Some(9), "陪同区领导调研", "", true),
            (Some(9), "", "陪同区领导调研", false),
            (None, "", "陪同区领导调研", true),
            (None, "", "无", false),
        ] {
            let mut bench =
                Bench::new().row(&[("place", places(vec![place("罗屋村")])), ("remark", text(remark))]);
            let sheet = &mut bench.reading.sheets[0];
            sheet.header.explanation = column;
            sheet.rows[0].explanation = explanation.into();
            let mut finding = bench.ask_first(place_not_assigned::check, "place").unwrap();
            finding.explained = Explanations::of(&bench.case()).explain(&finding);
            assert_eq!(finding.explained, explained, "{column:?} {explanation}{remark}");
            assert_eq!(finding.returns_ledger(), !explained);
        }
    }
}
