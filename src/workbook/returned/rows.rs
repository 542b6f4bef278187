//! The unit's own rows in the copy.

use std::ops::RangeInclusive;

use rust_xlsxwriter::{Format, Worksheet};

use super::marks::{SheetMarks, marked};
use super::plan::{CopySheet, ordinal};
use super::value::{shown_value, value_text, write_text, write_value};
use crate::domain::codes::Severity;
use crate::domain::ledger::LedgerRow;
use crate::domain::table::{Pos, Value};
use crate::workbook::form::FormContext;
use crate::workbook::form::layout::Shown;
use crate::workbook::form::table::{cell_format, given_format};
use crate::workbook::style::{BODY_SIZE, estimate_height};

const LOWEST: f64 = 30.0;

/// Writes the rows with their marks and notes; returns the rows taken, at
/// least one.
///
/// # Errors
/// When the sheet is too large.
pub fn write_rows(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    copy: &CopySheet<'_>,
    marks: &SheetMarks<'_>,
) -> anyhow::Result<RangeInclusive<u32>> {
    let layout = &copy.layout;
    let formats: Vec<Format> = layout
        .columns
        .iter()
        .map(|shown| match shown {
            Shown::Form(_, column) if column.given.is_some() => given_format(cell_format(context, shown)),
            _ => cell_format(context, shown),
        })
        .collect();
    for (number, row) in (layout.first_row..).zip(&copy.rows) {
        let to_explain = marks.in_row(number).any(|mark| mark.asks);
        let mut height = LOWEST;
        for ((column, shown), format) in layout.numbered().zip(&formats) {
            let pos = Pos::new(number, column);
            let mut format = match marks.at(pos) {
                Some(mark) => marked(format.clone(), mark.severity),
                None => format.clone(),
            };
            if *shown == Shown::Explanation && to_explain {
                format = marked(format, Severity::Query);
            }
            let value = content(row, shown, marks, number);
            height = height.max(estimate_height(&value_text(&value), shown.width(), BODY_SIZE));
            if let Value::Text(text) = &value {
                write_text(sheet, (number, column), text, &format)?;
            } else {
                write_value(sheet, (number, column), &value, &context.typeface(), &format)?;
            }
        }
        sheet.set_row_height(number, height)?;
    }
    marks.write_notes(sheet, context, layout.first_row)?;
    Ok(layout.first_row..=copy.first_empty_row().max(layout.first_row + 1) - 1)
}

fn content(row: &LedgerRow, shown: &Shown<'_>, marks: &SheetMarks<'_>, number: u32) -> Value {
    match shown {
        Shown::Form(index, _) => shown_value(row, *index),
        Shown::Extra(header, which) => {
            let own = row.extras.iter().enumerate();
            own.filter(|(index, (own, _))| own == header && ordinal(row, *index) == *which)
                .map(|(_, (_, text))| Value::Text(text.into()))
                .next()
                .unwrap_or(Value::Empty)
        }
        Shown::Remarks => {
            let texts: Vec<&str> = marks
                .in_row(number)
                .flat_map(|mark| mark.texts.iter().map(String::as_str))
                .collect();
            Value::Text(texts.join("\n").into())
        }
        Shown::Explanation => Value::Text(row.explanation.as_str().into()),
    }
}
