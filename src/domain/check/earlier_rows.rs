//! Rows of a cumulative ledger that were accepted with an earlier period.

use std::collections::{HashMap, HashSet};

use super::Case;
use super::canonical::canonical;
use crate::domain::ids::UnitId;
use crate::domain::ledger::{DataRow, LedgerRow, Parsed, Reading, SetAside, columns_of};
use crate::domain::period::Period;
use crate::domain::program::{ColumnKind, Form};

/// What a row says, by the keys of its columns.
type Content = Vec<(String, String)>;

/// A row that is left out: its sheet's index, its 0-based row, its period.
pub(super) type LeftOut = (usize, u32, Period);

/// The rows dated in an earlier period that equal rows accepted there, their
/// running number apart; none if no row of the period itself remains.
pub(super) fn repeated(
    case: &Case<'_>,
    rows_of: &dyn Fn(&UnitId, &Period) -> Vec<LedgerRow>,
) -> Vec<LeftOut> {
    let (Some(unit), Some((start, end))) = (case.unit, case.span) else {
        return Vec::new();
    };
    let mut known: HashMap<Period, HashSet<Content>> = HashMap::new();
    let mut left_out = Vec::new();
    let mut own_remains = false;
    for (index, sheet) in case.reading.sheets.iter().enumerate() {
        let Some(layout) = case.form_sheet(sheet) else {
            continue;
        };
        let Some(dates) = case.date_column(layout) else {
            continue;
        };
        for row in &sheet.rows {
            let earlier = period_of(case, row, dates).filter(|period| {
                let span = case.program.cycle.span(period);
                span.is_some_and(|span| span.1 < start)
            });
            let Some(period) = earlier else {
                own_remains |= spans(row, dates).any(|(from, to)| from <= end && to >= start);
                continue;
            };
            let accepted = known.entry(period.clone()).or_insert_with(|| {
                let form = case.program.form(Some(&period));
                let rows = rows_of(&unit.id, &period);
                rows.iter().filter_map(|row| content(form?, row)).collect()
            });
            if accepted.is_empty() {
                continue;
            }
            let own = canonical(case, sheet, (layout, &columns_of(layout)), row, 0);
            if content(case.form, &own).is_some_and(|own| accepted.contains(&own)) {
                left_out.push((index, row.row, period));
            }
        }
    }
    if own_remains { left_out } else { Vec::new() }
}

/// Takes the rows out of a reading, with one line for each sheet.
pub(super) fn leave_out(reading: &mut Reading, left_out: &[LeftOut]) {
    for (index, sheet) in reading.sheets.iter_mut().enumerate() {
        let own: Vec<&LeftOut> = left_out.iter().filter(|(at, ..)| *at == index).collect();
        let (Some((_, first, _)), Some((_, last, _))) = (own.first(), own.last()) else {
            continue;
        };
        let rows: HashSet<u32> = own.iter().map(|(_, row, _)| *row).collect();
        sheet.rows.retain(|row| !rows.contains(&row.row));
        // Totals of a cumulative ledger add up what is left out as well.
        sheet.totals.clear();
        let mut periods: Vec<Period> = own.iter().map(|(.., period)| period.clone()).collect();
        periods.sort();
        periods.dedup();
        reading.set_aside.push(SetAside {
            sheet: sheet.sheet.clone(),
            rows: Some((first + 1, last + 1)),
            accepted: rows.len(),
            periods,
        });
    }
}

fn spans(row: &DataRow, dates: usize) -> impl Iterator<Item = (chrono::NaiveDate, chrono::NaiveDate)> {
    let found = row.fields.get(dates).and_then(|field| match &field.parsed {
        Parsed::Dates(dates) if dates.problem.is_none() => Some(&dates.spans),
        _ => None,
    });
    found.into_iter().flatten().map(|span| (span.from, span.to))
}

/// The period in which all dates of a row lie.
fn period_of(case: &Case<'_>, row: &DataRow, dates: usize) -> Option<Period> {
    let cycle = &case.program.cycle;
    let mut days = spans(row, dates).flat_map(|(from, to)| [from, to]);
    let period = cycle.at(days.next()?)?;
    days.all(|day| cycle.at(day).as_ref() == Some(&period))
        .then_some(period)
}

fn content(form: &Form, row: &LedgerRow) -> Option<Content> {
    let layout = form.sheets.get(row.form_sheet)?;
    let mut cells: Content = layout
        .columns
        .iter()
        .zip(&row.cells)
        .filter(|(column, text)| column.kind != ColumnKind::Sequence && !text.is_empty())
        .map(|(column, text)| (column.key.clone(), text.to_string()))
        .collect();
    cells.sort();
    Some(cells)
}
