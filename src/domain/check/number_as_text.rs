//! A number typed as text (an apostrophe, full-width digits).

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Converted, and mentioned to the office only.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Number(number) if number.was_text && !number.reinterpreted => {
            let read = number.number?.normalize();
            Some(cell.finding(Code::NumberAsText).with("number", read))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::ledger::NumberReading;

    #[test]
    fn only_plain_numbers_in_text_are_told() {
        for (number, was_text, reinterpreted, told) in [
            (Some(12), true, false, true),
            (Some(12), false, false, false),
            (Some(12), true, true, false),
            (None, true, false, false),
        ] {
            let parsed = Parsed::Number(NumberReading {
                number: number.map(Into::into),
                was_text,
                reinterpreted,
                ..NumberReading::default()
            });
            let found = Bench::new().ask(check, "solved", field("１２", parsed));
            assert_eq!(found.is_some(), told);
        }
    }
}
