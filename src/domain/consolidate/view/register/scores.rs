//! 评分汇总: points by unit and group.

use std::collections::HashSet;

use rust_decimal::prelude::ToPrimitive as _;

use super::super::{Table, Tone, blank, count, number, text};
use super::View;
use crate::domain::ids::UnitId;
use crate::domain::program::Item;
use crate::domain::register::{ItemLine, ItemState};

impl<'a> View<'a> {
    /// 评分汇总: units by groups of items, with totals and, where it is turned
    /// on, ranks (1, 2, 2, 4); none where nothing is worth points.
    pub(super) fn scores(&self) -> Option<Table> {
        let words = self.words;
        let scores = self.items.scores.as_ref()?;
        let worth = |item: &Item| {
            self.items
                .cell(item, &scores.points)
                .and_then(|text| text.parse::<f64>().ok())
        };
        let mut groups: Vec<(&str, f64)> = Vec::new();
        for item in self.items.tasks() {
            let Some(points) = worth(item) else { continue };
            match groups.iter_mut().find(|(name, _)| *name == item.group) {
                Some((_, sum)) => *sum += points,
                None => groups.push((&item.group, points)),
            }
        }
        let whole: f64 = groups.iter().map(|(_, points)| points).sum();
        let mut columns: Vec<(String, f64)> = vec![(words.lead.to_owned(), 14.0)];
        columns.extend(
            groups
                .iter()
                .map(|(name, points)| (format!("{name}（{points}）"), 10.0)),
        );
        columns.push((format!("{}（{whole}）", self.of.words.total), 10.0));
        columns.extend(scores.rank.then(|| (words.rank.to_owned(), 8.0)));
        columns.push((words.hits.to_owned(), 12.0));
        let mut table = self.of.table(words.scores, words.scores, columns);
        let mut rows: Vec<(String, Vec<Option<f64>>, u64)> = Vec::new();
        for unit in self.units() {
            let name = self
                .of
                .program
                .roster
                .unit(unit)
                .map_or("", |unit| unit.display_name.as_str());
            let own: Vec<&ItemLine> = self
                .tasks()
                .filter(|line| line.unit.as_ref() == Some(unit))
                .collect();
            let points = groups.iter().map(|(group, _)| {
                let given = own
                    .iter()
                    .filter(|line| self.item(line).group == **group)
                    .filter_map(|line| {
                        let row = line.row.as_ref().filter(|_| line.state == ItemState::Accepted)?;
                        row.number(&scores.column)?.to_f64()
                    });
                let given: Vec<f64> = given.collect();
                (!given.is_empty()).then(|| given.iter().sum())
            });
            let hits = own.iter().filter(|line| self.is_hit(line)).count();
            rows.push((name.to_owned(), points.collect(), hits as u64));
        }
        let total = |points: &[Option<f64>]| points.iter().flatten().sum::<f64>();
        for (name, points, hits) in &rows {
            let given = points.iter().any(Option::is_some);
            let mut cells = vec![text(Tone::Centre, name.as_str())];
            cells.extend(
                points
                    .iter()
                    .map(|points| points.map_or_else(blank, |points| number(Tone::Centre, points))),
            );
            cells.push(if given {
                number(Tone::Centre, total(points))
            } else {
                blank()
            });
            if scores.rank {
                let above = rows
                    .iter()
                    .filter(|(_, other, _)| total(other) > total(points))
                    .count();
                cells.push(if given { count(above as u64 + 1) } else { blank() });
            }
            cells.push(if *hits > 0 {
                text(Tone::Red, hits.to_string())
            } else {
                blank()
            });
            table.line(cells);
        }
        Some(table)
    }

    /// Units that owe anything, in roster order.
    pub(super) fn units(&self) -> Vec<&'a UnitId> {
        let known: HashSet<&UnitId> = self.tasks().filter_map(|line| line.unit.as_ref()).collect();
        let units = self.of.program.roster.units.iter().map(|unit| &unit.id);
        units.filter(|unit| known.contains(unit)).collect()
    }

    /// Whether a row says something that the definition warns of.
    pub(super) fn is_hit(&self, line: &ItemLine) -> bool {
        let Some(row) = line.row.as_ref().filter(|_| line.state == ItemState::Accepted) else {
            return false;
        };
        let columns = self.of.form.sheets.iter().flat_map(|sheet| &sheet.columns);
        columns
            .into_iter()
            .any(|column| column.warns_of.iter().any(|value| value == row.text(&column.key)))
    }
}
