//! A finding: one thing that is wrong, where, and what to write instead.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codes::{Code, Severity};
use super::table::Pos;

/// One thing that a check has to say of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What is wrong.
    pub code: Code,
    /// The sheet, where the finding belongs to one.
    pub sheet: Option<String>,
    /// The cell of the original, where the finding belongs to one.
    pub pos: Option<Pos>,
    /// The 1-based row of the original sheet that the finding speaks of, for
    /// findings of a row. Together with `sheet` it identifies the data row.
    pub row: Option<u32>,
    /// The ledger column, by key.
    pub column: Option<String>,
    /// The 1-based row of the original to which a finding of several rows in
    /// one column extends; none for a finding of one cell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<u32>,
    /// Where the same cell stands in the marked-up copy; set when that copy is laid out.
    pub cell_in_copy: Option<String>,
    /// Values for the wording; names are those used in `templates/messages.toml`.
    pub args: BTreeMap<String, String>,
    /// A query that the row's 情况说明 answers: it no longer returns the ledger.
    pub explained: bool,
    /// Stands for so many findings of this code that aren't listed one by one;
    /// 0 for a finding of its own.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub further: u32,
    /// What is wrong, in words. Filled by the message catalogue.
    pub message: String,
    /// What to do. Filled by the message catalogue; may be empty.
    pub hint: String,
}

impl Finding {
    /// A finding of the whole file.
    #[must_use]
    pub fn new(code: Code) -> Self {
        Self {
            code,
            sheet: None,
            pos: None,
            row: None,
            column: None,
            through: None,
            cell_in_copy: None,
            args: BTreeMap::new(),
            explained: false,
            further: 0,
            message: String::new(),
            hint: String::new(),
        }
    }

    /// Places the finding on a sheet.
    #[must_use]
    pub fn on_sheet(mut self, sheet: &str) -> Self {
        self.sheet = Some(sheet.to_owned());
        self
    }

    /// Places the finding at a cell of a sheet.
    #[must_use]
    pub fn at(mut self, sheet: &str, pos: Pos) -> Self {
        self.sheet = Some(sheet.to_owned());
        self.pos = Some(pos);
        self.row = Some(pos.row + 1);
        self
    }

    /// Names the ledger column that the finding speaks of.
    #[must_use]
    pub fn in_column(mut self, key: &str) -> Self {
        self.column = Some(key.to_owned());
        self
    }

    /// Gives a value to the wording.
    #[must_use]
    #[allow(
        clippy::needless_pass_by_value,
        reason = "numbers, days and texts are given as they are; a reference at every call would only be noise"
    )]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// The severity of its code.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }

    /// How many places it speaks of: one, or those that it stands for.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.further.max(1)
    }

    /// Whether the ledger goes back because of this finding.
    #[must_use]
    pub fn returns_ledger(&self) -> bool {
        match self.severity() {
            Severity::Error => true,
            Severity::Query => !self.explained,
            Severity::Warning | Severity::Info => false,
        }
    }

    /// The cell of the original as people cite it, `B6`.
    #[must_use]
    pub fn cell(&self) -> Option<String> {
        self.pos.map(|pos| pos.to_string())
    }

    /// The cell or the block of cells of the original, `B6—B10`.
    #[must_use]
    pub fn cells(&self) -> Option<String> {
        let cell = self.cell()?;
        Some(match (self.pos, self.through) {
            (Some(pos), Some(last)) => format!("{cell}—{}", Pos::new(last - 1, pos.column)),
            _ => cell,
        })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The result of looking at one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A temporary or lock file.
    Ignored,
    /// Bears a classification mark.
    Quarantined,
    /// Cannot be read (damaged, encrypted, of a wrong type, too large).
    Unreadable,
    /// The same content was submitted before.
    Duplicate,
    /// Unit or period could not be told.
    Unclaimed,
    /// Has an error, or a query without explanation.
    Returned,
    /// Counts, with something worth mentioning.
    AcceptedWithWarnings,
    /// Counts.
    Accepted,
}

impl Verdict {
    /// As written in JSON and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Quarantined => "quarantined",
            Self::Unreadable => "unreadable",
            Self::Duplicate => "duplicate",
            Self::Unclaimed => "unclaimed",
            Self::Returned => "returned",
            Self::AcceptedWithWarnings => "accepted_with_warnings",
            Self::Accepted => "accepted",
        }
    }

    /// Reads [`Verdict::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Ignored,
            Self::Quarantined,
            Self::Unreadable,
            Self::Duplicate,
            Self::Unclaimed,
            Self::Returned,
            Self::AcceptedWithWarnings,
            Self::Accepted,
        ]
        .into_iter()
        .find(|verdict| verdict.as_str() == text)
    }

    /// Whether the ledger counts.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::AcceptedWithWarnings)
    }

    /// The verdict that findings lead to once the file was read and its unit is known.
    #[must_use]
    pub fn of_findings<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        let mut verdict = Self::Accepted;
        for finding in findings {
            if finding.returns_ledger() {
                return Self::Returned;
            }
            if finding.severity() >= Severity::Warning {
                verdict = Self::AcceptedWithWarnings;
            }
        }
        verdict
    }
}

/// Whether a returned ledger's marked-up copy holds none of its rows: there
/// are none, or they may be another unit's.
#[must_use]
pub fn is_bare(rows: u32, findings: &[Finding]) -> bool {
    rows == 0 || findings.iter().any(|finding| finding.code == Code::UnitMismatch)
}
