//! The programme's own rules: expressions over the cells of a row.

use rhai::{AST, Dynamic, Engine, Scope};
use rust_decimal::Decimal;

use super::{Case, Cell};
use crate::domain::codes::{Code, Severity};
use crate::domain::expression::ENGINE;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, Parsed, SheetReading};
use crate::domain::program::{Column, ColumnKind, FormSheet, Rule};

/// Tries each rule of the sheet on each of its rows.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let Some(layout) = case.form_sheet(sheet).filter(|layout| !layout.rules.is_empty()) else {
        return Vec::new();
    };
    let engine: &Engine = &ENGINE;
    let rules: Vec<Ready<'_>> = layout
        .rules
        .iter()
        .filter_map(|rule| Ready::new(engine, rule, layout))
        .collect();
    let mut found = Vec::new();
    for row in &sheet.rows {
        for rule in &rules {
            if rule.tested.holds(engine, row) == Some(false) {
                found.extend(finding(case, sheet, row, rule.rule));
            }
        }
    }
    found
}

/// A rule with its compiled expression.
struct Ready<'a> {
    rule: &'a Rule,
    tested: Tested<'a>,
}

impl<'a> Ready<'a> {
    /// None if it doesn't compile, which the definition's parser refuses.
    fn new(engine: &Engine, rule: &'a Rule, layout: &'a FormSheet) -> Option<Self> {
        let tested = Tested::new(engine, &rule.expression, layout)?;
        Some(Self { rule, tested })
    }
}

/// A compiled expression with the columns that it reads.
pub(super) struct Tested<'a> {
    tree: AST,
    reads: Vec<(usize, &'a Column)>,
}

impl<'a> Tested<'a> {
    /// None if it doesn't compile, which the definition's parser refuses.
    pub fn new(engine: &Engine, expression: &str, layout: &'a FormSheet) -> Option<Self> {
        let mut scope = Scope::new();
        for column in &layout.columns {
            scope.push_dynamic(column.key.as_str(), Decimal::ONE.into());
        }
        let tree = engine.compile_expression_with_scope(&scope, expression).ok()?;
        let names = identifiers(expression);
        let reads = layout
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| names.contains(&column.key.as_str()))
            .collect();
        Some(Self { tree, reads })
    }

    /// Whether it holds for a row; none if one of its cells can't be
    /// understood (which has a finding of its own) or the expression fails.
    pub fn holds(&self, engine: &Engine, row: &DataRow) -> Option<bool> {
        let mut scope = Scope::new();
        for (index, column) in &self.reads {
            let field = row.fields.get(*index)?;
            scope.push_dynamic(
                column.key.as_str(),
                value(&column.kind, &field.parsed, &field.text)?,
            );
        }
        engine.eval_ast_with_scope::<bool>(&mut scope, &self.tree).ok()
    }
}

/// Numbers enter as decimals, everything else as text. An empty number is
/// none: neither 0 nor an empty text could be meant for certain.
fn value(kind: &ColumnKind, parsed: &Parsed, text: &str) -> Option<Dynamic> {
    let counts = matches!(
        kind,
        ColumnKind::Sequence | ColumnKind::Count { .. } | ColumnKind::Number { .. }
    );
    let number = match parsed {
        Parsed::Blank if counts => return None,
        Parsed::NoValue | Parsed::Placeholder(_) | Parsed::Choice(None) | Parsed::Day(None) => return None,
        // As text that sorts like the days: a later one is greater.
        Parsed::Day(Some(day)) => return Some(day.to_string().into()),
        Parsed::Dates(dates) if dates.problem.is_some() => return None,
        Parsed::Given
        | Parsed::Blank
        | Parsed::Text
        | Parsed::Dates(_)
        | Parsed::Places(_)
        | Parsed::Contacts(_) => {
            return Some(text.to_owned().into());
        }
        Parsed::Choice(Some(name)) => return Some(name.clone().into()),
        Parsed::Sequence(number) => Decimal::from((*number)?),
        Parsed::Count(count) => Decimal::from(count.count?),
        Parsed::Number(number) => number.number?,
    };
    Some(number.into())
}

