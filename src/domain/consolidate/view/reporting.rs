//! 报送情况: unit by unit, under their display names.

use super::{Cell, Subject, Table, Tone, blank, number, text};
use crate::domain::consolidate::words::Words;
use crate::domain::consolidate::{ReportingLine, Summary};
use crate::domain::obligation::State;

pub(super) fn table(of: Subject<'_>, summary: &Summary) -> Table {
    let words = of.words;
    let plain = |word: &'static str| word.trim_end_matches("（份）");
    let columns = [
        (words.no, 6.0),
        (words.unit, 22.0),
        (plain(words.expected), 8.0),
        (plain(words.received), 8.0),
        (words.first_received, 24.0),
        (words.accepted_at, 24.0),
        (words.state, 16.0),
        (words.times_returned, 9.0),
        (words.remark, 24.0),
    ];
    let mut table = of.table(words.reporting, words.titles[2], columns);
    for (index, line) in (1_u32..).zip(&summary.units) {
        table.line(cells(words, index, line));
    }
    let tally = &summary.tally;
    let returned: u32 = summary.units.iter().map(|line| line.times_returned).sum();
    table.line([
        blank(),
        text(Tone::Centre, words.total),
        number(Tone::Centre, tally.expected),
        number(Tone::Centre, tally.received),
        blank(),
        blank(),
        blank(),
        number(Tone::Centre, returned),
        blank(),
    ]);
    table
}

fn cells(words: &Words, index: u32, line: &ReportingLine) -> [Cell; 9] {
    let stamp = |at: Option<_>| at.map_or_else(String::new, |at| words.stamp(at));
    let received = line.expected && line.first_received.is_some();
    [
        number(Tone::Centre, index),
        text(Tone::Centre, line.name.as_str()),
        number(Tone::Centre, u32::from(line.expected)),
        number(Tone::Centre, u32::from(received)),
        text(Tone::Centre, stamp(line.first_received)),
        text(Tone::Centre, stamp(line.accepted_at)),
        text(Tone::Centre, words.state(line.state)),
        number(Tone::Centre, line.times_returned),
        text(Tone::Body, remark(words, line)),
    ]
}

fn remark(words: &Words, line: &ReportingLine) -> String {
    let mut remarks: Vec<&str> = Vec::new();
    if line.after_close {
        remarks.push(words.after_close);
    } else if line.late && line.state != State::AcceptedLate {
        remarks.push(words.late.trim_end_matches("（份）"));
    }
    remarks.extend(line.exempt_reason.as_deref());
    remarks.join(words.parting())
}
