//! A number above 0 without the items that it counts.

use super::Cell;
use super::listing::{Listing, of_count};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Asks for the list.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Count(count) = &cell.field.parsed else {
        return None;
    };
    let number = count.count.filter(|number| *number > 0)?;
    (cell.wants(Code::CountNotListed) && of_count(cell) == Listing::None)
        .then(|| cell.finding(Code::CountNotListed).with("count", number))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count, text};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn a_number_wants_its_list() {
        for (number, listed, column, told) in [
            (3, None, "", true),
            (3, Some(3), "", false),
            (0, None, "", false),
            (1, None, "修好了水管", false),
        ] {
            let reading = CountReading {
                count: Some(number),
                stated: Some(number),
                listed,
                ..CountReading::default()
            };
            let bench = Bench::new().row(&[("solved", count("x", reading)), ("solved_list", text(column))]);
            assert_eq!(
                bench.ask_first(check, "solved").is_some(),
                told,
                "{number} {listed:?} {column}"
            );
        }
    }
}
