//! The database: what was taken, decided, delivered and remarked.
//!
//! One SQL text with `$1` parameters serves every database; what differs by
//! database (opening it, migrations, the copy) stays in this file. SQLite has
//! one writer: every change begins with `BEGIN IMMEDIATE`.

mod accounts;
mod addressing;
mod aliases;
mod assignments;
mod busy;
mod changes;
mod clock;
mod columns;
mod connection;
mod database;
mod decisions;
mod deliveries;
mod drafts;
mod error;
mod facts;
mod fault;
mod held;
mod identity;
mod ids;
mod inspect;
mod journal;
mod letters;
mod masters;
mod notices;
mod outbox;
mod own_files;
mod place;
mod placed;
mod put_aside;
mod record;
mod recovered;
mod revisions;
mod sought;
mod submissions;
mod switches;
mod together;

use crate::domain::ids::ProgramId;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

pub use accounts::{NewAccount, Session};
pub use busy::busy;
pub use clock::ClockMemory;
pub use connection::{Change, only_reading};
pub use decisions::Claims;
pub use deliveries::{Delivery, NewDelivery};
pub use drafts::{Checked, Draft};
pub use error::{Result, StoreError};
pub use facts::Counting;
pub use fault::{Damaged, in_words, is_damage, is_fault, may_pass, remedy};
pub use inspect::{LastEntry, inspect, is_damaged, mark_as_older, site_id_of};
pub use journal::{Entry, JournalLine};
pub use letters::LetterTitle;
pub use masters::{MasterFile, MasterVersion, StoredRemark};
pub use outbox::{LetterCount, LetterHead, Listed};
pub use placed::{Placed, Role};
pub use put_aside::TriedAgain;
pub use recovered::Waiting;
pub use revisions::Revisions;
pub use sought::{Concern, Looked, Sought};
pub use submissions::Body;

/// How long others may hold the database before one of us is told so.
const BUSY: Duration = Duration::from_secs(30);

/// Connections for those who only read beside the work.
const READERS: u32 = 4;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pool: connection::Connections,
    place: place::Place,
    keeper: place::Keeper,
}

impl Store {
    /// Opens the database, creating it and bringing it up to date.
    ///
    /// # Errors
    /// The file can't be opened or written, or was made by a newer version.
    pub async fn open(path: &Path) -> anyhow::Result<Self> {
        Self::open_with(path, 4).await
    }

    /// As [`Store::open`], with so many connections at most.
    async fn open_with(path: &Path, connections: u32) -> anyhow::Result<Self> {
        let pool = busy::opened(path, connections).await?;
        busy::migrate(&sqlx::migrate!("src/store/migrations/sqlite"), &pool).await?;
        let readers = database::readers(path, READERS)?;
        Ok(Self {
            pool: connection::Connections::new(pool, readers),
            place: place::Place::of(path),
            keeper: place::Keeper::default(),
        })
    }

    /// Begins a change; others wait until it ends.
    ///
    /// # Errors
    /// The database can't be written, or others hold it for 30 seconds: do the same
    /// again later.
    pub async fn begin(&self) -> Result<Change> {
        Ok(self.pool.begin().await?)
    }

    /// Writes a consistent copy beside running work.
    ///
    /// # Errors
    /// The target exists already or can't be written.
    pub async fn backup(&self, target: &Path) -> anyhow::Result<()> {
        let mut connection = self.pool.acquire().await?;
        if let Err(error) = copy_into(target, &mut connection).await {
            connection.close_on_drop();
            return Err(error);
        }
        // Whoever puts it back, by whatever means, has an older state then.
        inspect::mark_as_older(target).await
    }

