//! What a failure means for the person who reads of it.

use std::io;

use super::error::{Told, kind_of};

const NO_ROOM: &str = "磁盘已满，请清理或扩充磁盘后再试；已经送来的文件不会丢失";
const IN_USE: &str = "数据库正被别的程序占用，请关闭打开它的程序；之后自动继续";
const BROKEN: &str = "磁盘读写出错，请检查磁盘、连线和网络；恢复后自动继续，已经送来的文件不会丢失";
const FORBIDDEN: &str = "没有写入权限或磁盘变成了只读，请检查文件夹权限和磁盘";

/// What to do about a damaged database.
const RESTORE: &str = "数据库已损坏：先停止运行，再用 taizhang restore 备份文件 恢复（自动备份在数据库旁边的 backups 文件夹）；\
                       没有备份的，用 taizhang recover 从存档和共享文件夹重建。共享文件夹和存档没有受影响";

/// A database that a check found damaged.
#[derive(Debug, thiserror::Error)]
#[error("数据库检查没有通过（{0}）")]
pub struct Damaged(pub String);

/// What kind of failure of the database a cause is; none if it is none.
fn kind(cause: &(dyn std::error::Error + 'static)) -> Option<Told> {
    use sqlx::migrate::MigrateError;
    let migrating = match cause.downcast_ref::<MigrateError>() {
        Some(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Some(error),
        _ => None,
    };
    // What the store gives has its library's error for a cause, and is met there.
    let error = cause.downcast_ref::<sqlx::Error>().or(migrating)?;
    Some(kind_of(error))
}

/// Whether a failure is one of the database, as opposed to what it was asked: a
/// rule of its own that was broken, a row that isn't there.
#[must_use]
pub fn is_fault(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<sqlx::Error>())
        .any(|error| match kind_of(error) {
            Told::Conflict => false,
            Told::Other => is_told(error),
            _ => true,
        })
}

/// Whether a failure says that the database is damaged.
#[must_use]
pub fn is_damage(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| kind(cause) == Some(Told::Corrupt) || cause.is::<Damaged>())
}

/// What to do about a failure, if its cause tells: a damaged database, a full
/// disk, one that fails, one that may not be written.
#[must_use]
pub fn remedy(error: &anyhow::Error) -> Option<&'static str> {
    if is_damage(error) {
        return Some(RESTORE);
    }
    error.chain().find_map(|cause| {
        match kind(cause) {
            Some(Told::Full) => return Some(NO_ROOM),
            Some(Told::Broken) if cause.downcast_ref::<sqlx::Error>().is_some_and(is_told) => {
                return Some(BROKEN);
            }
            Some(Told::Busy) => return Some(IN_USE),
            Some(Told::Forbidden) => return Some(FORBIDDEN),
            _ => {}
        }
        match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(NO_ROOM),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some(FORBIDDEN),
            _ if cause.to_string().contains(EIO) => Some(BROKEN),
            _ => None,
        }
    })
}

/// Whether the database itself says it, not the way to it: then an I/O error
/// below tells more.
fn is_told(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some()
}

/// A failure with its causes in one line, each said once: what a library says
/// of an error often holds the words of the error below it.
#[must_use]
pub fn in_words(error: &anyhow::Error) -> String {
    let mut words = String::new();
    for cause in error.chain() {
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error);
        let text = database.map_or_else(|| cause.to_string(), |own| format!("数据库答复：{own}"));
        if words.ends_with(&text) {
            continue;
        }
        if !words.is_empty() {
            words.push('：');
        }
        words.push_str(&text);
    }
    words
}

/// Whether a failure is one that passes by itself or by making room: worth
/// waiting for where nobody is there to start the program again.
#[must_use]
pub fn may_pass(error: &anyhow::Error) -> bool {
    matches!(remedy(error), Some(NO_ROOM | BROKEN | IN_USE))
}

/// How an I/O error of the disk ends in words: its kind has no name of its
/// own, and its number is lost where a library adds the file's name.
const EIO: &str = "(os error 5)";

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context as _;

    #[test]
    fn a_full_disk_is_told_by_its_cause() {
        let full: io::Result<()> = Err(io::ErrorKind::StorageFull.into());
        assert!(remedy(&full.context("存档").unwrap_err()).is_some());
        assert!(remedy(&anyhow::anyhow!("别的")).is_none());
        let full = io::Error::from(io::ErrorKind::StorageFull);
        assert!(may_pass(&full.into()) && !may_pass(&anyhow::anyhow!("别的")));
        assert!(!may_pass(
            &io::Error::from(io::ErrorKind::PermissionDenied).into()
        ));
        let broken: io::Result<()> = Err(io::Error::from_raw_os_error(5));
        assert_eq!(remedy(&broken.context("存档").unwrap_err()), Some(BROKEN));
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
        let error = anyhow::Error::from(error).context("收文没有完成");
        assert!(remedy(&error).is_some());
        assert_eq!(
            in_words(&error),
            "收文没有完成：数据库答复：(code: 13) database or disk is full"
        );
    }
}
