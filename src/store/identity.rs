//! Who this database is, and how far its journal has come.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::{Store, instant};

impl Store {
    /// A value that is remembered once: `fresh` if there was none. Of several
    /// who ask for the first time at once, all get the same.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn meta_once(&self, key: &str, fresh: &str) -> anyhow::Result<String> {
        let first = sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
        self.pool.write(first.bind(key).bind(fresh)).await?;
        Ok(self.meta(key).await?.unwrap_or_else(|| fresh.to_owned()))
    }

    /// The number of the journal's last entry, 0 if it has none.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn last_entry(&self) -> anyhow::Result<i64> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM journal")
            .fetch_one(&self.pool)
            .await?)
    }

    /// What was done about the share and its folders since an instant: when,
    /// and in words, oldest first.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn share_entries(&self, since: DateTime<Utc>) -> anyhow::Result<Vec<(DateTime<Utc>, String)>> {
        let rows = sqlx::query(
            "SELECT at, detail FROM journal \
             WHERE what IN ('folder-made-again', 'share-taken-over', 'sentinel-repaired') AND at >= $1 ORDER BY at, id",
        )
        .bind(since.timestamp_millis())
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok((
                    instant(row.try_get("at")?).unwrap_or_default(),
                    row.try_get("detail")?,
                ))
            })
            .collect()
    }
}