    /// A number that changes whenever a person has changed something by a
    /// command; the daemon's own entries don't wake it again.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn change_count(&self) -> Result<i64> {
        Ok(
            // The way stands in the text, or the index of what people did isn't used.
            sqlx::query_scalar("SELECT coalesce(max(id), 0) FROM journal WHERE via <> 'program'")
                .fetch_one(&self.pool)
                .await?,
        )
    }

    /// Whether the database is sound; the first thing that isn't.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn integrity(&self) -> Result<Option<String>> {
        let word: String = sqlx::query_scalar("PRAGMA quick_check(1)")
            .fetch_one(&self.pool)
            .await?;
        Ok((word != "ok").then_some(word))
    }

    /// A remembered value.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
            .bind(key)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// Remembers a value.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        let setting = sqlx::query(SET_META).bind(key).bind(value);
        self.pool.write(setting).await?;
        Ok(())
    }

    /// Whether the database takes a change: one is made and committed.
    ///
    /// # Errors
    /// It doesn't, and why.
    pub async fn probe(&self, now: DateTime<Utc>) -> Result<()> {
        self.set_meta("probed", &now.timestamp_millis().to_string()).await
    }

    /// The end of the last complete scan.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn last_scan(&self) -> Result<Option<DateTime<Utc>>> {
        Ok(self
            .meta("last_scan")
            .await?
            .and_then(|text| text.parse().ok())
            .and_then(instant))
    }

    /// Remembers the end of a complete scan.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn set_last_scan(&self, at: DateTime<Utc>) -> Result<()> {
        self.set_meta("last_scan", &at.timestamp_millis().to_string())
            .await
    }

    /// When a programme ran for the first time; recorded now if it never did.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn go_live(&self, program: &ProgramId, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
        let going =
            sqlx::query("INSERT INTO program (id, go_live) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING");
        self.pool
            .write(going.bind(program).bind(now.timestamp_millis()))
            .await?;
        Ok(self.gone_live(program).await?.unwrap_or(now))
    }

    /// When a programme's trial began; none if it is on none.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn trial_began(&self, program: &ProgramId) -> Result<Option<DateTime<Utc>>> {
        let text = self.meta(&trial_key(program)).await?;
        Ok(text.and_then(|text| text.parse().ok()).and_then(instant))
    }

    /// Records that a programme is on trial.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn begin_trial(&self, program: &ProgramId, now: DateTime<Utc>) -> Result<()> {
        self.set_meta(&trial_key(program), &now.timestamp_millis().to_string())
            .await
    }

    /// Records that a programme's trial has ended, and that it ran for the
    /// first time, unless it did before the trial.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn end_trial(
        &self,
        change: &mut Change,
        program: &ProgramId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.forget_meta_within(change, &trial_key(program)).await?;
        sqlx::query("INSERT INTO program (id, go_live) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
            .bind(program)
            .bind(now.timestamp_millis())
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// When each programme ran for the first time, or on trial.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn begun(&self) -> Result<Vec<(ProgramId, DateTime<Utc>)>> {
        let ran: Vec<(ProgramId, i64)> = sqlx::query_as("SELECT id, go_live FROM program ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        let trials: Vec<(String, String)> =
            sqlx::query_as("SELECT key, value FROM meta WHERE key LIKE 'trial/%' ORDER BY key")
                .fetch_all(&self.pool)
                .await?;
        let mut begun: Vec<(ProgramId, DateTime<Utc>)> = ran
            .into_iter()
            .filter_map(|(id, at)| Some((id, instant(at)?)))
            .collect();
        for (key, at) in trials {
            let id = key.strip_prefix("trial/").and_then(|id| ProgramId::new(id).ok());
            let at = at.parse().ok().and_then(instant);
            let known = |id: &ProgramId| begun.iter().any(|(own, _)| own == id);
            if let Some((id, at)) = id.zip(at).filter(|(id, _)| !known(id)) {
                begun.push((id, at));
            }
        }
        Ok(begun)
    }

    /// When a programme ran for the first time, or on trial; none if it did neither.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn gone_live(&self, program: &ProgramId) -> Result<Option<DateTime<Utc>>> {
        match self.ran_first(program).await? {
            Some(at) => Ok(Some(at)),
            None => self.trial_began(program).await,
        }
    }
}

/// Where it is remembered when a programme's trial began.
fn trial_key(program: &ProgramId) -> String {
    format!("trial/{program}")
}

/// Writes a consistent copy of a database to a path where nothing lies yet.
async fn copy_into(target: &Path, connection: &mut database::Connection) -> anyhow::Result<()> {
    // The empty file is ours alone, from the start: of two that name it at once one is told.
    match crate::platform::create_private(target) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            anyhow::bail!("{} 已存在，请换一个文件名", target.display())
        }
        Err(error) => return Err(error).with_context(|| format!("{} 建不了", target.display())),
        Ok(_) => {}
    }
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(target.to_string_lossy().into_owned())
        .execute(connection)
        .await;
    if copied.is_err() {
        // Nothing of use to anybody.
        let _ = std::fs::remove_file(target);
    }
    copied.with_context(|| format!("{} 没有写成", target.display()))?;
    Ok(())
}

/// Remembers a value under a key.
const SET_META: &str =
    "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";

/// An instant as the database keeps it.
fn instant(millis: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(millis)
}
