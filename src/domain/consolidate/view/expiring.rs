//! 到期情况: rows of lists whose day is near or over and that nobody has dealt with.

use chrono::NaiveDate;

use super::{Subject, Table, Tone, text};
use crate::domain::dates;
use crate::domain::expiry;
use crate::domain::ids::UnitId;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Program, Watch};

/// A row whose day is near or over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expiring {
    /// Whose.
    pub unit: UnitId,
    /// What it is, and its name.
    pub row: String,
    /// The day that counts.
    pub day: NaiveDate,
    /// What the unit says of it, where the watch has a column for that.
    pub said: String,
    /// Its day is over.
    pub over: bool,
}

/// The rows of a list that a watch would tell of by a day, or that are over;
/// those that are dealt with left out.
#[must_use]
pub fn expiring(program: &Program, unit: &UnitId, rows: &[LedgerRow], today: NaiveDate) -> Vec<Expiring> {
    let mut found = Vec::new();
    for watch in &program.watches {
        for row in rows.iter().filter(|row| expiry::is_open(watch, row)) {
            let Some(day) = expiry::day(watch, row).filter(|day| from(watch, *day) <= today) else {
                continue;
            };
            let settled = watch.settled.as_ref();
            found.push(Expiring {
                unit: unit.clone(),
                row: format!("{}{}", watch.what, expiry::name(watch, row)),
                day,
                said: settled.map_or_else(String::new, |own| row.text(&own.column).to_owned()),
                over: day < today,
            });
        }
    }
    found
}

/// From when on a row is near its day: from the first step on.
fn from(watch: &Watch, day: NaiveDate) -> NaiveDate {
    let steps = watch.steps.iter().map(|step| step.before.day(day));
    steps.min().unwrap_or(day)
}

/// The table, the earliest day first; none where nothing is near.
pub(super) fn table(of: Subject<'_>, expiring: &[Expiring]) -> Option<Table> {
    if expiring.is_empty() {
        return None;
    }
    let words = of.words.expiring();
    let who = of.who();
    let columns = [
        (who.as_str(), 16.0),
        (words.row, 44.0),
        (words.day, 16.0),
        (words.said, 16.0),
        (words.state, 16.0),
    ];
    let mut table = of.table(words.sheet, words.sheet, columns);
    let mut lines: Vec<&Expiring> = expiring.iter().collect();
    lines.sort_by_key(|own| own.day);
    for own in lines {
        let unit = of.program.roster.unit(&own.unit);
        let (state, tone) = if own.over {
            (words.over, Tone::Red)
        } else {
            (words.near, Tone::Yellow)
        };
        table.line([
            text(Tone::Centre, unit.map_or("", |unit| unit.display_name.as_str())),
            text(Tone::Body, own.row.as_str()),
            text(Tone::Centre, dates::day(of.program.language, own.day)),
            text(Tone::Centre, own.said.as_str()),
            text(tone, state),
        ]);
    }
    Some(table)
}
