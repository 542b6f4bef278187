//! Files on the share as we left them: what differs was changed by a person.

use serde::{Deserialize, Serialize};
use sqlx::Row;

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::SubmissionId;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;

/// Why a file of ours lies on the share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A submitted file, moved.
    Original,
    /// A marked-up copy.
    Marked,
    /// A receipt or note.
    Note,
    /// The note whose name tells the state.
    Status,
    /// An attachment, moved.
    Attachment,
    /// A form for the unit to fill in.
    Form,
    /// A person's: one of our notes with words of their own, or a copy of one of our
    /// files. Nothing is to be done about it; it is never replaced or removed.
    Kept,
}

/// A file on the share as we left it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Path relative to the watch root, with `/`.
    pub path: SharePath,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// Size in bytes.
    pub size: u64,
    /// Time of last change in nanoseconds since 1970, as the file system tells it.
    pub modified: i64,
    /// Why it lies there.
    pub role: Role,
    /// The submission it belongs to.
    pub submission: Option<SubmissionId>,
}

impl Role {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Marked => "marked",
            Self::Note => "note",
            Self::Status => "status",
            Self::Attachment => "attachment",
            Self::Form => "form",
            Self::Kept => "kept",
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "original" => Self::Original,
            "marked" => Self::Marked,
            "status" => Self::Status,
            "attachment" => Self::Attachment,
            "form" => Self::Form,
            "kept" => Self::Kept,
            _ => Self::Note,
        }
    }
}

from_row!(Placed, row, {
    Ok(Self {
        path: row.try_get("path")?,
        sha256: row.try_get("sha256")?,
        size: row.count("size")?,
        modified: row.try_get("modified")?,
        role: Role::parse(row.try_get("role")?),
        submission: row.try_get("submission")?,
    })
});

impl Store {
    /// Everything that we left on the share.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed(&self) -> Result<Vec<Placed>> {
        Ok(
            sqlx::query_as("SELECT path, sha256, size, modified, role, submission FROM placed")
                .fetch_all(&self.pool)
                .await?,
        )
    }

    /// Some of what we left, in the order of the paths, from behind a path on:
    /// path, size in bytes, time of last change in nanoseconds since 1970. None
    /// are left when it gives none.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed_after(&self, path: &str) -> Result<Vec<(SharePath, u64, i64)>> {
        let text: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(path, size, modified)) FROM \
             (SELECT path, size, modified FROM placed WHERE path > $1 ORDER BY path LIMIT 2000)",
        )
        .bind(path)
        .fetch_one(&self.pool)
        .await?;
        Ok(serde_json::from_str(&text)?)
    }

    /// Remembers a file as it lies there now.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn place(&self, change: &mut Change, placed: &Placed) -> Result<()> {
        sqlx::query(
            "INSERT INTO placed (path, sha256, size, modified, role, submission) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, \
             modified = excluded.modified, role = excluded.role, submission = excluded.submission",
        )
        .bind(&placed.path)
        .bind(placed.sha256)
        .bind(i64::try_from(placed.size)?)
        .bind(placed.modified)
        .bind(placed.role.as_str())
        .bind(placed.submission)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// What we left at a path, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn placed_within(&self, change: &mut Change, path: &str) -> Result<Option<Placed>> {
        Ok(sqlx::query_as(
            "SELECT path, sha256, size, modified, role, submission FROM placed WHERE path = $1",
        )
        .bind(path)
        .fetch_optional(change.connection())
        .await?)
    }

    /// Where notes of ours lie that speak of no submission and whose names end so.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notes_ending(&self, end: &str) -> Result<Vec<SharePath>> {
        let sql = "SELECT path FROM placed WHERE role = 'note' AND submission IS NULL AND path LIKE '%' || $1 ORDER BY path";
        Ok(sqlx::query_scalar(sql).bind(end).fetch_all(&self.pool).await?)
    }

    /// What we put beside the file of a submission: notes, its marked-up copy.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notes_of(&self, submission: SubmissionId) -> Result<Vec<Placed>> {
        Ok(sqlx::query_as(
            "SELECT path, sha256, size, modified, role, submission FROM placed \
             WHERE role IN ('note', 'marked') AND submission = $1",
        )
        .bind(submission)
        .fetch_all(&self.pool)
        .await?)
    }
}
