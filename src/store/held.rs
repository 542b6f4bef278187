//! Files that wait for the office to confirm them, by their unit.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::columns::Columns as _;
use super::error::Result;
use super::{Change, Store};
use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::obligation::Unconfirmed;
use crate::domain::period::Period;
use crate::domain::submission::RecordDetail;

/// What is known of a unit's files before any was looked into.
struct Waiting {
    /// The last that still waits.
    open: Option<(SubmissionId, DateTime<Utc>)>,
    since: DateTime<Utc>,
}

impl Store {
    /// Units of which a file that is or may be for a period waits to be confirmed: when the
    /// first such file came, settled or not, and why the last one waits. Only
    /// files that can be of one unit alone. Of every period of a programme, or
    /// of one alone.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn unconfirmed(
        &self,
        program: &ProgramId,
        only: Option<&Period>,
    ) -> Result<HashMap<Period, HashMap<UnitId, Unconfirmed>>> {
        let rows = sqlx::query(
            "SELECT id, unit, period, may_be_for, detail, arrived_seen, \
             withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM submission later \
             WHERE later.id > submission.id AND later.claimed_from = coalesce(submission.claimed_from, submission.id)) AS open \
             FROM submission WHERE verdict = 'unclaimed' AND program = $1 AND ($2 IS NULL OR period = $2 OR may_be_for = $2) \
             ORDER BY id",
        )
        .bind(program)
        .bind(only)
        .fetch_all(&self.pool)
        .await?;
        let mut waiting: HashMap<(Period, UnitId), Waiting> = HashMap::new();
        for row in rows {
            let unit: Option<UnitId> = row.try_get("unit")?;
            let Some(unit) = unit.or(sole_candidate(row.try_get("detail")?)?) else {
                continue;
            };
            let since = row.instant("arrived_seen")?;
            let own: Option<Period> = row.try_get("period")?;
            let other: Option<Period> = row.try_get("may_be_for")?;
            let other = other.filter(|other| own.as_ref() != Some(other));
            for period in own.into_iter().chain(other) {
                if only.is_some_and(|only| *only != period) {
                    continue;
                }
                let of_unit = waiting
                    .entry((period, unit.clone()))
                    .or_insert(Waiting { open: None, since });
                of_unit.since = of_unit.since.min(since);
                if row.try_get("open")? {
                    of_unit.open = Some((row.try_get("id")?, since));
                }
            }
        }
        let mut found: HashMap<Period, HashMap<UnitId, Unconfirmed>> = HashMap::new();
        for ((period, unit), Waiting { open, since }) in waiting {
            let Some((id, last)) = open else { continue };
            let findings = self.findings(id).await?;
            let worst = findings.into_iter().find(|own| own.severity() == Severity::Error);
            let reason = worst.map_or_else(String::new, |Finding { message, .. }| message);
            let units = found.entry(period).or_default();
            let own = Unconfirmed {
                submission: id,
                since,
                last,
                reason,
            };
            units.insert(unit, own);
        }
        Ok(found)
    }
}

impl Store {
    /// The last submission of the same name and unit that could not be read
    /// and that nothing has taken the place of: what there was of a slow upload.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn unread_of_name(
        &self,
        change: &mut Change,
        program: &ProgramId,
        unit: &UnitId,
        file_name: &str,
    ) -> Result<Option<SubmissionId>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM submission WHERE verdict = 'unreadable' AND program = $1 AND unit = $2 AND file_name = $3 \
             AND withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM submission later \
             WHERE later.claimed_from = submission.id) ORDER BY id DESC LIMIT 1",
        )
        .bind(program)
        .bind(unit)
        .bind(file_name)
        .fetch_optional(change.connection())
        .await?)
    }
}

fn sole_candidate(detail: &str) -> Result<Option<UnitId>> {
    let detail: RecordDetail = serde_json::from_str(detail)?;
    let mut candidates = detail.candidates.into_iter();
    let first = candidates.next();
    Ok(first.filter(|_| candidates.next().is_none()))
}
