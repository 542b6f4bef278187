//! Notices: what a ladder makes come due, for whom and why.
//!
//! Pure: state + calendar + now → notices, each with its reason.

mod choose;
mod facts;
mod hours;
mod nudge;
mod own;
mod plan;
mod recipients;
#[cfg(test)]
mod tests;
mod watch;
mod words;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::ladder::{Kind, Mode, Trigger};
use super::obligation::{Obligation, State};
use super::period::Period;
use super::program::Due;
use crate::domain::ids::{LeaderId, ProgramId, UnitId};

pub use choose::{Chosen, choose};
pub use facts::{Behind, DutyFacts, PeriodFacts, Run, Said};
pub use hours::Hours;
pub use nudge::{NotNow, nudge};
pub use own::own_duties;
pub use plan::plan;
pub use recipients::{Recipient, addresses, reaches_superior, who};
pub use watch::{WatchedList, open_steps, watched};

/// A step that has come, or will come, due.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Programme id.
    pub program: ProgramId,
    /// The unit; none for what is about a whole period.
    pub unit: Option<UnitId>,
    /// The leader whose target is behind; none otherwise.
    pub leader: Option<LeaderId>,
    /// The period.
    pub period: Period,
    /// Revision of the due date: a step at a date that was extended is another one.
    pub revision: u32,
    /// The step's id.
    pub step: String,
    /// The returned version that is still uncorrected, if that is the state.
    pub version: Option<u32>,
    /// Kind of letter.
    pub kind: Kind,
    /// How it goes out.
    pub mode: Mode,
    /// When.
    pub at: DateTime<Tz>,
    /// When by the ladder alone: a step that came due within the grace of a
    /// returned ledger waits for its end.
    pub step_at: DateTime<Tz>,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Copies.
    pub cc: Vec<Recipient>,
    /// Why.
    pub reason: Reason,
}

/// Why a notice is there: what it follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The step's trigger.
    pub trigger: Trigger,
    /// The duty's state when it was planned.
    pub state: Option<State>,
    /// Held for a person, because an unclaimed file may be this unit's.
    pub held: bool,
    /// All whom the step names are excepted, so the head of the office gets it.
    pub all_excepted: bool,
    /// The date rests on a year whose holidays are not published.
    pub provisional: bool,
    /// Why the office decided what is announced; empty for all else.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub decision: String,
}

/// What makes a notice the same one for ever.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NoticeKey {
    /// Programme id.
    pub program: ProgramId,
    /// Unit id, or the leader's id for targets; empty for a whole period.
    pub subject: String,
    /// The period.
    pub period: Period,
    /// Revision of the due date.
    pub revision: u32,
    /// The step's id.
    pub step: String,
    /// The version that an answer is about, and the day of a nudge; 0 for steps
    /// of the ladder, which come once whichever version was returned meanwhile.
    pub version: u32,
}

impl Notice {
    /// The key without the recipient.
    #[must_use]
    pub fn key(&self) -> NoticeKey {
        NoticeKey {
            program: self.program.clone(),
            subject: self
                .leader
                .clone()
                .map(String::from)
                .or_else(|| self.unit.clone().map(String::from))
                .unwrap_or_default(),
            period: self.period.clone(),
            revision: self.revision,
            step: self.step.clone(),
            version: self.version.filter(|_| self.kind.is_answer()).unwrap_or(0),
        }
    }
}

/// Whether a duty in this state is chased.
#[must_use]
pub fn is_unmet(state: State) -> bool {
    matches!(
        state,
        State::Upcoming | State::Due | State::Overdue | State::Returned
    )
}

/// Whether a unit that stands so met its duty in time (按时报送).
#[must_use]
pub fn is_praiseworthy(state: State) -> bool {
    matches!(state, State::Accepted | State::Nil)
}

/// Whether a period is over for a unit without anything that counts.
#[must_use]
pub fn is_missed(obligation: &Obligation, due: &Due, now: DateTime<Tz>) -> bool {
    now >= due.close && matches!(obligation.state, State::Overdue | State::Returned)
}
