//! Nothing was filled in, and nobody declared that there was nothing to report.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::SheetReading;

/// One finding for an empty ledger, or for each sheet of the form that must
/// not stay empty beside others with rows.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(first) = case.reading.sheets.first() else {
        return Vec::new();
    };
    // Of a register the items that are missing are named one by one.
    if case.nil || (case.register.is_some() && case.unit.is_some()) {
        return Vec::new();
    }
    if case.row_count() == 0 {
        return vec![finding(case, first, "")];
    }
    case.form
        .sheets
        .iter()
        .enumerate()
        .filter(|(_, layout)| !layout.may_be_empty)
        .filter_map(|(index, _)| {
            let mut sheets = case
                .reading
                .sheets
                .iter()
                .filter(|sheet| sheet.header.form_sheet == index);
            if sheets
                .clone()
                .any(|sheet| !sheet.rows.is_empty() || sheet.nil.is_some())
            {
                return None;
            }
            sheets.next().map(|sheet| finding(case, sheet, &sheet.sheet))
        })
        .collect()
}

fn finding(case: &Case<'_>, sheet: &SheetReading, named: &str) -> Finding {
    Finding::new(Code::NoRows)
        .on_sheet(&sheet.sheet)
        .with("sheet", named)
        .with("word", case.form.nil_words.first().map_or("", String::as_str))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    #[test]
    fn an_empty_ledger_must_say_so() {
        assert_eq!(Bench::new().codes(check), [("no-rows", String::new())]);
        assert_eq!(Bench::new().filled_row().codes(check), []);
        let mut nil = Bench::new();
        nil.nil = true;
        assert_eq!(nil.codes(check), []);
    }

    #[test]
    fn a_second_sheet_may_be_empty_if_the_form_says_so() {
        for (may_be_empty, nil, told) in [
            (true, None, 0),
            (false, None, 1),
            (false, Some(Pos::new(5, 0)), 0),
        ] {
            let mut bench = Bench::new().filled_row();
            let mut layout = bench.program.material.forms()[0].sheets[0].clone();
            layout.may_be_empty = may_be_empty;
            bench.program.material.form_mut().sheets.push(layout);
            let mut second = bench.reading.sheets[0].clone();
            second.header.form_sheet = 1;
            second.rows.clear();
            second.nil = nil;
            bench.reading.sheets.push(second);
            assert_eq!(bench.codes(check).len(), told, "{may_be_empty} {nil:?}");
        }
    }
}
