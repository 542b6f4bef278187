//! Who this database is, and how far its journal has come.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::error::Result;
use super::{Store, instant};

impl Store {
    /// A value that is remembered once: `fresh` if there was none. Of several
    /// who ask for the first time at once, all get the same.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn meta_once(&self, key: &str, fresh: &str) -> Result<String> {
        let first = sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING");
        self.pool.write(first.bind(key).bind(fresh)).await?;
        Ok(self.meta(key).await?.unwrap_or_else(|| fresh.to_owned()))
    }

    /// Remembers a mark that is about to be written to the sentinel; `seen` is
    /// the one that stands there. Both are known from now on: which of them will
    /// stand there after a kill nobody can tell.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn turn_mark(&self, seen: &str, fresh: &str) -> Result<()> {
        let mut change = self.begin().await?;
        sqlx::query(
            "INSERT INTO meta (key, value) SELECT 'mark_written', value FROM meta WHERE key = 'mark_next' AND value = $1 \
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(seen)
        .execute(change.connection())
        .await?;
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ('mark_next', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(fresh)
        .execute(change.connection())
        .await?;
        change.commit().await?;
        Ok(())
    }

    /// Whether a mark of the sentinel is one that this database wrote last.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn knows_mark(&self, mark: &str) -> Result<bool> {
        let known: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM meta WHERE key IN ('mark_written', 'mark_next') AND value = $1",
        )
        .bind(mark)
        .fetch_one(&self.pool)
        .await?;
        Ok(known > 0)
    }

    /// The number of the journal's last entry, 0 if it has none.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn last_entry(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM journal")
            .fetch_one(&self.pool)
            .await?)
    }

    /// What was done about the share and its folders since an instant: when,
    /// and in words, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn share_entries(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, String)>> {
        let rows = sqlx::query(
            "SELECT at, id, detail FROM journal \
             WHERE what IN ('folder-made-again', 'share-taken-over', 'sentinel-repaired') AND at >= $1 \
             UNION ALL SELECT at, id, detail FROM journal WHERE what = 'rows-left-out' AND at >= $1 ORDER BY at, id",
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
