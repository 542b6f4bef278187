//! How often what pages show has changed, so that they need not ask for it again.

use std::collections::HashMap;

use super::Store;
use super::error::Result;
use crate::domain::ids::ProgramId;
use crate::domain::period::Period;

/// The counts of changes, by programme and period. They only grow, so that a
/// sum of some of them is the same only where all of them are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revisions(HashMap<String, HashMap<String, i64>>);

impl Revisions {
    /// Of all that there is.
    #[must_use]
    pub fn of_all(&self) -> i64 {
        self.0.values().flat_map(HashMap::values).sum()
    }

    /// Of all of a programme.
    #[must_use]
    pub fn of_program(&self, program: &ProgramId) -> i64 {
        let own = self.0.get(program.as_str());
        own.map_or(0, |periods| periods.values().sum())
    }

    /// Of a period of a programme, and of what holds for all its periods.
    #[must_use]
    pub fn of_period(&self, program: &ProgramId, period: &Period) -> i64 {
        let Some(periods) = self.0.get(program.as_str()) else {
            return 0;
        };
        let count = |period: &str| periods.get(period).copied().unwrap_or(0);
        count(&period.to_string()) + count("")
    }
}

impl Store {
    /// The counts as they stand.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn revisions(&self) -> Result<Revisions> {
        let text: String =
            sqlx::query_scalar("SELECT json_group_array(json_array(program, period, value)) FROM revision")
                .fetch_one(&self.pool)
                .await?;
        let rows: Vec<(String, String, i64)> = serde_json::from_str(&text)?;
        let mut found = Revisions::default();
        for (program, period, value) in rows {
            found.0.entry(program).or_default().insert(period, value);
        }
        Ok(found)
    }
}
