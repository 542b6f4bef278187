//! Queries that the row itself answers.

use std::collections::HashMap;

use super::Case;
use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, SheetReading};
use crate::domain::messages::comparable;

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
    /// where that is empty.
    pub(super) fn explain(&self, finding: &Finding) -> bool {
        self.said(finding)
            .is_some_and(|said| explains(&said, self.case.stock_phrases))
    }

    /// What stands in 情况说明 of a query's row although it explains nothing.
    pub(super) fn no_answer(&self, finding: &Finding) -> Option<String> {
        let row = finding.sheet.as_deref().zip(finding.row);
        let (_, row) = row.and_then(|place| self.rows.get(&place))?;
        let query = finding.severity() == Severity::Query && !finding.explained;
        (query && !row.explanation.is_empty()).then(|| row.explanation.clone())
    }

    /// What a query's row says.
    fn said(&self, finding: &Finding) -> Option<String> {
        let place = finding.sheet.as_deref().zip(finding.row);
        let (sheet, row) = place.and_then(|place| self.rows.get(&place))?;
        (finding.severity() == Severity::Query).then(|| self.case.explanation(sheet, row))
    }
}

/// Whether a text says something: at least four characters, stock phrases
/// apart, that are neither 无 nor punctuation. `stock` has the longest first.
fn explains(text: &str, stock: &[String]) -> bool {
    let mut rest = comparable(text);
    for phrase in stock.iter().filter(|phrase| !phrase.is_empty()) {
        if rest.contains(phrase.as_str()) {
            // What stood on both sides of it makes no new phrase.
            rest = rest.replace(phrase.as_str(), "。");
        }
    }
    rest.chars().filter(|c| c.is_alphanumeric() && *c != '无').count() >= 4
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, catalogue, place, places, text};
    use super::super::place_not_assigned;
    use super::*;
    use crate::domain::language::Language;

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
            ("情况属实", false),
            ("情况属实，已核实。", false),
            ("经核实无误 情况属实", false),
            ("情况属实，陪同调研", true),
            ("属实，受委托", false),
            ("已核实，系书记委托", true),
            ("Confirmed.", false),
            ("confirmed: visited with the mayor", true),
        ] {
            let both =
                [Language::Chinese, Language::English].map(|own| catalogue(own).stock_phrases().to_vec());
            assert_eq!(explains(said, &both.concat()), expected, "{said}");
        }
    }

    #[test]
    fn remarks_count_where_no_explanation_stands() {
        for (column, explanation, remark, explained) in [
            (Some(9), "陪同区领导调研", "", true),
            (Some(9), "", "陪同区领导调研", true),
            (Some(9), "情况属实", "陪同区领导调研", false),
            (Some(9), "", "情况属实", false),
            (None, "", "陪同区领导调研", true),
            (None, "", "无", false),
        ] {
            let mut bench = Bench::new().row(&[
                ("village", places(vec![place("罗屋村")])),
                ("remark", text(remark)),
            ]);
            let sheet = &mut bench.reading.sheets[0];
            sheet.header.explanation = column;
            sheet.rows[0].explanation = explanation.into();
            let mut finding = bench.ask_first(place_not_assigned::check, "village").unwrap();
            finding.explained = Explanations::of(&bench.case()).explain(&finding);
            assert_eq!(finding.explained, explained, "{column:?} {explanation}{remark}");
            assert_eq!(finding.returns_ledger(), !explained);
        }
    }
}
