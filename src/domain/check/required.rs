//! A required cell is empty.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::ColumnKind;
use crate::domain::text::is_stroke;

/// A stroke alone (`/`, `—`) is an empty cell too, except where it means 0.
/// Running numbers are given anew and never asked for.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let counts = matches!(
        cell.column.kind,
        ColumnKind::Count { .. } | ColumnKind::Number { .. }
    );
    let wanted = cell.column.required && cell.column.kind != ColumnKind::Sequence;
    let empty = cell.field.parsed == Parsed::Blank || (!counts && is_stroke(&cell.field.text));
    (wanted && empty).then(|| cell.finding(Code::Required))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::ledger::{CountReading, DateProblem, DateReading};

    #[test]
    fn strokes_are_empty_where_they_do_not_count() {
        let unreadable = || {
            Parsed::Dates(DateReading {
                problem: Some(DateProblem::Unreadable),
                ..DateReading::default()
            })
        };
        for (key, text, parsed, told) in [
            ("visit_date", "", Parsed::Blank, true),
            ("visit_date", "/", unreadable(), true),
            ("visit_date", "无", unreadable(), false),
            ("content", "——", Parsed::Text, true),
            ("content", "无", Parsed::Text, false),
            ("solved", "/", Parsed::Count(CountReading::default()), false),
            ("solved", "", Parsed::Blank, true),
            ("remark", "", Parsed::Blank, false),
            ("seq", "", Parsed::Blank, false),
        ] {
            let found = Bench::new().ask(check, key, field(text, parsed));
            assert_eq!(found.is_some(), told, "{key} {text}");
        }
    }
}
