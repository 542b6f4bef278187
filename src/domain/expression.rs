//! Expressions over the cells of a row, as a programme's own rules are written.

mod across;

use std::sync::LazyLock;

pub use across::{Check, Facts, Row, Value};

use rhai::{Dynamic, Engine, EvalAltResult, OptimizationLevel, Scope};
use rust_decimal::Decimal;

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

/// One interpreter for all: to make it costs more than to check a ledger with it.
pub(crate) static ENGINE: LazyLock<Engine> = LazyLock::new(engine);

/// The interpreter: expressions only, with limits, and with a division that
/// never drops a remainder.
fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_strict_variables(true)
        .set_optimization_level(OptimizationLevel::None)
        .set_max_operations(10_000)
        .set_max_expr_depths(32, 32)
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
    use super::*;

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
    fn a_key_that_the_language_keeps_for_itself_is_named() {
        let refused = compile_rule("until <= 终止", &["until", "终止"]).unwrap_err();
        assert!(refused.contains("“until”是规则语言留作他用的词"), "{refused}");
        assert!(compile_rule("until_1 <= 终止", &["until_1", "终止"]).is_ok());
    }
}
