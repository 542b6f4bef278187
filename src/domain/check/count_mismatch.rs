//! The stated number and the listed items differ.

use super::Cell;
use super::listing::{Listing, of_count};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Speaks only when both are there.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Count(count) = &cell.field.parsed else {
        return None;
    };
    let (Some(stated), Listing::Items(listed)) = (count.stated, of_count(cell)) else {
        return None;
    };
    (stated != listed).then(|| {
        cell.finding(Code::CountMismatch)
            .with("stated", stated)
            .with("listed", listed)
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn both_numbers_must_agree() {
        for (stated, listed, told) in [
            (Some(2), Some(2), false),
            (Some(3), Some(2), true),
            (Some(0), Some(1), true),
            (Some(3), None, false),
            (None, Some(2), false),
        ] {
            let reading = CountReading {
                count: stated.or(listed),
                stated,
                listed,
                ..CountReading::default()
            };
            let found = Bench::new().ask(check, "solved", count("x", reading));
            assert_eq!(found.is_some(), told, "{stated:?} {listed:?}");
        }
    }
}
