//! The programme's own summaries, a sheet each.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Cell, Subject, Table, Tone, blank, number, text};
use crate::domain::consolidate::AggregateTable;

pub(super) fn table(of: Subject<'_>, aggregate: &AggregateTable) -> Table {
    let words = of.words;
    let mut columns = vec![(words.no, 6.0), (words.unit, 24.0)];
    columns.extend(aggregate.columns.iter().map(|header| (header.as_str(), 16.0)));
    let width = columns.len();
    let mut table = of.table(&aggregate.name, &aggregate.name, columns);
    for (index, line) in (1_u32..).zip(&aggregate.lines) {
        let mut cells = vec![
            number(Tone::Centre, index),
            text(Tone::Centre, line.name.as_str()),
        ];
        cells.extend(line.values.iter().flatten().map(|value| figure(*value)));
        // A unit whose ledger doesn't count yet has blanks, not noughts.
        cells.resize(width, blank());
        table.line(cells);
    }
    let mut cells = vec![blank(), text(Tone::Centre, words.total)];
    cells.extend(aggregate.total.iter().map(|value| figure(*value)));
    table.line(cells);
    table
}

fn figure(value: Decimal) -> Cell {
    match value.to_f64() {
        Some(plain) if value.normalize().to_string().len() <= 15 => number(Tone::Centre, plain),
        _ => text(Tone::Centre, value.normalize().to_string()),
    }
}
