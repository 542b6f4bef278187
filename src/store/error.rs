//! What can go wrong with the database, by what the caller does about it.

use std::borrow::Cow;

/// Why the database didn't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full: make room, and do the same again.
    #[error("{}", told(.0))]
    Full(#[source] sqlx::Error),
    /// Others held it for too long: do the same again later.
    #[error("{}", told(.0))]
    Busy(#[source] sqlx::Error),
    /// It is damaged: restore or rebuild it.
    #[error("{}", told(.0))]
    Corrupt(#[source] sqlx::Error),
    /// It can't be reached, read or written: look after disk, network and rights.
    #[error("{}", told(.0))]
    Gone(#[source] sqlx::Error),
    /// What was to be written contradicts what is there: look again.
    #[error("{}", told(.0))]
    Conflict(#[source] sqlx::Error),
    /// The statement was wrong, which is a fault of this program.
    #[error("{}", told(.0))]
    Other(#[source] sqlx::Error),
    /// A record doesn't say what it should; it may come from a newer version.
    #[error("{0}")]
    Record(Cow<'static, str>),
}

/// What a function of the store gives.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The kinds of failure that a database tells apart by numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    Full,
    Busy,
    Corrupt,
    Forbidden,
    Broken,
    Conflict,
    Other,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let error = match error {
            sqlx::Error::Decode(why) | sqlx::Error::ColumnDecode { source: why, .. } => {
                return why.downcast().map_or_else(
                    |why| Self::Record(format!("数据库中的记录无效：{why}").into()),
                    |own| *own,
                );
            }
            error => error,
        };
        match kind_of(&error) {
            Told::Full => Self::Full(error),
            Told::Busy => Self::Busy(error),
            Told::Corrupt => Self::Corrupt(error),
            Told::Forbidden | Told::Broken => Self::Gone(error),
            Told::Conflict => Self::Conflict(error),
            Told::Other => Self::Other(error),
        }
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Record(format!("数据库中的记录无效：{error}").into())
    }
}

/// A value of a record that is no value of its kind.
macro_rules! no_value {
    ($($error:ty)*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Record(format!("数据库中的记录无效：{error}").into())
            }
        }
    )*};
}

no_value! {
    std::num::TryFromIntError std::num::ParseIntError simdutf8::basic::Utf8Error
    chrono::ParseError crate::domain::ids::BadId crate::domain::period::PeriodError
}

impl StoreError {
    /// A record that doesn't say what it should, in words.
    pub(super) fn record(words: &'static str) -> Self {
        Self::Record(words.into())
    }
}

/// What kind of failure a library's error is.
pub(super) fn kind_of(error: &sqlx::Error) -> Told {
    match error {
        sqlx::Error::PoolTimedOut => Told::Busy,
        sqlx::Error::Io(_) | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => Told::Broken,
        sqlx::Error::Database(told) if told.is_unique_violation() || told.is_foreign_key_violation() => {
            Told::Conflict
        }
        sqlx::Error::Database(told) => told
            .code()
            .and_then(|code| super::database::kind_of(&code))
            .unwrap_or(Told::Other),
        _ => Told::Other,
    }
}

/// What the library says, in words that tell whose they are.
fn told(error: &sqlx::Error) -> String {
    match error.as_database_error() {
        Some(own) => format!("数据库答复：{own}"),
        None => error.to_string(),
    }
}
