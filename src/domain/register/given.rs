//! What stands ready in a register's form.

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
            let text = |given: &Given| given_text(items, item, given, before, span).to_owned();
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

/// What a given cell shows.
#[must_use]
pub fn given_text<'a>(
    items: &'a Items,
    item: &'a Item,
    given: &Given,
    before: Option<&'a Before>,
    span: (NaiveDate, NaiveDate),
) -> &'a str {
    match given {
        Given::Number => &item.number,
        Given::Name => &item.name,
        Given::Column(header) => items.cell(item, header).unwrap_or_default(),
        Given::Requirement => {
            let year = item.years.get(&span.1.year());
            year.map_or("", |year| year.text.as_str())
        }
        Given::Last(key) => before.map_or("", |before| before.row.text(key)),
    }
}
