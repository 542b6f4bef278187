//! A submission as it is recorded, and as the database has it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::instant;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::identify::{Evidence, open_in_question};
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::submission::{Arrival, Reopened, Submission};

/// What is recorded of a file when it is taken.
#[derive(Debug, Clone)]
pub struct NewSubmission {
    /// Programme id.
    pub program: ProgramId,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period it counts for.
    pub period: Option<Period>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// Its name as it came.
    pub file_name: String,
    /// Its path as it came, relative to the watch root.
    pub origin: String,
    /// When it came.
    pub arrival: Arrival,
    /// When the verdict fell.
    pub decided: DateTime<Utc>,
    /// The verdict.
    pub verdict: Verdict,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// Number of data rows; none when not read.
    pub row_count: Option<usize>,
    /// Digest of rows and fill lines: equal for the same ledger saved again.
    pub content: String,
    /// Hash of the programme it was checked by.
    pub program_hash: String,
    /// Version of the form.
    pub form_version: Option<String>,
    /// The submission that it repeats.
    pub duplicate_of: Option<SubmissionId>,
    /// The unclaimed submission that it takes the place of.
    pub claimed_from: Option<SubmissionId>,
    /// Data rows.
    pub rows: Vec<LedgerRow>,
    /// Findings.
    pub findings: Vec<Finding>,
    /// The rest.
    pub detail: RecordDetail,
}

impl NewSubmission {
    /// The open period that a held file may be meant for, besides the one that it says.
    pub(super) fn may_be_for(&self) -> Option<Period> {
        let held = self.verdict == Verdict::Unclaimed;
        held.then(|| open_in_question(&self.detail.evidence, &self.findings))
            .flatten()
    }
}

/// Parts of a record that nothing is searched by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordDetail {
    /// Why unit and period are what they are.
    pub evidence: Vec<Evidence>,
    /// Values of the fill lines by key.
    pub fill: Vec<(String, String)>,
    /// Units that could be meant.
    pub candidates: Vec<UnitId>,
    /// Marked as a correction.
    pub correction: bool,
    /// Arrived while the daemon wasn't running.
    pub during_downtime: bool,
    /// Folder and form name different units.
    pub mismatch: bool,
    /// Of a file that came together with it and counts no more: its name, and
    /// how many of its rows this one hasn't.
    pub left_out: Option<(String, String)>,
    /// When it was last saved, if its own properties can be believed.
    pub saved: Option<DateTime<Utc>>,
}

/// A submission as the database has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Number.
    pub id: SubmissionId,
    /// Programme id.
    pub program: ProgramId,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period it counts for.
    pub period: Option<Period>,
    /// Version within unit and period; none if it makes no version.
    pub version: Option<u32>,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Size in bytes.
    pub size: u64,
    /// Its name as it came.
    pub file_name: String,
    /// Its path as it came, relative to the watch root.
    pub origin: String,
    /// When it came.
    pub arrival: Arrival,
    /// When the verdict fell or the office accepted it.
    pub decided: DateTime<Utc>,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// Number of data rows.
    pub row_count: Option<u32>,
    /// Digest of rows and fill lines.
    pub content: String,
    /// Hash of the programme it was checked by.
    pub program_hash: String,
    /// Version of the form.
    pub form_version: Option<String>,
    /// The submission that it repeats.
    pub duplicate_of: Option<SubmissionId>,
    /// Accepted by the office: by whom, why.
    pub accepted_by_office: Option<(String, String)>,
    /// Taken back: by whom, why.
    pub withdrawn: Option<(String, String)>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// When the verdict fell.
    pub judged: DateTime<Utc>,
    /// Accepted once, and handed back by a recheck.
    pub reopened: Option<Reopened>,
    /// How often a recheck changed what its unit has to know of it.
    pub rechecks: u32,
    /// Where its file lies, relative to the watch root.
    pub placed: Option<String>,
    /// The rest.
    pub detail: RecordDetail,
}

/// A record from a row that has all columns.
pub(super) fn record(row: &SqliteRow) -> anyhow::Result<Record> {
    let pair = |by: &str, why: &str| -> Result<Option<(String, String)>, sqlx::Error> {
        let by: Option<String> = row.try_get(by)?;
        let why: Option<String> = row.try_get(why)?;
        Ok(by.map(|by| (by, why.unwrap_or_default())))
    };
    let time = |name: &str| -> Result<Option<DateTime<Utc>>, sqlx::Error> {
        Ok(row.try_get::<Option<i64>, _>(name)?.and_then(instant))
    };
    let missing = || anyhow::anyhow!("数据库中的时间无效");
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
            .ok_or_else(|| anyhow::anyhow!("数据库中的审核结果无效"))?,
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
pub(super) fn records(rows: &[SqliteRow]) -> anyhow::Result<Vec<Record>> {
    rows.iter().map(record).collect()
}

impl Record {
    /// The facts that obligations are judged by; none if it makes no version.
    #[must_use]
    pub fn submission(&self) -> Option<Submission> {
        Some(Submission {
            id: self.id,
            unit: self.unit.clone()?,
            period: self.period.clone()?,
            version: self.version?,
            file_name: self.file_name.clone(),
            arrival: self.arrival,
            verdict: self.verdict,
            accepted_by_office: self.accepted_by_office.clone(),
            withdrawn: self.withdrawn_at,
            reopened: self.reopened.clone(),
            rechecks: self.rechecks,
            nil: self.nil,
            rows: self.row_count.unwrap_or(0),
            placed: self.placed.clone(),
            fill: self.detail.fill.clone(),
            decided: self.decided,
            judged: self.judged,
        })
    }
}
