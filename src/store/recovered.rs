//! What is written when a database is rebuilt, or brought up to what the share shows.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::columns::from_row;
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{DeliveryId, ProgramId, SubmissionId, UnitId};
use crate::domain::letters::LetterState;
use crate::domain::period::Period;

/// A waiting step of a submission, and whose that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number.
    pub id: DeliveryId,
    /// The submission that it serves.
    pub submission: SubmissionId,
    /// What to do, as the jobs' own JSON.
    pub action: String,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period.
    pub period: Option<Period>,
}

from_row!(Waiting, row, {
    Ok(Self {
        id: row.try_get("id")?,
        submission: row.try_get("submission")?,
        action: row.try_get("action")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        period: row.try_get("period")?,
    })
});

impl Store {
    /// The waiting steps that serve submissions, in order.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn steps_of_submissions(&self, change: &mut Change) -> Result<Vec<Waiting>> {
        Ok(sqlx::query_as(
            "SELECT d.id, d.submission, d.action, s.program, s.unit, s.period \
             FROM delivery d JOIN submission s ON s.id = d.submission WHERE d.state = 'pending' ORDER BY d.id",
        )
        .fetch_all(change.connection())
        .await?)
    }

    /// Records when a programme ran for the first time, or that it was earlier
    /// than on record.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn gone_live_at(
        &self,
        change: &mut Change,
        program: &ProgramId,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO program (id, go_live) VALUES ($1, $2) \
             ON CONFLICT (id) DO UPDATE SET go_live = min(go_live, excluded.go_live)",
        )
        .bind(program)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Remembers a value within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_meta_within(&self, change: &mut Change, key: &str, value: &str) -> Result<()> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// A remembered value, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn meta_within(&self, change: &mut Change, key: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(change.connection())
            .await?)
    }

    /// Forgets a remembered value within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn forget_meta_within(&self, change: &mut Change, key: &str) -> Result<()> {
        sqlx::query("DELETE FROM meta WHERE key = $1")
            .bind(key)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// Has letters that were on their way wait for a person, and says why;
    /// gives how many.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn hold_letters(&self, change: &mut Change, why: &str) -> Result<u64> {
        let done = sqlx::query("UPDATE letter SET state = $1, last_error = $2 WHERE state IN ($3, $4)")
            .bind(LetterState::Draft.as_str())
            .bind(why)
            .bind(LetterState::Queued.as_str())
            .bind(LetterState::Attempting.as_str())
            .execute(change.connection())
            .await?;
        Ok(done.rows_affected())
    }

    /// Voids notices that no letter was made of yet: what came due counts as
    /// sent; gives how many.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn void_unsent_notices(&self, change: &mut Change) -> Result<u64> {
        let done = sqlx::query("UPDATE notice SET state = 'void' WHERE state = 'waiting' AND letter IS NULL")
            .execute(change.connection())
            .await?;
        Ok(done.rows_affected())
    }

    /// Units that were given the form of a period, beside those on record.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn forms_were_given(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        unit: &UnitId,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO form_given (program, period, unit, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(program)
        .bind(period)
        .bind(unit)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }
}
