//! Which programme, unit and period a file belongs to, and why.

mod evidence;
mod file_name;
mod names;
mod period_clues;
mod period_text;
mod running;
#[cfg(test)]
pub(crate) mod sample;
mod statements;
mod unit_clues;

use crate::domain::evidence::Evidence;
use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::calendar::Calendar;
use super::finding::Finding;
use super::ledger::Reading;
use super::period::{Cycle, Period};
use super::program::Program;
use super::submission::Arrival;
use super::table::Workbook;
use crate::domain::ids::UnitId;

pub use evidence::identify;
pub use file_name::read_file_name;
pub use running::set_aside;

/// What is known of a file before it is opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file's name.
    pub file_name: String,
    /// Unit id by the folder it lay in.
    pub folder_unit: Option<UnitId>,
    /// Unit and period that the office named (`claim`, or `check --unit --period`).
    pub claimed_unit: Option<UnitId>,
    /// See `claimed_unit`.
    pub claimed_period: Option<Period>,
    /// Moved by a person from 待确认单位 into a unit's folder: keeps the
    /// period that it names, as a correction if that one was accepted.
    pub placed_by_hand: bool,
    /// The period that its folder stands for (本期填报表): counts where nothing
    /// in the file says otherwise.
    pub folder_period: Option<Period>,
    /// When it came, where it is taken as a submission.
    pub arrival: Option<Arrival>,
}

/// What is known of the unit's periods, for the questions that need it.
pub trait History {
    /// Whether a submission of the unit for the period was accepted.
    fn is_accepted(&self, unit: &UnitId, period: &Period) -> bool;
}

/// What a file name says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked for by itself"
)]
pub struct NameReading {
    /// A temporary or lock file: to be ignored.
    pub ignored: bool,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// Units that could be meant by a place that several share.
    pub candidates: Vec<UnitId>,
    /// The unit was only told by its one place; holds the place.
    pub inferred_from: Option<String>,
    /// A unit's place in the name is a placeholder (XX村) or several units share it.
    pub unit_unclear: bool,
    /// The period.
    pub period: Option<Period>,
    /// The period's text had no year.
    pub year_assumed: bool,
    /// Marks such as 最终版, 副本, (2), as written.
    pub flags: Vec<String>,
    /// 更正.
    pub correction: bool,
    /// 补报.
    pub late: bool,
    /// 零报告, 本期无.
    pub nil: bool,
}

/// The answer, with its reasons.
#[derive(Debug, Clone, Default, PartialEq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked for by itself"
)]
pub struct Identity {
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period that the file counts for.
    pub period: Option<Period>,
    /// Units that could be meant when none is certain.
    pub candidates: Vec<UnitId>,
    /// A unit name found that the roster doesn't know, offered as an alias.
    pub unknown_name: Option<String>,
    /// The file is marked as a correction.
    pub correction: bool,
    /// The file's name declares a nil report.
    pub nil_by_name: bool,
    /// Folder and form name different units.
    pub mismatch: bool,
    /// The file must be looked at by the office before it counts.
    pub held: bool,
    /// All clues, strongest first.
    pub evidence: Vec<Evidence>,
    /// Findings about unit and period.
    pub findings: Vec<Finding>,
}

/// What identification works with.
pub struct Clues<'a> {
    /// The programme.
    pub program: &'a Program,
    /// What is known from outside.
    pub origin: &'a Origin,
    /// What the workbook says; none for a file without a readable ledger (nil by name).
    pub workbook: Option<&'a Workbook>,
    /// The ledger read from it.
    pub reading: Option<&'a Reading>,
    /// What has been accepted already.
    pub standing: &'a dyn History,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The present.
    pub now: DateTime<Tz>,
}

/// Reads a period in running text (2024年11月, 四季度, 7-9月), as used in fill
/// lines, titles, file and sheet names. A full date is no period. The second
/// value tells whether the year had to be added: the one nearest to `open`.
#[must_use]
pub fn read_period(text: &str, cycle: &Cycle, near: NaiveDate) -> Option<(Period, bool)> {
    period_text::find_period(text, cycle, period_text::MissingYear::Nearest(near))
}
