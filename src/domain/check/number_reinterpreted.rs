//! A word, sign or percentage was taken as a number.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Says as which.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let (number, part) = match &cell.field.parsed {
        Parsed::Count(count) if count.reinterpreted => (count.count?.to_string(), false),
        Parsed::Number(own) if own.reinterpreted || own.part => {
            (own.number?.normalize().to_string(), own.part)
        }
        _ => return None,
    };
    Some(
        cell.finding(Code::NumberReinterpreted)
            .with("value", cell.value())
            .with("part", if part { "true" } else { "" })
            .with("number", number),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::ledger::{CountReading, NumberReading};

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
                ..NumberReading::default()
            })
        };
        let part = Parsed::Number(NumberReading {
            number: Some("0.85".parse().unwrap()),
            part: true,
            ..NumberReading::default()
        });
        let found = Bench::new().ask(check, "solved", field("0.85", part)).unwrap();
        assert_eq!(found.args["part"], "true");
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
