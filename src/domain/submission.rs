//! Submissions (报送): versions of one unit's file for one period.

mod record;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::finding::Verdict;
use super::period::Period;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::share_path::SharePath;

pub use record::{NewSubmission, Record, RecordDetail};

/// When a file came: an interval, because only scans see it. Late only if the
/// whole interval lies after the deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// End of the last complete scan that didn't see it; none if there was none.
    pub after: Option<DateTime<Utc>>,
    /// First seen.
    pub seen: DateTime<Utc>,
}

impl Arrival {
    /// Whether it came after an instant for certain.
    #[must_use]
    pub fn is_after(&self, instant: DateTime<Utc>) -> bool {
        self.after.map_or(self.seen, |after| after) >= instant && self.seen > instant
    }
}

/// One version of a unit's file for a period, as facts.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// Number in the database.
    pub id: SubmissionId,
    /// Unit id.
    pub unit: UnitId,
    /// The period it counts for.
    pub period: Period,
    /// 1, 2, … within unit and period.
    pub version: u32,
    /// Name of the file as it came.
    pub file_name: String,
    /// When it came.
    pub arrival: Arrival,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// Accepted by the office in spite of findings: by whom, why.
    pub accepted_by_office: Option<(String, String)>,
    /// When it was taken back.
    pub withdrawn: Option<DateTime<Utc>>,
    /// It was accepted once, and a recheck handed it back.
    pub reopened: Option<Reopened>,
    /// How often a recheck changed what its unit has to know of it.
    pub rechecks: u32,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// Number of data rows.
    pub rows: u32,
    /// Where the original lies on the share, relative to the watch root.
    pub placed: Option<SharePath>,
    /// Who filled it in, from its fill lines, by key; empty where they weren't
    /// asked for.
    pub fill: Vec<(String, String)>,
    /// When the verdict fell, or the office accepted it.
    pub decided: DateTime<Utc>,
    /// When the verdict fell.
    pub judged: DateTime<Utc>,
}

/// That an acceptance didn't last: when a recheck ended it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// When.
    pub at: DateTime<Utc>,
    /// Why, as the office put it.
    pub reason: String,
}

impl Submission {
    /// Whether it counts, unless a later accepted version does.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.withdrawn.is_none() && (self.verdict.is_accepted() || self.accepted_by_office.is_some())
    }

    /// Whether it was handed back and stands.
    #[must_use]
    pub fn is_returned(&self) -> bool {
        self.withdrawn.is_none() && self.verdict == Verdict::Returned && self.accepted_by_office.is_none()
    }
}

/// Since when what was settled by some versions is open again, by what was
/// last taken back or handed back after it had been accepted; none if nothing was.
#[must_use]
pub fn reopened(submissions: &[Submission]) -> Option<DateTime<Utc>> {
    let at = |own: &Submission| {
        let counted = own.verdict.is_accepted() || own.accepted_by_office.is_some();
        let taken_back = own.withdrawn.filter(|_| counted);
        taken_back.max(own.reopened.as_ref().map(|reopened| reopened.at))
    };
    submissions.iter().filter_map(at).max()
}

/// The submission that counts: the latest accepted version.
#[must_use]
pub fn counting(submissions: &[Submission]) -> Option<&Submission> {
    submissions
        .iter()
        .filter(|submission| submission.is_accepted())
        .max_by_key(|submission| submission.version)
}
