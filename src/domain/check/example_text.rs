//! The example's text was left standing or copied.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::ColumnKind;
use crate::domain::text::{folded, folded_char, is_space};

/// Texts shorter than six Chinese characters or twelve letters may well be the
/// same by right (正常, 已完成, Loading bay).
const LEAST: usize = 12;

/// Compares with the example row of the file and of the form, spaces apart.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let worded = matches!(
        cell.column.kind,
        ColumnKind::Text | ColumnKind::List | ColumnKind::Contact | ColumnKind::Count { .. }
    );
    if !worded || matches!(cell.field.parsed, Parsed::Blank | Parsed::NoValue) {
        return None;
    }
    let of_file = cell
        .case
        .form_sheet(cell.sheet)?
        .columns
        .iter()
        .position(|column| column.key == cell.column.key)
        .into_iter()
        // Whoever fills in the example row writes the own telephone there.
        .filter(|_| cell.column.kind != ColumnKind::Contact)
        .flat_map(|index| cell.sheet.examples.iter().filter(move |(own, _)| *own == index))
        .map(|(_, text)| text.as_str());
    of_file
        .chain([cell.column.example.as_str()])
        .any(|example| same(example, &cell.field.text))
        .then(|| cell.finding(Code::ExampleText))
}

fn same(example: &str, text: &str) -> bool {
    if example.is_empty() || differ_at_once(example, text) {
        return false;
    }
    let visible = |text: &str| -> usize {
        text.chars()
            .filter(|c| !is_space(*c))
            .map(|c| if c.is_ascii() { 1 } else { 2 })
            .sum()
    };
    let (example, text) = (folded(example), folded(text));
    example
        .chars()
        .filter(|c| !is_space(*c))
        .eq(text.chars().filter(|c| !is_space(*c)))
        && visible(&example) >= LEAST
}

/// Whether the first characters tell two texts apart, as nearly always. One
/// that may combine with what follows it tells nothing.
fn differ_at_once(one: &str, other: &str) -> bool {
    let begin = |text: &str| {
        let mut visible = text.chars().filter(|c| !is_space(*c));
        let (first, next) = (visible.next().and_then(folded_char), visible.next());
        first.filter(|_| next.is_none_or(|next| folded_char(next).is_some()))
    };
    begin(one)
        .zip(begin(other))
        .is_some_and(|(one, other)| one != other)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field, text};
    use super::*;

    #[test]
    fn only_worded_cells_are_compared() {
        for (key, example, typed, told) in [
            (
                "content",
                "到村查看人居环境整治情况。",
                "到村查看人居环境整治情况。",
                true,
            ),
            (
                "content",
                "到村查看人居环境整治情况。",
                "到村查看 人居环境整治情况。",
                true,
            ),
            (
                "content",
                "到村查看人居环境整治情况。",
                "到村查看供水改造情况。",
                false,
            ),
            ("content", "已完成", "已完成", false),
            ("remark", "与镇党委书记联合调研", "与镇党委书记联合调研", false),
        ] {
            let mut bench = Bench::new();
            bench.column(key).example = example.into();
            assert_eq!(
                bench.ask(check, key, text(typed)).is_some(),
                told,
                "{key} {typed}"
            );
        }
    }

    #[test]
    fn the_file_s_own_example_row_counts_too() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].examples = vec![(3, "本地示例一二三".into())];
        assert!(
            bench
                .clone()
                .ask(check, "content", text("本地示例一二三"))
                .is_some()
        );
        assert!(bench.ask(check, "effect", text("本地示例一二三")).is_none());
        assert!(
            Bench::new()
                .ask(check, "content", field("", Parsed::Blank))
                .is_none()
        );
    }
}
