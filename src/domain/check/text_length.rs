//! A text shorter than the programme asks for.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::text::is_space;

/// Off unless the column sets a least length: counting characters breeds padding.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let least = cell.column.min_length;
    if least == 0 || cell.field.parsed != Parsed::Text {
        return None;
    }
    let letters = cell.field.text.chars().filter(|c| !is_space(*c));
    if letters.clone().nth(least - 1).is_some() {
        return None;
    }
    let count = letters.count();
    Some(
        cell.finding(Code::TextLength)
            .with("count", count)
            .with("least", least),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, text};
    use super::*;

    #[test]
    fn only_asked_for_lengths_are_counted() {
        for (least, typed, told) in [
            (0, "修路", false),
            (10, "修 路", true),
            (10, "塘沟村人居环境整治情况", false),
        ] {
            let mut bench = Bench::new();
            bench.column("content").min_length = least;
            assert_eq!(
                bench.ask(check, "content", text(typed)).is_some(),
                told,
                "{typed}"
            );
        }
    }
}