fn finding(case: &Case<'_>, sheet: &SheetReading, row: &DataRow, rule: &Rule) -> Option<Finding> {
    let code = match rule.severity {
        Severity::Error => Code::RuleBroken,
        Severity::Query => Code::RuleDoubtful,
        Severity::Warning | Severity::Info => Code::RuleNoted,
    };
    let cell: Cell<'_> = case
        .cells(sheet, row)
        .find(|cell| cell.column.key == rule.column)?;
    Some(
        cell.finding(code)
            .with("rule", &rule.id)
            .with("message", &rule.message)
            .with("hint", &rule.hint),
    )
}

/// Everything in an expression that could be a column's key, outside of quotes.
fn identifiers(expression: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut quote = None;
    let mut start = None;
    let mut escaped = false;
    for (at, c) in expression.char_indices() {
        if let Some(end) = quote {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == end {
                quote = None;
            }
            continue;
        }
        let part_of_name = c.is_alphanumeric() || c == '_';
        match (part_of_name, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                names.push(&expression[from..at]);
                start = None;
            }
            _ => {}
        }
        if matches!(c, '"' | '\'' | '`') {
            quote = Some(c);
        }
    }
    names.extend(start.map(|from| &expression[from..]));
    names
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field, text};
    use super::*;
    use crate::domain::ledger::{CountReading, NumberReading};

    #[test]
    fn division_keeps_its_remainder() {
        for (expression, solved, holds) in [
            ("3/2 == 1.5", 0, true),
            ("solved / 2 == 1.5", 3, true),
            ("7 / solved > 2", 3, true),
            ("solved * 0.1 == 0.3", 3, true),
            ("solved == 3", 3, true),
            ("solved == 3", 4, false),
            ("remark.len() / 2 == 1.5", 0, true),
        ] {
            let bench = with_rule(expression, Severity::Error)
                .row(&[("solved", count(Some(solved))), ("remark", text("无问题"))]);
            assert_eq!(bench.sheet_codes(check).is_empty(), holds, "{expression}");
        }
    }

    #[test]
    fn a_rule_is_skipped_where_it_cannot_be_judged() {
        for (expression, number, told) in [
            ("solved > 5", Some(3), 1),
            ("solved > 5", None, 0),
            ("remark == \"甲\"", None, 1),
            ("remark != \"solved\"", None, 0),
            ("1 / solved > 0", Some(0), 0),
            ("remark - solved > 0", Some(3), 0),
        ] {
            let bench = with_rule(expression, Severity::Error)
                .row(&[("solved", count(number)), ("remark", text("乙"))]);
            assert_eq!(bench.sheet_codes(check).len(), told, "{expression} {number:?}");
        }
    }

    #[test]
    fn severity_decides_the_code_and_kinds_enter_as_they_are() {
        for (severity, code) in [
            (Severity::Error, "rule-broken"),
            (Severity::Query, "rule-doubtful"),
            (Severity::Warning, "rule-noted"),
        ] {
            let bench = with_rule("content == \"已完成\" && solved < 1.5", severity).row(&[
                ("content", field("完成了", Parsed::Choice(Some("未完成".into())))),
                (
                    "solved",
                    field(
                        "１.４",
                        Parsed::Number(NumberReading {
                            number: Some("1.4".parse().unwrap()),
                            ..NumberReading::default()
                        }),
                    ),
                ),
            ]);
            assert_eq!(bench.sheet_codes(check), [(code, "G6".to_owned())]);
        }
    }

    #[test]
    fn a_hostile_expression_ends() {
        let bench = with_rule(
            "\"x\".contains(\"y\") || solved.to_string().len() < 0",
            Severity::Error,
        )
        .row(&[("solved", count(Some(1)))]);
        assert_eq!(bench.sheet_codes(check).len(), 1);
    }

    fn with_rule(expression: &str, severity: Severity) -> Bench {
        let mut bench = Bench::new();
        bench.program.material.form_mut().sheets[0].rules = vec![Rule {
            id: "r1".into(),
            expression: expression.into(),
            column: "solved".into(),
            severity,
            message: "不对".into(),
            hint: "请改".into(),
        }];
        bench
    }

    fn count(number: Option<u32>) -> crate::domain::ledger::Field {
        field(
            "x",
            Parsed::Count(CountReading {
                count: number,
                ..CountReading::default()
            }),
        )
    }
}
