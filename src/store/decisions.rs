//! What a decision is checked against at the moment at which it is recorded:
//! another person may have decided since it was looked at.

use sqlx::Row;

use super::error::Result;
use super::journal::{JournalLine, LINE};
use super::submissions::COLUMNS;
use super::{Change, Store, instant};
use crate::domain::ids::{LetterId, ProgramId, SubmissionId, UnitId};
use crate::domain::obligation::Exemption;
use crate::domain::period::Period;
use crate::domain::program::Extension;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;

/// A file that was claimed, and what became of it: the submission that came
/// first, and those that took its place, oldest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims(pub Vec<Record>);

impl Claims {
    /// The submission that stands for the file now: the latest that took the
    /// place of the first one and wasn't withdrawn, else the first one, unless
    /// that was withdrawn.
    #[must_use]
    pub fn standing(&self) -> Option<&Record> {
        let stands = |record: &&Record| record.withdrawn.is_none();
        self.0.iter().rev().find(stands)
    }

    /// Where the file may lie as far as it was recorded, relative to the watch
    /// root, the latest place first: steps may not have been carried out yet.
    pub fn places(&self) -> impl Iterator<Item = &SharePath> {
        self.0.iter().rev().filter_map(|record| record.placed.as_ref())
    }
}

/// All submissions of the file of a submission.
const SAME_FILE: &str = "WHERE id = (SELECT coalesce(claimed_from, id) FROM submission WHERE id = $1) \
     OR claimed_from = (SELECT coalesce(claimed_from, id) FROM submission WHERE id = $1) ORDER BY id";

/// The submissions of the same file that came before one.
const EARLIER: &str = "FROM submission WHERE id < $1 AND (id = (SELECT claimed_from FROM submission WHERE id = $1) \
     OR claimed_from = (SELECT claimed_from FROM submission WHERE id = $1))";

impl Store {
    /// A submission by number, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn submission_within(&self, change: &mut Change, id: SubmissionId) -> Result<Option<Record>> {
        Ok(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{COLUMNS}WHERE id = $1")))
                .bind(id)
                .fetch_optional(change.connection())
                .await?,
        )
    }

    /// SHA-256 of the submission whose file lies at a path on the share, seen
    /// from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn sha256_at_within(&self, change: &mut Change, path: &str) -> Result<Option<Sha256>> {
        Ok(
            sqlx::query_scalar("SELECT sha256 FROM submission WHERE placed = $1 ORDER BY id DESC LIMIT 1")
                .bind(path)
                .fetch_optional(change.connection())
                .await?,
        )
    }

    /// All submissions of the file of a submission, whichever of them is named.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn claims(&self, change: &mut Change, id: SubmissionId) -> Result<Claims> {
        let query = format!("{COLUMNS}{SAME_FILE}");
        Ok(Claims(
            sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(id)
                .fetch_all(change.connection())
                .await?,
        ))
    }

    /// As [`Store::claims`], for looking only: it waits for nobody who writes.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn claims_now(&self, id: SubmissionId) -> Result<Claims> {
        let query = format!("{COLUMNS}{SAME_FILE}");
        Ok(Claims(
            sqlx::query_as(sqlx::AssertSqlSafe(query))
                .bind(id)
                .fetch_all(&self.pool)
                .await?,
        ))
    }

    /// Where the submissions that came before one of the same file left it, as
    /// far as it was recorded, the latest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn earlier_places(&self, id: SubmissionId) -> Result<Vec<SharePath>> {
        let query = format!("SELECT placed {EARLIER} AND placed IS NOT NULL ORDER BY id DESC");
        let places = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(id);
        Ok(places.fetch_all(&self.pool).await?)
    }

    /// The steps of those submissions, carried out or let go, as the jobs' own
    /// JSON, the latest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn earlier_steps(&self, id: SubmissionId) -> Result<Vec<String>> {
        let query =
            format!("SELECT action FROM delivery WHERE submission IN (SELECT id {EARLIER}) ORDER BY id DESC");
        let steps = sqlx::query_scalar(sqlx::AssertSqlSafe(query)).bind(id);
        Ok(steps.fetch_all(&self.pool).await?)
    }

    /// The last thing that was decided about a submission, and by whom.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn last_about(&self, change: &mut Change, id: SubmissionId) -> Result<Option<JournalLine>> {
        let query = format!("{LINE}WHERE submission = $1 ORDER BY id DESC LIMIT 1");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(id)
            .fetch_optional(change.connection())
            .await?)
    }

    /// The last thing of a kind that was decided about a unit (or all units) and a period.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn last_of_period(
        &self,
        change: &mut Change,
        what: &str,
        program: &ProgramId,
        unit: Option<&UnitId>,
        period: &Period,
    ) -> Result<Option<JournalLine>> {
        let query = format!(
            "{LINE}WHERE what = $1 AND program = $2 AND unit IS $3 AND period = $4 ORDER BY id DESC LIMIT 1"
        );
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(what)
            .bind(program)
            .bind(unit)
            .bind(period)
            .fetch_optional(change.connection())
            .await?)
    }

    /// The file of a submission has gone to another: steps for it that haven't
    /// been carried out are dropped.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn let_go(&self, change: &mut Change, id: SubmissionId) -> Result<()> {
        sqlx::query("UPDATE delivery SET state = 'done' WHERE submission = $1 AND state = 'pending'")
            .bind(id)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// A unit's exemption from a period, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn exemption_within(
        &self,
        change: &mut Change,
        program: &ProgramId,
        unit: &UnitId,
        period: &Period,
    ) -> Result<Option<Exemption>> {
        let row = sqlx::query(
            "SELECT reason, granted_by, at FROM exemption \
             WHERE program = $1 AND unit = $2 AND period = $3 AND undone_at IS NULL",
        )
        .bind(program)
        .bind(unit)
        .bind(period)
        .fetch_optional(change.connection())
        .await?;
        row.map(|row| {
            Ok(Exemption {
                unit: unit.clone(),
                period: period.clone(),
                reason: row.try_get("reason")?,
                by: row.try_get("granted_by")?,
                at: instant(row.try_get("at")?).unwrap_or_default(),
            })
        })
        .transpose()
    }

    /// The last extension of a period's deadline, whomever it is for, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn extension_within(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
    ) -> Result<Option<Extension>> {
        let row = sqlx::query(
            "SELECT unit, revision, due, reason, granted_by, at FROM extension WHERE program = $1 AND period = $2 \
             ORDER BY revision DESC LIMIT 1",
        )
        .bind(program)
        .bind(period)
        .fetch_optional(change.connection())
        .await?;
        row.map(|row| {
            Ok(Extension {
                period: period.clone(),
                unit: row.try_get("unit")?,
                revision: u32::try_from(row.try_get::<i64, _>("revision")?)?,
                due: row.try_get::<&str, _>("due")?.parse()?,
                reason: row.try_get("reason")?,
                by: row.try_get("granted_by")?,
                at: instant(row.try_get("at")?).unwrap_or_default(),
            })
        })
        .transpose()
    }

    /// The withdrawal of a letter, if there is one that stands, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn withdrawal_within(&self, change: &mut Change, letter: LetterId) -> Result<Option<LetterId>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM letter WHERE about = $1 AND kind = 'withdrawal' AND state <> 'discarded' LIMIT 1",
        )
        .bind(letter)
        .fetch_optional(change.connection())
        .await?)
    }
}
