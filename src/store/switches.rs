//! Programmes that the office has switched on or off, whatever `config.toml` says.

use std::collections::BTreeMap;

use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::ProgramId;

/// What the values are remembered under.
const PREFIX: &str = "switch/";

impl Store {
    /// What was switched on or off, by programme.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn switches(&self) -> Result<BTreeMap<ProgramId, bool>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT key, value FROM meta WHERE key LIKE 'switch/%' ORDER BY key")
                .fetch_all(&self.pool)
                .await?;
        let own = |(key, value): (String, String)| {
            let id = ProgramId::new(key.strip_prefix(PREFIX)?).ok()?;
            Some((id, value == "on"))
        };
        Ok(rows.into_iter().filter_map(own).collect())
    }

    /// Whether a programme was switched on or off, read within a change.
    ///
    /// # Errors
    /// The database can't be read: give the change up, and do the same again when the fault is over.
    pub async fn switch_within(&self, change: &mut Change, program: &ProgramId) -> Result<Option<bool>> {
        let value = self.meta_within(change, &format!("{PREFIX}{program}")).await?;
        Ok(value.map(|value| value == "on"))
    }

    /// Switches a programme on or off.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn switch(&self, change: &mut Change, program: &ProgramId, on: bool) -> Result<()> {
        let value = if on { "on" } else { "off" };
        self.set_meta_within(change, &format!("{PREFIX}{program}"), value)
            .await
    }

    /// When a programme ran for the first time, a trial apart; none if it never did.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn ran_first(&self, program: &ProgramId) -> Result<Option<chrono::DateTime<chrono::Utc>>> {
        let millis: Option<i64> = sqlx::query_scalar("SELECT go_live FROM program WHERE id = $1")
            .bind(program)
            .fetch_optional(&self.pool)
            .await?;
        Ok(millis.and_then(super::instant))
    }
}
