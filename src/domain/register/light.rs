//! The light of an item.

use chrono::{Datelike as _, NaiveDate};

use super::{ItemLine, ItemState};
use crate::domain::program::Items;
use crate::domain::targets::Light;

/// Why an item has its light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LightReason {
    /// What was reported of it.
    Status,
    /// Nothing was reported in time.
    NotReported,
    /// Its own deadline is over, and it isn't done.
    PastDeadline,
}

/// The light of an item with one of its units, and why. None before the due
/// date where nothing counts yet, and for what isn't asked for.
///
/// `end` is the period's last day, `today` the day on which it is looked at,
/// `overdue` whether the unit's ledger is.
#[must_use]
pub fn item_light(
    items: &Items,
    line: &ItemLine,
    (end, today): (NaiveDate, NaiveDate),
    overdue: bool,
) -> Option<(Light, LightReason)> {
    let said = items.status.as_ref().zip(line.row.as_ref());
    let said = said.map(|(status, row)| (status, row.text(&status.column)));
    let is = |values: &[String], said: &str| values.iter().any(|value| value == said);
    let done = said.is_some_and(|(status, said)| is(&status.done, said));
    match line.state {
        ItemState::Accepted | ItemState::Unchanged | ItemState::Done if done => {
            return Some((Light::Green, LightReason::Status));
        }
        ItemState::NotThisYear | ItemState::Historic | ItemState::Undecided => return None,
        _ => {}
    }
    let year = items.all[line.place].years.get(&end.year());
    if year.and_then(|year| year.by).is_some_and(|by| by < today) {
        return Some((Light::Red, LightReason::PastDeadline));
    }
    match (line.state, said) {
        (ItemState::Accepted | ItemState::Unchanged, Some((status, said))) => {
            let light = if is(&status.red, said) {
                Light::Red
            } else if is(&status.yellow, said) {
                Light::Yellow
            } else {
                Light::Green
            };
            Some((light, LightReason::Status))
        }
        (ItemState::Missing | ItemState::Returned, _) if overdue => {
            Some((Light::Red, LightReason::NotReported))
        }
        _ => None,
    }
}
