//! 按领导: figures against the targets, with a light in words.

use super::{Cell, Subject, Table, Tone, blank, count, number, text};
use crate::domain::consolidate::words::Words;
use crate::domain::consolidate::{Count, LeaderLine, VisitSummary};
use crate::domain::program::{TargetScope, Targets};

pub(super) fn table(of: Subject<'_>, visits: &VisitSummary) -> Table {
    let words = of.words;
    let targets = of.program.material.targets();
    let mut columns = vec![
        (words.no.to_owned(), 6.0),
        (of.who(), 10.0),
        (words.assigned.to_owned(), 7.0),
        (words.of_time(words.this_period, words.visits), 8.0),
        (words.of_time(words.this_period, words.days), 8.0),
        (words.of_time(words.this_year, words.visits), 8.0),
        (words.of_time(words.this_year, words.days), 8.0),
        (words.visited.to_owned(), 8.0),
        (words.not_visited.to_owned(), 26.0),
        (words.of_time(words.this_period, words.solved), 10.0),
        (words.of_time(words.this_year, words.solved), 10.0),
    ];
    if targets.is_some() {
        columns.extend([(words.to_go.to_owned(), 13.0), (words.light.to_owned(), 18.0)]);
    }
    columns.push((words.remark.to_owned(), 18.0));
    let width = columns.len();
    let mut table = of.table(words.leaders, words.titles[0], columns);
    table.note = targets.map_or_else(String::new, |targets| target_note(words, targets, visits));
    for (index, line) in (1_u32..).zip(&visits.leaders) {
        table.line(cells(words, index, line, targets.is_some()));
    }
    table.line(sums(words, visits, width));
    table
}

/// The whole town, where joint visits count once.
fn sums(words: &Words, visits: &VisitSummary, width: usize) -> Vec<Cell> {
    let places = visits.places.len();
    let visited = visits.places.iter().filter(|line| line.year.visits > 0).count();
    let mut cells = vec![blank(), text(Tone::Centre, words.town), blank()];
    cells.extend(counts(visits.period));
    cells.extend(counts(visits.year));
    cells.push(text(Tone::Centre, format!("{visited}/{places}")));
    cells.extend([blank(), count(visits.period.solved), count(visits.year.solved)]);
    cells.resize(width, blank());
    cells
}

fn target_note(words: &Words, targets: &Targets, visits: &VisitSummary) -> String {
    let scope = match targets.scope {
        TargetScope::Leader => words.leader,
        TargetScope::LeaderVillage => words.place,
    };
    let year = words.pair(targets.visits, targets.days);
    let pace = visits.pace.map_or_else(
        || words.no_target.to_owned(),
        |pace| words.pair(pace.visits, pace.days),
    );
    let mut note = format!(
        "{}{}{}{year}{}{}{}{pace}",
        words.year_target,
        words.each(scope),
        words.colon,
        words.parting(),
        words.pace,
        words.colon
    );
    if targets.soft {
        note = format!("{note}{}{}", words.parting(), words.soft);
    }
    if let Some(since) = &visits.since {
        note = format!("{note}{}{}", words.parting(), words.since(since));
    }
    note
}

fn counts(count: Count) -> [Cell; 2] {
    [
        number(Tone::Centre, count.visits),
        number(Tone::Centre, count.days),
    ]
}

fn cells(words: &Words, index: u32, line: &LeaderLine, with_targets: bool) -> Vec<Cell> {
    let assigned = u32::try_from(line.assigned.len()).unwrap_or(u32::MAX);
    let visited = u32::try_from(line.visited.len()).unwrap_or(u32::MAX);
    let mut cells = vec![
        number(Tone::Centre, index),
        text(Tone::Centre, line.name.as_str()),
        number(Tone::Centre, assigned),
    ];
    cells.extend(counts(line.period));
    cells.extend(counts(line.year));
    cells.push(number(Tone::Centre, visited));
    cells.push(text(Tone::Body, line.not_visited.join(words.list)));
    cells.push(count(line.period.solved));
    cells.push(count(line.year.solved));
    let mut remarks = Vec::new();
    if with_targets {
        let to_go = match line.missing {
            Some((visits, days)) if !line.coordinating && (visits > 0 || days > 0) => {
                words.pair(visits, days)
            }
            _ => "—".to_owned(),
        };
        cells.push(text(Tone::Centre, to_go));
        let tone = line.lamp.light().map_or(Tone::Centre, Tone::of_light);
        cells.push(text(tone, words.lamp(line.lamp)));
        if line.coordinating {
            remarks.push(words.coordinating.to_owned());
        }
        if !line.behind.is_empty() {
            remarks.push(words.behind(&line.behind));
        }
    }
    if line.elsewhere > 0 {
        remarks.push(words.elsewhere(line.elsewhere));
    }
    cells.push(text(Tone::Body, remarks.join("\n")));
    cells
}
