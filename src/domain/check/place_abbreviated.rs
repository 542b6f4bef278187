//! A place written short, with a hamlet, or in traditional characters.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Names the place for which it was taken; one finding a cell.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let words = cell.case.words;
    let short: Vec<(&str, &str)> = cell
        .places()
        .iter()
        .filter(|place| place.abbreviated)
        .filter_map(|place| Some((place.written.as_str(), place.place.as_deref()?)))
        .collect();
    if short.is_empty() {
        return None;
    }
    Some(
        cell.finding(Code::PlaceAbbreviated)
            .with("value", words.list(short.iter().map(|(written, _)| written)))
            .with("place", words.list(short.iter().map(|(_, place)| place))),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, place, places, unknown_place};
    use super::*;
    use crate::domain::ledger::PlaceReading;

    #[test]
    fn only_what_was_taken_for_a_place_is_told() {
        let short = || PlaceReading {
            written: "塘沟".into(),
            abbreviated: true,
            ..place("塘沟村")
        };
        for (reading, told) in [
            (vec![place("塘沟村")], None),
            (vec![short()], Some("塘沟")),
            (vec![short(), place("金屋村")], Some("塘沟")),
            (vec![unknown_place("山口村", &["山口王村", "山口陈村"])], None),
        ] {
            let found = Bench::new().ask(check, "village", places(reading));
            assert_eq!(
                found.map(|finding| finding.args["value"].clone()).as_deref(),
                told
            );
        }
    }
}
