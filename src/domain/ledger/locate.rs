//! Finding the header.

use super::Header;
use crate::domain::program::Form;
use crate::domain::table::Sheet;

/// Finds the header of one of the form's sheets in the first 15 rows.
#[must_use]
pub fn locate(sheet: &Sheet, form: &Form) -> Option<Header> {
    let _ = (sheet, form);
    unimplemented!()
}

/// Headers of required columns that a located header lacks.
#[must_use]
pub fn missing_columns<'a>(header: &Header, form: &'a Form) -> Vec<&'a str> {
    let _ = (header, form);
    unimplemented!()
}
