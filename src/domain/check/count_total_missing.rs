//! A list without the number of its items.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Says how many were counted.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Count(count) if count.stated.is_none() => {
            let listed = count.listed.filter(|items| *items > 0)?;
            Some(cell.finding(Code::CountTotalMissing).with("listed", listed))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn a_list_wants_its_number() {
        for (stated, listed, told) in [
            (None, Some(3), true),
            (Some(3), Some(3), false),
            (Some(3), None, false),
            (None, None, false),
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
