//! No table of the ledger was found.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::program::FormSheet;

/// One finding for a file without any table, or one for each sheet of the form
/// that is missing beside others. A nil report needs no table.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.nil {
        return Vec::new();
    }
    if case.reading.sheets.is_empty() {
        return case
            .form
            .sheets
            .first()
            .map(|layout| finding(case, layout, ""))
            .into_iter()
            .collect();
    }
    case.form
        .sheets
        .iter()
        .enumerate()
        .filter(|(index, layout)| {
            !layout.may_be_empty
                && case
                    .reading
                    .sheets
                    .iter()
                    .all(|sheet| sheet.header.form_sheet != *index)
        })
        .map(|(_, layout)| finding(case, layout, &layout.name))
        .collect()
}

fn finding(case: &Case<'_>, layout: &FormSheet, sheet: &str) -> Finding {
    let headers = layout
        .form_columns()
        .filter(|(_, column)| column.required)
        .map(|(_, column)| column.header.as_str());
    Finding::new(Code::HeaderNotFound)
        .with("columns", case.words.list(headers))
        .with("sheet", sheet)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn a_missing_table_is_named_by_its_columns() {
        let mut bench = Bench::new();
        assert_eq!(bench.codes(check), []);
        bench.reading.sheets.clear();
        let finding = bench.findings(check).remove(0);
        assert!(finding.args["columns"].contains("调研时间"));
        bench.nil = true;
        assert_eq!(bench.codes(check), []);
    }

    #[test]
    fn one_of_several_sheets_may_be_missing() {
        for (may_be_empty, told) in [(true, 0), (false, 1)] {
            let mut bench = Bench::new();
            let mut second = bench.program.material.forms()[0].sheets[0].clone();
            second.name = "第二张".into();
            second.may_be_empty = may_be_empty;
            bench.program.material.form_mut().sheets.push(second);
            assert_eq!(bench.codes(check).len(), told);
        }
    }
}
