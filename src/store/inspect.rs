//! A database looked at from outside: whether it is one of ours and sound,
//! how far it goes, whether anything has happened in it yet.

use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sqlx::{Connection as _, Row};

use super::database::{Connection, look_into, look_into_whole};

use super::fault::{Damaged, is_damage};
use super::{Store, instant};

/// The last thing that a database has on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastEntry {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// What, in one word.
    pub what: String,
}

/// Looks at a copy of a database that is about to be put into place, and
/// makes it whole: what a log beside it still holds goes into the file.
///
/// # Errors
/// In words for people: it is no database, not one of this program, damaged,
/// or from a newer version.
pub async fn inspect(copy: &Path) -> anyhow::Result<Option<LastEntry>> {
    let mut connection = look_into(copy)
        .await
        .context("打不开，不是数据库文件或者已经损坏")?;
    let looked = look(&mut connection).await;
    // Out of the log and into the file, so that one file is all there is.
    let whole = sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut connection)
        .await;
    connection.close().await?;
    let last = looked?;
    whole.context("数据库副本写不进去")?;
    Ok(last)
}

async fn look(connection: &mut Connection) -> anyhow::Result<Option<LastEntry>> {
    let word: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut *connection)
        .await
        .context("不是数据库文件，或者已经损坏")?;
    anyhow::ensure!(word == "ok", "已经损坏（{word}）");
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN \
         ('_sqlx_migrations', 'meta', 'submission', 'journal', 'placed')",
    )
    .fetch_one(&mut *connection)
    .await?;
    anyhow::ensure!(tables == 5, "是别的程序的数据库");
    let newest: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await?;
    let known = sqlx::migrate!("src/store/migrations/sqlite");
    let known = known.iter().map(|migration| migration.version).max();
    anyhow::ensure!(
        Some(newest) <= known,
        "来自更新的版本（数据库版本 {newest}），请先升级本程序"
    );
    let row = sqlx::query("SELECT id, at, by, what FROM journal ORDER BY id DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    row.map(|row| {
        Ok(LastEntry {
            id: row.try_get("id")?,
            at: instant(row.try_get("at")?).unwrap_or_default(),
            by: row.try_get("by")?,
            what: row.try_get("what")?,
        })
    })
    .transpose()
}

/// The id of the site whose database a copy is, if it says so.
///
/// # Errors
/// It can't be read.
pub async fn site_id_of(database: &Path) -> anyhow::Result<Option<String>> {
    let mut connection = look_into(database).await?;
    let id = sqlx::query_scalar("SELECT value FROM meta WHERE key = $1")
        .bind(Store::SITE_ID)
        .fetch_optional(&mut connection)
        .await?;
    connection.close().await?;
    Ok(id)
}

/// Whether a database can't be used any more, because pages of it are damaged
/// or it is none.
///
/// # Errors
/// It can't be looked at for another reason.
pub async fn is_damaged(database: &Path) -> anyhow::Result<bool> {
    let look = async || -> anyhow::Result<bool> {
        let mut connection = look_into(database).await?;
        let word: Result<String, _> = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&mut connection)
            .await;
        // To the end, before anybody renames the files that it holds.
        connection.close().await?;
        Ok(word? != "ok")
    };
    match look().await {
        Err(error) if is_damage(&error) => Ok(true),
        other => other,
    }
}

