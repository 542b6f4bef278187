//! 按村: joint visits counted once.

use super::{Cell, Subject, Table, Tone, count, number, text};
use crate::domain::consolidate::words::Words;
use crate::domain::consolidate::{PlaceLine, VisitSummary};

pub(super) fn table(of: Subject<'_>, visits: &VisitSummary) -> Table {
    let words = of.words;
    let columns = [
        (words.no.to_owned(), 6.0),
        (words.place.to_owned(), 14.0),
        (of.who(), 18.0),
        (words.of_time(words.this_period, words.visits), 10.0),
        (words.of_time(words.this_period, words.solved), 13.0),
        (words.of_time(words.this_year, words.visits), 10.0),
        (words.of_time(words.this_year, words.days), 10.0),
        (words.of_time(words.this_year, words.solved), 13.0),
        (words.latest.to_owned(), 19.0),
        (words.remark.to_owned(), 26.0),
    ];
    let mut table = of.table(words.places, words.titles[1], columns);
    for (index, line) in (1_u32..).zip(&visits.places) {
        table.line(cells(words, index, line));
    }
    table
}

fn cells(words: &Words, index: u32, line: &PlaceLine) -> [Cell; 10] {
    let mut remarks = Vec::new();
    if line.joint > 0 {
        remarks.push(words.joint_visits(line.joint));
    }
    if line.shared {
        remarks.push(words.shared.to_owned());
    }
    let latest = line
        .latest
        .map_or_else(|| words.never.to_owned(), |day| words.date(day));
    [
        number(Tone::Centre, index),
        text(Tone::Centre, line.place.as_str()),
        text(Tone::Centre, line.leaders.join(words.list)),
        number(Tone::Centre, line.period.visits),
        count(line.period.solved),
        number(Tone::Centre, line.year.visits),
        number(Tone::Centre, line.year.days),
        count(line.year.solved),
        text(Tone::Centre, latest),
        text(Tone::Body, remarks.join("\n")),
    ]
}
