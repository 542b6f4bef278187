//! Forms that were laid ready, and what units have saved in them without
//! handing it in.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::finding::Finding;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;

/// A file in a folder of forms as it was checked last, without its findings:
/// what every scan asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id.
    pub unit: UnitId,
    /// The period it is for.
    pub period: Period,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// Size in bytes.
    pub size: u64,
    /// Time of last change in nanoseconds since 1970, as the file system tells it.
    pub modified: i64,
    /// Whether anything is filled in; a blank form is no draft.
    pub filled: bool,
    /// When these bytes were first seen.
    pub saved: DateTime<Utc>,
    /// When they were checked last.
    pub checked: DateTime<Utc>,
}

/// A draft (草稿): saved, checked, not handed in.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The file.
    pub file: Checked,
    /// Number of data rows.
    pub rows: u32,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// How many places keep it from counting.
    pub faults: u32,
    /// What the checks found.
    pub findings: Vec<Finding>,
}

const CHECKED: &str =
    "SELECT path, program, unit, period, sha256, size, modified, filled, saved_at, checked_at FROM draft ";

/// Values bound in one statement at most.
const VALUES: usize = 1_000;

impl Store {
    /// Every file in a folder of forms that was checked, blank ones included.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn all_checked(&self) -> Result<Vec<Checked>> {
        Ok(sqlx::query_as(CHECKED).fetch_all(&self.pool).await?)
    }

    /// Those of them that lie at some paths.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn checked_at(&self, paths: &[&str]) -> Result<Vec<Checked>> {
        let mut found = Vec::new();
        for part in paths.chunks(VALUES) {
            let mut query = QueryBuilder::new(CHECKED);
            query.push("WHERE path IN (");
            let mut list = query.separated(", ");
            for path in part {
                list.push_bind(*path);
            }
            query.push(")");
            found.extend(
                query
                    .build_query_as::<Checked>()
                    .persistent(false)
                    .fetch_all(&self.pool)
                    .await?,
            );
        }
        Ok(found)
    }

    /// The one that lies at a path, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn checked_within(&self, change: &mut Change, path: &str) -> Result<Option<Checked>> {
        Ok(
            sqlx::query_as(sqlx::AssertSqlSafe(format!("{CHECKED}WHERE path = $1")))
                .bind(path)
                .fetch_optional(change.connection())
                .await?,
        )
    }

    /// The drafts of a programme for a period, by unit, the last saved one last.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn drafts(&self, program: &ProgramId, period: &Period) -> Result<Vec<Draft>> {
        Ok(sqlx::query_as(
            "SELECT path, program, unit, period, sha256, size, modified, filled, saved_at, checked_at, \
             nil, rows, faults, findings FROM draft WHERE program = $1 AND period = $2 AND filled \
             ORDER BY unit, saved_at, path",
        )
        .bind(program)
        .bind(period)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Remembers a file in a folder of forms as it was checked.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn keep_draft(&self, change: &mut Change, draft: &Draft) -> Result<()> {
        let file = &draft.file;
        sqlx::query(
            "INSERT INTO draft (path, program, unit, period, sha256, size, modified, filled, nil, rows, faults, \
             findings, saved_at, checked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             ON CONFLICT (path) DO UPDATE SET program = excluded.program, unit = excluded.unit, \
             period = excluded.period, sha256 = excluded.sha256, size = excluded.size, \
             modified = excluded.modified, filled = excluded.filled, nil = excluded.nil, rows = excluded.rows, \
             faults = excluded.faults, findings = excluded.findings, saved_at = excluded.saved_at, \
             checked_at = excluded.checked_at",
        )
        .bind(&file.path)
        .bind(&file.program)
        .bind(&file.unit)
        .bind(&file.period)
        .bind(file.sha256)
        .bind(i64::try_from(file.size)?)
        .bind(file.modified)
        .bind(file.filled)
        .bind(draft.nil)
        .bind(i64::from(draft.rows))
        .bind(i64::from(draft.faults))
        .bind(serde_json::to_string(&draft.findings)?)
        .bind(file.saved.timestamp_millis())
        .bind(file.checked.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Forgets a file in a folder of forms: it was handed in, or is gone.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn drop_draft(&self, change: &mut Change, path: &str) -> Result<()> {
        sqlx::query("DELETE FROM draft WHERE path = $1")
            .bind(path)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// Units that were given their form for a period, with what stood ready in it.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn forms_given(&self, program: &ProgramId, period: &Period) -> Result<HashMap<UnitId, String>> {
        let units = sqlx::query_as("SELECT unit, ready FROM form_given WHERE program = $1 AND period = $2")
            .bind(program)
            .bind(period)
            .fetch_all(&self.pool)
            .await?;
        Ok(units.into_iter().collect())
    }

    /// Records that units are given their form for a period, with what stands
    /// ready in it; one given anew has what stands there now.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn give_forms(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        units: &[(&UnitId, &str)],
        at: DateTime<Utc>,
    ) -> Result<()> {
        for part in units.chunks(VALUES) {
            let mut query = QueryBuilder::new("INSERT INTO form_given (program, period, unit, ready, at) ");
            query.push_values(part, |mut line, (unit, ready)| {
                line.push_bind(program)
                    .push_bind(period)
                    .push_bind(*unit)
                    .push_bind(*ready)
                    .push_bind(at.timestamp_millis());
            });
            query.push(" ON CONFLICT (program, period, unit) DO UPDATE SET ready = excluded.ready");
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }
}

from_row!(Checked, row, {
    Ok(Self {
        path: row.try_get("path")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        period: row.try_get("period")?,
        sha256: row.try_get("sha256")?,
        size: row.count("size")?,
        modified: row.try_get("modified")?,
        filled: row.try_get("filled")?,
        saved: row.instant("saved_at")?,
        checked: row.instant("checked_at")?,
    })
});

from_row!(Draft, row, {
    Ok(Self {
        file: Checked::from_row(row)?,
        rows: row.count("rows")?,
        nil: row.try_get("nil")?,
        faults: row.count("faults")?,
        findings: row.json("findings")?,
    })
});
