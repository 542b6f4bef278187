//! Columns of a row as what they mean: instants stand in the database as
//! milliseconds since 1970, counts as whole numbers, the rest of a record as JSON.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use sqlx::Row as _;

use super::database::Row;
use super::error::{Result, StoreError};
use super::instant;

/// Reads columns by name.
pub(super) trait Columns {
    /// An instant.
    fn instant(&self, name: &str) -> Result<DateTime<Utc>>;
    /// An instant, where there is one.
    fn instant_if_any(&self, name: &str) -> Result<Option<DateTime<Utc>>>;
    /// A whole number that isn't negative.
    fn count<T: TryFrom<i64>>(&self, name: &str) -> Result<T>;
    /// The same, where there is one.
    fn count_if_any<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>>;
    /// A word of a list; `words` tells what it stands for.
    fn word<T>(&self, name: &str, words: impl Fn(&str) -> Option<T>) -> Result<T>;
    /// A value that is kept as JSON.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T>;
}

impl Columns for Row {
    fn instant(&self, name: &str) -> Result<DateTime<Utc>> {
        self.instant_if_any(name)?
            .ok_or_else(|| StoreError::record("数据库中的时间无效"))
    }

    fn instant_if_any(&self, name: &str) -> Result<Option<DateTime<Utc>>> {
        Ok(self.try_get::<Option<i64>, _>(name)?.and_then(instant))
    }

    fn count<T: TryFrom<i64>>(&self, name: &str) -> Result<T> {
        self.count_if_any(name)?
            .ok_or_else(|| StoreError::Record(format!("数据库中的{name}不是数").into()))
    }

    fn count_if_any<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>> {
        let found = self.try_get::<Option<i64>, _>(name)?;
        Ok(found.and_then(|number| T::try_from(number).ok()))
    }

    fn word<T>(&self, name: &str, words: impl Fn(&str) -> Option<T>) -> Result<T> {
        let own: &str = self.try_get(name)?;
        words(own).ok_or_else(|| {
            StoreError::Record(format!("数据库中的{name}“{own}”无效，可能来自新版程序").into())
        })
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        Ok(serde_json::from_str(self.try_get(name)?)?)
    }
}

/// Says how a type is read from a row: queries then give it with `query_as`.
macro_rules! from_row {
    ($type:ty, $row:ident, $read:expr) => {
        impl<'r> sqlx::FromRow<'r, $crate::store::database::Row> for $type {
            fn from_row($row: &'r $crate::store::database::Row) -> sqlx::Result<Self> {
                let read = || -> $crate::store::error::Result<Self> { $read };
                read().map_err(|error| sqlx::Error::Decode(Box::new(error)))
            }
        }
    };
}
pub(super) use from_row;
