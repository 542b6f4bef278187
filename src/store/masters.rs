//! Versions of the master, its files as we wrote them, the office's remarks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{ProgramId, SubmissionId};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;

/// A version of the master: the submissions that counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MasterVersion {
    /// 1, 2, …
    pub version: u32,
    /// Numbers of the counting submissions, ascending.
    pub members: Vec<SubmissionId>,
}

/// A master file as we wrote it last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterFile {
    /// Digest of everything that went into it.
    pub digest: String,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// Fingerprint of its cells without the office's own columns.
    pub fingerprint: String,
    /// The file that is about to take its place; recorded before it does, so
    /// that a crash between the two is no edit by a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Box<MasterFile>>,
}

/// What the office wrote beside a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredRemark {
    /// The row's key.
    pub row_key: String,
    /// The office column.
    pub field: String,
    /// The text.
    pub text: String,
}

from_row!(MasterVersion, row, {
    Ok(Self {
        version: row.count("version")?,
        members: row.json("members")?,
    })
});

from_row!(StoredRemark, row, {
    Ok(Self {
        row_key: row.try_get("row_key")?,
        field: row.try_get("field")?,
        text: row.try_get("text")?,
    })
});

impl Store {
    /// The latest versions of a period's master, newest first, `most` at most.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn master_versions(
        &self,
        program: &ProgramId,
        period: &Period,
        most: u32,
    ) -> Result<Vec<MasterVersion>> {
        Ok(sqlx::query_as(
            "SELECT version, members FROM master WHERE program = $1 AND period = $2 ORDER BY version DESC LIMIT $3",
        )
        .bind(program)
        .bind(period)
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await?)
    }

    /// Records a version.
    ///
    /// # Errors
    /// The database can't take it, or the version exists: give the change up and look
    /// again.
    pub async fn add_master_version(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        version: &MasterVersion,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query("INSERT INTO master (program, period, version, at, members) VALUES ($1, $2, $3, $4, $5)")
            .bind(program)
            .bind(period)
            .bind(i64::from(version.version))
            .bind(at.timestamp_millis())
            .bind(serde_json::to_string(&version.members)?)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// A master file as we wrote it last.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn master_file(
        &self,
        program: &ProgramId,
        period: &Period,
        name: &str,
    ) -> Result<Option<MasterFile>> {
        let row =
            sqlx::query("SELECT body FROM master_file WHERE program = $1 AND period = $2 AND name = $3")
                .bind(program)
                .bind(period)
                .bind(name)
                .fetch_optional(&self.pool)
                .await?;
        row.map(|row| row.json("body")).transpose()
    }

    /// Remembers a master file as we wrote it.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_master_file(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        name: &str,
        file: &MasterFile,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO master_file (program, period, name, body) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (program, period, name) DO UPDATE SET body = excluded.body",
        )
        .bind(program)
        .bind(period)
        .bind(name)
        .bind(serde_json::to_string(file)?)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Remarks of a period, in order of row key.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn remarks(&self, program: &ProgramId, period: &Period) -> Result<Vec<StoredRemark>> {
        Ok(sqlx::query_as(
            "SELECT row_key, field, text FROM remark WHERE program = $1 AND period = $2 ORDER BY row_key, field",
        )
        .bind(program)
        .bind(period)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Remarks of all periods of a programme, with their periods, in order of row key.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn remarks_of_all(&self, program: &ProgramId) -> Result<Vec<(Period, StoredRemark)>> {
        let rows = sqlx::query(
            "SELECT period, row_key, field, text FROM remark WHERE program = $1 ORDER BY period, row_key, field",
        )
        .bind(program)
        .fetch_all(&self.pool)
        .await?;
        let mut remarks = Vec::with_capacity(rows.len());
        for row in &rows {
            let remark = StoredRemark {
                row_key: row.try_get("row_key")?,
                field: row.try_get("field")?,
                text: row.try_get("text")?,
            };
            remarks.push((row.try_get("period")?, remark));
        }
        Ok(remarks)
    }

    /// Takes over a remark as it stands in the master; an empty text removes it.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_remark(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        remark: &StoredRemark,
        at: DateTime<Utc>,
    ) -> Result<()> {
        if remark.text.is_empty() {
            sqlx::query(
                "DELETE FROM remark WHERE program = $1 AND period = $2 AND row_key = $3 AND field = $4",
            )
            .bind(program)
            .bind(period)
            .bind(&remark.row_key)
            .bind(&remark.field)
            .execute(change.connection())
            .await?;
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO remark (program, period, row_key, field, text, at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (program, period, row_key, field) DO UPDATE SET text = excluded.text, at = excluded.at",
        )
        .bind(program)
        .bind(period)
        .bind(&remark.row_key)
        .bind(&remark.field)
        .bind(&remark.text)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }
}
