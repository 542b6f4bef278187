//! A submission from its row.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::database::Row as DbRow;
use super::error::{Result, StoreError};
use super::instant;
use crate::domain::finding::Verdict;
use crate::domain::submission::{Arrival, Record, Reopened};

/// A record from a row that has all columns.
pub(super) fn record(row: &DbRow) -> Result<Record> {
    let pair = |by: &str, why: &str| -> Result<Option<(String, String)>, sqlx::Error> {
        let by: Option<String> = row.try_get(by)?;
        let why: Option<String> = row.try_get(why)?;
        Ok(by.map(|by| (by, why.unwrap_or_default())))
    };
    let time = |name: &str| -> Result<Option<DateTime<Utc>>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(name)?.and_then(instant))
    };
    let missing = || StoreError::record("数据库中的时间无效");
    Ok(Record {
        id: row.try_get("id")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        period: row
            .try_get::<Option<String>, _>("period")?
            .map(|text| text.parse())
            .transpose()?,
        version: row
            .try_get::<Option<i64>, _>("version")?
            .and_then(|n| u32::try_from(n).ok()),
        sha256: row.try_get("sha256")?,
        size: u64::try_from(row.try_get::<i64, _>("size")?).unwrap_or(0),
        file_name: row.try_get("file_name")?,
        origin: row.try_get("origin")?,
        arrival: Arrival {
            after: time("arrived_after")?,
            seen: time("arrived_seen")?.ok_or_else(missing)?,
        },
        decided: time("decided")?.ok_or_else(missing)?,
        verdict: Verdict::parse(row.try_get::<&str, _>("verdict")?)
            .ok_or_else(|| StoreError::record("数据库中的审核结果无效"))?,
        nil: row.try_get("nil")?,
        row_count: row
            .try_get::<Option<i64>, _>("row_count")?
            .and_then(|n| u32::try_from(n).ok()),
        content: row.try_get("content")?,
        program_hash: row.try_get("program_hash")?,
        form_version: row.try_get("form_version")?,
        duplicate_of: row.try_get("duplicate_of")?,
        accepted_by_office: pair("accepted_by", "accept_reason")?,
        withdrawn: pair("withdrawn_by", "withdrawn_why")?,
        withdrawn_at: time("withdrawn_at")?,
        judged: time("judged")?.ok_or_else(missing)?,
        reopened: reopened(time("reopened_at")?, row.try_get("reopened_why")?),
        rechecks: row.try_get("rechecks")?,
        placed: row.try_get("placed")?,
        detail: serde_json::from_str(row.try_get::<&str, _>("detail")?)?,
    })
}

/// A reopening from its two columns.
pub(super) fn reopened(at: Option<DateTime<Utc>>, reason: Option<String>) -> Option<Reopened> {
    let reason = reason.unwrap_or_default();
    at.map(|at| Reopened { at, reason })
}

/// Records from rows.
pub(super) fn records(rows: &[DbRow]) -> Result<Vec<Record>> {
    rows.iter().map(record).collect()
}
