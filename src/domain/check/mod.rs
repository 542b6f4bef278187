//! One check a file: each looks for one kind of fault and says where it is.

mod examine;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::calendar::Calendar;
use super::finding::{Finding, Verdict};
use super::identify::{Evidence, Origin, Standing};
use super::ledger::LedgerRow;
use super::messages::Catalogue;
use super::period::Period;
use super::program::Program;
use super::table::Workbook;

pub use examine::{examine, refuse};

/// What a check of one file works with.
pub struct Context<'a> {
    /// The programme.
    pub program: &'a Program,
    /// What is known of the file from outside.
    pub origin: &'a Origin,
    /// What has been accepted already.
    pub standing: &'a dyn Standing,
    /// Rows of the unit's accepted ledger of the period before the one found,
    /// by unit id and period. Called once, after identification.
    pub last_rows: &'a dyn Fn(&str, &Period) -> Vec<LedgerRow>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Wording.
    pub messages: &'a Catalogue,
    /// The present.
    pub now: DateTime<Tz>,
}

/// Everything that looking at one file brought out.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The verdict: never `ignored` or `duplicate`, which are decided before.
    pub verdict: Verdict,
    /// Unit id.
    pub unit: Option<String>,
    /// The period it counts for.
    pub period: Option<Period>,
    /// Units that could be meant.
    pub candidates: Vec<String>,
    /// A unit name that the roster doesn't know.
    pub unknown_name: Option<String>,
    /// Why unit and period are what they are.
    pub evidence: Vec<Evidence>,
    /// Findings with their wording, in the order of the sheet.
    pub findings: Vec<Finding>,
    /// Data rows, canonical, in the order of the file; also those of a
    /// returned ledger (for its marked-up copy). Empty when quarantined or when
    /// folder and form name different units.
    pub rows: Vec<LedgerRow>,
    /// How many data rows stand in the file; none when it wasn't read.
    pub row_count: Option<usize>,
    /// Values of the fill lines by key.
    pub fill: Vec<(String, String)>,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// Marked as a correction.
    pub correction: bool,
    /// Version of the form it was checked against.
    pub form_version: Option<String>,
    /// Whether unit folder and fill line disagree: only 需更正事项 goes back.
    pub mismatch: bool,
    /// The day it says it was filled in.
    pub filled_on: Option<NaiveDate>,
}

/// Looks at a workbook as a ledger of a programme.
pub type Look = fn(&Context<'_>, &Workbook) -> Examination;
