//! Cells that hold a decimal number.

use super::NumberReading;
use crate::domain::table::Value;

/// Reads a number.
#[must_use]
pub fn read_number(value: &Value) -> NumberReading {
    let _ = value;
    unimplemented!()
}
