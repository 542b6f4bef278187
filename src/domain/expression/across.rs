//! Expressions over all rows of a sheet: `count(rows) >= 5`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use chrono::{Datelike as _, NaiveDate};
use rhai::{AST, Array, Dynamic, Engine, EvalAltResult, FnPtr, NativeCallContext, OptimizationLevel, Scope};
use rust_decimal::Decimal;

type Fallible<T> = Result<T, Box<EvalAltResult>>;

/// Rows that a check may have to hold for.
const MOST_ROWS: usize = 200_000;

/// Steps that a check may take: a few for each cell of a long list.
const MOST_STEPS: u64 = 20_000_000;

/// A row as a check sees it.
#[derive(Debug, Clone)]
pub struct Row(Arc<Cells>);

#[derive(Debug)]
struct Cells {
    place: usize,
    values: HashMap<String, Dynamic>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing, or nothing that can be understood.
    Empty,
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A day.
    Date(NaiveDate),
}

/// What a check is tried on.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The rows.
    pub rows: Vec<Row>,
    /// The unit's name.
    pub unit: String,
    /// First and last day of the period.
    pub span: (NaiveDate, NaiveDate),
}

/// A compiled check.
pub struct Check {
    holds: AST,
    at: Option<AST>,
}

impl Row {
    /// A row with the place by which it is found again.
    #[must_use]
    pub fn new(place: usize, cells: impl IntoIterator<Item = (String, Value)>) -> Self {
        let values = cells.into_iter().map(|(key, value)| {
            let value = match value {
                Value::Empty => Dynamic::UNIT,
                Value::Text(text) => text.into(),
                Value::Number(number) => number.into(),
                Value::Date(date) => Dynamic::from(date),
            };
            (key, value)
        });
        Self(Arc::new(Cells {
            place,
            values: values.collect(),
        }))
    }

    /// The place by which it is found again.
    #[must_use]
    pub fn place(&self) -> usize {
        self.0.place
    }

    fn value(&self, key: &str) -> Fallible<Dynamic> {
        match self.0.values.get(key) {
            Some(value) => Ok(value.clone()),
            None => Err(format!("没有 key 为“{key}”的列").into()),
        }
    }
}

impl Check {
    /// Compiles a check, and which rows it marks where it doesn't hold.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn new(expression: &str, at: Option<&str>) -> Result<Self, String> {
        let compile = |expression: &str| {
            ENGINE
                .compile(expression)
                .map_err(|error| format!("检查“{expression}”写法有误：{error}"))
        };
        Ok(Self {
            holds: compile(expression)?,
            at: at.map(compile).transpose()?,
        })
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// It can't be evaluated: why, in words.
    pub fn holds(&self, facts: &Facts) -> Result<bool, String> {
        let value = run(&self.holds, facts)?;
        value
            .as_bool()
            .map_err(|other| format!("应得出成立或不成立，得出的是{other}"))
    }

    /// The places of the rows that it marks; none: it marks the sheet.
    ///
    /// # Errors
    /// They can't be found: why, in words.
    pub fn marked(&self, facts: &Facts) -> Result<Option<Vec<usize>>, String> {
        let Some(at) = &self.at else {
            return Ok(None);
        };
        let value = run(at, facts)?;
        if let Some(row) = value.clone().try_cast::<Row>() {
            return Ok(Some(vec![row.place()]));
        }
        let rows = value
            .into_typed_array::<Row>()
            .map_err(|_| "at 应得出几行，例如 rows.filter(|r| r.age > 50)".to_owned())?;
        Ok(Some(rows.iter().map(Row::place).collect()))
    }
}

fn run(tree: &AST, facts: &Facts) -> Result<Dynamic, String> {
    let mut scope = Scope::new();
    let rows: Array = facts.rows.iter().cloned().map(Dynamic::from).collect();
    scope.push_constant_dynamic("rows", rows.into());
    scope.push_constant("unit", facts.unit.clone());
    scope.push_constant_dynamic("start", Dynamic::from(facts.span.0));
    scope.push_constant_dynamic("end", Dynamic::from(facts.span.1));
    ENGINE
        .eval_ast_with_scope::<Dynamic>(&mut scope, tree)
        .map_err(|error| error.to_string())
}

static ENGINE: LazyLock<Engine> = LazyLock::new(engine);

