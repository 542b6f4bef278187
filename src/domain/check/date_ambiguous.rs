//! A number that may be one day or another.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DateProblem, Parsed};

/// 11.1 may be the 1st or, its last nought lost, the 10th of November: both are named.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Dates(dates) = &cell.field.parsed else {
        return None;
    };
    let Some(DateProblem::Ambiguous { first, second }) = &dates.problem else {
        return None;
    };
    let words = cell.case.words;
    Some(
        cell.finding(Code::DateAmbiguous)
            .with("value", cell.value())
            .with("first", words.day(*first))
            .with("second", words.day(*second)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, date_problem, dates, field};
    use super::*;

    #[test]
    fn both_readings_are_named() {
        let day = |day: &str| day.parse().unwrap();
        let both = DateProblem::Ambiguous {
            first: day("2024-11-02"),
            second: day("2024-11-20"),
        };
        let found = Bench::new().ask(check, "visit_date", field("11.2", date_problem(both)));
        let found = found.unwrap();
        assert_eq!(
            (found.args["first"].as_str(), found.args["second"].as_str()),
            ("2024年11月2日", "2024年11月20日")
        );
        assert!(
            Bench::new()
                .ask(check, "visit_date", field("11.5", dates(&["2024-11-05"])))
                .is_none()
        );
    }
}
