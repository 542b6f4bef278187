//! Several processes at one database.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};

use super::database::{Pool, open};
use super::error::{Told, kind_of};

/// How often it is tried to bring a database up to date beside a process that
/// does the same.
const TRIES: u32 = 50;

/// How long between.
const PAUSE: Duration = Duration::from_millis(100);

/// Within this a new database has been made, whoever made it.
const AT_ONCE: Duration = Duration::from_secs(5);

/// What to tell when the database was held by others for too long; none if the
/// failure is another one. A person is never shown the library's words for it.
#[must_use]
pub fn busy(error: &anyhow::Error) -> Option<&'static str> {
    let busy = error.chain().any(|cause| {
        // Others of this process wrote for that long, or of another one.
        let error = cause.downcast_ref::<sqlx::Error>();
        error.is_some_and(|error| kind_of(error) == Told::Busy)
    });
    busy.then_some(
        "数据库正由另一个命令或运行中的 taizhang 使用，等了半分钟还没有轮到。本次没有作任何更改，请稍后再试",
    )
}

/// Opens the database. Of several processes that make it at the same time all
/// but one are told at once that it is locked, however long they would wait.
///
/// # Errors
/// It can't be opened or made.
pub(super) async fn opened(path: &Path, connections: u32) -> Result<Pool, sqlx::Error> {
    let began = Instant::now();
    loop {
        match open(path, connections).await {
            // Who was kept waiting already has waited long enough.
            Err(error) if kind_of(&error) == Told::Busy && began.elapsed() < AT_ONCE => {
                tokio::time::sleep(PAUSE).await;
            }
            other => return other,
        }
    }
}

/// Brings the database up to date. Two processes that find it out of date at
/// the same time would make the same table: the later one looks again.
///
/// # Errors
/// It was made by a newer version, or can't be written.
pub(super) async fn migrate(migrator: &Migrator, pool: &Pool) -> Result<(), MigrateError> {
    for _ in 0..TRIES {
        match migrator.run(pool).await {
            Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => {
                tokio::time::sleep(PAUSE).await;
            }
            other => return other,
        }
    }
    migrator.run(pool).await
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqlitePool;

    use super::*;

    #[tokio::test]
    async fn a_database_that_is_held_is_told_in_words() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite3");
        let url = format!("sqlite:{}?mode=rwc", path.display());
        let pool = SqlitePool::connect(&url).await.unwrap();
        let impatient: sqlx::sqlite::SqliteConnectOptions = url.parse().unwrap();
        let other = SqlitePool::connect_with(impatient.busy_timeout(Duration::ZERO))
            .await
            .unwrap();
        let _held = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
        let refused = other.begin_with("BEGIN IMMEDIATE").await.unwrap_err();
        assert!(busy(&refused.into()).is_some());
        assert!(busy(&sqlx::Error::PoolTimedOut.into()).is_some());
        assert!(busy(&anyhow::anyhow!("别的")).is_none());
    }

    #[tokio::test]
    async fn many_may_open_a_new_database_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.sqlite3");
        let opening: Vec<_> = (0..8)
            .map(|_| {
                let path = path.clone();
                tokio::spawn(async move { crate::store::Store::open(&path).await.map(drop) })
            })
            .collect();
        for one in opening {
            one.await.unwrap().unwrap();
        }
    }
}
