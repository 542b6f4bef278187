//! Submissions with their rows and findings.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::database::Connection;
use super::error::Result;
use super::{Change, Store};
use crate::domain::finding::Finding;
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::ledger::stored::{self, StoredRows};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{NewSubmission, Record, Reopened};

pub(super) const COLUMNS: &str = "SELECT id, program, unit, period, version, sha256, size, file_name, origin, arrived_after, \
     arrived_seen, coalesce(accepted_at, decided) AS decided, verdict, nil, row_count, content, program_hash, \
     form_version, duplicate_of, accepted_by, accept_reason, withdrawn_by, withdrawn_why, withdrawn_at, placed, \
     detail, decided AS judged, reopened_at, reopened_why, rechecks \
     FROM submission ";

macro_rules! select {
    ($condition:literal) => {
        sqlx::query_as::<_, Record>(sqlx::AssertSqlSafe(format!("{COLUMNS}{}", $condition)))
    };
}

impl Store {
    /// Records a submission; gives its number. `version` is none for one that
    /// makes no version. Its rows and findings follow with [`Store::add_bodies`].
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_submission(
        &self,
        change: &mut Change,
        new: &NewSubmission,
        version: Option<u32>,
    ) -> Result<SubmissionId> {
        let id = sqlx::query_scalar(
            "INSERT INTO submission (program, unit, period, version, sha256, size, file_name, origin, \
             arrived_after, arrived_seen, decided, verdict, nil, row_count, content, program_hash, form_version, \
             duplicate_of, claimed_from, detail, may_be_for) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
             $14, $15, $16, $17, $18, \
             coalesce((SELECT claimed_from FROM submission WHERE id = $19), $19), $20, $21) RETURNING id",
        )
        .bind(&new.program)
        .bind(&new.unit)
        .bind(&new.period)
        .bind(version.map(i64::from))
        .bind(new.sha256)
        .bind(i64::try_from(new.size)?)
        .bind(&new.file_name)
        .bind(&new.origin)
        .bind(new.arrival.after.map(|at| at.timestamp_millis()))
        .bind(new.arrival.seen.timestamp_millis())
        .bind(new.decided.timestamp_millis())
        .bind(new.verdict.as_str())
        .bind(new.nil)
        .bind(new.row_count.and_then(|n| i64::try_from(n).ok()))
        .bind(&new.content)
        .bind(&new.program_hash)
        .bind(&new.form_version)
        .bind(new.duplicate_of)
        .bind(new.claimed_from)
        .bind(serde_json::to_string(&new.detail)?)
        .bind(new.may_be_for())
        .fetch_one(change.connection())
        .await?;
        Ok(id)
    }

    /// Records rows and findings of submissions.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_bodies(&self, change: &mut Change, bodies: &[Body<'_>]) -> Result<()> {
        insert_bodies(change.connection(), bodies).await
    }

    /// Replaces rows and findings of a submission, as `recheck --apply` does;
    /// the verdict fell at `new.decided`. With `reopened` an acceptance has ended;
    /// `tells` counts what its unit has to know.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn replace_examination(
        &self,
        change: &mut Change,
        id: SubmissionId,
        new: &NewSubmission,
        reopened: Option<&Reopened>,
        tells: bool,
    ) -> Result<()> {
        sqlx::query("DELETE FROM finding WHERE submission = $1")
            .bind(id)
            .execute(change.connection())
            .await?;
        sqlx::query("DELETE FROM submission_rows WHERE submission = $1")
            .bind(id)
            .execute(change.connection())
            .await?;
        sqlx::query(
            "UPDATE submission SET verdict = $2, nil = $3, row_count = $4, content = $5, program_hash = $6, \
             form_version = $7, rechecks = rechecks + $8, decided = $9, \
             reopened_at = coalesce($10, reopened_at), reopened_why = coalesce($11, reopened_why) WHERE id = $1",
        )
        .bind(id)
        .bind(new.verdict.as_str())
        .bind(new.nil)
        .bind(new.row_count.and_then(|n| i64::try_from(n).ok()))
        .bind(&new.content)
        .bind(&new.program_hash)
        .bind(&new.form_version)
        .bind(i64::from(tells))
        .bind(new.decided.timestamp_millis())
        .bind(reopened.map(|reopened| reopened.at.timestamp_millis()))
        .bind(reopened.map(|reopened| &reopened.reason))
        .execute(change.connection())
        .await?;
        insert_bodies(change.connection(), &[Body::of(id, new)]).await
    }

    /// The sheets of a submission as they are kept to be looked at; none of one
    /// that was taken before pictures were kept, or that couldn't be read.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn picture(&self, id: SubmissionId) -> Result<Option<Vec<u8>>> {
        Ok(
            sqlx::query_scalar("SELECT body FROM picture WHERE submission = $1")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?,
        )
    }

    /// A submission by number.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn submission(&self, id: SubmissionId) -> Result<Option<Record>> {
        Ok(select!("WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// All versions of all units for a period, by unit and version.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn submissions_of(&self, program: &ProgramId, period: &Period) -> Result<Vec<Record>> {
        Ok(
            select!("WHERE program = $1 AND period = $2 AND version IS NOT NULL ORDER BY unit, version")
                .bind(program)
                .bind(period)
                .fetch_all(&self.pool)
                .await?,
        )
    }

    /// The versions of one unit for a period, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn versions(&self, program: &ProgramId, unit: &UnitId, period: &Period) -> Result<Vec<Record>> {
        Ok(select!(
            "WHERE program = $1 AND unit = $2 AND period = $3 AND version IS NOT NULL ORDER BY version"
        )
        .bind(program)
        .bind(unit)
        .bind(period)
        .fetch_all(&self.pool)
        .await?)
    }

    /// The highest version of each unit and period of a programme, by unit.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn latest_versions(
        &self,
        program: &ProgramId,
    ) -> Result<HashMap<UnitId, HashMap<Period, u32>>> {
        let versions: Vec<(UnitId, Period, u32)> = sqlx::query_as(
            "SELECT unit, period, max(version) AS version FROM submission \
             WHERE program = $1 AND version IS NOT NULL GROUP BY unit, period",
        )
        .bind(program)
        .fetch_all(&self.pool)
        .await?;
        let mut latest: HashMap<UnitId, HashMap<Period, u32>> = HashMap::new();
        for (unit, period, version) in versions {
            latest.entry(unit).or_default().insert(period, version);
        }
        Ok(latest)
    }

    /// Submissions that make no version and wait for a person: unclaimed,
    /// unreadable and quarantined ones that nothing has taken the place of.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn waiting(&self) -> Result<Vec<Record>> {
        Ok(select!(
            "WHERE verdict IN ('unclaimed', 'unreadable', 'quarantined') AND withdrawn_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM submission later WHERE later.id > submission.id \
             AND later.claimed_from = coalesce(submission.claimed_from, submission.id)) ORDER BY id"
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Units and periods of a programme for which something was accepted.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn accepted_keys(&self, program: &ProgramId) -> Result<Vec<(UnitId, Period)>> {
        Ok(sqlx::query_as(
            "SELECT DISTINCT unit, period FROM submission WHERE program = $1 AND version IS NOT NULL \
             AND withdrawn_at IS NULL AND (verdict IN ('accepted', 'accepted_with_warnings') \
             OR accepted_at IS NOT NULL)",
        )
        .bind(program)
        .fetch_all(&self.pool)
        .await?)
    }

    /// SHA-256 of the files of a programme that were recorded as unclaimed, and
    /// where each was laid; none yet for one that is under way.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn unclaimed_contents(&self, program: &ProgramId) -> Result<Vec<(Sha256, Option<SharePath>)>> {
        Ok(sqlx::query_as(
            "SELECT sha256, placed FROM submission WHERE program = $1 AND verdict = 'unclaimed' AND withdrawn_at IS NULL",
        )
        .bind(program)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Every submission ever recorded, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn all_submissions(&self) -> Result<Vec<Record>> {
        Ok(select!("ORDER BY id").fetch_all(&self.pool).await?)
    }

    /// Every submission of a programme that was recorded since an instant and
    /// stands, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn submissions_since(&self, program: &ProgramId, since: DateTime<Utc>) -> Result<Vec<Record>> {
        Ok(
            select!("WHERE program = $1 AND decided >= $2 AND withdrawn_at IS NULL ORDER BY id")
                .bind(program)
                .bind(since.timestamp_millis())
                .fetch_all(&self.pool)
                .await?,
        )
    }

    /// The submission whose file lies at a path on the share.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn submission_at(&self, path: &str) -> Result<Option<Record>> {
        Ok(select!("WHERE placed = $1 ORDER BY id DESC LIMIT 1")
            .bind(path)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// Data rows of a submission.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn rows(&self, id: SubmissionId) -> Result<StoredRows> {
        let found = sqlx::query("SELECT rows FROM submission_rows WHERE submission = $1")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(found) = found else {
            return Ok(StoredRows::default());
        };
        // Borrowed and looked through once: a master reads all of them.
        let text = simdutf8::basic::from_utf8(found.try_get(0)?)?;
        Ok(stored::from_text(text)?)
    }

    /// Findings of a submission.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn findings(&self, id: SubmissionId) -> Result<Vec<Finding>> {
        let bodies: Vec<String> =
            sqlx::query_scalar("SELECT body FROM finding WHERE submission = $1 ORDER BY n")
                .bind(id)
                .fetch_all(&self.pool)
                .await?;
        bodies
            .iter()
            .map(|body| Ok(serde_json::from_str(body)?))
            .collect()
    }
}

