//! A number column without a number, or with one that isn't allowed there.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::ColumnKind;

/// Says what would be right: whole, at least, at most.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let (Parsed::Number(reading), ColumnKind::Number { min, max, whole, .. }) =
        (&cell.field.parsed, &cell.column.kind)
    else {
        return None;
    };
    let right = reading.number.is_some_and(|number| {
        min.is_none_or(|min| min <= number)
            && max.is_none_or(|max| number <= max)
            && (!whole || number.fract().is_zero())
    });
    let shown = |bound: &Option<rust_decimal::Decimal>| {
        bound.map_or_else(String::new, |bound| bound.normalize().to_string())
    };
    (!right).then(|| {
        cell.finding(Code::NumberUnreadable)
            .with("value", cell.value())
            .with(
                "in_unit",
                reading
                    .in_unit
                    .as_ref()
                    .map_or_else(String::new, |(number, _)| number.to_string()),
            )
            .with("unit", reading.in_unit.as_ref().map_or("", |(_, unit)| unit))
            .with("is_number", if reading.number.is_some() { "true" } else { "" })
            .with("whole", if *whole { "true" } else { "" })
            .with("min", shown(min))
            .with("max", shown(max))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::ledger::NumberReading;

    #[test]
    fn numbers_must_be_such_as_the_column_allows() {
        for (number, whole, told) in [
            (Some("5"), true, false),
            (Some("0"), true, false),
            (Some("100"), true, false),
            (Some("-1"), true, true),
            (Some("100.5"), false, true),
            (Some("1.5"), true, true),
            (Some("1.5"), false, false),
            (None, false, true),
        ] {
            let mut bench = Bench::new();
            bench.column("solved").kind = ColumnKind::Number {
                cumulative: false,
                min: Some(0.into()),
                max: Some(100.into()),
                whole,
            };
            let parsed = Parsed::Number(NumberReading {
                number: number.map(|text| text.parse().unwrap()),
                ..NumberReading::default()
            });
            assert_eq!(
                bench.ask(check, "solved", field("x", parsed)).is_some(),
                told,
                "{number:?} {whole}"
            );
        }
    }
}