/// The interpreter: closures, but no loops and no variables of one's own, and
/// room for long lists.
fn engine() -> Engine {
    let mut engine = Engine::new();
    engine
        .set_optimization_level(OptimizationLevel::None)
        .set_max_operations(MOST_STEPS)
        .set_max_expr_depths(64, 64)
        .set_max_string_size(1_000_000)
        .set_max_array_size(MOST_ROWS)
        .set_max_map_size(MOST_ROWS)
        .set_fail_on_invalid_map_property(true);
    for word in [
        "eval", "print", "debug", "while", "loop", "for", "do", "let", "const", "fn", "import", "export",
        "try", "throw", "switch",
    ] {
        engine.disable_symbol(word);
    }
    engine
        .register_type_with_name::<Row>("行")
        .register_indexer_get(|row: &mut Row, key: &str| row.value(key))
        .register_type_with_name::<NaiveDate>("日期")
        .register_get("year", |day: &mut NaiveDate| i64::from(day.year()))
        .register_get("month", |day: &mut NaiveDate| i64::from(day.month()))
        .register_fn("==", |a: NaiveDate, b: NaiveDate| a == b)
        .register_fn("!=", |a: NaiveDate, b: NaiveDate| a != b)
        .register_fn("<", |a: NaiveDate, b: NaiveDate| a < b)
        .register_fn("<=", |a: NaiveDate, b: NaiveDate| a <= b)
        .register_fn(">", |a: NaiveDate, b: NaiveDate| a > b)
        .register_fn(">=", |a: NaiveDate, b: NaiveDate| a >= b);
    engine
        .register_fn("count", |rows: &mut Array| size(rows))
        .register_fn("count", count_where)
        .register_fn("sum", sum)
        .register_fn(
            "any",
            |context: NativeCallContext<'_>, rows: &mut Array, test: FnPtr| {
                Ok::<_, Box<EvalAltResult>>(which(&context, rows, &test)?.contains(&true))
            },
        )
        .register_fn(
            "all",
            |context: NativeCallContext<'_>, rows: &mut Array, test: FnPtr| {
                Ok::<_, Box<EvalAltResult>>(!which(&context, rows, &test)?.contains(&false))
            },
        )
        .register_fn("group", group)
        .register_fn("distinct", |rows: &mut Array, key: &str| {
            let groups = grouped(rows, key)?;
            let values = groups.into_iter().map(|(value, _)| value);
            Ok::<_, Box<EvalAltResult>>(values.collect::<Array>())
        })
        .register_fn("repeated", |rows: &mut Array, key: &str| {
            let groups = grouped(rows, key)?.into_iter();
            let repeated = groups.filter(|(_, rows)| rows.len() > 1);
            Ok::<_, Box<EvalAltResult>>(repeated.flat_map(|(_, rows)| rows).collect::<Array>())
        })
        .register_fn("months_between", months_between)
        .register_fn("age", |birth: NaiveDate, day: NaiveDate| {
            months_between(birth, day) / 12
        });
    engine
}

fn size(rows: &Array) -> i64 {
    i64::try_from(rows.len()).unwrap_or(i64::MAX)
}

/// For each row whether a test holds.
fn which(context: &NativeCallContext<'_>, rows: &Array, test: &FnPtr) -> Fallible<Vec<bool>> {
    rows.iter()
        .map(|row| test.call_within_context::<bool>(context, (row.clone(),)))
        .collect()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "the interpreter hands its arguments over so"
)]
fn count_where(context: NativeCallContext<'_>, rows: &mut Array, test: FnPtr) -> Fallible<i64> {
    let which = which(&context, rows, &test)?;
    let count = which.into_iter().filter(|holds| *holds).count();
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The sum of a column; empty cells add nothing.
fn sum(rows: &mut Array, key: &str) -> Fallible<Decimal> {
    let mut sum = Decimal::ZERO;
    for row in rows.iter() {
        let value = row_of(row)?.value(key)?;
        if value.is_unit() {
            continue;
        }
        let number = value
            .as_decimal()
            .map_err(|other| format!("“{key}”列有{other}，不能相加"))?;
        sum = sum
            .checked_add(number)
            .ok_or_else(|| format!("“{key}”列的和太大"))?;
    }
    Ok(sum)
}

/// The rows by the value of a column, in the order in which values come first.
fn group(rows: &mut Array, key: &str) -> Fallible<Array> {
    let groups = grouped(rows, key)?;
    Ok(groups.into_iter().map(|(_, rows)| Dynamic::from(rows)).collect())
}

fn grouped(rows: &Array, key: &str) -> Fallible<Vec<(Dynamic, Array)>> {
    let mut groups: Vec<(Dynamic, Array)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for row in rows {
        let value = row_of(row)?.value(key)?;
        let text = value
            .clone()
            .try_cast::<NaiveDate>()
            .map_or_else(|| value.to_string(), |day| day.to_string());
        let place = *places.entry(text).or_insert_with(|| {
            groups.push((value.clone(), Array::new()));
            groups.len() - 1
        });
        groups[place].1.push(row.clone());
    }
    Ok(groups)
}

fn row_of(row: &Dynamic) -> Fallible<Row> {
    row.clone()
        .try_cast::<Row>()
        .ok_or_else(|| "这里要的是 rows 里的行".into())
}

/// Whole months from one day to another; negative the other way round.
fn months_between(from: NaiveDate, to: NaiveDate) -> i64 {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let whole = months(to) - months(from);
    match whole {
        1.. if to.day() < from.day() => whole - 1,
        ..=-1 if to.day() > from.day() => whole + 1,
        _ => whole,
    }
}

#[cfg(test)]
mod tests;
