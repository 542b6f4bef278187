//! The append-only log of everything done, and by whom.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::{Change, Store, instant};

/// Who acts when nobody asked: the daemon, in its own entries.
pub const DAEMON: &str = "taizhang";

/// Something done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Who did it.
    pub by: &'a str,
    /// What, in one word: `submitted`, `accepted`, `withdrawn`, …
    pub what: &'a str,
    /// Programme id.
    pub program: Option<&'a str>,
    /// Unit id.
    pub unit: Option<&'a str>,
    /// Period.
    pub period: Option<String>,
    /// Submission.
    pub submission: Option<i64>,
    /// More, in words.
    pub detail: Cow<'a, str>,
}

/// A line of the log as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// What.
    pub what: String,
    /// The submission concerned.
    pub submission: Option<i64>,
    /// More, in words.
    pub detail: String,
}

/// Lines that go into one statement.
const TOGETHER: usize = 512;

impl Store {
    /// Adds a line.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn log(&self, change: &mut Change, at: DateTime<Utc>, entry: &Entry<'_>) -> anyhow::Result<()> {
        self.log_all(change, at, std::slice::from_ref(entry)).await
    }

    /// Adds lines, in their order.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn log_all(
        &self,
        change: &mut Change,
        at: DateTime<Utc>,
        entries: &[Entry<'_>],
    ) -> anyhow::Result<()> {
        for part in entries.chunks(TOGETHER) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO journal (at, by, what, program, unit, period, submission, detail) ",
            );
            insert.push_values(part, |mut line, entry| {
                line.push_bind(at.timestamp_millis())
                    .push_bind(entry.by)
                    .push_bind(entry.what)
                    .push_bind(entry.program)
                    .push_bind(entry.unit)
                    .push_bind(&entry.period)
                    .push_bind(entry.submission)
                    .push_bind(entry.detail.as_ref());
            });
            insert.build().persistent(false).execute(&mut **change).await?;
        }
        Ok(())
    }

    /// The whole log, oldest first.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn journal(&self) -> anyhow::Result<Vec<JournalLine>> {
        let rows = sqlx::query("SELECT at, by, what, submission, detail FROM journal ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(JournalLine {
                    at: instant(row.try_get("at")?).unwrap_or_default(),
                    by: row.try_get("by")?,
                    what: row.try_get("what")?,
                    submission: row.try_get("submission")?,
                    detail: row.try_get("detail")?,
                })
            })
            .collect()
    }
}
