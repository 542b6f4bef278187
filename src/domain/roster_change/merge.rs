//! A table as a whole: what was handed in beside what is there.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::{ColumnKey, Columns, cell, put};
use super::fresh_ids::FreshIds;
use super::{Change, ChangeKind, HandedIn, LONGEST_CELL, MOST_ROWS, Plan, problem};
use crate::domain::definition::Problem;
use crate::domain::kept_table::{KeptTable, NextRow};
use crate::domain::program::{date, split};
use crate::domain::roster_change::CellChange;
use crate::domain::text::name_key;

/// The table as it is to be when what was handed in counts. Columns that the
/// office keeps for itself stay; a row without an id that is new gets the next.
///
/// # Errors
/// Everything that is wrong with what was handed in, by its lines. Whether the
/// programme can work with the table is to be asked of its definition.
pub fn merge(before: &KeptTable, fresh: &HandedIn<'_>) -> Result<Plan, Vec<Problem>> {
    let mut merging = Merging::begin(before, fresh)?;
    merging.take_rows()?;
    merging.keep_names();
    merging.end_the_missing();
    Ok(merging.plan())
}

struct Merging<'a> {
    before: &'a KeptTable,
    fresh: &'a HandedIn<'a>,
    /// The columns of the table as it is to be, and of what was handed in.
    columns: Columns,
    given: Columns,
    plan: Plan,
    /// The places of the rows as they were, by id.
    known: BTreeMap<&'a str, usize>,
    problems: Vec<Problem>,
}

impl<'a> Merging<'a> {
    fn begin(before: &'a KeptTable, fresh: &'a HandedIn<'a>) -> Result<Self, Vec<Problem>> {
        let table = fresh.table;
        let rows = &fresh.cells.rows;
        if fresh.cells.header.is_empty() || rows.is_empty() {
            let remedy = "第一行写列名，下面每行一个；可以先下载现在的表，改好再上传。";
            return Err(vec![problem(None, "表里没有内容。", remedy)]);
        }
        if rows.len() > MOST_ROWS {
            let message = format!("表里有{}行，名册最多{MOST_ROWS}行。", rows.len());
            let remedy = "请核对是不是拿错了文件，或把多余的行删去。";
            return Err(vec![problem(None, message, remedy)]);
        }
        let given = Columns::of(table, &fresh.cells.header);
        let mut problems = wrong_columns(fresh, &given);
        let mut columns = Columns::of(table, before.header());
        let mut plan = Plan {
            header: before.header().to_vec(),
            ..Plan::default()
        };
        let filled = |at: usize| rows.iter().any(|(_, cells)| !cell(cells, Some(at)).is_empty());
        for (at, key) in given.each() {
            if columns.place(key).is_none() && filled(at) {
                columns.add(key.clone());
                plan.header.push(fresh.cells.header[at].clone());
                plan.new_columns.push(fresh.cells.header[at].clone());
            }
        }
        for (at, key) in columns.each() {
            if given.place(key).is_none() && at < before.header().len() {
                plan.left_columns.push(plan.header[at].clone());
            }
        }
        problems.extend(wrong_cells(fresh, &given));
        if !problems.is_empty() {
            return Err(problems);
        }
        let id = Columns::of(table, before.header()).known("id");
        let known = before.rows().iter().enumerate();
        let known = known.map(|(at, row)| (cell(&row.cells, id), at)).collect();
        Ok(Self {
            before,
            fresh,
            columns,
            given,
            plan,
            known,
            problems,
        })
    }

