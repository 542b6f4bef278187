//! Cells that hold dates, as people type them.

use chrono::NaiveDate;

use super::DateReading;
use crate::domain::table::Value;

/// Reads one or several dates or ranges. A missing year is the one that
/// brings the date nearest to the period (`start`, `end`).
#[must_use]
pub fn read_dates(value: &Value, span: (NaiveDate, NaiveDate)) -> DateReading {
    let _ = (value, span);
    unimplemented!()
}

/// Reads a single full date in running text, such as a fill line's 填报时间.
#[must_use]
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let _ = text;
    unimplemented!()
}
