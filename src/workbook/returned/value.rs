//! A unit's value, written so that it stays what it is.

use chrono::{Datelike, NaiveDateTime, NaiveTime, Timelike};
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet};

use crate::domain::ledger::LedgerRow;
use crate::domain::table::Value;
use crate::workbook::style::{Typeface, is_number_like, needs_quoting, safe_text};

/// Whole numbers from here on are shown as 1.38E+10 unless told otherwise.
const LONG_NUMBER: f64 = 1e10;

/// What the unit wrote in a form column; the canonical text when what it typed isn't known.
pub fn shown_value(row: &LedgerRow, column: usize) -> Value {
    row.typed
        .get(column)
        .cloned()
        .or_else(|| row.cells.get(column).cloned().map(Value::Text))
        .unwrap_or(Value::Empty)
}

/// The value as text, for estimating heights.
pub fn value_text(value: &Value) -> String {
    safe_text(&value.display())
}

/// Writes a value. Text stays text whatever it looks like; numbers and dates
/// stay numbers and dates unless they hold an identity number; an error value
/// leaves the cell empty, so that it can't be taken for an answer.
///
/// # Errors
/// When the sheet can't be written.
pub fn write_value(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    value: &Value,
    typeface: &Typeface,
    format: &Format,
) -> anyhow::Result<()> {
    match value {
        Value::Empty | Value::Error(_) => {
            sheet.write_blank(row, column, format)?;
        }
        Value::Bool(value) => {
            sheet.write_boolean_with_format(row, column, *value, format)?;
        }
        Value::Text(text) => write_text(sheet, (row, column), text, format)?,
        Value::Number(number) if number.is_finite() && value_text(value) == value.display() => {
            let long = number.fract() == 0.0 && number.abs() >= LONG_NUMBER;
            let format = format.clone().set_num_format(if long { "0" } else { "General" });
            sheet.write_number_with_format(row, column, *number, &format)?;
        }
        Value::Number(_) => write_text(sheet, (row, column), &value.display(), format)?,
        Value::Date(at) => match excel_time(*at) {
            Some(time) => {
                let day_only = at.time() == NaiveTime::MIN;
                let clock = if day_only { "" } else { " hh:mm" };
                let format = format.clone().set_num_format(format!("{}{clock}", typeface.date));
                sheet.write_datetime_with_format(row, column, time, &format)?;
            }
            None => write_text(sheet, (row, column), &value.display(), format)?,
        },
    }
    Ok(())
}

/// Writes text as text. Where typing it would make a formula or a number of
/// it, the cell says so, and keeps it text even when someone edits it.
///
/// # Errors
/// When the sheet can't be written.
pub fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> anyhow::Result<()> {
    let text = safe_text(text);
    if needs_quoting(&text) || is_number_like(&text) {
        let format = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, text, &format)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

fn excel_time(at: NaiveDateTime) -> Option<ExcelDateTime> {
    let year = u16::try_from(at.year()).ok()?;
    let month = u8::try_from(at.month()).ok()?;
    let day = u8::try_from(at.day()).ok()?;
    let hour = u16::try_from(at.hour()).ok()?;
    let minute = u8::try_from(at.minute()).ok()?;
    ExcelDateTime::from_ymd(year, month, day)
        .and_then(|day| day.and_hms(hour, minute, f64::from(at.second())))
        .ok()
}
