//! The ladder (催报阶梯): who hears what, when, while a duty is unmet.
//!
//! Pure: state + calendar + now → notices, each with its reason. The default
//! ladder is that of domain/programs.md §4 of the requirements; what no source
//! document fixes is assumed and says so in the definition.

mod choose;
mod default;
mod hours;
mod kind;
mod plan;
mod recipients;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, NaiveTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::obligation::{Obligation, State};
use super::period::Period;
use super::program::Due;
use crate::domain::ids::{LeaderId, ProgramId, UnitId};

pub use choose::{Chosen, choose};
pub use default::{default_steps, praise_step, step_time};
pub use hours::Hours;
pub use kind::Kind;
pub use plan::{Behind, DutyFacts, PeriodFacts, plan};
pub use recipients::{Recipient, addresses, who};

/// A programme's steps and how its letters go out.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent switches of the definition, each with a name of its own there"
)]
pub struct Ladder {
    /// In the order of the definition.
    pub steps: Vec<Step>,
    /// Which letters wait for a person although their step says `auto`.
    pub approval: Approval,
    /// Nothing is returned and every letter is a draft.
    pub trial: bool,
    /// Whether receipts are mailed as well.
    pub receipts: bool,
    /// Whether bulletins praise, and rank; a ladder without a step that
    /// praises then has [`praise_step`] as well.
    pub praise: bool,
    /// Whether workbooks are attached; otherwise letters give their path.
    pub attach: bool,
}

impl Default for Ladder {
    fn default() -> Self {
        Self {
            steps: default_steps(),
            approval: Approval::None,
            trial: false,
            receipts: false,
            praise: false,
            attach: false,
        }
    }
}

/// Which letters a person approves first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// Only those whose step says `draft`.
    None,
    /// All that goes to leaders.
    Leaders,
    /// All.
    All,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its id within the ladder.
    pub id: String,
    /// What kind of letter it makes.
    pub kind: Kind,
    /// When it comes due.
    pub trigger: Trigger,
    /// At what time of that day.
    pub time: NaiveTime,
    /// To whom.
    pub to: Vec<Role>,
    /// Who gets a copy.
    pub cc: Vec<Role>,
    /// How it goes out.
    pub mode: Mode,
}

/// When a step comes due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// So many working days from the due date: negative before, 0 on the day.
    Days(i32),
    /// When the period closes.
    Close,
    /// When a period closes that is the n-th in a row for which the unit handed in nothing.
    Missed(u32),
    /// When a column of an accepted row holds a value.
    Value {
        /// The column's key.
        column: String,
        /// The value.
        value: String,
    },
    /// When a period closes at which targets are measured, and they are behind pace.
    Targets,
    /// At once, as an answer to something that happened.
    Event,
}

/// To whom a step writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 联络员.
    Liaison,
    /// 单位负责人.
    Head,
    /// 挂点领导、分管领导: those whom the unit reports for, the coordinating ones excepted.
    Leader,
    /// 统筹领导.
    Coordinating,
    /// The office that collects.
    Office,
    /// Its head, who is also told what nobody else may be.
    OfficeHead,
    /// 督查办、纪检办.
    Supervision,
    /// The liaisons of all units.
    AllUnits,
}

/// How a letter goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// By itself.
    Auto,
    /// When a person has approved it.
    Draft,
    /// Not at all: the step only appears in the record.
    Never,
}

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
    pub period: String,
    /// Revision of the due date.
    pub revision: u32,
    /// The step's id.
    pub step: String,
    /// The version that an answer is about; 0 for steps of the ladder, which
    /// come once whichever version was returned meanwhile.
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
            period: self.period.to_string(),
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