    /// Takes each row that was handed in.
    fn take_rows(&mut self) -> Result<(), Vec<Problem>> {
        let id = self.given.known("id");
        let rows = &self.fresh.cells.rows;
        let given = rows.iter().map(|(_, cells)| cell(cells, id));
        let all: Vec<&str> = self.known.keys().copied().chain(given).collect();
        let mut ids = FreshIds::after(all.into_iter().filter(|id| !id.is_empty()));
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for (line, cells) in rows {
            let own = match cell(cells, id) {
                "" => match self.fresh_id(*line, cells, &mut ids) {
                    Ok(own) => own,
                    Err(wrong) => {
                        self.problems.push(wrong);
                        continue;
                    }
                },
                own => own.to_owned(),
            };
            if let Some(first) = lines.insert(own.clone(), *line) {
                let message = format!("“编号”写的是“{own}”，与第{first}行重复。");
                let remedy = "每行的编号各不相同；新增的一行编号可以空着。";
                self.problems.push(problem(Some(*line), message, remedy));
                continue;
            }
            self.take_row(*line, &own, cells);
        }
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(std::mem::take(&mut self.problems))
        }
    }

    /// An id for a row without one, if it is certainly new.
    fn fresh_id(&self, line: usize, cells: &[String], ids: &mut FreshIds) -> Result<String, Problem> {
        let name = self.fresh.table.name();
        let own = name_key(cell(cells, self.given.known(name)));
        let (id, place) = (self.columns.known("id"), self.columns.known(name));
        let mut rows = self.before.rows().iter();
        let same = rows.find(|row| !own.is_empty() && name_key(cell(&row.cells, place)) == own);
        if let Some(row) = same.filter(|_| self.fresh.table.keeps_names()) {
            let known = cell(&row.cells, id);
            let message = "“编号”没有填，而名称与名册里的一行相同。";
            return Err(problem(
                Some(line),
                message,
                format!("就是那一行的，编号写{known}；另一个单位的，名称要有区别。"),
            ));
        }
        let remedy = "每行都要有编号，各不相同，启用以后不要再改。";
        ids.next()
            .ok_or_else(|| problem(Some(line), "“编号”没有填。", remedy))
    }

    fn take_row(&mut self, line: usize, id: &str, given: &[String]) {
        let from = self.known.get(id).copied();
        let row = from.and_then(|from| self.before.rows().get(from));
        let mut cells = row.map(|row| row.cells.clone()).unwrap_or_default();
        let mut changed: Vec<(&ColumnKey, CellChange)> = Vec::new();
        for (at, key) in self.columns.each() {
            let text = match key {
                ColumnKey::Known("id") => id,
                _ => match self.given.place(key) {
                    Some(place) => cell(given, Some(place)),
                    None => continue,
                },
            };
            let was = cell(&cells, Some(at)).to_owned();
            if !key.says_the_same(&was, text) {
                put(&mut cells, at, text);
                changed.push((
                    key,
                    CellChange {
                        column: self.plan.header[at].clone(),
                        before: was,
                        after: text.to_owned(),
                    },
                ));
            }
        }
        let name = cell(&cells, self.columns.known(self.fresh.table.name())).to_owned();
        let of = |kind, cells: Vec<CellChange>| Change {
            kind,
            id: id.to_owned(),
            name: name.clone(),
            line,
            cells,
        };
        let kind_of = |key: &ColumnKey| match key {
            ColumnKey::Known(key) if *key == self.fresh.table.name() => ChangeKind::Renamed,
            ColumnKey::Known(key) if self.fresh.table.contacts().contains(key) => ChangeKind::Contact,
            _ => ChangeKind::Other,
        };
        if row.is_none() {
            let cells = changed.into_iter().map(|(_, own)| own).collect();
            self.plan.changes.push(of(ChangeKind::Added, cells));
        } else {
            for kind in [ChangeKind::Renamed, ChangeKind::Contact, ChangeKind::Other] {
                let own = changed.iter().filter(|(key, _)| kind_of(key) == kind);
                let own: Vec<CellChange> = own.map(|(_, own)| own.clone()).collect();
                if !own.is_empty() {
                    self.plan.changes.push(of(kind, own));
                }
            }
        }
        self.plan.rows.push(NextRow { line, from, cells });
    }

    /// Whoever is called otherwise keeps the name before among the former ones,
    /// so that files and folders of that name are still theirs.
    fn keep_names(&mut self) {
        if !self.fresh.table.keeps_names() {
            return;
        }
        let name = self.columns.known("name");
        let renamed: Vec<(usize, String)> = self
            .plan
            .rows
            .iter()
            .enumerate()
            .filter_map(|(at, row)| {
                let was = cell(&self.before.rows().get(row.from?)?.cells, name);
                let other = name_key(was) != name_key(cell(&row.cells, name)) && !was.is_empty();
                other.then(|| (at, was.to_owned()))
            })
            .collect();
        if renamed.is_empty() {
            return;
        }
        let places = ["name", "display_name", "aliases", "former_names"].map(|key| self.columns.known(key));
        let mut names: BTreeSet<String> = BTreeSet::new();
        for row in &self.plan.rows {
            let own = places.iter().flat_map(|place| split(cell(&row.cells, *place)));
            names.extend(own.map(|own| name_key(&own)));
        }
        for (at, was) in renamed {
            if names.contains(&name_key(&was)) {
                continue;
            }
            let place = self.column("former_names");
            let row = &mut self.plan.rows[at];
            let mut former = split(cell(&row.cells, Some(place)));
            former.push(was);
            put(&mut row.cells, place, &former.join("、"));
        }
    }

    /// The place of a column, which is added where the table hasn't got it.
    fn column(&mut self, key: &'static str) -> usize {
        if let Some(place) = self.columns.known(key) {
            return place;
        }
        let header = self.fresh.table.field(key).map_or(key, |field| field.headers[0]);
        self.plan.header.push(header.to_owned());
        self.plan.new_columns.push(header.to_owned());
        self.columns.add(ColumnKey::Known(key))
    }

    /// Ends what was left out and has been used; the rest goes.
    fn end_the_missing(&mut self) {
        let id = self.columns.known("id");
        let taken: BTreeSet<usize> = self.plan.rows.iter().filter_map(|row| row.from).collect();
        let mut line = self.fresh.cells.rows.last().map_or(0, |(line, _)| *line);
        for (from, row) in self.before.rows().iter().enumerate() {
            if taken.contains(&from) {
                continue;
            }
            let own = cell(&row.cells, id).to_owned();
            let name = cell(&row.cells, self.columns.known(self.fresh.table.name())).to_owned();
            let mut change = Change {
                kind: ChangeKind::Removed,
                id: own.clone(),
                name,
                line: 0,
                cells: Vec::new(),
            };
            if self.fresh.used.is_some_and(|used| !used.contains(&own)) {
                self.plan.changes.push(change);
                continue;
            }
            line += 1;
            let place = self.column("valid_to");
            let mut cells = row.cells.clone();
            let was = cell(&cells, Some(place)).to_owned();
            if date(&was).is_none_or(|day| day > self.fresh.until) {
                let until = self.fresh.until.to_string();
                put(&mut cells, place, &until);
                (change.kind, change.line) = (ChangeKind::Ended, line);
                change.cells.push(CellChange {
                    column: self.plan.header[place].clone(),
                    before: was,
                    after: until,
                });
                self.plan.changes.push(change);
            }
            // Where it stood: behind the row that stood before it.
            let before = self
                .plan
                .rows
                .iter()
                .rposition(|row| row.from.is_some_and(|own| own < from));
            let next = NextRow {
                line,
                from: Some(from),
                cells,
            };
            self.plan.rows.insert(before.map_or(0, |at| at + 1), next);
        }
    }

    fn plan(mut self) -> Plan {
        let order: Vec<usize> = self.plan.rows.iter().filter_map(|row| row.from).collect();
        self.plan.reordered = !order.is_sorted();
        let (gone, others) = (
            self.plan.count(ChangeKind::Ended) + self.plan.count(ChangeKind::Removed),
            self.plan.count(ChangeKind::Renamed),
        );
        self.plan.doubtful = self.known.len() > 2 && (gone + others) * 2 > self.known.len();
        self.plan.changes.sort_by_key(|own| own.kind);
        self.plan
    }
}

