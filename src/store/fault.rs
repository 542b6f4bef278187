//! What a failure means for the person who reads of it.

use std::io;

/// `SQLite`'s codes, of which the lowest byte tells the kind.
const BUSY: i32 = 5;
const READ_ONLY: i32 = 8;
const IO_ERROR: i32 = 10;
const FULL: i32 = 13;
const CANNOT_OPEN: i32 = 14;

const NO_ROOM: &str = "磁盘已满，请清理或扩充磁盘后再试；已经送来的文件不会丢失";
const IN_USE: &str = "数据库正被别的程序占用，请关闭打开它的程序；之后自动继续";
const BROKEN: &str = "磁盘读写出错，请检查磁盘、连线和网络；恢复后自动继续，已经送来的文件不会丢失";
const FORBIDDEN: &str = "没有写入权限或磁盘变成了只读，请检查文件夹权限和磁盘";

/// What to do about a failure, if its cause tells: a full disk, one that
/// fails, one that may not be written.
#[must_use]
pub fn remedy(error: &anyhow::Error) -> Option<&'static str> {
    error.chain().find_map(|cause| {
        let database = cause
            .downcast_ref::<sqlx::Error>()
            .and_then(sqlx::Error::as_database_error);
        if let Some(error) = database {
            let code: i32 = error.code()?.parse().ok()?;
            return match code & 0xff {
                FULL => Some(NO_ROOM),
                IO_ERROR => Some(BROKEN),
                BUSY => Some(IN_USE),
                READ_ONLY | CANNOT_OPEN => Some(FORBIDDEN),
                _ => None,
            };
        }
        match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(NO_ROOM),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Some(FORBIDDEN),
            _ if cause.to_string().contains(EIO) => Some(BROKEN),
            _ => None,
        }
    })
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
