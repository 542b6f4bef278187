//! Lists that are kept on change (变动即报的名单): the last version that was
//! accepted, of whatever year, is the list.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

use super::site::Site;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::{CycleKind, Period};
use crate::domain::program::{ColumnKind, FormSheet, Program};
use crate::domain::register::Ready;

/// The list of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The version that counts.
    pub submission: SubmissionId,
    /// The year that it was handed in for.
    pub period: Period,
    /// When it was judged.
    pub judged: DateTime<Utc>,
}

/// Whether a programme keeps lists on change.
#[must_use]
pub fn keeps_lists(program: &Program) -> bool {
    program.cycle.kind == CycleKind::OnChange
}

/// The list of each unit as of a year: of that year, else of the last one
/// before; nothing where the programme keeps none.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn lists(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<HashMap<UnitId, Listed>> {
    let mut lists = HashMap::new();
    if !keeps_lists(program) {
        return Ok(lists);
    }
    let first_day = |period: &Period| program.cycle.span(period).map(|span| span.0);
    let mut periods = site.store.counting_of_all(&program.id).await?;
    periods.retain(|(own, _)| first_day(own) <= first_day(period));
    periods.sort_by_key(|(own, _)| first_day(own));
    for (own, counting) in periods {
        for counting in counting {
            let listed = Listed {
                submission: counting.submission,
                period: own.clone(),
                judged: DateTime::from_timestamp_millis(counting.judged).unwrap_or_default(),
            };
            lists.insert(counting.unit, listed);
        }
    }
    Ok(lists)
}

/// The rows of each unit's list as of a year.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn rows(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<HashMap<UnitId, Vec<LedgerRow>>> {
    let lists = with_rows(site, program, period).await?.into_iter();
    Ok(lists.map(|(unit, (_, rows))| (unit, rows)).collect())
}

/// The list of each unit as of a year with its rows, asked for year by year.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn with_rows(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<HashMap<UnitId, (Listed, Vec<LedgerRow>)>> {
    let lists = lists(site, program, period).await?;
    let mut of_period: BTreeMap<Period, Vec<SubmissionId>> = BTreeMap::new();
    for listed in lists.values() {
        of_period
            .entry(listed.period.clone())
            .or_default()
            .push(listed.submission);
    }
    let mut rows = HashMap::new();
    for (period, ids) in of_period {
        rows.extend(site.rows_of_each(program, &period, &ids).await?);
    }
    let with_rows = lists.into_iter().map(|(unit, listed)| {
        let rows = rows.remove(&listed.submission).unwrap_or_default();
        (unit, (listed, rows))
    });
    Ok(with_rows.collect())
}

/// What stands ready on a unit's form before any list of it was accepted: what
/// the definition brings along.
#[must_use]
pub fn first(program: &Program, period: &Period, unit: &UnitId) -> Vec<Ready> {
    let sheets = program.form(Some(period)).map_or(&[][..], |form| &form.sheets);
    let own = program.listed.iter().filter(|row| row.unit == *unit);
    let rows = own.map(|row| (0, row.cells.clone())).collect();
    numbered(sheets, rows)
}

/// What stands ready on a unit's form: its list, to be changed.
#[must_use]
pub fn ready(program: &Program, period: &Period, rows: &[LedgerRow]) -> Vec<Ready> {
    let sheets = program.form(Some(period)).map_or(&[][..], |form| &form.sheets);
    let texts = |row: &LedgerRow| {
        let columns = &sheets.get(row.form_sheet)?.columns;
        let cells = columns.iter().map(|column| row.text(&column.key).to_owned());
        Some((row.form_sheet, cells.collect()))
    };
    numbered(sheets, rows.iter().filter_map(texts).collect())
}

/// Rows with their sheets, numbered anew on each.
fn numbered(sheets: &[FormSheet], rows: Vec<(usize, Vec<String>)>) -> Vec<Ready> {
    let mut counts = vec![0_usize; sheets.len()];
    let mut ready = Vec::with_capacity(rows.len());
    for (item, (sheet, mut cells)) in rows.into_iter().enumerate() {
        counts[sheet] += 1;
        for (cell, column) in cells.iter_mut().zip(&sheets[sheet].columns) {
            if column.kind == ColumnKind::Sequence {
                *cell = counts[sheet].to_string();
            }
        }
        ready.push(Ready {
            item,
            sheet,
            cells,
            done: false,
        });
    }
    ready
}
