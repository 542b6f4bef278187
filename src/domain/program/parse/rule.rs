//! `[[form.sheet.rule]]`: the programme's own rules across the cells of a row.

use std::collections::BTreeSet;

use super::column::check_known;
use crate::domain::codes::Severity;
use crate::domain::definition::Section;
use crate::domain::expression::compile_rule;
use crate::domain::program::Rule;

pub const SEVERITIES: [(&str, Severity); 3] = [
    ("error", Severity::Error),
    ("query", Severity::Query),
    ("warning", Severity::Warning),
];

/// Reads the rules of a sheet whose columns bear these keys.
pub fn read(sheet: &Section<'_>, keys: &[&str]) -> Vec<Rule> {
    let mut ids = BTreeSet::new();
    let mut rules = Vec::new();
    for section in sheet.sections("rule") {
        let rule = Rule {
            id: section.required_text("id", "closed-within-found"),
            expression: section.required_text("expression", "男 + 女 == 总人数"),
            column: section.required_text("column", "总人数"),
            severity: section.choice("severity", &SEVERITIES).unwrap_or(Severity::Error),
            message: section.required_text("message", "男、女人数相加不等于总人数。"),
            hint: section.text("hint").unwrap_or_default(),
        };
        if !ids.insert(rule.id.clone()) {
            section.report(
                "id",
                format!("规则“{}”重复。", rule.id),
                "各条规则的 id 各不相同。",
            );
        }
        if !rule.column.is_empty() {
            check_known(&section, "column", &rule.column, keys);
        }
        if !rule.expression.is_empty()
            && let Err(reason) = compile_rule(&rule.expression, keys)
        {
            section.report(
                "expression",
                reason,
                "用列的 key 写一个成立与否的式子，例如 a <= b。",
            );
        }
        rules.push(rule);
    }
    rules
}
