//! One cell of a data row: its text, and what it means by the kind of its column.

use chrono::NaiveDate;
use smol_str::{SmolStr, format_smolstr};

use super::row_kind::running_number;
use super::{
    Field, Parsed, placeholder, read_choice, read_contacts, read_count, read_dates, read_day, read_number,
    read_places,
};
use crate::domain::program::{Column, ColumnKind};
use crate::domain::table::{Cell, Pos, Sheet, Shown, Value};
use crate::domain::text::tidied;

/// What cells are read against.
#[derive(Clone, Copy)]
pub(super) struct Against<'a> {
    /// The sheet, which knows how its numbers are shown.
    pub(super) sheet: &'a Sheet,
    /// The period's first and last day, for dates without a year.
    pub(super) span: (NaiveDate, NaiveDate),
    /// All places that the roster knows.
    pub(super) places: &'a [&'a str],
    /// What may stand before a place's name.
    pub(super) prefixes: &'a [String],
}

/// The field of a column that the sheet doesn't have.
pub(super) fn absent() -> Field {
    Field {
        pos: None,
        value: Value::Empty,
        text: SmolStr::default(),
        formula: false,
        filled_down: false,
        parsed: Parsed::Blank,
    }
}

/// Reads a cell, or the merged cell above it that `filled_down` speaks of.
pub(super) fn read_field(
    pos: Pos,
    cell: Option<&Cell>,
    filled_down: bool,
    column: &Column,
    against: Against<'_>,
) -> Field {
    let value = cell.map_or(Value::Empty, |cell| cell.value.clone());
    let shown = match value {
        Value::Number(_) => against.sheet.shown(pos),
        _ => Shown::Plain,
    };
    let formula = cell.is_some_and(|cell| cell.formula);
    let text = match (&value, shown) {
        (Value::Number(number), Shown::Decimals(places)) if column.kind == ColumnKind::Dates => {
            format_smolstr!("{number:.*}", usize::from(places))
        }
        _ => tidied(value.display()),
    };
    let parsed = parse(&value, shown, &text, formula, column, against);
    Field {
        pos: Some(pos),
        value,
        text,
        formula,
        filled_down,
        parsed,
    }
}

fn parse(
    value: &Value,
    shown: Shown,
    text: &str,
    formula: bool,
    column: &Column,
    against: Against<'_>,
) -> Parsed {
    if matches!(value, Value::Error(_)) || (formula && matches!(value, Value::Empty)) {
        return Parsed::NoValue;
    }
    if value.is_blank() {
        return Parsed::Blank;
    }
    if column.given.is_some() {
        return Parsed::Given;
    }
    if column.kind == ColumnKind::Sequence {
        return Parsed::Sequence(running_number(value, text));
    }
    if let (Value::Text(_), Some(found)) = (value, placeholder(text)) {
        return Parsed::Placeholder(found);
    }
    match &column.kind {
        ColumnKind::Sequence | ColumnKind::Text | ColumnKind::List | ColumnKind::Remark => Parsed::Text,
        ColumnKind::Date => Parsed::Day(read_day(value)),
        ColumnKind::Dates => Parsed::Dates(read_dates(value, shown, against.span)),
        ColumnKind::Places => Parsed::Places(read_places(text, against.places, against.prefixes)),
        ColumnKind::Count { .. } => Parsed::Count(read_count(value)),
        ColumnKind::Number { .. } => Parsed::Number(read_number(value, shown, &column.header)),
        ColumnKind::Choice(choices) => Parsed::Choice(read_choice(text, choices)),
        ColumnKind::Contact => Parsed::Contacts(read_contacts(text)),
    }
}
