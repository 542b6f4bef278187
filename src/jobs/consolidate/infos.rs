//! What the checks noticed in the ledgers that count and only the office reads.

use std::collections::HashMap;

use super::Model;
use crate::domain::codes::Code;
use crate::domain::consolidate::view::Info;
use crate::domain::finding::Finding;
use crate::domain::ids::SubmissionId;
use crate::domain::ledger::{LedgerRow, mask_identity_numbers};
use crate::domain::period::Period;
use crate::domain::program::{ColumnKind, Program};
use crate::jobs::site::Site;

/// Lines that a master lists; what is more stands in the ledgers themselves.
const MOST: usize = 2_000;

/// Infos of the ledgers that count: copies of the period before first, then
/// by unit in roster order.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn of(site: &Site, model: &Model) -> anyhow::Result<Vec<Info>> {
    let ids: Vec<SubmissionId> = model.counting.iter().map(|own| own.id).collect();
    let mut found = site.store.infos_of(&ids).await?;
    let is_copy = |finding: &Finding| finding.code == Code::RepeatsLastPeriod;
    let program = &model.program;
    let period = &model.standing.period;
    let before = program.cycle.previous(period);
    // Asked once, and only if there is a copy at all.
    let counted_before = match &before {
        Some(before) if found.values().flatten().any(is_copy) => {
            site.store.counting_by_unit(&program.id, before).await?
        }
        _ => HashMap::new(),
    };
    let (mut copies, mut others) = (Vec::new(), Vec::new());
    for submission in &model.counting {
        let Some(findings) = found.remove(&submission.id) else {
            continue;
        };
        // Rows are fetched only where they have to be laid side by side.
        let (mut rows, mut rows_before) = (Vec::new(), Vec::new());
        if findings.iter().any(is_copy) {
            rows = site.rows(program, &submission.period, submission.id).await?;
            if let (Some(before), Some(earlier)) = (&before, counted_before.get(&submission.unit)) {
                rows_before = site.rows(program, before, *earlier).await?;
            }
        }
        let unit = program.roster.unit(&submission.unit);
        let unit = unit.map_or(submission.unit.as_str(), |unit| unit.display_name.as_str());
        for finding in findings {
            let mut info = Info {
                unit: unit.to_owned(),
                place: place(&finding),
                message: mask_identity_numbers(&finding.message),
                ..Info::default()
            };
            if !is_copy(&finding) {
                if others.len() < MOST {
                    others.push(info);
                }
                continue;
            }
            let own = rows
                .iter()
                .find(|own| Some(own.row) == finding.row && finding.sheet.as_deref() == Some(&own.sheet));
            if let (Some(own), Some(before)) = (own, &before) {
                let row = finding.args.get("other_row").and_then(|row| row.parse().ok());
                let fits = |other: &&LedgerRow| Some(other.row) == row && other.form_sheet == own.form_sheet;
                let other = rows_before.iter().find(fits);
                info.row = in_words(program, period, own);
                info.before = other
                    .map(|row| in_words(program, before, row))
                    .unwrap_or_default();
            }
            copies.push(info);
        }
    }
    copies.extend(others);
    copies.truncate(MOST);
    Ok(copies)
}

fn place(finding: &Finding) -> String {
    let cell = finding.cell().unwrap_or_default();
    match &finding.sheet {
        Some(sheet) => format!("{sheet} {cell}").trim().to_owned(),
        None => cell,
    }
}

/// A row as people read it: what stands in its cells, one after another.
fn in_words(program: &Program, period: &Period, row: &LedgerRow) -> String {
    let form = program.form(Some(period));
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
