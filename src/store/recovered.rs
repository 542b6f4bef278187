//! What is written when a database is rebuilt, or brought up to what the share shows.

use chrono::{DateTime, Utc};

use super::{Change, LetterState, Store};
use crate::domain::period::Period;

impl Store {
    /// Records when a programme ran for the first time, or that it was earlier
    /// than on record.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn gone_live_at(
        &self,
        change: &mut Change,
        program: &str,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        sqlx::query(
            "INSERT INTO program (id, go_live) VALUES ($1, $2) \
             ON CONFLICT (id) DO UPDATE SET go_live = min(go_live, excluded.go_live)",
        )
        .bind(program)
        .bind(at.timestamp_millis())
        .execute(&mut **change)
        .await?;
        Ok(())
    }

    /// Remembers a value within a change.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn set_meta_within(&self, change: &mut Change, key: &str, value: &str) -> anyhow::Result<()> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&mut **change)
        .await?;
        Ok(())
    }

    /// A remembered value, seen from within a change.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn meta_within(&self, change: &mut Change, key: &str) -> anyhow::Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(&mut **change)
            .await?)
    }

    /// Forgets a remembered value within a change.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn forget_meta_within(&self, change: &mut Change, key: &str) -> anyhow::Result<()> {
        sqlx::query("DELETE FROM meta WHERE key = $1")
            .bind(key)
            .execute(&mut **change)
            .await?;
        Ok(())
    }

    /// Has letters that were on their way wait for a person, and says why;
    /// gives how many.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn hold_letters(&self, change: &mut Change, why: &str) -> anyhow::Result<u64> {
        let done = sqlx::query("UPDATE letter SET state = $1, last_error = $2 WHERE state IN ($3, $4)")
            .bind(LetterState::Draft.as_str())
            .bind(why)
            .bind(LetterState::Queued.as_str())
            .bind(LetterState::Attempting.as_str())
            .execute(&mut **change)
            .await?;
        Ok(done.rows_affected())
    }

    /// Voids notices that no letter was made of yet: what came due counts as
    /// sent; gives how many.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn void_unsent_notices(&self, change: &mut Change) -> anyhow::Result<u64> {
        let done = sqlx::query("UPDATE notice SET state = 'void' WHERE state = 'waiting' AND letter IS NULL")
            .execute(&mut **change)
            .await?;
        Ok(done.rows_affected())
    }

    /// Units that were given the form of a period, beside those on record.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn forms_were_given(
        &self,
        change: &mut Change,
        program: &str,
        period: &Period,
        unit: &str,
        at: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        sqlx::query(
            "INSERT INTO form_given (program, period, unit, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(program)
        .bind(period.to_string())
        .bind(unit)
        .bind(at.timestamp_millis())
        .execute(&mut **change)
        .await?;
        Ok(())
    }
}
