//! What a failure means for the person who reads of it.

use std::io;

/// SQLite's code for a disk without room.
const FULL: &str = "13";

/// What to do about a failure, if its cause tells: so far for a full disk.
#[must_use]
pub fn remedy(error: &anyhow::Error) -> Option<&'static str> {
    let full = error.chain().any(|cause| {
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error)
            .is_some_and(|error| error.code().as_deref() == Some(FULL));
        let file = cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::StorageFull);
        database || file
    });
    full.then_some("磁盘已满，请清理或扩充磁盘后再试；已经送来的文件不会丢失")
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_full_disk_is_told_by_its_cause() {
        let full: io::Result<()> = Err(io::ErrorKind::StorageFull.into());
        assert!(remedy(&full.context("存档").unwrap_err()).is_some());
        assert!(remedy(&anyhow::anyhow!("别的")).is_none());
    }

    #[tokio::test]
    async fn a_full_database_is_told_by_its_code() {
        let pool = sqlx::SqlitePool::connect("sqlite::memory:").await.unwrap();
        let mut one = pool.acquire().await.unwrap();
        for line in ["PRAGMA max_page_count = 2", "CREATE TABLE t (x BLOB)"] {
            sqlx::query(line).execute(&mut *one).await.unwrap();
        }
        let filling = sqlx::query("INSERT INTO t VALUES (zeroblob(1000000))");
        let error = filling.execute(&mut *one).await.unwrap_err();
        assert!(remedy(&error.into()).is_some());
    }
}
