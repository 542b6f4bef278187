//! What the small sheets of a master say, as data.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use rust_decimal::Decimal;

use super::facts::Count;
use crate::domain::ids::{LeaderId, UnitId};
use crate::domain::obligation::{State, Tally};
use crate::domain::period::Period;
use crate::domain::program::Due;
use crate::domain::targets::{Light, Pace};

/// All figures of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// When it is due and when it closes.
    pub due: Due,
    /// 应报、已报、按时……
    pub tally: Tally,
    /// Rows in 明细, late rows included.
    pub rows: u32,
    /// Rows of an earlier period (补报): they count for the year only.
    pub late_rows: u32,
    /// One line a unit that owes or owed a ledger, in roster order.
    pub units: Vec<ReportingLine>,
    /// Visits; `None` for a programme without.
    pub visits: Option<VisitSummary>,
    /// The programme's own summaries.
    pub aggregates: Vec<AggregateTable>,
}

/// What was visited, and by whom. Joint visits count once in the totals.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitSummary {
    /// The whole town this period.
    pub period: Count,
    /// The whole town this calendar year, up to the end of this period.
    pub year: Count,
    /// The first period that was collected, where the year began before it.
    pub since: Option<Period>,
    /// What a leader (or a leader in one place, by the targets' scope) should have reached.
    pub pace: Option<Pace>,
    /// Leaders in the order of the document.
    pub leaders: Vec<LeaderLine>,
    /// Places in the order of the document.
    pub places: Vec<PlaceLine>,
    /// Visits of this period that several leaders made together (联合调研).
    pub joint: Vec<Joint>,
}

impl Summary {
    /// Leaders whose accepted visits or days are below the pace of their target,
    /// the coordinating ones left out.
    pub fn leaders_behind(&self) -> impl Iterator<Item = &LeaderLine> {
        let leaders = self.visits.iter().flat_map(|visits| &visits.leaders);
        leaders.filter(|line| !line.coordinating && line.below)
    }
}

/// A leader's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaderLine {
    /// Leader id; none for a unit's own line, where a programme has no leaders.
    pub leader: Option<LeaderId>,
    /// Name; a unit's display name where a programme has no leaders.
    pub name: String,
    /// Coordinates the whole: no light, no rank.
    pub coordinating: bool,
    /// Places assigned in this period.
    pub assigned: Vec<String>,
    /// Assigned places visited this year.
    pub visited: Vec<String>,
    /// Assigned places not yet visited this year.
    pub not_visited: Vec<String>,
    /// This period.
    pub period: Count,
    /// This year.
    pub year: Count,
    /// Visits this year in places that are not the leader's own.
    pub elsewhere: u32,
    /// Visits and days still missing this year; of the place that lacks most
    /// where targets hold for each place.
    pub missing: Option<(u32, u32)>,
    /// Places below the pace, where targets hold for each place.
    pub behind: Vec<String>,
    /// What counts is below the pace.
    pub below: bool,
    /// The light, or why there is none.
    pub lamp: Lamp,
}

/// A leader's light, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lamp {
    /// By the figures of the ledgers that count.
    Lit(Light),
    /// The ledger is past due: red, whatever the figures.
    Overdue,
    /// The due date is still to come, and the ledger too.
    Awaited,
    /// The ledger was handed back and isn't corrected.
    Returned,
    /// The pace asks for nothing yet, and nothing has been done.
    NothingAsked,
    /// Part of the year wasn't collected.
    Incomplete,
    /// No targets in force, or a coordinating leader.
    Out,
}

impl Lamp {
    /// The colour that it shows; none where it shows none.
    #[must_use]
    pub fn light(self) -> Option<Light> {
        match self {
            Self::Lit(light) => Some(light),
            Self::Overdue => Some(Light::Red),
            Self::Awaited | Self::Returned | Self::NothingAsked | Self::Incomplete | Self::Out => None,
        }
    }
}

/// A place's figures; joint visits count once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceLine {
    /// The place.
    pub place: String,
    /// Names of the leaders to whom it is assigned in this period.
    pub leaders: Vec<String>,
    /// This period.
    pub period: Count,
    /// This year.
    pub year: Count,
    /// The last day of the latest visit this year.
    pub latest: Option<NaiveDate>,
    /// Joint visits of this period.
    pub joint: u32,
    /// Some of its problems were reported for several places together (合并填写).
    pub shared: bool,
}

/// A visit that several leaders made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joint {
    /// The place; empty if the rows name none.
    pub place: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Names of the leaders.
    pub leaders: Vec<String>,
}

/// How one unit reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingLine {
    /// Unit id.
    pub unit: UnitId,
    /// Display name.
    pub name: String,
    /// Where its obligation stands.
    pub state: State,
    /// Counts among the expected (应报).
    pub expected: bool,
    /// First file received, in the site's zone.
    pub first_received: Option<DateTime<Tz>>,
    /// First accepted, in the site's zone.
    pub accepted_at: Option<DateTime<Tz>>,
    /// Versions handed in.
    pub versions: u32,
    /// Times handed back.
    pub times_returned: u32,
    /// Late.
    pub late: bool,
    /// Received after the close (补报).
    pub after_close: bool,
    /// Why it needn't report.
    pub exempt_reason: Option<String>,
    /// Rows that were merged.
    pub rows: u32,
}

/// A summary that the programme defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateTable {
    /// The sheet's name.
    pub name: String,
    /// Headers of the figures.
    pub columns: Vec<String>,
    /// One line a unit that owes, in roster order.
    pub lines: Vec<AggregateLine>,
    /// Sums of the figures.
    pub total: Vec<Decimal>,
}

/// A unit's figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregateLine {
    /// Display name.
    pub name: String,
    /// The figures; `None` while no ledger of the unit counts.
    pub values: Option<Vec<Decimal>>,
}
