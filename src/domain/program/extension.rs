//! Deadlines that the office has extended (延期).

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::ids::UnitId;
use crate::domain::period::Period;

/// A later due date for one period of a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The period.
    pub period: Period,
    /// For this unit alone; none: for all of them.
    pub unit: Option<UnitId>,
    /// 1 for a period's first extension, 2 for the next, whomever they are for; a
    /// step of the ladder comes once for each.
    pub revision: u32,
    /// The day on which it is due now; it is not rolled any further.
    pub due: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub by: String,
    /// When: units are told of what was decided.
    pub at: DateTime<Utc>,
}

/// The extension that holds for a period and all of its units: the last one.
#[must_use]
pub fn extension_of<'a>(extensions: &'a [Extension], period: &Period) -> Option<&'a Extension> {
    last(extensions, |own| own.period == *period && own.unit.is_none())
}

/// The extension that holds for a unit alone; none where it has none, or all of
/// them have as much time.
#[must_use]
pub fn extension_of_unit<'a>(
    extensions: &'a [Extension],
    period: &Period,
    unit: &UnitId,
) -> Option<&'a Extension> {
    last(extensions, |own| {
        own.period == *period && own.unit.as_ref() == Some(unit)
    })
}

fn last(extensions: &[Extension], is: impl Fn(&Extension) -> bool) -> Option<&Extension> {
    let own = extensions.iter().filter(|own| is(own));
    own.max_by_key(|own| own.revision)
}
