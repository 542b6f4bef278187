//! Which rows are data, and what their cells mean.

use chrono::NaiveDate;

use super::{Header, SheetReading};
use crate::domain::program::Form;
use crate::domain::table::Sheet;

/// Reads everything below a header. `span` is the period's, for dates
/// without a year; `places` are all places that the roster knows.
#[must_use]
pub fn read_rows(
    sheet: &Sheet,
    header: Header,
    form: &Form,
    span: (NaiveDate, NaiveDate),
    places: &[&str],
    prefixes: &[String],
) -> SheetReading {
    let _ = (sheet, header, form, span, places, prefixes);
    unimplemented!()
}
