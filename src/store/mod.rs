//! The database: what was taken, decided, delivered and remarked.
//!
//! One SQL text with `$1` parameters serves every database; what differs by
//! database (opening it, migrations, the copy) stays in this file. SQLite has
//! one writer: every change begins with `BEGIN IMMEDIATE`.

mod changes;
mod deliveries;
mod drafts;
mod fault;
mod inspect;
mod journal;
mod letter_state;
mod letters;
mod masters;
mod notices;
mod placed;
mod record;
mod recovered;
mod submissions;
mod together;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

pub use changes::ExemptionRecord;
pub use deliveries::{Delivery, NewDelivery};
pub use drafts::{Checked, Draft};
pub use fault::{Damaged, is_damage, remedy};
pub use inspect::{LastEntry, inspect, is_damaged, mark_as_older};
pub use journal::{DAEMON, Entry, JournalLine};
pub use letter_state::{LetterState, Progress};
pub use letters::{Addressed, Letter, LetterText, NewLetter};
pub use masters::{MasterFile, MasterVersion, StoredRemark};
pub use notices::{NoticeBody, NoticeRecord, NoticeState};
pub use placed::{Placed, Role};
pub use record::{NewSubmission, Record, RecordDetail};
pub use submissions::Body;

/// A change in progress; dropped without commit, it never happened.
pub type Change = Transaction<'static, Sqlite>;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
}

impl Store {
    /// Opens the database, creating it and bringing it up to date.
    ///
    /// # Errors
    /// The file can't be opened or written, or was made by a newer version.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str("sqlite:")?
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // The rows of a ledger are one value of some ten kilobytes; set when the file is made.
            .page_size(16384)
            .busy_timeout(Duration::from_secs(30))
            .pragma("cache_size", "-8192")
            .pragma("temp_store", "memory");
        let pool = SqlitePoolOptions::new()
            .max_connections(4)
            // A connection to a file doesn't get lost; to ask first doubles every way to its thread.
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        sqlx::migrate!("src/store/migrations/sqlite").run(&pool).await?;
        Ok(Self { pool })
    }

    /// Begins a change; others wait until it ends.
    ///
    /// # Errors
    /// The database is gone or stays locked for 30 seconds.
    pub async fn begin(&self) -> anyhow::Result<Change> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Writes a consistent copy beside running work.
    ///
    /// # Errors
    /// The target exists already or can't be written.
    pub async fn backup(&self, target: &Path) -> anyhow::Result<()> {
        anyhow::ensure!(!target.exists(), "{} 已存在，请换一个文件名", target.display());
        sqlx::query("VACUUM INTO $1")
            .bind(target.to_string_lossy().into_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// A number that changes whenever a person has changed something by a
    /// command; the daemon's own entries don't wake it again.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn change_count(&self) -> anyhow::Result<i64> {
        Ok(
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM journal WHERE by <> $1")
                .bind(DAEMON)
                .fetch_one(&self.pool)
                .await?,
        )
    }

    /// Whether the database is sound; the first thing that isn't.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn integrity(&self) -> anyhow::Result<Option<String>> {
        let word: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&self.pool)
            .await?;
        Ok((word != "ok").then_some(word))
    }

    /// A remembered value.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn meta(&self, key: &str) -> anyhow::Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// Remembers a value.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn set_meta(&self, key: &str, value: &str) -> anyhow::Result<()> {
        sqlx::query(
            "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(key)
        .bind(value)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The end of the last complete scan.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn last_scan(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        Ok(self
            .meta("last_scan")
            .await?
            .and_then(|text| text.parse().ok())
            .and_then(instant))
    }

    /// Remembers the end of a complete scan.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn set_last_scan(&self, at: DateTime<Utc>) -> anyhow::Result<()> {
        self.set_meta("last_scan", &at.timestamp_millis().to_string())
            .await
    }

    /// When a programme ran for the first time; recorded now if it never did.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn go_live(&self, program: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
        sqlx::query("INSERT INTO program (id, go_live) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(program)
            .bind(now.timestamp_millis())
            .execute(&self.pool)
            .await?;
        Ok(self.gone_live(program).await?.unwrap_or(now))
    }

    /// When a programme ran for the first time, if it did.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn gone_live(&self, program: &str) -> anyhow::Result<Option<DateTime<Utc>>> {
        let millis: Option<i64> = sqlx::query_scalar("SELECT go_live FROM program WHERE id = $1")
            .bind(program)
            .fetch_optional(&self.pool)
            .await?;
        Ok(millis.and_then(instant))
    }
}

/// An instant as the database keeps it.
fn instant(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}
