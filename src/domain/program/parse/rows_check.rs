//! `[[form.check]]`: the programme's own checks over all rows of a sheet.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::column::check_known;
use super::rule::SEVERITIES;
use crate::domain::codes::Severity;
use crate::domain::definition::Section;
use crate::domain::expression::{Check, Facts, Row, Value};
use crate::domain::program::{Column, ColumnKind, FormSheet, RowsCheck};
use crate::domain::text::name_key;

/// Reads the checks into the sheets that they are about: the one that they
/// name, else the first.
pub fn read(form: &Section<'_>, sheets: &mut [FormSheet]) {
    let mut ids = BTreeSet::new();
    for section in form.sections("check") {
        let named = section.text("sheet").filter(|name| !name.is_empty());
        let place = match &named {
            None => Some(0),
            Some(name) => sheets
                .iter()
                .position(|sheet| name_key(&sheet.name) == name_key(name)),
        };
        let read = check(&section, &mut ids);
        let Some(about) = place.and_then(|place| sheets.get_mut(place)) else {
            let known: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let message = format!("表样没有工作表“{}”。", named.unwrap_or_default());
            section.report("sheet", message, format!("表样的工作表：{}。", known.join("、")));
            continue;
        };
        let keys: Vec<&str> = about.columns.iter().map(|column| column.key.as_str()).collect();
        if let Some(column) = &read.column {
            check_known(&section, "column", column, &keys);
        }
        if let Err(reason) = try_out(&read, &about.columns) {
            section.report(
                "expression",
                format!("{reason}。"),
                format!(
                    "用 rows 写一个成立与否的式子，例如 count(rows) >= 5；列的 key：{}。",
                    keys.join("、")
                ),
            );
        }
        about.checks.push(read);
    }
}

fn check(section: &Section<'_>, ids: &mut BTreeSet<String>) -> RowsCheck {
    let id = section.required_text("id", "team-size");
    if !id.is_empty() && !ids.insert(id.clone()) {
        section.report("id", format!("检查“{id}”重复。"), "各条检查的 id 各不相同。");
    }
    RowsCheck {
        id,
        expression: section.required_text("expression", "count(rows) >= 5"),
        at: section.text("at").filter(|at| !at.is_empty()),
        column: section.text("column").filter(|column| !column.is_empty()),
        severity: section.choice("severity", &SEVERITIES).unwrap_or(Severity::Error),
        message: section.required_text("message", "每支工作队不少于5人。"),
        hint: section.text("hint").unwrap_or_default(),
    }
}

/// Tries a check on rows of which every cell holds something, and on rows of
/// which none does: a name that doesn't exist shows itself.
fn try_out(check: &RowsCheck, columns: &[Column]) -> Result<(), String> {
    if check.expression.is_empty() {
        return Ok(());
    }
    let compiled = Check::new(&check.expression, check.at.as_deref())?;
    let day = NaiveDate::from_ymd_opt(2022, 6, 15).unwrap_or_default();
    let sample = |column: &Column| match &column.kind {
        ColumnKind::Date => Value::Date(day),
        ColumnKind::Number { .. } | ColumnKind::Count { .. } | ColumnKind::Sequence => {
            Value::Number(Decimal::ONE)
        }
        ColumnKind::Choice(choices) => {
            Value::Text(choices.first().map(|own| own.name.clone()).unwrap_or_default())
        }
        _ => Value::Text("一".to_owned()),
    };
    let filled = |place| {
        let cells = columns.iter().map(|own| (own.key.clone(), sample(own)));
        Row::new(place, cells)
    };
    let facts = Facts {
        rows: vec![filled(0), filled(1)],
        unit: "一".to_owned(),
        span: (day, day),
    };
    let said = |error: String| format!("检查“{}”算不出来：{error}", check.expression);
    compiled.holds(&facts).map_err(said)?;
    let marked = compiled.marked(&facts);
    marked
        .map(|_| ())
        .map_err(|error| format!("检查“{}”的 at 算不出来：{error}", check.id))
}
