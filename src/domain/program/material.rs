//! What a programme collects, and what is known of it because it is that.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Form;
use crate::domain::ids::{ItemId, UnitId};

/// What a programme collects.
#[derive(Debug, Clone, PartialEq)]
pub enum Material {
    /// 台账: each period brings new rows.
    Log(Log),
    /// 登记簿: the same items are reported on every period.
    Register(Register),
    /// 材料: a document is registered as received, never parsed.
    Document,
}

/// A ledger of rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    /// Its form, newest last.
    pub forms: Vec<Form>,
    /// How rows are counted as visits, where they are visits.
    pub visits: Option<Visits>,
    /// Further summaries by unit.
    pub aggregates: Vec<Aggregate>,
}

/// A ledger whose rows report on given items.
#[derive(Debug, Clone, PartialEq)]
pub struct Register {
    /// Its form, newest last.
    pub forms: Vec<Form>,
    /// What its rows report on.
    pub items: Items,
    /// Further summaries by unit.
    pub aggregates: Vec<Aggregate>,
}

/// The items (任务、指标) of a register, as the document lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Items {
    /// The table's file beside `program.toml`.
    pub file: String,
    /// Key of the form column in which a row cites its item.
    pub column: String,
    /// The table's header.
    pub header: Vec<String>,
    /// The items in the order of the table.
    pub all: Vec<Item>,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its key as printed (序号), unique in the table.
    pub id: ItemId,
    /// Its name; empty when the table has none.
    pub name: String,
    /// Ids of the units that lead it (牵头单位).
    pub leads: Vec<UnitId>,
    /// All cells of its row, by [`Items::header`].
    pub cells: Vec<String>,
}

/// How rows become visits (次) and days (天).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visits {
    /// Key of the date column.
    pub date: String,
    /// Key of the place column.
    pub place: String,
    /// Key of the column that counts solved problems.
    pub count: Option<String>,
    /// Whether a continuous range of dates is one visit (the default) or one a day.
    pub range_is_one: bool,
    /// What the year's visits are measured against.
    pub targets: Option<Targets>,
}

/// Yearly targets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Targets {
    /// Visits a year.
    pub visits: u32,
    /// Days a year.
    pub days: u32,
    /// Whether they hold for a leader or for each of a leader's places.
    pub scope: TargetScope,
    /// Whether missing them is only shown (“原则上”).
    pub soft: bool,
    /// The month from which they are in force.
    pub effective: NaiveDate,
    /// Months at whose close the leaders concerned are told.
    pub measured_in: Vec<u32>,
    /// The document's words that set them; empty: letters cite the clause that orders the report.
    pub clause: String,
}

/// What a target is measured for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetScope {
    /// All places of a leader together.
    Leader,
    /// Each place of a leader.
    LeaderVillage,
}

/// A sum of number columns by unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aggregate {
    /// The sheet's name.
    pub name: String,
    /// Name of the form sheet whose rows are summed; the first if not given.
    pub sheet: Option<String>,
    /// Keys of the number or count columns.
    pub sum: Vec<String>,
    /// Key of a choice column whose values are counted, one column a value.
    pub count_by: Option<String>,
}

impl Material {
    /// The versions of its form, newest last; none for a document.
    #[must_use]
    pub fn forms(&self) -> &[Form] {
        match self {
            Self::Log(log) => &log.forms,
            Self::Register(register) => &register.forms,
            Self::Document => &[],
        }
    }

    /// Whether what comes in is read row by row.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        match self {
            Self::Log(_) | Self::Register(_) => true,
            Self::Document => false,
        }
    }

    /// How rows are counted as visits, where they are visits.
    #[must_use]
    pub fn visits(&self) -> Option<&Visits> {
        match self {
            Self::Log(log) => log.visits.as_ref(),
            Self::Register(_) | Self::Document => None,
        }
    }

    /// What the year's visits are measured against.
    #[must_use]
    pub fn targets(&self) -> Option<&Targets> {
        self.visits()?.targets.as_ref()
    }

    /// Further summaries by unit.
    #[must_use]
    pub fn aggregates(&self) -> &[Aggregate] {
        match self {
            Self::Log(log) => &log.aggregates,
            Self::Register(register) => &register.aggregates,
            Self::Document => &[],
        }
    }
}

/// For tests, which change one thing of it.
#[cfg(test)]
impl Material {
    pub(crate) fn log_mut(&mut self) -> &mut Log {
        match self {
            Self::Log(log) => log,
            other => panic!("no log: {other:?}"),
        }
    }

    pub(crate) fn form_mut(&mut self) -> &mut Form {
        &mut self.log_mut().forms[0]
    }

    pub(crate) fn targets_mut(&mut self) -> &mut Targets {
        let visits = self.log_mut().visits.as_mut().expect("visits");
        visits.targets.as_mut().expect("targets")
    }
}
