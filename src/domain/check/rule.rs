//! The programme's own rules: expressions over the cells of a row.

use std::sync::LazyLock;

use rhai::{AST, Dynamic, Engine, EvalAltResult, OptimizationLevel, Scope};
use rust_decimal::Decimal;

use super::{Case, Cell};
use crate::domain::codes::{Code, Severity};
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, Parsed, SheetReading};
use crate::domain::program::{Column, ColumnKind, FormSheet, Rule};

/// Tells whether an expression can serve as a rule over columns with these keys.
///
/// # Errors
/// What is wrong with it, in words.
pub fn compile_rule(expression: &str, column_keys: &[&str]) -> Result<(), String> {
    let engine: &Engine = &ENGINE;
    let mut scope = Scope::new();
    for key in column_keys {
        scope.push_dynamic(*key, Decimal::ONE.into());
    }
    let tree = engine
        .compile_expression_with_scope(&scope, expression)
        .map_err(|error| {
            if let Some(key) = reserved(engine, &scope, expression, column_keys) {
                return format!(
                    "规则“{expression}”里的“{key}”是规则语言留作他用的词，不能当列的 key。\
                     请把这一列的 key 改成别的，例如 {key}_1，规则里也跟着改。"
                );
            }
            format!(
                "规则“{expression}”写法有误：{error}。可用的列：{}。",
                column_keys.join("、")
            )
        })?;
    // Values of other kinds may make the trial fail; a result that is neither
    // true nor false can't become right.
    match engine.eval_ast_with_scope::<Dynamic>(&mut scope, &tree) {
        Ok(value) if !value.is_bool() => Err(format!(
            "规则“{expression}”应得出“成立”或“不成立”，如 男 + 女 == 总人数。"
        )),
        _ => Ok(()),
    }
}

/// The key in an expression that can't be one, because the language keeps it for itself.
fn reserved<'k>(
    engine: &Engine,
    scope: &Scope<'_>,
    expression: &str,
    column_keys: &[&'k str],
) -> Option<&'k str> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words: Vec<&str> = expression.split(|c| !is_part(c)).collect();
    let is_refused = |key: &str| engine.compile_expression_with_scope(scope, key).is_err();
    column_keys
        .iter()
        .copied()
        .find(|key| words.contains(key) && is_refused(key))
}

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
            if rule.holds(engine, row) == Some(false) {
                found.extend(finding(case, sheet, row, rule.rule));
            }
        }
    }
    found
}

/// A rule with its compiled expression and the columns that it reads.
struct Ready<'a> {
    rule: &'a Rule,
    tree: AST,
    reads: Vec<(usize, &'a Column)>,
}

impl<'a> Ready<'a> {
    /// None if it doesn't compile, which the definition's parser refuses.
    fn new(engine: &Engine, rule: &'a Rule, layout: &'a FormSheet) -> Option<Self> {
        let mut scope = Scope::new();
        for column in &layout.columns {
            scope.push_dynamic(column.key.as_str(), Decimal::ONE.into());
        }
        let tree = engine
            .compile_expression_with_scope(&scope, &rule.expression)
            .ok()?;
        let names = identifiers(&rule.expression);
        let reads = layout
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| names.contains(&column.key.as_str()))
            .collect();
        Some(Self { rule, tree, reads })
    }

    /// Whether the rule holds for a row; none if one of its cells can't be
    /// understood (which has a finding of its own) or the expression fails.
    fn holds(&self, engine: &Engine, row: &DataRow) -> Option<bool> {
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
        Parsed::NoValue | Parsed::Placeholder(_) | Parsed::Choice(None) => return None,
        Parsed::Dates(dates) if dates.problem.is_some() => return None,
        Parsed::Blank | Parsed::Text | Parsed::Dates(_) | Parsed::Places(_) | Parsed::Contacts(_) => {
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

/// One interpreter for all: to make it costs more than to check a ledger with it.
static ENGINE: LazyLock<Engine> = LazyLock::new(engine);

/// The interpreter: expressions only, with limits, and with a division that
/// never drops a remainder.
fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_strict_variables(true)
        .set_optimization_level(OptimizationLevel::None)
        .set_max_operations(10_000)
        .set_max_expr_depths(32)
        .set_max_string_size(100_000)
        .set_max_array_size(1_000)
        .set_max_map_size(1_000)
        .set_max_variables(256)
        // Built-in operators on integers would bypass the division below.
        .set_fast_operators(false)
        .disable_symbol("eval")
        .disable_symbol("print")
        .disable_symbol("debug");
    engine.register_fn("/", |a: i64, b: i64| -> Result<Decimal, Box<EvalAltResult>> {
        Decimal::from(a)
            .checked_div(Decimal::from(b))
            .ok_or_else(|| "division by zero".into())
    });
    engine
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field, text};
    use super::*;
    use crate::domain::ledger::{CountReading, NumberReading};

    const KEYS: [&str; 4] = ["男", "女", "总人数", "remark"];

    #[test]
    fn expressions_are_told_from_everything_else() {
        for (expression, right) in [
            ("男 + 女 == 总人数", true),
            ("男 / 总人数 <= 0.5", true),
            ("remark != \"\" || 男 > 0", true),
            ("男 + 女", false),
            ("男 + 老人 == 总人数", false),
            ("男 +", false),
            ("let x = 1; x == 1", false),
            ("eval(\"true\")", false),
            ("", false),
        ] {
            assert_eq!(compile_rule(expression, &KEYS).is_ok(), right, "{expression}");
        }
        let deep = format!("{}1{} == 1", "(".repeat(100), ")".repeat(100));
        assert!(compile_rule(&deep, &KEYS).is_err());
    }

    #[test]
    fn a_problem_is_named_with_the_columns_that_there_are() {
        let problem = compile_rule("老人 > 1", &KEYS).unwrap_err();
        assert!(
            problem.contains("老人") && problem.contains("总人数"),
            "{problem}"
        );
    }

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
    fn a_key_that_the_language_keeps_for_itself_is_named() {
        let refused = compile_rule("until <= 终止", &["until", "终止"]).unwrap_err();
        assert!(refused.contains("“until”是规则语言留作他用的词"), "{refused}");
        assert!(compile_rule("until_1 <= 终止", &["until_1", "终止"]).is_ok());
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
            assert_eq!(bench.sheet_codes(check), [(code, "F6".to_owned())]);
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
