//! A line above the header that the form asks for was left empty.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// One finding for each required line, at its label if that stands there; one
/// for all of them where none stands there.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.reading.sheets.is_empty() {
        return Vec::new();
    }
    let sheet = &case.reading.sheets[0].sheet;
    let required = || case.form.fill_lines.iter().filter(|line| line.required);
    if case.reading.fill.is_empty() && required().count() > 1 {
        let labels: Vec<&str> = required().map(|line| line.label.as_str()).collect();
        let finding = Finding::new(Code::FillLineMissing).on_sheet(sheet);
        return vec![
            finding
                .with("label", case.words.list(labels))
                .with("whole", "true"),
        ];
    }
    required()
        .filter_map(|line| {
            let mut found = case.reading.fill.iter().filter(|value| value.key == line.key);
            if found.clone().any(|value| !value.value.is_empty()) {
                return None;
            }
            let finding = Finding::new(Code::FillLineMissing)
                .with("label", &line.label)
                .with("whole", "");
            Some(match found.next() {
                Some(label) => finding.at(&label.sheet, label.pos),
                None => finding.on_sheet(sheet),
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
            for line in &mut bench.program.material.form_mut().fill_lines {
                line.required = required && line.key == "reviewer";
            }
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

    #[test]
    fn a_ledger_without_any_line_is_one_finding() {
        let mut bench = Bench::new();
        for line in &mut bench.program.material.form_mut().fill_lines {
            line.required = line.key != "reviewer";
        }
        let labels: Vec<String> = (bench.program.material.forms()[0].fill_lines.iter())
            .filter(|line| line.required)
            .map(|line| line.label.clone())
            .collect();
        let found = bench.clone().findings(check);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].args["label"], labels.join("、"));
        assert_eq!(bench.fill("filler", "").codes(check).len(), labels.len());
    }
}
