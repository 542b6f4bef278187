//! The programme's own checks over all rows of a sheet.

use chrono::NaiveDate;

use super::Case;
use crate::domain::codes::{Code, Severity};
use crate::domain::expression::{Check, Facts, Row, Value};
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, Field, Parsed, SheetReading};
use crate::domain::program::{FormSheet, RowsCheck};

/// Tries each check on the rows of all sheets of its layout together.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (place, layout) in case.form.sheets.iter().enumerate() {
        let own = case.reading.sheets.iter();
        let sheets: Vec<&SheetReading> = own.filter(|sheet| sheet.header.form_sheet == place).collect();
        let rows: Vec<(&SheetReading, &DataRow)> = sheets
            .iter()
            .flat_map(|sheet| sheet.rows.iter().map(move |row| (*sheet, row)))
            .collect();
        // Without rows there is nothing to hold; that has a finding of its own.
        let (Some(first), false) = (rows.first(), layout.checks.is_empty()) else {
            continue;
        };
        let facts = facts(case, layout, &rows);
        for own in &layout.checks {
            found.extend(tried(own, &facts, (case, layout), (first.0, &rows)));
        }
    }
    found
}

fn facts(case: &Case<'_>, layout: &FormSheet, rows: &[(&SheetReading, &DataRow)]) -> Facts {
    let row = |(place, (_, row)): (usize, &(&SheetReading, &DataRow))| {
        let cells = layout.columns.iter().zip(&row.fields);
        let cells = cells.map(|(column, field)| (column.key.clone(), value(field)));
        Row::new(place, cells)
    };
    Facts {
        rows: rows.iter().enumerate().map(row).collect(),
        unit: case.unit.map_or_else(String::new, |unit| unit.name.clone()),
        span: case.span.unwrap_or((NaiveDate::MIN, NaiveDate::MAX)),
    }
}

/// What a cell holds; what isn't understood has a finding of its own.
fn value(field: &Field) -> Value {
    match &field.parsed {
        Parsed::Blank
        | Parsed::NoValue
        | Parsed::Placeholder(_)
        | Parsed::Choice(None)
        | Parsed::Day(None)
        | Parsed::Sequence(None) => Value::Empty,
        Parsed::Day(Some(day)) => Value::Date(*day),
        Parsed::Sequence(Some(number)) => Value::Number((*number).into()),
        Parsed::Count(count) => count
            .count
            .map_or(Value::Empty, |count| Value::Number(count.into())),
        Parsed::Number(number) => number.number.map_or(Value::Empty, Value::Number),
        Parsed::Choice(Some(name)) => Value::Text(name.clone()),
        Parsed::Given | Parsed::Text | Parsed::Dates(_) | Parsed::Places(_) | Parsed::Contacts(_) => {
            match field.text.as_str() {
                "" => Value::Empty,
                text => Value::Text(text.to_owned()),
            }
        }
    }
}

/// What a check that doesn't hold finds: the rows that it marks, else the
/// sheet. One that can't be evaluated is told, never passed over.
fn tried(
    check: &RowsCheck,
    facts: &Facts,
    (case, layout): (&Case<'_>, &FormSheet),
    (first, rows): (&SheetReading, &[(&SheetReading, &DataRow)]),
) -> Vec<Finding> {
    let evaluated = Check::new(&check.expression, check.at.as_deref()).and_then(|compiled| {
        if compiled.holds(facts)? {
            return Ok(None);
        }
        compiled.marked(facts).map(Some)
    });
    let of = |code| {
        Finding::new(code)
            .with("rule", &check.id)
            .with("message", &check.message)
            .with("hint", &check.hint)
    };
    let code = match check.severity {
        Severity::Error => Code::RuleBroken,
        Severity::Query => Code::RuleDoubtful,
        Severity::Warning | Severity::Info => Code::RuleNoted,
    };
    match evaluated {
        Ok(None) => Vec::new(),
        Ok(Some(None)) => vec![of(code).on_sheet(&first.sheet)],
        Ok(Some(Some(marked))) => {
            let key = check.column.as_deref();
            let key = key.or_else(|| layout.columns.first().map(|column| column.key.as_str()));
            let marked = marked.iter().filter_map(|place| rows.get(*place));
            let cells = marked.filter_map(|(sheet, row)| {
                let mut cells = case.cells(sheet, row);
                let cell = cells.find(|cell| Some(cell.column.key.as_str()) == key)?;
                let found = cell.finding(code).with("rule", &check.id);
                Some(found.with("message", &check.message).with("hint", &check.hint))
            });
            cells.collect()
        }
        Err(reason) => vec![
            Finding::new(Code::CheckFailed)
                .on_sheet(&first.sheet)
                .with("rule", &check.id)
                .with("reason", reason),
        ],
    }
}
