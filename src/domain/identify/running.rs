//! A running workbook: one sheet a month, of which the period's own counts.

use super::period_clues::own_period;
use super::{Clues, read_file_name};
use crate::domain::ledger::{Reading, SetAside};
use crate::domain::period::Period;

/// Leaves out the sheets whose own line or name says another period, where
/// another sheet is the period's own. That is the one that the office or the
/// file's name says, else the open one.
pub fn set_aside(clues: &Clues<'_>, reading: &mut Reading, open: Option<&Period>) {
    if reading.sheets.len() < 2 {
        return;
    }
    let program = clues.program;
    let today = clues.now.date_naive();
    let name = read_file_name(&clues.origin.file_name, &program.roster, &program.cycle, today);
    let claimed = clues.origin.claimed_period.clone();
    let Some(wanted) = claimed.or(name.period).or_else(|| open.cloned()) else {
        return;
    };
    let said: Vec<Option<Period>> = reading
        .sheets
        .iter()
        .map(|sheet| own_period(clues, reading, &sheet.sheet, open))
        .collect();
    if !said.contains(&Some(wanted.clone())) {
        return;
    }
    let mut said = said.into_iter();
    let mut left_out = Vec::new();
    reading.sheets.retain(|sheet| {
        let Some(period) = said.next().flatten().filter(|period| *period != wanted) else {
            return true;
        };
        let rows = sheet.rows.first().zip(sheet.rows.last());
        left_out.push(SetAside {
            sheet: sheet.sheet.clone(),
            rows: rows.map(|(first, last)| (first.row + 1, last.row + 1)),
            period,
        });
        false
    });
    let stays = |sheet: &str| !left_out.iter().any(|own| own.sheet == sheet);
    reading.fill.retain(|fill| stays(&fill.sheet));
    reading.title = reading.title.take().filter(|title| stays(&title.sheet));
    reading.set_aside = left_out;
}
