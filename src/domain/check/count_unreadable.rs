//! A count that is no whole number from 0 up.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Quotes what stands there.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Count(count) if count.count.is_none() => {
            Some(cell.finding(Code::CountUnreadable).with("value", cell.value()))
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
    fn only_what_is_no_count_is_told() {
        for (number, told) in [(None, true), (Some(0), false), (Some(3), false)] {
            let reading = CountReading {
                count: number,
                ..CountReading::default()
            };
            let found = Bench::new().ask(check, "solved", count("若干", reading));
            assert_eq!(found.is_some(), told, "{number:?}");
        }
    }
}
