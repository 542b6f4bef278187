//! What has yet to be done on the share.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::{Change, Store};

/// A step to be carried out on the share. `action` is the jobs' own JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The submission it serves.
    pub submission: Option<i64>,
    /// What to do.
    pub action: String,
    /// The path on the share that it takes away; until it's done, the file
    /// there is not taken again.
    pub source: Option<String>,
}

/// A step that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number; steps are carried out in this order.
    pub id: i64,
    /// The submission it serves.
    pub submission: Option<i64>,
    /// What to do.
    pub action: String,
    /// How often it was tried.
    pub tries: u32,
}

/// Steps that go into one statement.
const TOGETHER: usize = 512;

impl Store {
    /// Adds steps, in their order.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn add_deliveries(&self, change: &mut Change, new: &[NewDelivery]) -> anyhow::Result<()> {
        for part in new.chunks(TOGETHER) {
            let mut insert = QueryBuilder::new("INSERT INTO delivery (submission, action, source) ");
            insert.push_values(part, |mut line, new| {
                line.push_bind(new.submission)
                    .push_bind(&new.action)
                    .push_bind(&new.source);
            });
            insert.build().persistent(false).execute(&mut **change).await?;
        }
        Ok(())
    }

    /// Steps whose time has come, in order, `most` at most.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn pending_deliveries(&self, now: DateTime<Utc>, most: u32) -> anyhow::Result<Vec<Delivery>> {
        let rows = sqlx::query(
            "SELECT id, submission, action, tries FROM delivery WHERE state = 'pending' AND not_before <= $1 \
             ORDER BY id LIMIT $2",
        )
        .bind(now.timestamp_millis())
        .bind(i64::from(most))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Delivery {
                    id: row.try_get("id")?,
                    submission: row.try_get("submission")?,
                    action: row.try_get("action")?,
                    tries: u32::try_from(row.try_get::<i64, _>("tries")?).unwrap_or(u32::MAX),
                })
            })
            .collect()
    }

    /// How many steps wait, and the last error among them.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn delivery_backlog(&self) -> anyhow::Result<(u32, Option<String>)> {
        let row = sqlx::query(
            "SELECT count(*) AS n, max(last_error) AS error FROM delivery WHERE state = 'pending'",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((
            u32::try_from(row.try_get::<i64, _>("n")?).unwrap_or(u32::MAX),
            row.try_get("error")?,
        ))
    }

    /// When the next waiting step may be tried.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn next_delivery(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let at: Option<i64> =
            sqlx::query_scalar("SELECT min(not_before) FROM delivery WHERE state = 'pending'")
                .fetch_one(&self.pool)
                .await?;
        Ok(at.and_then(super::instant))
    }

    /// Lets waiting steps be tried at once: what they failed for is over.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn hasten_deliveries(&self, now: DateTime<Utc>) -> anyhow::Result<()> {
        sqlx::query(
            "UPDATE delivery SET not_before = $1, tries = 0 WHERE state = 'pending' AND not_before > $1",
        )
        .bind(now.timestamp_millis())
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Paths on the share that waiting steps are to take away, with their steps' JSON.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn spoken_for(&self) -> anyhow::Result<Vec<(String, String)>> {
        let rows =
            sqlx::query("SELECT source, action FROM delivery WHERE state = 'pending' AND source IS NOT NULL")
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("source")?, row.try_get("action")?)))
            .collect()
    }

    /// Waiting steps that have failed before, as the jobs' own JSON.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn failed_deliveries(&self) -> anyhow::Result<Vec<String>> {
        let failed = sqlx::query_scalar(
            "SELECT action FROM delivery WHERE state = 'pending' AND last_error IS NOT NULL",
        );
        Ok(failed.fetch_all(&self.pool).await?)
    }

    /// Puts a step off after a failure.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn postpone_delivery(&self, id: i64, until: DateTime<Utc>, error: &str) -> anyhow::Result<()> {
        sqlx::query("UPDATE delivery SET tries = tries + 1, not_before = $2, last_error = $3 WHERE id = $1")
            .bind(id)
            .bind(until.timestamp_millis())
            .bind(error)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
