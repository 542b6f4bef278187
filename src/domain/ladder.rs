//! The ladder (催报阶梯): who hears what, when, while a duty is unmet, as a
//! definition says it. What follows from it stands in [`super::notices`]. The
//! default ladder is that of domain/programs.md §4 of the requirements; what no source
//! document fixes is assumed and says so in the definition.

mod default;
mod kind;
mod words;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

pub use default::{default_steps, praise_step, step_time};
pub use kind::Kind;

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
    /// So many calendar days before the due date, moved to the working day before.
    Calendar(u32),
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
    /// When a period closes that is the n-th in a row for which a column of an
    /// accepted row holds a value, or nothing was handed in (工作滞后).
    Lagging {
        /// The column's key.
        column: String,
        /// The value.
        value: String,
        /// How many periods in a row.
        periods: u32,
    },
    /// When a period closes at which targets are measured, and they are behind pace.
    Targets,
    /// At once, as an answer to something that happened.
    Event,
    /// When the office asks for it.
    Asked,
    /// So long before a date in a row of a list.
    Expiry {
        /// The watch's id.
        watch: String,
        /// The row as letters name it.
        row: String,
        /// The day that counts.
        day: NaiveDate,
    },
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
    /// 组长: who heads the group of a register's items that is concerned.
    GroupHead,
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
