//! Items that somebody has to look at: 待明确, 往年未完成, 其他单位所报.

use chrono::Datelike as _;

use super::super::{Table, Tone, text};
use super::View;
use crate::domain::contacts::without_numbers;
use crate::domain::program::{Column, ColumnKind};
use crate::domain::register::{ItemLine, ItemState};

impl View<'_> {
    /// 待明确事项; none where everything is decided.
    pub(super) fn undecided(&self) -> Option<Table> {
        let words = self.words;
        let mut lines = self
            .tasks()
            .filter(|line| line.state == ItemState::Undecided)
            .peekable();
        lines.peek()?;
        let mut columns: Vec<(&str, f64)> = vec![
            (words.number, 6.0),
            (words.group, 18.0),
            (words.item, 40.0),
            (words.as_printed, 40.0),
        ];
        columns.extend(self.items.by_year.then_some((words.requirement, 30.0)));
        let mut table = self.of.table(words.undecided, words.undecided, columns);
        words.undecided_note.clone_into(&mut table.note);
        for line in lines {
            let item = self.item(line);
            let mut cells = vec![
                text(Tone::Centre, item.number.as_str()),
                text(Tone::Body, item.group.as_str()),
                text(Tone::Body, Self::name(item)),
                text(Tone::Body, item.as_printed.as_str()),
            ];
            cells.extend(
                self.items
                    .by_year
                    .then(|| text(Tone::Body, self.requirement(item))),
            );
            table.line(cells);
        }
        Some(table)
    }

    /// 往年未完成: what the year doesn't ask for although it wasn't finished.
    pub(super) fn unfinished(&self) -> Option<Table> {
        let words = self.words;
        let status = self.items.status.as_ref()?;
        let open = |line: &&ItemLine| {
            let said = line.row.as_ref().map(|row| row.text(&status.column));
            let done = said.is_some_and(|said| status.done.iter().any(|done| done == said));
            let before = self.item(line).years.iter();
            let asked = before
                .filter(|(year, own)| **year < self.end.year() && !own.text.is_empty())
                .count();
            line.state == ItemState::NotThisYear && !done && asked > 0
        };
        let mut lines = self.tasks().filter(open).peekable();
        lines.peek()?;
        let columns = [
            (words.number, 6.0),
            (words.item, 40.0),
            (words.lead, 16.0),
            (words.last_said, 40.0),
        ];
        let mut table = self.of.table(words.unfinished, words.unfinished, columns);
        words.unfinished_note.clone_into(&mut table.note);
        for line in lines {
            let said = line.row.as_ref().map_or("", |row| row.text(&status.column));
            let period = line
                .of
                .as_ref()
                .map_or_else(String::new, |of| self.of.words.period(of));
            table.line([
                text(Tone::Centre, self.item(line).number.as_str()),
                text(Tone::Body, Self::name(self.item(line))),
                text(Tone::Centre, self.unit(line)),
                text(Tone::Body, format!("{said}{}", self.of.words.bracketed(&period))),
            ]);
        }
        Some(table)
    }

    /// 其他单位所报: rows of items that aren't the unit's, accepted with a reason.
    pub(super) fn strangers(&self) -> Option<Table> {
        let words = self.words;
        if self.facts.strangers.is_empty() {
            return None;
        }
        let mut columns: Vec<(&str, f64)> = vec![(words.lead, 14.0), (words.number, 6.0), (words.item, 22.0)];
        columns.extend(
            self.columns
                .iter()
                .map(|column| (column.header.as_str(), column.width)),
        );
        columns.push((self.of.words.explanation, 20.0));
        let mut table = self.of.table(words.strangers, words.strangers, columns);
        for (unit, row) in &self.facts.strangers {
            let cited = row.text(&self.items.column);
            let item = self.items.item(cited);
            let unit = self
                .of
                .program
                .roster
                .unit(unit)
                .map_or("", |unit| unit.display_name.as_str());
            let mut cells = vec![
                text(Tone::Centre, unit),
                text(Tone::Centre, item.map_or(cited, |item| item.number.as_str())),
                text(Tone::Body, item.map_or("", |item| item.name.as_str())),
            ];
            let said = |column: &&Column| match column.kind {
                ColumnKind::Contact => text(Tone::Body, without_numbers(row.text(&column.key))),
                _ => text(Tone::Body, row.text(&column.key)),
            };
            cells.extend(self.columns.iter().map(said));
            cells.push(text(Tone::Body, row.explanation.as_str()));
            table.line(cells);
        }
        Some(table)
    }
}
