//! Several places in one cell.

use std::collections::BTreeSet;

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Told when at least two different places were recognised.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let known: BTreeSet<&str> = cell
        .places()
        .iter()
        .filter_map(|place| place.place.as_deref())
        .collect();
    (known.len() > 1).then(|| {
        cell.finding(Code::SeveralPlaces)
            .with("value", cell.value())
            .with("count", known.len())
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, place, places, unknown_place};
    use super::*;

    #[test]
    fn different_places_are_counted() {
        for (reading, told) in [
            (vec![place("塘沟村")], None),
            (vec![place("塘沟村"), place("塘沟村")], None),
            (vec![place("塘沟村"), unknown_place("镇政府", &[])], None),
            (vec![place("塘沟村"), place("金屋村")], Some("2")),
        ] {
            let found = Bench::new().ask(check, "village", places(reading));
            assert_eq!(
                found.map(|finding| finding.args["count"].clone()).as_deref(),
                told
            );
        }
    }
}
