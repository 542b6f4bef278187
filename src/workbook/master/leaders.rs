//! 按领导: figures against the targets, with a light in words.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::MasterWriter;
use super::pen::{Cell, number, text};
use super::style::Look;
use super::words::Words;
use crate::domain::consolidate::{Count, LeaderLine, VisitSummary};
use crate::domain::program::{TargetScope, Targets};
use crate::domain::targets::Light;

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    visits: &VisitSummary,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let targets = writer.source.program.material.targets();
    let has_leaders = !writer.source.program.roster.leaders.is_empty();
    let headers = [
        words.of_time(words.this_period, words.visits),
        words.of_time(words.this_period, words.days),
        words.of_time(words.this_year, words.visits),
        words.of_time(words.this_year, words.days),
        words.of_time(words.this_period, words.solved),
        words.of_time(words.this_year, words.solved),
    ];
    let who = words.who(writer.form, has_leaders);
    let mut columns = vec![
        (words.no, 6.0),
        (who.as_str(), 10.0),
        (words.assigned, 7.0),
        (headers[0].as_str(), 8.0),
        (headers[1].as_str(), 8.0),
        (headers[2].as_str(), 8.0),
        (headers[3].as_str(), 8.0),
        (words.visited, 8.0),
        (words.not_visited, 26.0),
        (headers[4].as_str(), 10.0),
        (headers[5].as_str(), 10.0),
    ];
    if targets.is_some() {
        columns.extend([(words.to_go, 13.0), (words.light, 18.0)]);
    }
    columns.push((words.remark, 18.0));
    let note = targets.map_or_else(String::new, |targets| target_note(words, targets, visits));
    writer.small_sheet(book, (words.leaders, words.titles[0]), &columns, &note, |pen| {
        for (index, line) in (1_u32..).zip(&visits.leaders) {
            let cells = cells(words, index, line, targets.is_some());
            pen.line(&cells)?;
        }
        let mut cells = vec![
            text(Look::Centre, ""),
            text(Look::Centre, words.town),
            text(Look::Centre, ""),
        ];
        cells.extend(counts(visits.period));
        cells.extend(counts(visits.year));
        let places = visits.places.len();
        let visited = visits.places.iter().filter(|line| line.year.visits > 0).count();
        cells.push(text(Look::Centre, format!("{visited}/{places}")));
        cells.push(text(Look::Centre, ""));
        cells.push(solved(visits.period));
        cells.push(solved(visits.year));
        cells.resize(columns.len(), text(Look::Centre, ""));
        pen.line(&cells)
    })
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

fn counts(count: Count) -> [Cell<'static>; 2] {
    [
        number(Look::Centre, count.visits),
        number(Look::Centre, count.days),
    ]
}

fn solved(count: Count) -> Cell<'static> {
    number(Look::Centre, u32::try_from(count.solved).unwrap_or(u32::MAX))
}

fn cells<'a>(words: &Words, index: u32, line: &'a LeaderLine, with_targets: bool) -> Vec<Cell<'a>> {
    let assigned = u32::try_from(line.assigned.len()).unwrap_or(u32::MAX);
    let visited = u32::try_from(line.visited.len()).unwrap_or(u32::MAX);
    let mut cells = vec![
        number(Look::Centre, index),
        text(Look::Centre, &*line.name),
        number(Look::Centre, assigned),
    ];
    cells.extend(counts(line.period));
    cells.extend(counts(line.year));
    cells.push(number(Look::Centre, visited));
    cells.push(text(Look::Body, line.not_visited.join(words.list)));
    cells.push(solved(line.period));
    cells.push(solved(line.year));
    let mut remarks = Vec::new();
    if with_targets {
        let to_go = match line.missing {
            Some((visits, days)) if !line.coordinating && (visits > 0 || days > 0) => {
                words.pair(visits, days)
            }
            _ => "—".to_owned(),
        };
        cells.push(text(Look::Centre, to_go));
        let shown = line.lamp.light().map_or(Look::Centre, look);
        cells.push(text(shown, words.lamp(line.lamp)));
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
    cells.push(text(Look::Body, remarks.join("\n")));
    cells
}

fn look(light: Light) -> Look {
    match light {
        Light::Green => Look::Green,
        Light::Yellow => Look::Yellow,
        Light::Red => Look::Red,
    }
}
