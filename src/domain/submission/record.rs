//! A submission as it is recorded, and as the database has it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Arrival, Reopened, Submission};
use crate::domain::evidence::{Evidence, open_in_question};
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;

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
    pub sha256: Sha256,
    /// Size in bytes.
    pub size: u64,
    /// Its name as it came.
    pub file_name: String,
    /// Its path as it came, relative to the watch root.
    pub origin: SharePath,
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
    /// The sheets as they are kept to be looked at; empty: nothing is kept anew.
    pub picture: Vec<u8>,
    /// The rest.
    pub detail: RecordDetail,
}

impl NewSubmission {
    /// The open period that a held file may be meant for, besides the one that it says.
    #[must_use]
    pub fn may_be_for(&self) -> Option<Period> {
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
    pub sha256: Sha256,
    /// Size in bytes.
    pub size: u64,
    /// Its name as it came.
    pub file_name: String,
    /// Its path as it came, relative to the watch root.
    pub origin: SharePath,
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
    /// Where its file lies.
    pub placed: Option<SharePath>,
    /// The rest.
    pub detail: RecordDetail,
}

impl Record {
    /// What would be recorded of the same file again, without rows and findings:
    /// whoever judges it anew says what is different.
    #[must_use]
    pub fn anew(&self) -> NewSubmission {
        NewSubmission {
            program: self.program.clone(),
            unit: self.unit.clone(),
            period: self.period.clone(),
            sha256: self.sha256,
            size: self.size,
            file_name: self.file_name.clone(),
            origin: self.origin.clone(),
            arrival: self.arrival,
            // The verdict, not when the office accepted it in spite of one.
            decided: self.judged,
            verdict: self.verdict,
            nil: self.nil,
            row_count: None,
            content: self.content.clone(),
            program_hash: self.program_hash.clone(),
            form_version: self.form_version.clone(),
            duplicate_of: None,
            claimed_from: None,
            rows: Vec::new(),
            findings: Vec::new(),
            picture: Vec::new(),
            detail: self.detail.clone(),
        }
    }

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
