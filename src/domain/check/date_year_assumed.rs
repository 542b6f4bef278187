//! A date without its year, or with two digits of it.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Says the dates that were read with the year that was added.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let dates = cell.dates()?;
    let year = dates.year_assumed?;
    Some(
        cell.finding(Code::DateYearAssumed)
            .with("value", cell.value())
            .with("year", year)
            .with("dates", cell.case.words.spans(&dates.spans)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;
    use crate::domain::ledger::Parsed;

    #[test]
    fn the_added_year_is_named() {
        for (assumed, told) in [(Some(2024), Some("2024")), (None, None)] {
            let Parsed::Dates(mut reading) = dates(&["2024-11-05"]) else {
                unreachable!()
            };
            reading.year_assumed = assumed;
            let found = Bench::new().ask(check, "visit_date", field("11月5日", Parsed::Dates(reading)));
            assert_eq!(found.map(|finding| finding.args["year"].clone()).as_deref(), told);
        }
    }
}
