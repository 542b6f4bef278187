//! Files known by their bytes, wherever on the share they lie now.

use super::error::Result;
use super::placed::Placed;
use super::submissions::COLUMNS;
use super::{Change, Store};
use crate::domain::ids::SubmissionId;
use crate::domain::sha256::Sha256;
use crate::domain::submission::Record;

impl Store {
    /// What we left on the share with these bytes, in any place. `sha256` is
    /// in hexadecimal.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed_with(&self, sha256: Sha256) -> Result<Vec<Placed>> {
        Ok(sqlx::query_as(
            "SELECT path, sha256, size, modified, role, submission FROM placed WHERE sha256 = $1 ORDER BY path",
        )
        .bind(sha256)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Submissions of these bytes in any programme, withdrawn ones too, newest
    /// first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn submissions_with(&self, sha256: Sha256) -> Result<Vec<Record>> {
        let query = format!("{COLUMNS}WHERE sha256 = $1 ORDER BY id DESC");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(sha256)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Remembers where the file of a submission lies now, because a person
    /// moved the folder that it lay in.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn submission_moved(&self, change: &mut Change, id: SubmissionId, path: &str) -> Result<()> {
        sqlx::query("UPDATE submission SET placed = $2 WHERE id = $1")
            .bind(id)
            .bind(path)
            .execute(change.connection())
            .await?;
        Ok(())
    }
}
