//! A submission from its row.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::columns::{Columns as _, from_row};
use super::error::Result;
use crate::domain::finding::Verdict;
use crate::domain::submission::{Arrival, Record, Reopened};

// Of a row that has all columns.
from_row!(Record, row, {
    let pair = |by: &str, why: &str| -> Result<Option<(String, String)>> {
        let by: Option<String> = row.try_get(by)?;
        let why: Option<String> = row.try_get(why)?;
        Ok(by.map(|by| (by, why.unwrap_or_default())))
    };
    Ok(Self {
        id: row.try_get("id")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        period: row.try_get("period")?,
        version: row.count_if_any("version")?,
        sha256: row.try_get("sha256")?,
        size: row.count("size")?,
        file_name: row.try_get("file_name")?,
        origin: row.try_get("origin")?,
        arrival: Arrival {
            after: row.instant_if_any("arrived_after")?,
            seen: row.instant("arrived_seen")?,
        },
        decided: row.instant("decided")?,
        verdict: row.word("verdict", Verdict::parse)?,
        nil: row.try_get("nil")?,
        row_count: row.count_if_any("row_count")?,
        content: row.try_get("content")?,
        program_hash: row.try_get("program_hash")?,
        form_version: row.try_get("form_version")?,
        duplicate_of: row.try_get("duplicate_of")?,
        accepted_by_office: pair("accepted_by", "accept_reason")?,
        withdrawn: pair("withdrawn_by", "withdrawn_why")?,
        withdrawn_at: row.instant_if_any("withdrawn_at")?,
        judged: row.instant("judged")?,
        reopened: reopened(row.instant_if_any("reopened_at")?, row.try_get("reopened_why")?),
        rechecks: row.try_get("rechecks")?,
        placed: row.try_get("placed")?,
        detail: row.json("detail")?,
    })
});

/// A reopening from its two columns.
pub(super) fn reopened(at: Option<DateTime<Utc>>, reason: Option<String>) -> Option<Reopened> {
    let reason = reason.unwrap_or_default();
    at.map(|at| Reopened { at, reason })
}
