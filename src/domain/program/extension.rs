//! Deadlines that the office has extended (延期).

use chrono::NaiveDate;

use crate::domain::period::Period;

/// A later due date for one period of a programme, for all of its units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The period.
    pub period: Period,
    /// 1 for a period's first extension, 2 for the next; a step of the ladder
    /// comes once for each.
    pub revision: u32,
    /// The day on which it is due now; it is not rolled any further.
    pub due: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub by: String,
}

/// The extension that holds for a period: the last one.
#[must_use]
pub fn extension_of<'a>(extensions: &'a [Extension], period: &Period) -> Option<&'a Extension> {
    extensions
        .iter()
        .filter(|extension| extension.period == *period)
        .max_by_key(|extension| extension.revision)
}
