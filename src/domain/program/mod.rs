//! A programme (工作方案/报送制度): one reporting duty, as its definition says.

mod assignment;
mod due;
mod extension;
mod form;
mod item;
mod material;
mod measure;
mod parse;
mod roster_table;
mod source;
mod watch;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Roll};
use super::ladder::Ladder;
use super::period::{Cycle, Period};
use super::roster::Roster;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::language::Language;

pub use assignment::Assignment;
pub use due::Due;
pub use extension::{Extension, extension_of, extension_of_unit};
pub use form::{
    Choice, Column, ColumnKind, Condition, FillLine, FillRole, Form, FormSheet, Given, RowsCheck, Rule,
};
pub use material::{
    Aggregate, Documents, Item, ItemGroup, Items, Joint, Log, Material, Party, Register, Requirement, Scores,
    Status, TargetScope, Targets, Visits,
};
pub use measure::{Growth, Measure, Measures};
pub use parse::{Field, date, parse, roster_file, split, table_names, with_trial};
pub use roster_table::{Holds, RosterTable};
pub use source::ProgramSource;
pub use watch::{Before, Sent, Settled, Watch, WatchStep};

/// Whether files are taken only from unit folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Intake {
    /// Also from the programme's own folder, identified by content.
    Anywhere,
    /// Only from unit folders: folder rights are the identity.
    Folders,
}

/// A reporting duty.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    /// Stable id, also the name of its folder under `templates/programs`.
    pub id: ProgramId,
    /// What it collects.
    pub material: Material,
    /// The ledger's full name.
    pub name: String,
    /// The ledger's short name, as used in notes and letters (挂点调研台账).
    pub matter: String,
    /// Its folder in the shared folder.
    pub folder: String,
    /// The language of everything that its people read.
    pub language: Language,
    /// A document orders it: a new site has it on unless told otherwise.
    pub ordered: bool,
    /// Where files are taken from.
    pub intake: Intake,
    /// Sheets of the master on which telephone numbers stand, by name; elsewhere
    /// contacts are named without them.
    pub contacts: Vec<String>,
    /// The document that orders it.
    pub basis: Basis,
    /// The office that collects.
    pub office: Office,
    /// The desk that supervises (督查办、纪检办); the office itself where none is named.
    pub supervision: Option<Office>,
    /// Which periods exist.
    pub cycle: Cycle,
    /// By when.
    pub deadline: Deadline,
    /// Who.
    pub roster: Roster,
    /// Who hears what when a duty is unmet.
    pub ladder: Ladder,
    /// Watches over dates in its rows.
    pub watches: Vec<Watch>,
    /// What stands on the first forms of a list that is kept on change.
    pub listed: Vec<ListedRow>,
    /// Deadlines that the office has extended: decided while the programme
    /// runs, not part of its definition.
    pub extensions: Vec<Extension>,
    /// Items whose leads the office has named, likewise; oldest first.
    pub assignments: Vec<Assignment>,
    /// When what it waits for was all in, or closed, by period; likewise.
    pub ended_before: Vec<(Period, NaiveDate)>,
    /// When it ran for the first time, or on trial; not part of its definition.
    pub begun: Option<DateTime<Utc>>,
    /// Dotted keys of values that no source document fixes; shown as “默认，非文件规定”.
    pub assumed: BTreeSet<String>,
    /// SHA-256 over everything that defines it, in hexadecimal.
    pub hash: String,
}

/// The document that orders a programme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Basis {
    /// Title with its quotation marks.
    pub title: String,
    /// Document number, 乌委〔2024〕84号.
    pub number: String,
    /// Day of issue.
    pub date: Option<NaiveDate>,
    /// Day from which it holds, for one that bears no day of issue.
    pub effective: Option<NaiveDate>,
    /// The clause that orders the report.
    pub clause: String,
    /// How it may be made public (公开方式), which stands on the masters too; empty
    /// where the document doesn't say.
    pub disclosure: String,
}

/// An office: the one that collects, or the one that supervises.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Office {
    /// Name as signed.
    pub name: String,
    /// Contact person.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub mail: String,
    /// Bulletins go in its name although another office collects.
    pub bulletins: bool,
}

/// A row that stands on a unit's first form, on its first sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedRow {
    /// The unit.
    pub unit: UnitId,
    /// A text for each column of the sheet.
    pub cells: Vec<String>,
}

/// By when a period's ledger is due, and when the period closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The nominal date's rule.
    pub rule: DueRule,
    /// Time of day, 17:30 unless said.
    pub time: NaiveTime,
    /// What happens on a day off.
    pub roll: Roll,
    /// Working days from the due date to the close.
    pub close_after: u32,
    /// Time of day of the close.
    pub close_time: NaiveTime,
    /// Working days after the first return within which a correction still counts as on time.
    pub grace: u32,
    /// The programme that it waits for (两级报送).
    pub after: Option<ProgramId>,
    /// Working days after go-live within which the first version of a list that
    /// is kept on change is due.
    pub first_within: u32,
}

/// How the nominal due date follows from the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueRule {
    /// The n-th day after the period's last day.
    DayAfterPeriod(u32),
    /// The n-th day of the month in which the period ends.
    DayInPeriod(u32),
    /// The date that the milestone itself names.
    OnDate,
    /// So many working days after the programme that it waits for was all in,
    /// or closed.
    AfterProgram(u32),
    /// The n-th day of the year: by then a list that is kept on change is confirmed.
    DayOfYear(u32),
}

impl Program {
    /// The form that holds for a period: the last whose first period is not after it.
    #[must_use]
    pub fn form(&self, period: Option<&Period>) -> Option<&Form> {
        let start = |period: &Period| self.cycle.span(period).map(|span| span.0);
        match period {
            None => self.material.forms().last(),
            Some(period) => self
                .material
                .forms()
                .iter()
                .rev()
                .find(|form| {
                    form.first
                        .as_ref()
                        .is_none_or(|first| start(first) <= start(period))
                })
                .or(self.material.forms().first()),
        }
    }

    /// The open period (本期): the latest owed one that has ended and is not
    /// closed, else the running one, else the last owed one before `now`.
    #[must_use]
    pub fn open_period(&self, calendar: &Calendar, now: DateTime<Tz>) -> Option<Period> {
        let today = now.date_naive();
        let periods = self.cycle.started_by(today, 24);
        let ended_and_open = periods.iter().rev().find(|period| {
            self.cycle.span(period).is_some_and(|(_, end)| end < today)
                && self
                    .due(period, calendar, now.timezone())
                    .is_some_and(|due| now < due.close)
        });
        let running = || {
            periods.iter().rev().find(|period| {
                self.cycle
                    .span(period)
                    .is_some_and(|(start, end)| start <= today && today <= end)
            })
        };
        ended_and_open.or_else(running).or(periods.last()).cloned()
    }

    /// Whether a party stands for a unit in a period.
    #[must_use]
    pub fn stands_for(&self, party: &Party, unit: &str, period: &Period) -> bool {
        match party {
            Party::Unit(own) => **own == *unit,
            Party::Group(group) => {
                let span = self.cycle.span(period);
                span.is_some_and(|span| self.roster.members_in(group, span).any(|own| *own.id == *unit))
            }
        }
    }

    /// The word that says a value was not fixed by a document.
    #[must_use]
    pub fn is_assumed(&self, key: &str) -> bool {
        self.assumed.contains(key)
    }
}
