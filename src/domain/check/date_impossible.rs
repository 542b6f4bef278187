//! A day that no calendar has.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DateProblem, Parsed};

/// Names month and day as written.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Dates(dates) => match dates.problem {
            Some(DateProblem::Impossible { month, day }) => Some(
                cell.finding(Code::DateImpossible)
                    .with("value", cell.value())
                    .with("month", month)
                    .with("day", day),
            ),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, date_problem, dates, field};
    use super::*;

    #[test]
    fn month_and_day_are_named() {
        let impossible = date_problem(DateProblem::Impossible { month: 11, day: 31 });
        let found = Bench::new()
            .ask(check, "visit_date", field("2024年11月31日", impossible))
            .unwrap();
        assert_eq!(
            (found.args["month"].as_str(), found.args["day"].as_str()),
            ("11", "31")
        );
        for other in [date_problem(DateProblem::Unreadable), dates(&["2024-11-30"])] {
            assert!(Bench::new().ask(check, "visit_date", field("x", other)).is_none());
        }
    }
}
