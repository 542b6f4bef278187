//! Whether the database's file still lies where it was opened.
//!
//! A file that somebody removed or renamed stays open, and all that is written
//! into it from then on is gone with the process: nobody would notice before.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::platform::file_key;

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

#[cfg(all(test, unix))]
mod tests {
    use crate::store::Store;

    #[tokio::test]
    async fn a_database_that_was_taken_away_is_noticed_and_can_be_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database");
        let store = Store::open(&path).await.unwrap();
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
        store.backup(&copy).await.unwrap();
        let saved = Store::open(&copy).await.unwrap();
        assert_eq!(saved.meta("word").await.unwrap().as_deref(), Some("kept"));
        std::fs::remove_file(&path).unwrap();
        std::fs::rename(&aside, &path).unwrap();
        assert!(store.is_in_place());
    }
}
