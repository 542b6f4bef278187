//! What a file's name says.

use chrono::NaiveDate;

use super::NameReading;
use crate::domain::period::{Cycle, Period};
use crate::domain::roster::Roster;

/// Reads a file name. `today` settles a missing year; `span` is the open
/// period's, for the validity of units and places.
#[must_use]
pub fn read_file_name(name: &str, roster: &Roster, cycle: &Cycle, today: NaiveDate) -> NameReading {
    let _ = (name, roster, cycle, today);
    unimplemented!()
}

pub(super) fn read_period(text: &str, cycle: &Cycle, near: NaiveDate) -> Option<(Period, bool)> {
    let _ = (text, cycle, near);
    unimplemented!()
}
