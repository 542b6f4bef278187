//! 任务清单: the items one by one.

use std::collections::HashSet;

use super::super::{Cell, Line, Office, Table, Tone, blank, text};
use super::{View, item_key, unit_item_key};
use crate::domain::contacts::without_numbers;
use crate::domain::ids::ItemId;
use crate::domain::program::{Column, ColumnKind, Item};
use crate::domain::register::{ItemLine, ItemState, item_light};

/// Characters of a name that needs a wider column.
const LONG_NAME: usize = 40;

impl View<'_> {
    /// 任务清单: one filterable sheet of everything, with the office's columns.
    pub(super) fn all_items(&self) -> Table {
        let rows = self.tasks().count();
        let note = self.of.words.items_note(self.items, rows);
        let mut table = self.list(self.words.items, &note, |_| true);
        table.office = Office::Columns;
        table.office_columns.clone_from(&self.items.office_columns);
        table
    }

    /// Items one by one.
    pub(super) fn list(&self, name: &str, note: &str, wanted: impl Fn(&ItemLine) -> bool) -> Table {
        let words = self.words;
        let any = |has: fn(&Item) -> bool| self.items.tasks().any(has);
        let (groups, stars, assists) = (
            any(|item| !item.group.is_empty()),
            any(|item| item.starred),
            any(|item| !item.assist.is_empty()),
        );
        let mut columns: Vec<(&str, f64)> = vec![(words.number, 6.0)];
        columns.extend(groups.then_some((words.group, 14.0)));
        let long = any(|item| item.name.chars().count() > LONG_NAME);
        columns.push((words.item, if long { 36.0 } else { 22.0 }));
        columns.extend(stars.then_some((words.star, 6.0)));
        columns.push((words.lead, 14.0));
        columns.extend(assists.then_some((words.assist, 14.0)));
        columns.extend(self.items.by_year.then_some((words.requirement, 22.0)));
        columns.extend(
            self.columns
                .iter()
                .map(|column| (column.header.as_str(), column.width)),
        );
        columns.extend([(words.reported, 10.0), (self.of.words.light, 10.0)]);
        columns.extend([(words.last_instruction, 14.0), (words.last_handling, 14.0)]);
        let mut table = self.of.table(name, name, columns);
        note.clone_into(&mut table.note);
        let mut keyed: HashSet<&ItemId> = HashSet::new();
        for line in self.tasks().filter(|line| wanted(line)) {
            let item = self.item(line);
            let mut cells = vec![text(Tone::Centre, item.number.as_str())];
            cells.extend(groups.then(|| text(Tone::Body, item.group.as_str())));
            cells.push(text(Tone::Body, Self::name(item)));
            cells.extend(stars.then(|| text(Tone::Centre, if item.starred { "*" } else { "" })));
            cells.push(text(Tone::Centre, self.unit(line)));
            cells.extend(assists.then(|| text(Tone::Body, item.assist.as_str())));
            cells.extend(
                self.items
                    .by_year
                    .then(|| text(Tone::Body, self.requirement(item))),
            );
            cells.extend(self.columns.iter().map(|column| self.typed(line, column, name)));
            cells.push(text(Tone::Centre, self.reported(line)));
            cells.push(self.light(line));
            // The office writes of an item once, on its first row; where every
            // unit owes it, on each.
            let everyone = line.unit.as_ref().filter(|_| self.items.everyone);
            let first = everyone.is_some() || keyed.insert(&item.id);
            let key = everyone.map_or_else(|| item_key(item), |unit| unit_item_key(item, unit));
            let carried = self.facts.carried_on.get(&key).filter(|_| first);
            let (instruction, handling) = carried.map_or(("", ""), |(a, b)| (a.as_str(), b.as_str()));
            cells.extend([text(Tone::Body, instruction), text(Tone::Body, handling)]);
            table.lines.push(Line::Row {
                key: first.then_some(key),
                cells,
            });
        }
        table
    }

    /// What stands in a column; of an earlier period only what is done, or
    /// what was said to hold on, which is marked.
    pub(super) fn typed(&self, line: &ItemLine, column: &Column, sheet: &str) -> Cell {
        let shows = line.state.counts();
        let said = line
            .row
            .as_ref()
            .filter(|_| shows)
            .map_or("", |row| row.text(&column.key));
        let mut said = said.to_owned();
        if matches!(column.kind, ColumnKind::Contact) && !self.with_numbers(sheet) {
            said = without_numbers(&said);
        }
        let tone = match column.kind {
            ColumnKind::Text | ColumnKind::Remark | ColumnKind::List => Tone::Body,
            _ => Tone::Centre,
        };
        text(tone, said)
    }

    pub(super) fn with_numbers(&self, sheet: &str) -> bool {
        self.of.program.contacts.iter().any(|name| name == sheet)
    }

    /// 已报, or 无变化 with the period that it was reported for.
    pub(super) fn reported(&self, line: &ItemLine) -> String {
        let word = self.of.words.item_state(line.state);
        match (&line.of, line.state) {
            (Some(period), ItemState::Unchanged | ItemState::Done) => {
                format!("{word}{}", self.of.words.bracketed(&self.of.words.period(period)))
            }
            _ => word.to_owned(),
        }
    }

    pub(super) fn light(&self, line: &ItemLine) -> Cell {
        let overdue = line
            .unit
            .as_ref()
            .is_some_and(|unit| self.facts.overdue.contains(unit));
        match item_light(self.items, line, (self.end, self.facts.today), overdue) {
            Some((light, reason)) => text(Tone::of_light(light), self.of.words.item_light(light, reason)),
            None => blank(),
        }
    }
}
