//! The sheets of a register's master: its items one by one, by group, and as
//! they are presented.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};

use super::{Cell, Line, Office, Subject, Table, Tone, blank, count, text};
use crate::domain::consolidate::words::RegisterWords;
use crate::domain::contacts::without_numbers;
use crate::domain::ids::{ItemId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Column, ColumnKind, FormSheet, Item, ItemGroup, Items};
use crate::domain::register::{ItemLine, ItemState, item_light};
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
    /// What the office wrote of items in earlier periods and isn't settled:
    /// instruction and handling.
    pub carried_on: HashMap<ItemId, (String, String)>,
    /// Rows that units reported of items that aren't theirs, by unit.
    pub strangers: Vec<(UnitId, LedgerRow)>,
}

/// The key by which the office's remarks on an item find it again in whatever
/// period: programme and item, never the unit.
#[must_use]
pub fn item_key(item: &Item) -> String {
    format!("item|{}", item.id)
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
    if !items.groups.is_empty() {
        tables.push(view.groups());
    }
    if items.all.iter().any(|item| item.starred) {
        tables.push(view.list(view.words.starred, "", |line| view.item(line).starred));
    }
    tables.extend(view.undecided());
    tables.extend(view.unfinished());
    tables.extend(view.strangers());
    tables
}

/// The columns that units fill in.
fn typed_columns<'a>(of: Subject<'a>, items: &Items) -> Vec<&'a Column> {
    let mut sheets = of.form.sheets.iter();
    let sheet = sheets.find(|sheet| sheet.column(&items.column).is_some());
    let columns = sheet.into_iter().flat_map(FormSheet::form_columns);
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

    /// 任务清单: one filterable sheet of everything, with the office's columns.
    fn all_items(&self) -> Table {
        let rows = self.facts.lines.len();
        let note = self.of.words.items_note(self.items, rows);
        let mut table = self.list(self.words.items, &note, |_| true);
        table.office = Office::Columns;
        table
    }

    /// Items one by one.
    fn list(&self, name: &str, note: &str, wanted: impl Fn(&ItemLine) -> bool) -> Table {
        let words = self.words;
        let (groups, stars) = (
            self.items.all.iter().any(|item| !item.group.is_empty()),
            self.items.all.iter().any(|item| item.starred),
        );
        let mut columns: Vec<(&str, f64)> = vec![(words.number, 6.0)];
        columns.extend(groups.then_some((words.group, 14.0)));
        columns.push((words.item, 22.0));
        columns.extend(stars.then_some((words.star, 6.0)));
        columns.extend([(words.lead, 14.0), (words.assist, 14.0)]);
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
        for line in self.facts.lines.iter().filter(|line| wanted(line)) {
            let item = self.item(line);
            let mut cells = vec![text(Tone::Centre, item.number.as_str())];
            cells.extend(groups.then(|| text(Tone::Body, item.group.as_str())));
            cells.push(text(Tone::Body, Self::name(item)));
            cells.extend(stars.then(|| text(Tone::Centre, if item.starred { "*" } else { "" })));
            cells.push(text(Tone::Centre, self.unit(line)));
            cells.push(text(Tone::Body, item.assist.as_str()));
            cells.extend(
                self.items
                    .by_year
                    .then(|| text(Tone::Body, self.requirement(item))),
            );
            cells.extend(self.columns.iter().map(|column| self.typed(line, column, name)));
            cells.push(text(Tone::Centre, self.reported(line)));
            cells.push(self.light(line));
            let first = keyed.insert(&item.id);
            let carried = self.facts.carried_on.get(&item.id).filter(|_| first);
            let (instruction, handling) = carried.map_or(("", ""), |(a, b)| (a.as_str(), b.as_str()));
            cells.extend([text(Tone::Body, instruction), text(Tone::Body, handling)]);
            table.lines.push(Line::Row {
                // The office writes of an item once, on its first row.
                key: first.then(|| item_key(item)),
                cells,
            });
        }
        table
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

    /// What stands in a column; of an earlier period only what is done, or
    /// what was said to hold on, which is marked.
    fn typed(&self, line: &ItemLine, column: &Column, sheet: &str) -> Cell {
        let shows = matches!(
            line.state,
            ItemState::Accepted | ItemState::Unchanged | ItemState::Done
        );
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

    fn with_numbers(&self, sheet: &str) -> bool {
        self.of.program.contacts.iter().any(|name| name == sheet)
    }

    /// 已报, or 无变化 with the period that it was reported for.
    fn reported(&self, line: &ItemLine) -> String {
        let word = self.of.words.item_state(line.state);
        match (&line.of, line.state) {
            (Some(period), ItemState::Unchanged | ItemState::Done) => {
                format!("{word}{}", self.of.words.bracketed(&self.of.words.period(period)))
            }
            _ => word.to_owned(),
        }
    }

    fn light(&self, line: &ItemLine) -> Cell {
        let overdue = line
            .unit
            .as_ref()
            .is_some_and(|unit| self.facts.overdue.contains(unit));
        match item_light(self.items, line, (self.end, self.facts.today), overdue) {
            Some((light, reason)) => text(Tone::of_light(light), self.of.words.item_light(light, reason)),
            None => blank(),
        }
    }

    fn lines_of<'s>(&'s self, group: &'s ItemGroup) -> impl Iterator<Item = &'s ItemLine> {
        let key = name_key(&group.name);
        let lines = self.facts.lines.iter();
        lines.filter(move |line| name_key(&self.item(line).group) == key)
    }

    /// 分组进度: by group, how many items stand where. An item counts once, by
    /// the row of the first named who reported.
    fn groups(&self) -> Table {
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
    fn statuses(&self) -> Vec<&'a str> {
        let status = self.items.status.as_ref();
        let column = status.and_then(|status| self.columns.iter().find(|own| own.key == status.column));
        match column.map(|column| &column.kind) {
            Some(ColumnKind::Choice(choices)) => choices.iter().map(|choice| choice.name.as_str()).collect(),
            _ => Vec::new(),
        }
    }

    /// How many items of a group there are, say what, are open, are undecided.
    fn counts(&self, group: &ItemGroup, statuses: &[&str]) -> Vec<u64> {
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
    fn status<'s>(&self, line: &'s ItemLine) -> Option<&'s str> {
        let counts = matches!(
            line.state,
            ItemState::Accepted | ItemState::Unchanged | ItemState::Done
        );
        let status = self.items.status.as_ref()?;
        let said = line.row.as_ref().filter(|_| counts)?.text(&status.column);
        (!said.is_empty()).then_some(said)
    }

    /// 呈报表: group by group with its head, without lights, with boxes to sign.
    fn presented(&self) -> Table {
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
                table.line(cells);
            }
        }
        table
    }

    /// 待明确事项; none where everything is decided.
    fn undecided(&self) -> Option<Table> {
        let words = self.words;
        let mut lines = self
            .facts
            .lines
            .iter()
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
    fn unfinished(&self) -> Option<Table> {
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
        let mut lines = self.facts.lines.iter().filter(open).peekable();
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
    fn strangers(&self) -> Option<Table> {
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
            let item = self.items.all.iter().find(|item| *item.id == *cited);
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
