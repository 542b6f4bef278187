//! A value that the column's list doesn't have.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::ColumnKind;

use crate::domain::text::is_stroke;

/// Names the values that are right.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let (Parsed::Choice(None), ColumnKind::Choice(choices)) = (&cell.field.parsed, &cell.column.kind) else {
        return None;
    };
    (!is_stroke(&cell.field.text)).then(|| {
        cell.finding(Code::NotInList).with("value", cell.value()).with(
            "choices",
            cell.case.words.list(choices.iter().map(|choice| &choice.name)),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;
    use crate::domain::program::Choice;

    #[test]
    fn the_list_is_named() {
        for (meant, told) in [(Some("已完成"), None), (None, Some("已完成、未完成"))] {
            let mut bench = Bench::new();
            bench.column("content").kind = ColumnKind::Choice(
                ["已完成", "未完成"]
                    .map(|name| Choice {
                        name: name.into(),
                        synonyms: Vec::new(),
                    })
                    .to_vec(),
            );
            let found = bench.ask(
                check,
                "content",
                field("差不多", Parsed::Choice(meant.map(str::to_owned))),
            );
            assert_eq!(
                found.map(|finding| finding.args["choices"].clone()).as_deref(),
                told
            );
        }
    }
}
