//! What is known of a ledger whose rows are given.

use std::sync::Arc;

use chrono::Datelike as _;

use super::{Case, Cell};
use crate::domain::ledger::{DataRow, Parsed, SheetReading};
use crate::domain::period::Period;
use crate::domain::program::{FillRole, Form, Item, Items, Program};
use crate::domain::register::{Before, Citation, Cited, Duties, Past};

/// Words that tick 本期无变化.
const TICKS: [&str; 10] = [
    "是",
    "√",
    "✓",
    "✔",
    "有",
    "无变化",
    "本期无变化",
    "yes",
    "y",
    "true",
];

/// The register's side of a case.
pub(super) struct Register<'a> {
    /// The items.
    pub items: &'a Items,
    /// Who owes which.
    pub duties: Arc<Duties>,
    /// What was accepted before the period.
    pub past: Arc<Past>,
    /// What the rows cite.
    pub cited: Cited,
    /// The programme.
    pub program: &'a Program,
    /// The year in which the period ends.
    pub year: i32,
    /// 本期无变化 is ticked.
    pub ticked: bool,
}

impl Register<'_> {
    /// Places in the table of what the unit owes and the ledger doesn't have.
    pub fn open(&self, unit: &str) -> Vec<usize> {
        let due = self.duties.due(unit);
        due.filter(|place| !self.cited.has(*place)).collect()
    }

    /// Of these, what an earlier ledger stands for, because nothing changed.
    pub fn carried(&self, unit: &crate::domain::ids::UnitId) -> Vec<(usize, &Before)> {
        let open = if self.ticked { self.open(unit) } else { Vec::new() };
        open.into_iter()
            .filter_map(|place| {
                let item = &self.items.all[place];
                let before = self.past.of(unit, &item.id)?;
                let holds = before.holds_in(item, self.year, self.program);
                holds.then_some((place, before))
            })
            .collect()
    }
}

/// Whether the fill lines say that nothing changed.
pub(super) fn ticked(form: &Form, fill: &[crate::domain::ledger::FillValue]) -> bool {
    let line = form
        .fill_lines
        .iter()
        .find(|line| line.role == FillRole::Unchanged);
    let said = fill
        .iter()
        .filter(|value| line.is_some_and(|line| line.key == value.key));
    said.into_iter().any(|value| {
        let key = crate::domain::text::name_key(&value.value);
        TICKS.contains(&key.as_str())
    })
}

impl<'a> Case<'a> {
    /// What a row cites; none where rows aren't given.
    pub fn citation(&self, sheet: &SheetReading, row: &DataRow) -> Option<Citation> {
        self.register.as_ref()?.cited.by(&sheet.sheet, row.row)
    }

    /// The item of the unit's that a row reports on.
    pub fn item(&self, sheet: &SheetReading, row: &DataRow) -> Option<&'a Item> {
        match self.citation(sheet, row)? {
            Citation::Own(place) | Citation::Again(place) => self.register.as_ref()?.items.all.get(place),
            Citation::Other(_) | Citation::Unknown => None,
        }
    }

    /// The unit's last accepted row of the item that a row reports on.
    pub fn before(&self, sheet: &SheetReading, row: &DataRow) -> Option<&Before> {
        let item = self.item(sheet, row)?;
        self.register.as_ref()?.past.of(&self.unit?.id, &item.id)
    }

    /// The year in which the period ends.
    pub fn year(&self) -> Option<i32> {
        self.span.map(|(_, end)| end.year())
    }

    /// How a period is called in a message.
    pub fn period_words(&self, period: &Period) -> String {
        self.words.period(period)
    }
}

impl<'a> Cell<'a> {
    /// The item of the unit's that the cell's row reports on.
    pub fn item(&self) -> Option<&'a Item> {
        self.case.item(self.sheet, self.row)
    }

    /// The unit's last accepted row of that item.
    pub fn before(&self) -> Option<&'a Before> {
        self.case.before(self.sheet, self.row)
    }

    /// Whether it is the cell by which the row cites its item.
    pub fn cites(&self) -> bool {
        let register = self.case.register.as_ref();
        register.is_some_and(|register| register.items.column == self.column.key)
    }

    /// The value of a choice.
    pub fn choice(&self) -> Option<&'a str> {
        match &self.field.parsed {
            Parsed::Choice(Some(name)) => Some(name),
            _ => None,
        }
    }
}
