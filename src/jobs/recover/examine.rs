//! Originals read again in the children, and examined as of their arrival.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::check::{self, Context, Examination};
use crate::domain::finding::Verdict;
use crate::domain::identify::{History, Origin};
use crate::domain::ids::{Duty, ProgramId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::recover::{Lies, Original, Stands, Version};
use crate::domain::table::Workbook;
use crate::jobs::decide::read_archived;
use crate::jobs::ingest;
use crate::jobs::site::Site;
use crate::workbook::read::ReadFailure;

/// Rows of the ledgers that count, by programme, unit and period: what is
/// being rebuilt isn't in the database yet.
#[derive(Debug, Default)]
pub(super) struct Counting(HashMap<Duty, Vec<LedgerRow>>);

impl Counting {
    /// Has a ledger count.
    pub(super) fn set(&mut self, program: &ProgramId, unit: &UnitId, period: &Period, rows: &[LedgerRow]) {
        self.0.insert(Duty::of(program, unit, period), rows.to_vec());
    }

    /// Rows that count for a period, from here or from the database.
    async fn rows(
        &self,
        site: &Site,
        program: &Program,
        unit: &UnitId,
        period: &Period,
    ) -> anyhow::Result<Vec<LedgerRow>> {
        match self.0.get(&Duty::of(&program.id, unit, period)) {
            Some(rows) => Ok(rows.clone()),
            None => ingest::rows_of(site, program, unit, period).await,
        }
    }
}

/// What counts for other periods is asked of nobody: unit and period are given.
struct Nothing;

impl History for Nothing {
    fn is_accepted(&self, _: &UnitId, _: &Period) -> bool {
        false
    }
}

/// Whom an original is examined for.
pub(super) struct Whose<'a> {
    pub(super) program: &'a Arc<Program>,
    pub(super) unit: &'a UnitId,
    pub(super) period: &'a Period,
}

/// Examines a version's original: first by the folder in which it lay, which
/// shows a form of another unit; where that isn't what was decided, by the
/// unit for which it was claimed.
///
/// # Errors
/// The reading children don't work, the database is gone.
pub(super) async fn examine(
    site: &Site,
    whose: &Whose<'_>,
    (original, version): (&Original, &Version),
    came: &str,
    path: &Path,
    counting: &Counting,
) -> anyhow::Result<Examination> {
    let read = read_archived(site, path).await?;
    let by_folder = Origin {
        file_name: came.to_owned(),
        folder_unit: Some(whose.unit.clone()),
        claimed_period: Some(whose.period.clone()),
        ..Origin::default()
    };
    let at = version.arrival.seen;
    let first = look(site, whose.program, &by_folder, &read, Some(counting), at)?;
    let expected = match &version.stands {
        Stands::Accepted => first.verdict.is_accepted(),
        Stands::Returned | Stands::ByOffice(_) => first.verdict == Verdict::Returned && !first.mismatch,
        Stands::AsChecked | Stands::Withdrawn(_) => true,
    };
    if expected || original.lies == Lies::Returned && first.mismatch {
        return Ok(first);
    }
    let claimed = Origin {
        folder_unit: None,
        claimed_unit: Some(whose.unit.clone()),
        ..by_folder
    };
    look(site, whose.program, &claimed, &read, Some(counting), at)
}

/// Examines a file of which nobody has said whose it is, as it was read.
pub(super) fn examine_loose(
    site: &Site,
    program: &Arc<Program>,
    name: &str,
    read: &Result<Workbook, ReadFailure>,
    at: DateTime<Utc>,
) -> anyhow::Result<Examination> {
    let origin = Origin {
        file_name: name.to_owned(),
        ..Origin::default()
    };
    look(site, program, &origin, read, None, at)
}

fn look(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    read: &Result<Workbook, ReadFailure>,
    counting: Option<&Counting>,
    at: DateTime<Utc>,
) -> anyhow::Result<Examination> {
    let calendar = site.calendar();
    let handle = tokio::runtime::Handle::current();
    let failed = RefCell::new(None);
    let rows_of = |unit: &UnitId, period: &Period| {
        let Some(counting) = counting else {
            return Vec::new();
        };
        let rows = handle.block_on(counting.rows(site, program, unit, period));
        rows.unwrap_or_else(|error| {
            failed.replace(Some(error));
            Vec::new()
        })
    };
    let past = |period: &Period| {
        let past = handle.block_on(crate::jobs::register::past(site, program, period));
        past.unwrap_or_else(|error| {
            failed.replace(Some(error));
            Arc::default()
        })
    };
    let context = Context {
        program,
        origin,
        standing: &Nothing,
        rows_of: &rows_of,
        past: &past,
        calendar: &calendar,
        messages: site.messages(program.language),
        limits: site.options.checks,
        now: at.with_timezone(&site.clock.zone()),
    };
    let examination = match read {
        Ok(workbook) => tokio::task::block_in_place(|| check::examine(&context, workbook)),
        Err(failure) => check::declared_nil(&context).unwrap_or_else(|| {
            let (code, reason) = ingest::refusal(failure);
            check::refuse(&context, code, &reason)
        }),
    };
    match failed.take() {
        Some(error) => Err(error),
        None => Ok(examination),
    }
}
