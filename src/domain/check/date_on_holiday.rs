//! A date on a day off: quite usual for visits, counted only.

use super::Cell;
use super::date_out_of_period::outside;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Names the first such day of the cell.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    if !outside(cell).is_empty() {
        return None;
    }
    let words = cell.case.words;
    let (date, day) = cell
        .dates()?
        .spans
        .iter()
        .flat_map(|span| span.days())
        .find_map(|date| Some((date, words.day_off(date, cell.case.calendar)?)))?;
    Some(
        cell.finding(Code::DateOnHoliday)
            .with("date", words.day(date))
            .with("day", day),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;

    #[test]
    fn the_first_day_off_is_named() {
        for (spans, told) in [
            (&["2024-11-09"][..], Some("2024年11月9日 星期六")),
            (&["2024-11-08..2024-11-11"], Some("2024年11月9日 星期六")),
            (&["2024-11-08", "2024-11-11"], None),
            (&["2023-11-05"], None),
        ] {
            let found = Bench::new().ask(check, "visit_date", field("x", dates(spans)));
            let said = found.map(|finding| format!("{} {}", finding.args["date"], finding.args["day"]));
            assert_eq!(said.as_deref(), told, "{spans:?}");
        }
    }
}
