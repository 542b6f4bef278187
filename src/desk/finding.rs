//! What a check says, as a face shows it.

use serde::Serialize;

use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::messages::Catalogue;

/// What a check says.
#[derive(Debug, Clone, Serialize)]
pub struct FindingAnswer {
    /// How much it matters.
    pub severity: Severity,
    /// That in words.
    pub label: String,
    /// The sheet, where it belongs to one.
    pub sheet: Option<String>,
    /// The cell or cells, where it belongs to some.
    pub cells: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
}

impl FindingAnswer {
    /// A finding in the words of its programme's language, identity numbers masked.
    pub(super) fn of(finding: &Finding, messages: &Catalogue) -> Self {
        Self {
            severity: finding.severity(),
            label: messages.severity(finding.severity()).to_owned(),
            sheet: finding.sheet.clone(),
            cells: finding.cells(),
            message: mask_identity_numbers(&finding.message),
            hint: mask_identity_numbers(&finding.hint),
        }
    }
}
