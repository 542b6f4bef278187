//! A word, sign or percentage was taken as a number.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{NumberReading, Parsed};
use crate::domain::table::Value;
use rust_decimal::Decimal;

/// Says as which.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let number = match &cell.field.parsed {
        Parsed::Count(count) if count.reinterpreted => count.count?.to_string(),
        Parsed::Number(number) if number.reinterpreted => number.number?.normalize().to_string(),
        _ => return None,
    };
    Some(
        cell.finding(Code::NumberReinterpreted)
            .with("value", cell.value())
            .with("part", if is_part(cell) { "true" } else { "" })
            .with("number", number),
    )
}

/// Whether it counts as it stands, where a hundredfold may be meant: a bare 0.85 under a per cent.
fn is_part(cell: &Cell<'_>) -> bool {
    let as_written = |own: &NumberReading| own.was_text || matches!(cell.field.value, Value::Number(_));
    match &cell.field.parsed {
        Parsed::Number(own) if as_written(own) => own
            .number
            .is_some_and(|number| number > Decimal::ZERO && number < Decimal::ONE),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn the_number_taken_is_named() {
        let count = |reinterpreted| {
            Parsed::Count(CountReading {
                count: Some(0),
                reinterpreted,
                ..CountReading::default()
            })
        };
        let number = |reinterpreted| {
            Parsed::Number(NumberReading {
                number: Some("0.850".parse().unwrap()),
                reinterpreted,
                was_text: true,
                in_unit: None,
            })
        };
        for (text, parsed, told) in [
            ("/", count(true), Some("0")),
            ("无", count(false), None),
            ("85%", number(true), Some("0.85")),
            ("0.85", number(false), None),
        ] {
            let found = Bench::new().ask(check, "solved", field(text, parsed));
            assert_eq!(
                found.map(|finding| finding.args["number"].clone()).as_deref(),
                told,
                "{text}"
            );
        }
    }
}
