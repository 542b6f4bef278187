//! A date outside the period.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::DateSpan;

/// One finding for all dates of the cell that lie outside, even in part.
/// A row that says 补报 has `late-row` instead.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let outside = outside(cell);
    if outside.is_empty() || cell.case.is_late(cell.sheet, cell.row, cell.dates()?) {
        return None;
    }
    let (start, end) = cell.case.span?;
    let words = cell.case.words;
    Some(
        cell.finding(Code::DateOutOfPeriod)
            .with("dates", words.spans(&outside))
            .with("start", words.day(start))
            .with("end", words.day(end)),
    )
}

/// The spans of a cell that don't lie within the period.
pub(super) fn outside(cell: &Cell<'_>) -> Vec<DateSpan> {
    let (Some(dates), Some((start, end))) = (cell.dates(), cell.case.span) else {
        return Vec::new();
    };
    dates
        .spans
        .iter()
        .copied()
        .filter(|span| span.from < start || span.to > end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;

    #[test]
    fn a_date_must_lie_within() {
        for (spans, told) in [
            (&["2024-11-01"][..], None),
            (&["2024-11-30"], None),
            (&["2024-11-05", "2024-10-31"], Some("2024年10月31日")),
            (&["2024-11-29..2024-12-01"], Some("2024年11月29日至12月1日")),
            (&["2023-11-05"], Some("2023年11月5日")),
            (&["2024-12-05"], Some("2024年12月5日")),
        ] {
            let found = Bench::new().ask(check, "date", field("x", dates(spans)));
            assert_eq!(
                found.map(|finding| finding.args["dates"].clone()).as_deref(),
                told
            );
        }
    }

    #[test]
    fn without_a_period_nothing_is_outside() {
        let mut bench = Bench::new();
        bench.period = None;
        assert!(
            bench
                .ask(check, "date", field("x", dates(&["2020-01-01"])))
                .is_none()
        );
    }
}
