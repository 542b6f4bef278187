//! A date cell that holds no date.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DateProblem, Parsed};
use crate::domain::text::is_stroke;

/// A stroke in a required cell is an empty cell, not a wrong date; in an
/// optional one it says that there is none.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Dates(dates)
            if dates.problem == Some(DateProblem::Unreadable) && !is_stroke(&cell.field.text) =>
        {
            Some(cell.finding(Code::DateUnreadable).with("value", cell.value()))
        }
        Parsed::Day(None) if !is_stroke(&cell.field.text) => {
            Some(cell.finding(Code::DateUnreadable).with("value", cell.value()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, date_problem, dates, field};
    use super::*;

    #[test]
    fn only_what_is_no_date_is_told() {
        for (text, cell, told) in [
            ("2024年11月上旬", date_problem(DateProblem::Unreadable), true),
            ("/", date_problem(DateProblem::Unreadable), false),
            (
                "2024年2月30日",
                date_problem(DateProblem::Impossible { month: 2, day: 30 }),
                false,
            ),
            ("2024年11月5日", dates(&["2024-11-05"]), false),
        ] {
            let found = Bench::new().ask(check, "visit_date", field(text, cell));
            assert_eq!(found.is_some(), told, "{text}");
        }
    }
}
