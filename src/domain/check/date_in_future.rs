//! A date that had not come when the ledger was filled in.

use super::Cell;
use super::date_out_of_period::outside;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::DateSpan;

/// Speaks only within the period: a date outside has `date-out-of-period`.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let dates = cell.dates()?;
    let latest = cell.case.latest_day();
    let ahead: Vec<DateSpan> = dates
        .spans
        .iter()
        .copied()
        .filter(|span| span.to > latest)
        .collect();
    if ahead.is_empty() || !outside(cell).is_empty() {
        return None;
    }
    let words = cell.case.words;
    Some(
        cell.finding(Code::DateInFuture)
            .with("dates", words.spans(&ahead))
            .with("latest", words.day(latest))
            .with("filled", if latest == cell.case.today { "" } else { "true" }),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;

    #[test]
    fn the_day_of_filling_in_is_the_limit() {
        for (today, filled_on, span, told) in [
            ("2024-12-02", Some("2024-12-02"), "2024-11-30", false),
            ("2024-11-20", None, "2024-11-20", false),
            ("2024-11-20", None, "2024-11-21", true),
            ("2024-12-02", Some("2024-11-20"), "2024-11-21", true),
            // An implausible day of filling in is not held against the rows.
            ("2024-12-02", Some("2024-10-20"), "2024-11-21", false),
            ("2024-12-02", Some("2024-12-30"), "2024-11-21", false),
            // Outside the period as well: told once, by the other check.
            ("2024-12-02", None, "2024-12-05", false),
        ] {
            // Another row, of before the day of filling in.
            let earlier = field("2024-11-05", dates(&["2024-11-05"]));
            let mut bench = Bench::new()
                .row(&[("visit_date", field("x", dates(&[span])))])
                .row(&[("visit_date", earlier)]);
            bench.today = today.parse().unwrap();
            bench.filled_on = filled_on.map(|day| day.parse().unwrap());
            let found = bench.ask_first(check, "visit_date");
            assert_eq!(found.is_some(), told, "{today} {filled_on:?} {span}");
        }
    }
}
