//! 呈报表: what goes up, without lights, with boxes to sign.

use super::super::{Line, Office, Table, Tone, Value, text};
use super::View;
use crate::domain::program::{Column, ColumnKind, ItemGroup};
use crate::domain::register::ItemState;

impl View<'_> {
    /// 呈报表: group by group with its head, without lights, with boxes to sign.
    pub(super) fn presented(&self) -> Table {
        let words = self.words;
        let shown: Vec<&&Column> = self
            .columns
            .iter()
            .filter(|column| !matches!(column.kind, ColumnKind::Contact | ColumnKind::Remark))
            .collect();
        let mut columns: Vec<(&str, f64)> = vec![(words.number, 6.0), (words.item, 24.0), (words.lead, 14.0)];
        columns.extend(shown.iter().map(|column| (column.header.as_str(), column.width)));
        let mut table = self.of.table(words.presented, words.presented, columns);
        table.title = self.of.words.title(self.of.program, self.of.period);
        let period = self
            .of
            .words
            .listed(self.of.words.period, &[&self.of.words.period(self.of.period)]);
        let by = self
            .of
            .words
            .listed(words.presented_by, &[&self.of.program.office.name]);
        let to = self.of.words.presented_to(&self.items.presented_to);
        table.note = format!("{to}　　{by}　　{period}");
        table.office = Office::Boxes;
        let rest = ItemGroup {
            name: String::new(),
            head: crate::domain::roster::Contact::default(),
            deputies: Vec::new(),
        };
        for group in self.items.groups.iter().chain([&rest]) {
            if self.lines_of(group).next().is_none() {
                continue;
            }
            if !group.name.is_empty() {
                table
                    .lines
                    .push(Line::Heading(self.of.words.group_heading(group)));
            }
            for line in self.lines_of(group) {
                let item = self.item(line);
                let mut cells = vec![
                    text(Tone::Centre, item.number.as_str()),
                    text(Tone::Body, Self::name(item)),
                    text(Tone::Centre, self.unit(line)),
                ];
                let mut typed = shown
                    .iter()
                    .map(|column| self.typed(line, column, words.presented));
                match line.state {
                    ItemState::Missing | ItemState::Returned => {
                        cells.push(text(Tone::Body, words.none_reported));
                        cells.extend(typed.skip(1));
                    }
                    ItemState::Undecided | ItemState::NotThisYear | ItemState::Historic => {
                        cells.push(text(Tone::Body, self.of.words.item_state(line.state)));
                        cells.extend(typed.skip(1));
                    }
                    _ => cells.extend(typed.by_ref()),
                }
                // What goes up says when that was said which holds on.
                let holds_on = matches!(line.state, ItemState::Unchanged | ItemState::Done);
                let said = cells.get_mut(3).map(|own| &mut own.value);
                if let (Some(period), Some(Value::Text(said))) = (line.of.as_ref().filter(|_| holds_on), said)
                {
                    said.push_str(&self.of.words.bracketed(&self.of.words.period(period)));
                }
                table.line(cells);
            }
        }
        table
    }
}
