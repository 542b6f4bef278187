//! Rows of a list that expire (到期): by what their watch says of them.

use chrono::{Months, NaiveDate};

use super::ledger::LedgerRow;
use super::program::Watch;

/// The day that counts for a row; none where it has no date.
#[must_use]
pub fn day(watch: &Watch, row: &LedgerRow) -> Option<NaiveDate> {
    let date = row.dates(&watch.column).first()?.from;
    date.checked_add_months(Months::new(watch.after_months))
}

/// Whether a row still has to be dealt with.
#[must_use]
pub fn is_open(watch: &Watch, row: &LedgerRow) -> bool {
    let Some(settled) = &watch.settled else {
        return true;
    };
    let said = row.text(&settled.column);
    said.is_empty() || settled.open.iter().any(|open| open == said)
}

/// A row as a letter names it: HT-2016-03（村头市场二楼）.
#[must_use]
pub fn name(watch: &Watch, row: &LedgerRow) -> String {
    let texts = watch.label.iter().map(|key| row.text(key));
    let mut texts = texts.filter(|text| !text.is_empty());
    let first = texts.next().unwrap_or_default().to_owned();
    let rest: Vec<&str> = texts.collect();
    if rest.is_empty() {
        first
    } else {
        format!("{first}（{}）", rest.join("，"))
    }
}
