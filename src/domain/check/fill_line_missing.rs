//! A line above the header that the form asks for was left empty.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// One finding for each required line, at its label if that stands there.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.reading.sheets.is_empty() {
        return Vec::new();
    }
    case.form
        .fill_lines
        .iter()
        .filter(|line| line.required)
        .filter_map(|line| {
            let mut found = case.reading.fill.iter().filter(|value| value.key == line.key);
            if found.clone().any(|value| !value.value.is_empty()) {
                return None;
            }
            let finding = Finding::new(Code::FillLineMissing).with("label", &line.label);
            Some(match found.next() {
                Some(label) => finding.at(&label.sheet, label.pos),
                None => finding.on_sheet(&case.reading.sheets[0].sheet),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn only_required_lines_are_missed() {
        for (required, value, expected) in [
            (true, Some("张三"), None),
            (true, Some(""), Some("A3")),
            (true, None, Some("")),
            (false, None, None),
        ] {
            let mut bench = Bench::new();
            let line = bench.line("reviewer");
            line.required = required;
            if let Some(value) = value {
                bench = bench.fill("reviewer", value);
            }
            let found = bench.codes(check);
            let expected: Vec<_> = expected
                .map(|cell| ("fill-line-missing", cell.to_owned()))
                .into_iter()
                .collect();
            assert_eq!(found, expected, "{required} {value:?}");
        }
    }
}
