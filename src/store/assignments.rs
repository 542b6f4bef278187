//! Items of registers whose leads the office has named.

use sqlx::{FromRow as _, Row as _};

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{ItemId, ProgramId};
use crate::domain::program::Assignment;

impl Store {
    /// Records who leads an item from a period on.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn assign(
        &self,
        change: &mut Change,
        program: &ProgramId,
        assignment: &Assignment,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO assignment (program, item, leads, from_period, reason, assigned_by, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(program)
        .bind(&assignment.item)
        .bind(serde_json::to_string(&assignment.leads)?)
        .bind(&assignment.from)
        .bind(&assignment.reason)
        .bind(&assignment.by)
        .bind(assignment.at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// What was recorded of an item, oldest first, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn assignments_within(
        &self,
        change: &mut Change,
        program: &ProgramId,
        item: &ItemId,
    ) -> Result<Vec<Assignment>> {
        Ok(sqlx::query_as(
            "SELECT item, leads, from_period, reason, assigned_by, at FROM assignment \
             WHERE program = $1 AND item = $2 ORDER BY id",
        )
        .bind(program)
        .bind(item)
        .fetch_all(change.connection())
        .await?)
    }

    /// All that was recorded, with its programmes, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn assignments(&self) -> Result<Vec<(ProgramId, Assignment)>> {
        let rows = sqlx::query(
            "SELECT program, item, leads, from_period, reason, assigned_by, at FROM assignment ORDER BY id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("program")?, Assignment::from_row(row)?)))
            .collect()
    }
}

from_row!(Assignment, row, {
    Ok(Self {
        item: row.try_get("item")?,
        leads: serde_json::from_str(row.try_get("leads")?)?,
        from: row.try_get("from_period")?,
        reason: row.try_get("reason")?,
        by: row.try_get("assigned_by")?,
        at: row.instant("at")?,
    })
});
