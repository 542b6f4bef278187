//! Whether the database's file still lies where it was opened.
//!
//! A file that somebody removed or renamed stays open, and all that is written
//! into it from then on is gone with the process: nobody would notice before.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use tokio::sync::Mutex;

use super::database::Connection;
use super::{Store, inspect};
use crate::platform::file_key;

/// A connection that is used for nothing but saving what the database holds
/// when its file is gone: those in use are closed after any error.
pub(super) type Keeper = Arc<Mutex<Option<Connection>>>;

/// Where the database was opened, and which file that was.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: PathBuf,
    key: Option<(u64, u64)>,
}

impl Place {
    /// Of a database that has just been opened.
    pub fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            key: file_key(path).ok(),
        }
    }

    /// Whether the same file still lies there, as far as can be seen.
    pub fn is_kept(&self) -> bool {
        match file_key(&self.path) {
            Ok(key) => self.key.is_none_or(|own| own == key),
            Err(error) => error.kind() != ErrorKind::NotFound,
        }
    }
}

impl Store {
    /// Whether the file that was opened still lies there: not removed, renamed
    /// or replaced meanwhile.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        self.place.is_kept()
    }

    /// Keeps hold of the file, so that it can be saved whatever becomes of its name.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn keep_hold(&self) -> anyhow::Result<()> {
        let mut connection = self.pool.connect().await?;
        // The log beside the file is opened by the first question.
        sqlx::query("SELECT count(*) FROM meta")
            .fetch_one(&mut connection)
            .await?;
        *self.keeper.lock().await = Some(connection);
        Ok(())
    }

    /// Writes what the database holds whose file is gone, as long as a hold is kept.
    ///
    /// # Errors
    /// The target exists already or can't be written, or no hold was kept.
    pub async fn save(&self, target: &Path) -> anyhow::Result<()> {
        let mut keeper = self.keeper.lock().await;
        let connection = keeper.as_mut().context("数据库没有保持打开")?;
        super::copy_into(target, connection).await?;
        inspect::mark_as_older(target).await
    }
}

#[cfg(all(test, unix))]
mod tests {
    use crate::store::Store;

    #[tokio::test]
    async fn a_database_that_was_taken_away_is_noticed_and_can_be_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database");
        let store = Store::open(&path).await.unwrap();
        store.keep_hold().await.unwrap();
        store.set_meta("word", "kept").await.unwrap();
        assert!(store.is_in_place());
        let aside = folder.path().join("aside");
        std::fs::rename(&path, &aside).unwrap();
        assert!(!store.is_in_place());
        // No new one is made in its place by work that goes on.
        let changes = [store.begin().await, store.begin().await];
        assert!(changes.iter().any(Result::is_err) && !path.exists());
        drop(changes);
        std::fs::write(&path, "").unwrap();
        assert!(!store.is_in_place(), "another file lies there");
        let copy = folder.path().join("copy");
        // Whatever was in use is closed after an error.
        store.pool.close().await;
        store.save(&copy).await.unwrap();
        let saved = Store::open(&copy).await.unwrap();
        assert_eq!(saved.meta("word").await.unwrap().as_deref(), Some("kept"));
        std::fs::remove_file(&path).unwrap();
        std::fs::rename(&aside, &path).unwrap();
        assert!(store.is_in_place());
    }
}
