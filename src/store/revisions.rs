//! How often what pages show has changed, so that they need not ask for it again.

use std::collections::HashMap;

use super::Store;
use super::error::Result;
use crate::domain::ids::ProgramId;

/// The counts of changes, by programme. They only grow, so that a sum of some
/// of them is the same only where all of them are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revisions(HashMap<String, i64>);

/// What letters are counted under.
const LETTERS: &str = "";

impl Revisions {
    /// Of all that there is.
    #[must_use]
    pub fn of_all(&self) -> i64 {
        self.0.values().sum()
    }

    /// Of letters alone.
    #[must_use]
    pub fn of_letters(&self) -> i64 {
        self.0.get(LETTERS).copied().unwrap_or(0)
    }

    /// Of a programme alone: how its periods stand hangs on no letter.
    #[must_use]
    pub fn of_standing(&self, program: &ProgramId) -> i64 {
        self.0.get(program.as_str()).copied().unwrap_or(0)
    }

    /// Of a programme, and of letters: what goes next hangs on what went.
    #[must_use]
    pub fn of_program(&self, program: &ProgramId) -> i64 {
        let count = |of: &str| self.0.get(of).copied().unwrap_or(0);
        count(program.as_str()) + count(LETTERS)
    }
}

impl Store {
    /// The counts as they stand.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn revisions(&self) -> Result<Revisions> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT program, value FROM revision")
            .fetch_all(&self.pool)
            .await?;
        Ok(Revisions(rows.into_iter().collect()))
    }
}