/// Marks a copy that is about to be put into place as an older state, so that
/// whoever opens it next looks at the share before anything is sent.
///
/// # Errors
/// The copy can't be written.
pub async fn mark_as_older(copy: &Path) -> anyhow::Result<()> {
    let mut connection = look_into_whole(copy).await?;
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES ($1, 'restored') \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
    .bind(Store::OLDER)
    .execute(&mut connection)
    .await?;
    // Who was logged in then isn't now. Copies of older versions have no such table.
    let sessions: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'session'")
        .fetch_one(&mut connection)
        .await?;
    if sessions > 0 {
        sqlx::query("DELETE FROM session")
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(())
}

impl Store {
    /// The remembered value that says: this is an older state, and the share
    /// has yet to be looked at.
    pub const OLDER: &'static str = "older_state";

    /// The remembered value that is the site's id.
    pub const SITE_ID: &'static str = "site_id";

    /// Closes every connection to its end, so that the file may be moved.
    pub async fn close(&self) {
        if let Some(kept) = self.keeper.lock().await.take() {
            // What closing says is of no interest any more.
            let _ = kept.close().await;
        }
        self.pool.close().await;
    }

    /// Whether nothing was ever taken or done in it.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn is_blank(&self) -> anyhow::Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT NOT EXISTS (SELECT 1 FROM submission) AND NOT EXISTS (SELECT 1 FROM journal)",
        )
        .fetch_one(&self.pool)
        .await?)
    }

    /// When the first programme ran for the first time, if any did.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn first_gone_live(&self) -> anyhow::Result<Option<DateTime<Utc>>> {
        let millis: Option<i64> = sqlx::query_scalar("SELECT min(go_live) FROM program")
            .fetch_one(&self.pool)
            .await?;
        Ok(millis.and_then(instant))
    }

    /// Forgets a remembered value.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn forget_meta(&self, key: &str) -> anyhow::Result<()> {
        sqlx::query("DELETE FROM meta WHERE key = $1")
            .bind(key)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Writes a whole copy to a path where nothing lies yet, once the database
    /// has proved sound: a damaged one must not take the place of a good copy.
    ///
    /// # Errors
    /// The database is damaged or gone, the copy can't be written.
    pub async fn sound_copy(&self, target: &Path) -> anyhow::Result<()> {
        if let Some(fault) = self.integrity().await? {
            return Err(Damaged(fault).into());
        }
        self.backup(target).await
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use sqlx::ConnectOptions as _;
    use sqlx::sqlite::SqliteConnectOptions;

    use super::*;

    #[tokio::test]
    async fn a_copy_of_ours_is_sound_and_says_how_far_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a")).await.unwrap();
        assert!(store.is_blank().await.unwrap());
        let mut change = store.begin().await.unwrap();
        let entry = super::super::Entry {
            by: "张三",
            what: "withdrawn",
            ..super::super::Entry::default()
        };
        let at = DateTime::from_timestamp_millis(1_733_000_000_000).unwrap();
        store.log(&mut change, at, &entry).await.unwrap();
        change.commit().await.unwrap();
        assert!(!store.is_blank().await.unwrap());
        let copy = folder.path().join("copy");
        store.sound_copy(&copy).await.unwrap();
        let last = inspect(&copy).await.unwrap().unwrap();
        assert_eq!((last.id, last.at, last.what.as_str()), (1, at, "withdrawn"));
        mark_as_older(&copy).await.unwrap();
        let restored = Store::open(&copy).await.unwrap();
        assert!(restored.meta(Store::OLDER).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn what_is_no_sound_database_of_ours_is_refused_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let text = folder.path().join("text");
        std::fs::write(&text, "不是数据库".repeat(1000)).unwrap();
        let error = inspect(&text).await.unwrap_err();
        assert!(format!("{error:#}").contains("不是数据库文件"), "{error:#}");
        let foreign = folder.path().join("foreign");
        let mut other = SqliteConnectOptions::from_str("sqlite:")
            .unwrap()
            .filename(&foreign)
            .create_if_missing(true)
            .connect()
            .await
            .unwrap();
        sqlx::query("CREATE TABLE t (x)")
            .execute(&mut other)
            .await
            .unwrap();
        other.close().await.unwrap();
        let error = inspect(&foreign).await.unwrap_err();
        assert!(format!("{error:#}").contains("别的程序"), "{error:#}");
        let newer = folder.path().join("newer");
        let store = Store::open(&newer).await.unwrap();
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', 1, x'00', 0)",
        )
        .execute(&store.pool)
        .await
        .unwrap();
        store.pool.close().await;
        let error = inspect(&newer).await.unwrap_err();
        assert!(format!("{error:#}").contains("更新的版本"), "{error:#}");
    }
}
