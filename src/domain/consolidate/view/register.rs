//! The sheets of a register's master: its items one by one, by group, and as
//! they are presented.

mod groups;
mod items;
mod lists;
mod measures;
mod presented;
mod scores;
use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};

use super::{Subject, Table};
use crate::domain::consolidate::words::RegisterWords;
use crate::domain::ids::{ItemId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Column, ColumnKind, FormSheet, Item, ItemGroup, Items, Program};
use crate::domain::register::ItemLine;
use crate::domain::text::name_key;

/// What a register's master is written from, besides the figures of the units.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RegisterFacts {
    /// Every item with each of those who owe rows of it.
    pub lines: Vec<ItemLine>,
    /// Units whose ledger is overdue.
    pub overdue: HashSet<UnitId>,
    /// The day on which it is looked at: lights hang on it.
    pub today: NaiveDate,
    /// What the office wrote of items in earlier periods and isn't settled, by
    /// key: instruction and handling.
    pub carried_on: HashMap<String, (String, String)>,
    /// Rows that units reported of items that aren't theirs, by unit.
    pub strangers: Vec<(UnitId, LedgerRow)>,
}

/// The key by which the office's remarks on an item find it again in whatever
/// period: programme and item, never the unit.
#[must_use]
pub fn item_key(item: &Item) -> String {
    format!("item|{}", item.id)
}

/// The key where every unit owes every item: then it is the unit's as well.
#[must_use]
pub fn unit_item_key(item: &Item, unit: &UnitId) -> String {
    format!("item|{}|{unit}", item.id)
}

/// The keys of everything that the office may write on.
#[must_use]
pub fn item_keys(program: &Program) -> Vec<(String, &ItemId)> {
    let Some(items) = program.material.items() else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    for item in items.tasks() {
        keys.push((item_key(item), &item.id));
        if items.everyone {
            let units = program.roster.units.iter();
            keys.extend(units.map(|unit| (unit_item_key(item, &unit.id), &item.id)));
        }
    }
    keys
}

/// The sheets, in their order.
pub(super) fn tables(of: Subject<'_>, facts: &RegisterFacts) -> Vec<Table> {
    let Some(items) = of.program.material.items() else {
        return Vec::new();
    };
    let view = View {
        of,
        words: of.words.register(),
        items,
        facts,
        columns: typed_columns(of, items),
        end: of
            .program
            .cycle
            .span(of.period)
            .map_or(facts.today, |span| span.1),
    };
    let mut tables = Vec::new();
    if !items.presented_to.is_empty() {
        tables.push(view.presented());
    }
    tables.push(view.all_items());
    tables.extend(view.scores());
    if !items.groups.is_empty() {
        tables.push(view.groups());
    }
    if items.tasks().any(|item| item.starred) {
        tables.push(view.list(view.words.starred, "", |line| view.item(line).starred));
    }
    tables.extend(view.measures());
    tables.extend(view.disagreements());
    tables.extend(view.undecided());
    tables.extend(view.unfinished());
    tables.extend(view.strangers());
    tables
}

/// The columns that units fill in.
fn typed_columns<'a>(of: Subject<'a>, items: &Items) -> Vec<&'a Column> {
    let sheets = of.form.sheets.iter();
    let sheets = sheets.filter(|sheet| {
        let cites = sheet.column(&items.column).is_some();
        cites && items.tasks().any(|item| item.stands_on(sheet))
    });
    let columns = sheets.flat_map(FormSheet::form_columns);
    columns
        .map(|(_, column)| column)
        .filter(|column| column.given.is_none() && column.kind != ColumnKind::Sequence)
        .collect()
}

struct View<'a> {
    of: Subject<'a>,
    words: &'static RegisterWords,
    items: &'a Items,
    facts: &'a RegisterFacts,
    columns: Vec<&'a Column>,
    end: NaiveDate,
}

impl<'a> View<'a> {
    fn item(&self, line: &ItemLine) -> &'a Item {
        &self.items.all[line.place]
    }

    fn name(item: &'a Item) -> &'a str {
        if item.name.is_empty() {
            &item.number
        } else {
            &item.name
        }
    }

    fn unit(&self, line: &ItemLine) -> String {
        let unit = line.unit.as_ref().and_then(|id| self.of.program.roster.unit(id));
        match unit {
            None => String::new(),
            Some(unit) if line.leads => unit.display_name.clone(),
            Some(unit) => format!("{}{}", unit.display_name, self.words.assisting),
        }
    }

    fn requirement(&self, item: &'a Item) -> &'a str {
        let year = item.years.get(&self.end.year());
        year.map_or("", |year| year.text.as_str())
    }

    /// The lines of what isn't a figure of something else.
    fn tasks(&self) -> impl Iterator<Item = &'a ItemLine> + use<'a> {
        let (facts, items) = (self.facts, self.items);
        let lines = facts.lines.iter();
        lines.filter(|line| items.all[line.place].measure.is_none())
    }

    fn lines_of<'s>(&'s self, group: &'s ItemGroup) -> impl Iterator<Item = &'s ItemLine> {
        let key = name_key(&group.name);
        let lines = self.tasks();
        lines.filter(move |line| name_key(&self.item(line).group) == key)
    }
}
