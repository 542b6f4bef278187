//! The returned copy (“…（审核意见）.xlsx”): the unit's own rows in the standard
//! form, with everything that is wrong marked where it stands.
//!
//! It is written anew from the form and the unit's values: no formula, macro
//! or link of the original flows into it. Corrected in place and saved, it is
//! a ledger again; its marks and its first sheet mean nothing to the reader.

mod marks;
mod plan;
mod rows;
mod summary;
mod value;

use rust_xlsxwriter::Workbook;

use super::form::lists::Lists;
use super::form::{FormContext, head, table, validation};
use super::style::{GrowingRows, Margins};
use crate::domain::check::Examination;
use crate::domain::finding::Finding;
use crate::domain::own_digest::Kind;
use crate::domain::program::FillRole;
use crate::domain::register::Ready;
use marks::Marks;
use plan::Plan;

/// What a copy is about, beside the examination.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Name of the file as it came.
    pub file_name: &'a str,
    /// Until when it should be corrected, as people write it, and whether a
    /// correction by then counts as on time.
    pub correct_by: Option<(&'a str, bool)>,
}

impl<'a> About<'a> {
    /// Of a file that nobody is asked to correct by a time.
    #[must_use]
    pub fn of(file_name: &'a str) -> Self {
        Self {
            file_name,
            correct_by: None,
        }
    }
}

/// The marked-up copy of a returned ledger as the bytes of an xlsx workbook.
/// `file_name` is the original's. Equal input gives equal bytes.
///
/// Sets [`crate::domain::finding::Finding::cell_in_copy`] of every finding
/// whose cell the copy has: `B6`, or `台账!B6` when the copy holds several
/// ledger sheets. Where folder and form name different units, only the list of
/// what is wrong is written; so it is where the copy would have more than
/// `most` bytes.
///
/// # Errors
/// When the title's template is wrong, or the rows don't fit a workbook.
pub fn write_returned(
    context: &FormContext<'_>,
    about: About<'_>,
    examination: &mut Examination,
    most: usize,
) -> anyhow::Result<Vec<u8>> {
    let context = &with_own_values(context, examination);
    let (rows, findings) = (&examination.rows, &mut examination.findings);
    if !examination.mismatch {
        let written = write(context, about, &Plan::new(context, rows), findings)?;
        if written.len() <= most {
            return Ok(written);
        }
    }
    write(context, about, &Plan::default(), findings)
}

fn write(
    context: &FormContext<'_>,
    about: About<'_>,
    plan: &Plan<'_>,
    findings: &mut [Finding],
) -> anyhow::Result<Vec<u8>> {
    let places: Vec<_> = findings
        .iter()
        .map(|finding| plan.place(context, finding))
        .collect();
    let marks = Marks::gather(context.words(), findings, &places, plan);

    let mut workbook = Workbook::new();
    let mut lists = Lists::new(context.words());
    let mut growing = Vec::new();
    summary::write_summary(workbook.add_worksheet(), context, about, plan, findings, &places)?;
    for (index, copy) in plan.sheets.iter().enumerate() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(&copy.name)?;
        head::write_head(sheet, context, &copy.layout)?;
        let filled = rows::write_rows(sheet, context, copy, &marks.of_sheet(index))?;
        let open: Vec<&Ready> = context
            .ready
            .iter()
            .filter(|row| row.sheet == copy.form_sheet)
            .collect();
        let (free, all) = if open.is_empty() {
            let last = filled.end() + plan::spare_rows(context, copy);
            (copy.first_empty_row(), copy.layout.first_row..=last)
        } else {
            // What the unit owes and forgot stands ready below its own rows.
            let first = copy.first_empty_row();
            let taken = table::write_ready_rows(sheet, context, &copy.layout, first, &open)?;
            (taken.end() + 1, copy.layout.first_row..=*taken.end())
        };
        table::write_empty_rows(sheet, context, &copy.layout, free..=*all.end())?;
        table::finish(sheet, context, &copy.layout, &all, Margins::Narrow)?;
        validation::add_validations(sheet, context, &copy.layout, &all, &mut lists)?;
        marks.write_head_marks(sheet, context, copy, index)?;
        growing.push(GrowingRows {
            sheet: index + 1,
            rows: all,
        });
    }
    lists.write(&mut workbook)?;
    context.stamp(&mut workbook, Kind::Copy)?;
    let written = context.save(workbook, Kind::Copy, &growing)?;
    for (finding, place) in findings.iter_mut().zip(&places) {
        finding.cell_in_copy = place.map(|place| plan.cite_block(finding, place));
    }
    Ok(written)
}

/// The context with what the unit wrote above its own table. Unit, leader and
/// period stay those that the ledger was taken for.
fn with_own_values<'a>(context: &FormContext<'a>, examination: &Examination) -> FormContext<'a> {
    let settled = |key: &str| {
        context.form.fill_lines.iter().any(|line| {
            line.key == key
                && match line.role {
                    FillRole::Leader => !context.leader_names.is_empty(),
                    FillRole::Unit => context.unit.is_some(),
                    FillRole::Period => true,
                    _ => false,
                }
        })
    };
    let own = examination
        .fill
        .iter()
        .filter(|(key, value)| !settled(key) && !value.trim().is_empty());
    FormContext {
        fill: own.chain(&context.fill).cloned().collect(),
        places: context.places.clone(),
        leader_names: context.leader_names.clone(),
        ready: context.ready.clone(),
        ..*context
    }
}

#[cfg(test)]
mod tests;
