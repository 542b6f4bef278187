//! What is known of a period and its duties when notices are planned.

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::ids::{LeaderId, UnitId};
use crate::domain::obligation::Obligation;
use crate::domain::period::Period;
use crate::domain::program::Due;
use crate::domain::roster::Unit;

/// What is known of a period.
#[derive(Debug)]
pub struct PeriodFacts<'a> {
    /// The period.
    pub period: &'a Period,
    /// When it is due and closes.
    pub due: &'a Due,
    /// Revision of the due date: how often it was extended.
    pub revision: u32,
    /// One for each unit that owes it, in roster order.
    pub duties: Vec<DutyFacts<'a>>,
    /// Leaders behind the pace of their target; only known once the period closes.
    pub behind: Vec<Behind>,
}

/// What a row that counts says in a column that a step speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The column's key.
    pub column: String,
    /// The value.
    pub value: String,
    /// The group of the item that the row reports on; empty where there is none.
    pub group: String,
}

/// For how many periods in a row a unit lags behind, as a step speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The column's key.
    pub column: String,
    /// The value that says so.
    pub value: String,
    /// The periods, this one included.
    pub periods: u32,
}

/// What is known of one unit's duty.
#[derive(Debug)]
pub struct DutyFacts<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Where it stands.
    pub obligation: &'a Obligation,
    /// Its own later due date, where the office has given it more time than the others.
    pub due: Option<&'a Due>,
    /// The version that was returned and is still uncorrected.
    pub returned: Option<u32>,
    /// An unclaimed file may be this unit's: a person looks before it is chased.
    pub held: bool,
    /// For how many periods in a row before this one it handed in nothing.
    pub missed_before: u32,
    /// The end of the grace within which its ledger, which came in time and was
    /// handed back, may be corrected; none if it came late or was never returned.
    pub grace: Option<DateTime<Tz>>,
    /// Since when it is open again after it had been settled (an acceptance or
    /// an exemption that didn't last): steps before that are never made up for.
    pub reopened: Option<DateTime<Tz>>,
    /// Values in its accepted rows by column key, where a step asks for them.
    pub values: Vec<Said>,
    /// For how many periods in a row it lags behind, where a step asks for that.
    pub lagging: Vec<Run>,
    /// Groups of the items that it owes, where they are grouped.
    pub groups: Vec<String>,
}

/// A leader who is behind the pace of the yearly target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Leader id.
    pub leader: LeaderId,
    /// The unit that reports for the leader.
    pub unit: UnitId,
}