/// What is wrong with the header of what was handed in.
fn wrong_columns(fresh: &HandedIn<'_>, given: &Columns) -> Vec<Problem> {
    let mut wrong = Vec::new();
    let fields = fresh.table.fields().iter().filter(|field| field.required);
    let required: Vec<&str> = fields.clone().map(|field| field.headers[0]).collect();
    for field in fields.filter(|field| given.known(field.key).is_none()) {
        let remedy = format!(
            "这是“{}”的表，列名里应有：{}。可以先下载现在的表，改好再上传。",
            fresh.table.label(),
            required.join("、")
        );
        wrong.push(problem(
            None,
            format!("没有“{}”这一列。", field.headers[0]),
            remedy,
        ));
    }
    let all: Vec<(usize, &ColumnKey)> = given.each().collect();
    for (number, (at, key)) in all.iter().enumerate() {
        if all[..number].iter().any(|(_, own)| own == key) {
            let header = &fresh.cells.header[*at];
            wrong.push(problem(None, format!("列“{header}”重复。"), "同一项只留一列。"));
        }
    }
    wrong
}

/// Cells that no roster holds, wherever they stand.
fn wrong_cells(fresh: &HandedIn<'_>, given: &Columns) -> Vec<Problem> {
    let mut wrong = Vec::new();
    for (line, cells) in &fresh.cells.rows {
        for (at, _) in given.each() {
            let (text, header) = (cell(cells, Some(at)), &fresh.cells.header[at]);
            if text.chars().count() > LONGEST_CELL {
                let message = format!("“{header}”有{}个字。", text.chars().count());
                wrong.push(problem(Some(*line), message, format!("最多{LONGEST_CELL}个字。")));
            } else if text.starts_with(['=', '@', '＝', '＠']) {
                let message = format!(
                    "“{header}”以“{}”开头，用表格软件打开时会被当作公式。",
                    &text[..text.chars().next().map_or(0, char::len_utf8)]
                );
                wrong.push(problem(Some(*line), message, "请改成文字。"));
            }
        }
    }
    wrong
}
