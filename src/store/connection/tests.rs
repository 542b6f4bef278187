use super::*;
use crate::store::{Store, remedy};

/// A store of its own, whose one connection may take no more pages.
async fn full_store(folder: &tempfile::TempDir) -> Store {
    let path = folder.path().join("t.sqlite3");
    let store = Store::open_with(&path, 1).await.unwrap();
    store.set_meta("before", "1").await.unwrap();
    limit(&store, 1).await;
    store
}

/// `SQLite` takes a limit below the present size as the present size.
async fn limit(store: &Store, pages: u32) {
    let mut one = store.pool.acquire().await.unwrap();
    let words = format!("PRAGMA max_page_count = {pages}");
    sqlx::query(sqlx::AssertSqlSafe(words))
        .execute(&mut *one)
        .await
        .unwrap();
}

const LARGE: usize = 1 << 20;

async fn fill(change: &mut Change) -> Result<Outcome, sqlx::Error> {
    sqlx::query("INSERT INTO meta (key, value) VALUES ('large', $1)")
        .bind("x".repeat(LARGE))
        .execute(change.connection())
        .await
}

#[tokio::test]
async fn work_goes_on_after_a_full_disk_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = full_store(&folder).await;
    let mut change = store.begin().await.unwrap();
    let error = fill(&mut change).await.unwrap_err();
    assert!(remedy(&error.into()).unwrap().contains("磁盘已满"));
    drop(change);
    // The fault is over, whichever connection is handed out next.
    limit(&store, 1 << 20).await;
    for key in ["a", "b", "c", "d", "e"] {
        let mut change = store.begin().await.unwrap();
        sqlx::query("INSERT INTO meta (key, value) VALUES ($1, 'x')")
            .bind(key)
            .execute(change.connection())
            .await
            .unwrap();
        change.commit().await.unwrap();
        assert_eq!(store.meta(key).await.unwrap().as_deref(), Some("x"));
    }
    assert_eq!(
        store.meta("large").await.unwrap(),
        None,
        "half a change was recorded"
    );
}

/// What sqlx's own transaction does, and why ours is no such thing.
#[tokio::test]
async fn a_transaction_that_counts_for_itself_never_begins_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = full_store(&folder).await;
    let pool = &store.pool.pool;
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // A table without triggers: where there is one, the statement alone is rolled back.
    let filling = sqlx::query(
        "INSERT INTO remark (program, period, row_key, field, text, at) VALUES ('', '', '', '', $1, 0)",
    );
    let filled = filling.bind("x".repeat(LARGE)).execute(&mut *transaction).await;
    assert!(filled.is_err());
    drop(transaction);
    limit(&store, 1 << 20).await;
    assert!(
        pool.begin_with("BEGIN IMMEDIATE").await.is_err(),
        "sqlx has learnt it: an own Change is needed no more"
    );
}

#[tokio::test]
async fn a_single_statement_that_fails_costs_its_connection() {
    let folder = tempfile::tempdir().unwrap();
    let store = full_store(&folder).await;
    let filled = store.set_meta("large", &"x".repeat(LARGE)).await;
    assert!(filled.is_err());
    // A new connection has no limit.
    store.set_meta("large", &"x".repeat(LARGE)).await.unwrap();
    store.begin().await.unwrap().roll_back().await.unwrap();
}

#[tokio::test]
async fn a_change_that_was_dropped_never_happened_and_blocks_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("t.sqlite3")).await.unwrap();
    for _ in 0..10 {
        let mut change = store.begin().await.unwrap();
        fill(&mut change).await.unwrap();
        drop(change);
    }
    let change = store.begin().await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(store.meta("large").await.unwrap(), None);
}

/// While the share fails, each place that is worked in puts its step off. They
/// wait for the change in progress, which must be able to read meanwhile.
#[tokio::test]
async fn those_who_wait_to_write_leave_connections_for_the_one_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.sqlite3");
    let store = Store::open_with(&path, 2).await.unwrap();
    let change = store.begin().await.unwrap();
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..8 {
        let store = store.clone();
        waiting.spawn(async move {
            if n % 2 == 0 {
                let until = chrono::DateTime::UNIX_EPOCH;
                store.postpone_delivery(n.into(), until, "磁盘已满").await
            } else {
                Ok(store.begin().await?.roll_back().await?)
            }
        });
    }
    // Each has come as far as it can before the reader asks.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let read = timeout(Duration::from_secs(10), store.meta("x")).await;
    assert_eq!(read.expect("the one who writes can't read").unwrap(), None);
    change.commit().await.unwrap();
    while let Some(one) = waiting.join_next().await {
        one.unwrap().unwrap();
    }
}

#[tokio::test]
async fn who_only_looks_changes_nothing_and_sees_what_is_written_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = crate::store::Store::open(&folder.path().join("x.sqlite3"))
        .await
        .unwrap();
    store.set_meta("a", "1").await.unwrap();
    only_reading(async {
        assert_eq!(store.meta("a").await.unwrap().as_deref(), Some("1"));
        store.set_meta("a", "2").await.unwrap();
        assert_eq!(store.meta("a").await.unwrap().as_deref(), Some("2"));
        let refused = sqlx::query("DELETE FROM meta").fetch_all(&store.pool).await;
        assert!(refused.unwrap_err().to_string().contains("readonly"));
        // All that work has is taken: whoever looks isn't kept waiting.
        let mut taken = Vec::new();
        for _ in 0..4 {
            taken.push(store.pool.acquire().await.unwrap());
        }
        assert_eq!(store.meta("a").await.unwrap().as_deref(), Some("2"));
    })
    .await;
}
