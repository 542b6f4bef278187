//! Cells that count, list, or both.

use super::CountReading;
use crate::domain::table::Value;

/// Reads a count cell: a whole number, or 推动…村解决问题N个：1.…2.….
#[must_use]
pub fn read_count(value: &Value) -> CountReading {
    let _ = value;
    unimplemented!()
}

/// How many numbered items a text lists; none if it lists nothing.
#[must_use]
pub fn count_items(text: &str) -> Option<u32> {
    let _ = text;
    unimplemented!()
}
