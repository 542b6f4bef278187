//! 分组进度: by group, how many items stand where.

use std::collections::HashSet;

use super::super::{Table, Tone, blank, count, text};
use super::View;
use crate::domain::ids::ItemId;
use crate::domain::program::{ColumnKind, ItemGroup};
use crate::domain::register::{ItemLine, ItemState};

impl<'a> View<'a> {
    /// 分组进度: by group, how many items stand where. An item counts once, by
    /// the row of the first named who reported.
    pub(super) fn groups(&self) -> Table {
        let words = self.words;
        let headed = self.items.groups.iter().any(|group| !group.head.name.is_empty());
        let statuses = self.statuses();
        let mut columns: Vec<(&str, f64)> = vec![(words.group, 26.0)];
        columns.extend(headed.then_some((words.head, 10.0)));
        columns.push((words.item_count, 9.0));
        columns.extend(statuses.iter().map(|status| (*status, 10.0)));
        columns.push((words.open, 12.0));
        columns.push((words.undecided, 12.0));
        let mut table = self.of.table(words.groups, words.groups, columns);
        let mut total = vec![0_u64; statuses.len() + 3];
        for group in &self.items.groups {
            let counts = self.counts(group, &statuses);
            let mut cells = vec![text(Tone::Body, group.name.as_str())];
            cells.extend(headed.then(|| text(Tone::Centre, group.head.name.as_str())));
            cells.extend(counts.iter().map(|number| count(*number)));
            for (sum, number) in total.iter_mut().zip(&counts) {
                *sum += number;
            }
            table.line(cells);
        }
        let mut cells = vec![text(Tone::Body, self.of.words.total)];
        cells.extend(headed.then(blank));
        cells.extend(total.into_iter().map(count));
        table.line(cells);
        table
    }

    /// Values of the column of progress, in the order of its list.
    pub(super) fn statuses(&self) -> Vec<&'a str> {
        let status = self.items.status.as_ref();
        let column = status.and_then(|status| self.columns.iter().find(|own| own.key == status.column));
        match column.map(|column| &column.kind) {
            Some(ColumnKind::Choice(choices)) => choices.iter().map(|choice| choice.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// How many items of a group there are, say what, are open, are undecided.
    pub(super) fn counts(&self, group: &ItemGroup, statuses: &[&str]) -> Vec<u64> {
        let mut counts = vec![0_u64; statuses.len() + 3];
        let mut seen: HashSet<&ItemId> = HashSet::new();
        for line in self.lines_of(group) {
            let item = self.item(line);
            if !seen.insert(&item.of) {
                continue;
            }
            counts[0] += 1;
            let own: Vec<&ItemLine> = self
                .lines_of(group)
                .filter(|other| self.item(other).of == item.of)
                .collect();
            let said = own.iter().find_map(|line| self.status(line));
            let place = said.and_then(|said| statuses.iter().position(|status| *status == said));
            let last = counts.len() - 1;
            if let Some(place) = place {
                counts[1 + place] += 1;
            } else if own.iter().any(|line| line.state == ItemState::Undecided) {
                counts[last] += 1;
            } else if own.iter().any(|line| line.state.is_open()) {
                counts[last - 1] += 1;
            }
        }
        counts
    }

    /// What an item is said to be at, by a row that counts.
    pub(super) fn status<'s>(&self, line: &'s ItemLine) -> Option<&'s str> {
        let counts = line.state.counts();
        let status = self.items.status.as_ref()?;
        let said = line.row.as_ref().filter(|_| counts)?.text(&status.column);
        (!said.is_empty()).then_some(said)
    }
}
