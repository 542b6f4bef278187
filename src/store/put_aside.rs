//! Files that are not opened any more, because the process died over them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::columns::from_row;
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;

/// The version of the program; a newer one tries again.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A file that an older version of the program put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedAgain {
    /// The submission that says so.
    pub submission: SubmissionId,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// Where it lies, relative to the watch root.
    pub path: SharePath,
}

from_row!(TriedAgain, row, {
    Ok(Self {
        submission: row.try_get("id")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        path: row.try_get("placed")?,
    })
});

impl Store {
    /// SHA-256 of the files of a programme that were put aside.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn put_aside(&self, program: &ProgramId) -> Result<Vec<Sha256>> {
        Ok(
            sqlx::query_scalar("SELECT DISTINCT sha256 FROM put_aside WHERE program = $1")
                .bind(program)
                .fetch_all(&self.pool)
                .await?,
        )
    }

    /// The submissions whose files were put aside.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn put_aside_submissions(&self) -> Result<HashSet<SubmissionId>> {
        let ids: Vec<SubmissionId> = sqlx::query_scalar("SELECT submission FROM put_aside")
            .fetch_all(&self.pool)
            .await?;
        Ok(ids.into_iter().collect())
    }

    /// Puts the file of a submission aside.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn put_file_aside(
        &self,
        change: &mut Change,
        submission: SubmissionId,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO put_aside (program, sha256, submission, version, at) \
             SELECT program, sha256, id, $2, $3 FROM submission WHERE id = $1",
        )
        .bind(submission)
        .bind(VERSION)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// The submission that says of the file at a path that it was put aside.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn put_aside_at(&self, change: &mut Change, path: &str) -> Result<Option<SubmissionId>> {
        Ok(sqlx::query_scalar(
            "SELECT s.id FROM put_aside a JOIN submission s ON s.id = a.submission WHERE s.placed = $1",
        )
        .bind(path)
        .fetch_optional(change.connection())
        .await?)
    }

    /// Opens files with these bytes again, as a person has decided about them.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn take_up(&self, change: &mut Change, program: &ProgramId, sha256: Sha256) -> Result<()> {
        sqlx::query("DELETE FROM put_aside WHERE program = $1 AND sha256 = $2")
            .bind(program)
            .bind(sha256)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// Opens all files again that other versions of the program put aside, as
    /// far as they still lie where they lay; gives them.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn try_again(&self, change: &mut Change) -> Result<Vec<TriedAgain>> {
        let found = sqlx::query_as(
            "SELECT s.id, s.program, s.unit, s.placed FROM put_aside a JOIN submission s ON s.id = a.submission \
             WHERE a.version <> $1 AND s.placed IS NOT NULL ORDER BY s.id",
        )
        .bind(VERSION)
        .fetch_all(change.connection())
        .await?;
        sqlx::query("DELETE FROM placed WHERE path IN (SELECT s.placed FROM put_aside a JOIN submission s ON s.id = a.submission WHERE a.version <> $1)")
            .bind(VERSION)
            .execute(change.connection())
            .await?;
        // Known by its place, it would be left there as one that was dealt with.
        sqlx::query(
            "UPDATE submission SET placed = NULL WHERE id IN \
             (SELECT submission FROM put_aside WHERE version <> $1)",
        )
        .bind(VERSION)
        .execute(change.connection())
        .await?;
        sqlx::query("DELETE FROM put_aside WHERE version <> $1")
            .bind(VERSION)
            .execute(change.connection())
            .await?;
        Ok(found)
    }
}
