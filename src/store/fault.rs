//! What a failure means for the person who reads of it.

use std::io;

/// SQLite's code for a disk without room.
const FULL: &str = "13";

/// SQLite's codes for a damaged page and for a file that is no database; the
/// lowest eight bits of the longer codes that say where.
const DAMAGED: [i32; 2] = [11, 26];

/// What to do about a damaged database.
const RESTORE: &str = "数据库已损坏：先停止运行，再用 taizhang restore 备份文件 恢复（自动备份在数据库旁边的 backups 文件夹）；\
                       没有备份的，用 taizhang recover 从存档和共享文件夹重建。共享文件夹和存档没有受影响";

/// A database that a check found damaged.
#[derive(Debug, thiserror::Error)]
#[error("数据库检查没有通过（{0}）")]
pub struct Damaged(pub String);

/// Whether a failure says that the database is damaged.
#[must_use]
pub fn is_damage(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .or_else(|| match cause.downcast_ref::<sqlx::migrate::MigrateError>() {
                Some(
                    sqlx::migrate::MigrateError::Execute(error)
                    | sqlx::migrate::MigrateError::ExecuteMigration(error, _),
                ) => Some(error),
                _ => None,
            })
            .and_then(sqlx::Error::as_database_error)
            .and_then(|error| error.code()?.parse::<i32>().ok())
            .is_some_and(|code| DAMAGED.contains(&(code & 0xff)));
        database || cause.is::<Damaged>()
    })
}

/// What to do about a failure, if its cause tells: a full disk, a damaged database.
#[must_use]
pub fn remedy(error: &anyhow::Error) -> Option<&'static str> {
    if is_damage(error) {
        return Some(RESTORE);
    }
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
    async fn a_damaged_page_and_a_file_that_is_no_database_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("database");
        std::fs::write(&path, "x".repeat(40_000)).unwrap();
        let error = crate::store::Store::open(&path).await.unwrap_err();
        assert!(
            remedy(&error).is_some_and(|words| words.contains("restore")),
            "{error:?}"
        );
        let found: anyhow::Error = Damaged("page 3".into()).into();
        assert!(remedy(&found.context("备份")).is_some_and(|words| words.contains("recover")));
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
