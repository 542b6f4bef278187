//! The database behind the store, named here and nowhere else: its types, how
//! it is opened, its numbers for what went wrong.

use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteQueryResult, SqliteRow,
    SqliteStatement, SqliteSynchronous, SqliteTypeInfo,
};

use super::error::Told;

/// The database.
pub(super) type Database = sqlx::Sqlite;
/// A connection to it.
pub(super) type Connection = sqlx::SqliteConnection;
/// A row of an answer.
pub(super) type Row = SqliteRow;
/// Connections that are shared.
pub(super) type Pool = SqlitePool;
/// What a statement that writes answers with.
pub(super) type Outcome = SqliteQueryResult;
/// A statement that was prepared.
pub(super) type Statement = SqliteStatement;
/// The type of a value.
pub(super) type TypeInfo = SqliteTypeInfo;

/// Opens a database of ours with so many connections at most, making it where
/// there is none.
///
/// # Errors
/// It can't be opened or made.
pub(super) async fn open(path: &Path, connections: u32) -> Result<Pool, sqlx::Error> {
    let options = SqliteConnectOptions::from_str("sqlite:")?
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // The rows of a ledger are one value of some ten kilobytes; set when the file is made.
        .page_size(16384)
        .busy_timeout(super::BUSY)
        .pragma("cache_size", "-8192")
        .pragma("temp_store", "memory");
    let pool = SqlitePoolOptions::new()
        .max_connections(connections)
        // A connection to a file doesn't get lost; to ask first doubles every way to its thread.
        .test_before_acquire(false)
        // Nor does it age; one that is open still knows a file that was taken away.
        .max_lifetime(None)
        .connect_with(options.clone())
        .await?;
    // A file that was taken away since is missed, not made anew.
    pool.set_connect_options(options.create_if_missing(false));
    Ok(pool)
}

/// Connections that only read, for whoever asks much and often and isn't to
/// keep those waiting who work: so many, small, made when they are first
/// needed and given up when nobody asks.
pub(super) fn readers(path: &Path, connections: u32) -> Result<Pool, sqlx::Error> {
    let options = SqliteConnectOptions::from_str("sqlite:")?
        .filename(path)
        .create_if_missing(false)
        // SQLite refuses whatever would change something.
        .pragma("query_only", "on")
        .busy_timeout(super::BUSY)
        .pragma("cache_size", "-2048")
        .pragma("temp_store", "memory");
    Ok(SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(Duration::from_mins(1))
        .test_before_acquire(false)
        .max_lifetime(None)
        .connect_lazy_with(options))
}

/// One connection to a file, whoever's database it is; it isn't made.
///
/// # Errors
/// It can't be opened.
pub(super) async fn look_into(path: &Path) -> Result<Connection, sqlx::Error> {
    let options = SqliteConnectOptions::from_str("sqlite:")?;
    options.filename(path).connect().await
}

/// As [`look_into`], with all of it in the one file from now on.
///
/// # Errors
/// It can't be opened or written.
pub(super) async fn look_into_whole(path: &Path) -> Result<Connection, sqlx::Error> {
    let options = SqliteConnectOptions::from_str("sqlite:")?;
    let whole = options.filename(path).journal_mode(SqliteJournalMode::Delete);
    whole.connect().await
}

/// The kind that a code of its own tells: the lowest byte of the longer codes,
/// which say where.
pub(super) fn kind_of(code: &str) -> Option<Told> {
    let code: i32 = code.parse().ok()?;
    Some(match code & 0xff {
        5 | 6 => Told::Busy,
        8 | 14 => Told::Forbidden,
        10 => Told::Broken,
        11 | 26 => Told::Corrupt,
        13 => Told::Full,
        19 => Told::Conflict,
        _ => return None,
    })
}
