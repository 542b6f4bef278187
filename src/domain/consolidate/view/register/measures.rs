//! 量化指标: figures against their pace, and 口径不一: what leads disagree about.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::super::{Cell, Table, Tone, blank, number, text};
use super::View;
use crate::domain::program::Item;
use crate::domain::register::{disagreements, progress};

impl View<'_> {
    /// 量化指标: one line a figure and unit; none where nothing is measured.
    pub(super) fn measures(&self) -> Option<Table> {
        let words = self.words;
        let measures = self.items.measures.as_ref()?;
        let columns = [
            (words.number, 6.0),
            (words.item, 22.0),
            (words.figure, 22.0),
            (words.counted_in, 7.0),
            (words.whole, 26.0),
            (words.requirement, 12.0),
            (words.lead, 14.0),
            (words.reached, 10.0),
            (words.by_now, 10.0),
            (words.short, 10.0),
            (self.of.words.light, 9.0),
            (words.reported, 10.0),
        ];
        let mut table = self.of.table(words.measures, words.measures, columns);
        table.note = self.of.words.measures_note(measures);
        for line in &self.facts.lines {
            let item = self.item(line);
            let Some(measure) = &item.measure else { continue };
            let progress = progress(self.items, line, self.end);
            let figure = |value: Option<Decimal>| {
                let value = value.and_then(|value| value.to_f64());
                value.map_or_else(blank, |value| number(Tone::Centre, value))
            };
            let light = progress.and_then(|own| own.light);
            let said = line.row.as_ref().filter(|_| line.state.counts());
            let reached = match (progress, said) {
                (Some(own), _) => figure(Some(own.reached)),
                (None, Some(row)) => text(Tone::Centre, row.text(&measures.column)),
                (None, None) => blank(),
            };
            let cells: [Cell; 12] = [
                text(Tone::Centre, item.number.as_str()),
                text(Tone::Body, self.measured(item)),
                text(Tone::Body, item.name.as_str()),
                text(Tone::Centre, measure.unit.as_str()),
                text(
                    Tone::Body,
                    self.items.cell(item, &measures.whole).unwrap_or_default(),
                ),
                text(Tone::Centre, self.requirement(item)),
                text(Tone::Centre, self.unit(line)),
                reached,
                figure(progress.and_then(|own| own.wanted)),
                figure(progress.and_then(|own| own.short)),
                light.map_or_else(blank, |light| {
                    text(Tone::of_light(light), self.of.words.light_name(light))
                }),
                text(Tone::Centre, self.reported(line)),
            ];
            table.line(cells);
        }
        Some(table)
    }

    /// The name of what a figure measures.
    fn measured(&self, item: &Item) -> &str {
        let measure = item.measure.as_ref();
        let measured = measure.and_then(|own| self.items.item(&own.of));
        measured.map_or("", |item| Self::name(item))
    }

    /// 口径不一: items of which several leads report different things; none
    /// where they agree.
    pub(super) fn disagreements(&self) -> Option<Table> {
        let words = self.words;
        let found = disagreements(self.items, &self.facts.lines);
        if found.is_empty() {
            return None;
        }
        let figures = found
            .iter()
            .any(|own| self.items.all[own.place].measure.is_some());
        let mut columns = vec![(words.number, 6.0), (words.item, 40.0)];
        columns.extend(figures.then_some((words.figure, 26.0)));
        columns.push((words.said_differently, 60.0));
        let mut table = self.of.table(words.disagree, words.disagree, columns);
        words.disagree_note.clone_into(&mut table.note);
        for own in found {
            let item = &self.items.all[own.place];
            let (name, figure) = match item.measure {
                Some(_) => (self.measured(item), item.name.as_str()),
                None => (Self::name(item), ""),
            };
            let said = own.reports.iter().map(|(unit, said)| {
                let unit = self.of.program.roster.unit(unit);
                self.of
                    .words
                    .said(unit.map_or("", |unit| unit.display_name.as_str()), said)
            });
            let mut cells = vec![text(Tone::Centre, item.number.as_str()), text(Tone::Body, name)];
            cells.extend(figures.then(|| text(Tone::Body, figure)));
            let said = said.collect::<Vec<_>>().join(self.of.words.parting());
            cells.push(text(Tone::Body, said));
            table.line(cells);
        }
        Some(table)
    }
}
