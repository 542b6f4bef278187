//! What stands ready in a register's form.

use std::borrow::Cow;

use chrono::{Datelike as _, NaiveDate};

use super::{Before, Duties, Past};
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::{Given, Item, Items, Program};

/// A row that stands ready in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The item's place in the table.
    pub item: usize,
    /// The form sheet on which it stands.
    pub sheet: usize,
    /// What its given cells show, one text for each column of the sheet; empty
    /// where the unit types.
    pub cells: Vec<String>,
    /// It was accepted as done: it stands there as given, and is owed no more.
    pub done: bool,
}

/// Rows that stand ready on a unit's form: of these items, by their places in
/// the table.
#[must_use]
pub fn ready(
    program: &Program,
    period: &Period,
    unit: &UnitId,
    (duties, past): (&Duties, &Past),
    places: &[usize],
) -> Vec<Ready> {
    let (Some(items), Some(span)) = (program.material.items(), program.cycle.span(period)) else {
        return Vec::new();
    };
    let sheets = program.form(Some(period)).map_or(&[][..], |form| &form.sheets);
    let mut rows = Vec::new();
    for (sheet, layout) in sheets.iter().enumerate() {
        if layout.column(&items.column).is_none() {
            continue;
        }
        for place in places {
            let item = &items.all[*place];
            if !item.stands_on(layout) {
                continue;
            }
            let before = past.shown(unit, &item.id);
            let text = |given: &Given| given_text(items, item, given, (before, span), program).into_owned();
            let columns = layout.columns.iter();
            rows.push(Ready {
                item: *place,
                sheet,
                cells: columns
                    .map(|column| column.given.as_ref().map_or_else(String::new, text))
                    .collect(),
                done: !duties.items[*place].owes(unit),
            });
        }
    }
    rows
}

/// What a given cell shows. A figure that is added up anew each year says of
/// which year it was last.
#[must_use]
pub fn given_text<'a>(
    items: &'a Items,
    item: &'a Item,
    given: &Given,
    (before, span): (Option<&'a Before>, (NaiveDate, NaiveDate)),
    program: &Program,
) -> Cow<'a, str> {
    let year = span.1.year();
    match given {
        Given::Number => item.number.as_str().into(),
        Given::Name => item.name.as_str().into(),
        Given::Column(header) => items.cell(item, header).unwrap_or_default().into(),
        Given::Requirement => {
            let year = item.years.get(&year);
            year.map_or("", |year| year.text.as_str()).into()
        }
        Given::Last(key) => {
            let Some(before) = before else {
                return "".into();
            };
            let text = before.row.text(key);
            match before.year(program) {
                Some(of) if of != year && item.begins_anew() && !text.is_empty() => {
                    format!("{text}（{of}年）").into()
                }
                _ => text.into(),
            }
        }
    }
}
