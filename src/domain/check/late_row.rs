//! A row of an earlier period that says so (补报).

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Counts for the year, not for this period.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let dates = cell.dates()?;
    cell.case.is_late(cell.sheet, cell.row, dates).then(|| {
        cell.finding(Code::LateRow)
            .with("dates", cell.case.words.spans(&dates.spans))
    })
}

#[cfg(test)]
mod tests {
    use super::super::date_out_of_period;
    use super::super::fixture::{Bench, dates, field, text};
    use super::*;

    #[test]
    fn a_late_row_says_so_in_its_remark_or_explanation() {
        for (spans, remark, explanation, late, outside) in [
            (&["2024-10-08"][..], "补报10月", "", true, false),
            (&["2024-10-08"], "", "10月漏报，现补报", true, false),
            (&["2024-10-08"], "", "", false, true),
            (&["2024-10-30..2024-11-02"], "补报", "", false, true),
            (&["2024-12-08"], "补报", "", false, true),
            (&["2024-11-08"], "补报", "", false, false),
        ] {
            let mut bench =
                Bench::new().row(&[("visit_date", field("x", dates(spans))), ("remark", text(remark))]);
            bench.reading.sheets[0].rows[0].explanation = explanation.into();
            assert_eq!(
                bench.ask_first(check, "visit_date").is_some(),
                late,
                "{spans:?} {remark}{explanation}"
            );
            let refused = !bench.sheet_findings(date_out_of_period::check).is_empty();
            assert_eq!(refused, outside, "{spans:?} {remark}{explanation}");
        }
    }
}