/// Rows, findings and picture of a submission.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    id: SubmissionId,
    rows: &'a [LedgerRow],
    findings: &'a [Finding],
    picture: &'a [u8],
}

impl<'a> Body<'a> {
    /// What a submission, recorded under a number, brings with it.
    #[must_use]
    pub fn of(id: SubmissionId, new: &'a NewSubmission) -> Self {
        Self {
            id,
            rows: &new.rows,
            findings: &new.findings,
            picture: &new.picture,
        }
    }
}

/// Findings that go into one statement: every statement is a way to the
/// database's thread and back, which costs more than the row does.
const FINDINGS: usize = 512;

/// Ledgers whose rows go into one statement; it holds a copy of them.
const ROWS: usize = 8;

async fn insert_bodies(change: &mut Connection, bodies: &[Body<'_>]) -> Result<()> {
    let mut rows = Vec::new();
    let mut findings = Vec::new();
    for body in bodies {
        if !body.rows.is_empty() {
            rows.push((body.id, stored::to_text(body.rows)?));
        }
        for (n, finding) in (0_i64..).zip(body.findings) {
            findings.push((body.id, n, finding, serde_json::to_string(finding)?));
        }
    }
    for body in bodies.iter().filter(|body| !body.picture.is_empty()) {
        sqlx::query(
            "INSERT INTO picture (submission, body) VALUES ($1, $2) \
             ON CONFLICT (submission) DO UPDATE SET body = excluded.body",
        )
        .bind(body.id)
        .bind(body.picture)
        .execute(&mut *change)
        .await?;
    }
    for lines in rows.chunks(ROWS) {
        let mut insert = QueryBuilder::new("INSERT INTO submission_rows (submission, rows) ");
        insert.push_values(lines, |mut line, (id, rows)| {
            line.push_bind(*id).push_bind(rows);
        });
        insert.build().persistent(false).execute(&mut *change).await?;
    }
    for lines in findings.chunks(FINDINGS) {
        let mut insert =
            QueryBuilder::new("INSERT INTO finding (submission, n, code, severity, sheet, cell, body) ");
        insert.push_values(lines, |mut line, (id, n, finding, body)| {
            line.push_bind(*id)
                .push_bind(*n)
                .push_bind(finding.code.as_str())
                .push_bind(format!("{:?}", finding.severity()).to_lowercase())
                .push_bind(&finding.sheet)
                .push_bind(finding.cell())
                .push_bind(body);
        });
        // Statements of all lengths would crowd the others out of the cache.
        insert.build().persistent(false).execute(&mut *change).await?;
    }
    Ok(())
}
