//! What a programme collects, and what is known of it because it is that.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Form, Measure, Measures};
use crate::domain::ids::{GroupId, ItemId, UnitId};
use crate::domain::roster::Contact;
use crate::domain::source_table::column_of;

/// What a programme collects.
#[derive(Debug, Clone, PartialEq)]
pub enum Material {
    /// 台账: each period brings new rows.
    Log(Log),
    /// 登记簿: the same items are reported on every period.
    Register(Box<Register>),
    /// 材料: documents are registered as received, never parsed.
    Document(Documents),
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

/// Documents that are handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents {
    /// What their names may end in, in small letters: `pdf`, `docx`.
    pub types: Vec<String>,
    /// What must be there for the duty to be met, each a word of some file's
    /// name; none: any file meets it.
    pub parts: Vec<String>,
    /// Who owes which milestone, by its id; one that isn't here everybody owes,
    /// one without anybody is the office's own.
    pub owers: Vec<(String, Vec<Party>)>,
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
    /// Every unit owes every item, whoever leads it.
    pub everyone: bool,
    /// What a year requires stands in the table: a blank year owes nothing.
    pub by_year: bool,
    /// Whose row it takes where several lead an item.
    pub joint: Joint,
    /// The column that says how far an item is, and what its values mean.
    pub status: Option<Status>,
    /// Points that units give, where items are worth some.
    pub scores: Option<Scores>,
    /// Where the figures that measure items stand, where there are any.
    pub measures: Option<Measures>,
    /// Columns of the office's own that the list of items has beside its remarks.
    pub office_columns: Vec<String>,
    /// Groups of items with their heads, in the order of their table.
    pub groups: Vec<ItemGroup>,
    /// To whom the whole is presented (呈镇委镇政府); empty: no sheet for that.
    pub presented_to: String,
}

/// What items are worth, and how points are added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// Key of the number column in which a unit gives its points.
    pub column: String,
    /// The column of the table with what an item is worth at most.
    pub points: String,
    /// Whether units are ranked (1, 2, 2, 4).
    pub rank: bool,
}

/// A group of items (行动小组).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemGroup {
    /// Its name.
    pub name: String,
    /// Who heads it (组长).
    pub head: Contact,
    /// Deputies (副组长).
    pub deputies: Vec<String>,
}

impl Items {
    /// The place in the table of the item with an id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.all.iter().position(|item| *item.id == *id)
    }

    /// Everything that isn't a figure of something else.
    pub fn tasks(&self) -> impl Iterator<Item = &Item> + Clone {
        self.all.iter().filter(|item| item.measure.is_none())
    }

    /// The item with an id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.all.iter().find(|item| *item.id == *id)
    }

    /// The whole items that a person may mean by an id or a number as printed:
    /// the one with that id, else all with that number, which may be several.
    #[must_use]
    pub fn meant(&self, text: &str) -> Vec<&Item> {
        let whole = self.tasks().filter(|item| item.of == item.id);
        match whole.clone().find(|item| *item.id == *text) {
            Some(exact) => vec![exact],
            None => whole.filter(|item| item.number == text).collect(),
        }
    }

    /// The cell of an item in a column of the table.
    #[must_use]
    pub fn cell<'a>(&self, item: &'a Item, header: &str) -> Option<&'a str> {
        let place = column_of(&self.header, header)?;
        item.cells.get(place).map(String::as_str)
    }
}

/// Whose row it takes where several units lead an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Joint {
    /// That of each of them (各报各的).
    #[default]
    Each,
    /// That of any of them: the first accepted row covers the item (合报).
    Either,
}

/// What the values of the column of progress mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Key of the choice column.
    pub column: String,
    /// Values that end an item (已完成): it owes no row any more.
    pub done: Vec<String>,
    /// Key of the number column that says how far it is, in percent.
    pub percent: Option<String>,
    /// Values that light it red.
    pub red: Vec<String>,
    /// Values that light it yellow.
    pub yellow: Vec<String>,
}

/// A row of a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its key, unique in the table.
    pub id: ItemId,
    /// The item that it is a part of; itself, unless the table says otherwise.
    pub of: ItemId,
    /// Its number as printed (序号).
    pub number: String,
    /// Its name; empty when the table has none.
    pub name: String,
    /// Who leads it (牵头), the first named first; nobody where that is to be decided (待明确).
    pub leads: Vec<Party>,
    /// Who owes rows of it although they only assist: a class that the document
    /// names beside the leads (各村社区).
    pub also: Vec<Party>,
    /// The group that it belongs to (行动小组), as the table names it.
    pub group: String,
    /// Who assists (配合), as the document prints it.
    pub assist: String,
    /// The units as the document prints them, where that is kept beside the leads.
    pub as_printed: String,
    /// The form sheet on which it stands; empty: on each that cites items.
    pub sheet: String,
    /// Marked in the document (*).
    pub starred: bool,
    /// What a year requires; empty where the document has no years.
    pub years: BTreeMap<i32, Requirement>,
    /// All cells of its row, by [`Items::header`].
    pub cells: Vec<String>,
    /// It is a figure that measures another item, on a sheet of its own.
    pub measure: Option<Measure>,
}

/// What a year requires of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirement {
    /// In the document's words; empty: nothing.
    pub text: String,
    /// By when within the year, where the document says so.
    pub by: Option<NaiveDate>,
}

/// A unit, or a group of which each member counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// A unit.
    Unit(UnitId),
    /// A group.
    Group(GroupId),
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
            Self::Document(_) => &[],
        }
    }

    /// Whether what comes in is read row by row.
    #[must_use]
    pub fn has_rows(&self) -> bool {
        match self {
            Self::Log(_) | Self::Register(_) => true,
            Self::Document(_) => false,
        }
    }

    /// What its rows report on, where that is given.
    #[must_use]
    pub fn items(&self) -> Option<&Items> {
        match self {
            Self::Register(register) => Some(&register.items),
            Self::Log(_) | Self::Document(_) => None,
        }
    }

    /// How rows are counted as visits, where they are visits.
    #[must_use]
    pub fn visits(&self) -> Option<&Visits> {
        match self {
            Self::Log(log) => log.visits.as_ref(),
            Self::Register(_) | Self::Document(_) => None,
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
            Self::Document(_) => &[],
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
