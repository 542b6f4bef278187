//! 报送情况: unit by unit, under their display names.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::MasterWriter;
use super::pen::{number, text};
use super::style::Look;
use super::words::Words;
use crate::domain::consolidate::{ReportingLine, Summary};

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    summary: &Summary,
) -> Result<(), XlsxError> {
    let words = writer.words;
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
    writer.small_sheet(book, (words.reporting, words.titles[2]), &columns, "", |pen| {
        for (index, line) in (1_u32..).zip(&summary.units) {
            let stamp = |at: Option<_>| at.map_or_else(String::new, |at| words.stamp(at));
            pen.line(&[
                number(Look::Centre, index),
                text(Look::Centre, &*line.name),
                number(Look::Centre, u32::from(line.expected)),
                number(
                    Look::Centre,
                    u32::from(line.expected && line.first_received.is_some()),
                ),
                text(Look::Centre, stamp(line.first_received)),
                text(Look::Centre, stamp(line.accepted_at)),
                text(Look::Centre, words.state(line.state)),
                number(Look::Centre, line.times_returned),
                text(Look::Body, remark(words, line)),
            ])?;
        }
        let tally = &summary.tally;
        let returned: u32 = summary.units.iter().map(|line| line.times_returned).sum();
        let mut cells = vec![text(Look::Centre, ""), text(Look::Centre, words.total)];
        cells.extend([
            number(Look::Centre, tally.expected),
            number(Look::Centre, tally.received),
        ]);
        cells.extend([const { "" }; 3].map(|blank| text(Look::Centre, blank)));
        cells.extend([number(Look::Centre, returned), text(Look::Centre, "")]);
        pen.line(&cells)
    })
}

fn remark(words: &Words, line: &ReportingLine) -> String {
    let mut remarks: Vec<&str> = Vec::new();
    if line.after_close {
        remarks.push(words.after_close);
    } else if line.late && line.state != crate::domain::obligation::State::AcceptedLate {
        remarks.push(words.late.trim_end_matches("（份）"));
    }
    remarks.extend(line.exempt_reason.as_deref());
    remarks.join(words.parting())
}
