//! Labelled values above the header.

use super::{FillValue, Header, Titled};
use crate::domain::program::Form;
use crate::domain::table::Sheet;

/// Reads title and fill lines above a header: value behind the colon in the
/// same cell (several labels may share one) or in the next cell.
#[must_use]
pub fn read_fill_lines(sheet: &Sheet, header: &Header, form: &Form) -> (Option<Titled>, Vec<FillValue>) {
    let _ = (sheet, header, form);
    unimplemented!()
}
