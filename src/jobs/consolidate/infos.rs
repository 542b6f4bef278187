//! What the checks noticed in the ledgers that count and only the office reads.

use std::collections::HashMap;

use super::Model;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{LedgerRow, mask_identity_numbers};
use crate::domain::program::ColumnKind;
use crate::domain::submission::{Submission, counting};
use crate::jobs::site::Site;
use crate::workbook::master::Info;

/// Lines that a master lists; what is more stands in the ledgers themselves.
const MOST: usize = 2_000;

/// Infos of the ledgers that count: copies of the period before first, then
/// by unit in roster order.
///
/// # Errors
/// The database is gone.
pub(super) async fn of(site: &Site, model: &Model) -> anyhow::Result<Vec<Info>> {
    let ids: Vec<i64> = model.counting.iter().map(|own| own.id).collect();
    let mut found = site.store.infos_of(&ids).await?;
    let (mut copies, mut others) = (Vec::new(), Vec::new());
    let roster = &model.program.roster;
    for submission in &model.counting {
        let findings = found.remove(&submission.id).unwrap_or_default();
        if findings.is_empty() || copies.len() + others.len() >= MOST {
            continue;
        }
        let is_copy = |finding: &Finding| finding.code == Code::RepeatsLastPeriod;
        // Rows are fetched only where they have to be laid side by side.
        let (rows, before) = if findings.iter().any(is_copy) {
            let rows = site.store.rows(submission.id).await?;
            (rows, rows_before(site, model, submission).await?)
        } else {
            (Vec::new(), Vec::new())
        };
        let unit = roster.unit(&submission.unit);
        let unit = unit.map_or(submission.unit.as_str(), |unit| unit.display_name.as_str());
        for finding in findings {
            let own = finding.row.and_then(|row| {
                let same_sheet =
                    |own: &&LedgerRow| finding.sheet.as_deref().is_none_or(|sheet| sheet == own.sheet);
                rows.iter().filter(same_sheet).find(|own| own.row == row)
            });
            let other = finding.args.get("other_row").and_then(|row| row.parse().ok());
            let other = other.filter(|_| is_copy(&finding)).and_then(|row: u32| {
                let fits =
                    |own: &&LedgerRow| own.row == row && Some(own.form_sheet) == own_sheet(&rows, &finding);
                before
                    .iter()
                    .find(fits)
                    .or(before.iter().find(|own| own.row == row))
            });
            let list = if is_copy(&finding) {
                &mut copies
            } else {
                &mut others
            };
            list.push(Info {
                unit: unit.to_owned(),
                place: place(&finding),
                message: mask_identity_numbers(&finding.message),
                row: own.map(|row| in_words(model, row)).unwrap_or_default(),
                before: other.map(|row| in_words(model, row)).unwrap_or_default(),
            });
        }
    }
    copies.extend(others);
    copies.truncate(MOST);
    Ok(copies)
}

/// The sheet of the form in which a finding's row stands.
fn own_sheet(rows: &[LedgerRow], finding: &Finding) -> Option<usize> {
    let row = finding.row?;
    let own = rows
        .iter()
        .find(|own| own.row == row && finding.sheet.as_deref() == Some(&own.sheet));
    own.map(|own| own.form_sheet)
}

/// The rows of a unit that count for the period before.
async fn rows_before(site: &Site, model: &Model, submission: &Submission) -> anyhow::Result<Vec<LedgerRow>> {
    let program = &model.program;
    let Some(before) = program.cycle.previous(&model.standing.period) else {
        return Ok(Vec::new());
    };
    let mut of_unit: HashMap<String, Vec<Submission>> = HashMap::new();
    for own in site.store.facts_of(&program.id, &before).await? {
        of_unit.entry(own.unit.clone()).or_default().push(own);
    }
    let counts = of_unit.get(&submission.unit).and_then(|own| counting(own));
    match counts {
        Some(counts) => site.store.rows(counts.id).await,
        None => Ok(Vec::new()),
    }
}

fn place(finding: &Finding) -> String {
    let cell = finding.cell().unwrap_or_default();
    match &finding.sheet {
        Some(sheet) => format!("{sheet} {cell}").trim().to_owned(),
        None => cell,
    }
}

/// A row as people read it: what stands in its cells, one after another.
fn in_words(model: &Model, row: &LedgerRow) -> String {
    let form = model.program.form(Some(&model.standing.period));
    let sheet = form.and_then(|form| form.sheets.get(row.form_sheet));
    let is_contact = |index: usize| {
        let column = sheet.and_then(|sheet| sheet.columns.get(index));
        column.is_none_or(|column| column.kind == ColumnKind::Contact)
    };
    // Whom to call stands in 明细.
    let cells = row
        .cells
        .iter()
        .enumerate()
        .filter(|(index, _)| !is_contact(*index));
    let texts: Vec<&str> = cells
        .map(|(_, cell)| cell.trim())
        .filter(|cell| !cell.is_empty())
        .collect();
    mask_identity_numbers(&texts.join("｜"))
}
