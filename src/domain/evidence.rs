//! What speaks for a unit or a period, and where it was found.

use serde::{Deserialize, Serialize};

use super::codes::Code;
use super::finding::Finding;
use super::period::Period;

/// Where a clue was found, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The office said so (`claim`).
    Claim,
    /// The unit's folder.
    Folder,
    /// A fill line above the header.
    FillLine,
    /// The ledger's title.
    Title,
    /// The file's name.
    FileName,
    /// The sheet's name.
    SheetName,
    /// The stamp that our forms carry.
    Stamp,
    /// The rows themselves: their places, their dates.
    Content,
    /// Nothing said otherwise: the open period.
    OpenPeriod,
}

/// A clue: what was found where, for whom it speaks and how much it weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// `program`, `unit` or `period`.
    pub about: String,
    /// Where.
    pub source: Source,
    /// As written.
    pub found: String,
    /// The id or period it speaks for; none if it is known to nobody.
    pub says: Option<String>,
    /// 0–100.
    pub weight: u8,
}

/// The open period of which it is the question whether a held file is meant for
/// it, while the one that the file says has its good ledger.
#[must_use]
pub fn open_in_question(evidence: &[Evidence], findings: &[Finding]) -> Option<Period> {
    let none = |finding: &Finding, name: &str| finding.args.get(name).is_none_or(String::is_empty);
    let asked = findings.iter().any(|finding| {
        finding.code == Code::PeriodUnclear && none(finding, "nil") && none(finding, "conflict")
    });
    let mut clues = evidence.iter().filter(|_| asked);
    let open = clues.find(|clue| clue.about == "period" && clue.source == Source::OpenPeriod)?;
    open.says.as_ref()?.parse().ok()
}
