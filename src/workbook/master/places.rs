//! 按村: joint visits counted once.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::MasterWriter;
use super::pen::{number, text};
use super::style::Look;
use crate::domain::consolidate::VisitSummary;

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    visits: &VisitSummary,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let headers = [
        words.of_time(words.this_period, words.visits),
        words.of_time(words.this_period, words.solved),
        words.of_time(words.this_year, words.visits),
        words.of_time(words.this_year, words.days),
        words.of_time(words.this_year, words.solved),
    ];
    let has_leaders = !writer.source.program.roster.leaders.is_empty();
    let who = words.who(writer.form, has_leaders);
    let columns = [
        (words.no, 6.0),
        (words.place, 14.0),
        (who.as_str(), 18.0),
        (headers[0].as_str(), 10.0),
        (headers[1].as_str(), 13.0),
        (headers[2].as_str(), 10.0),
        (headers[3].as_str(), 10.0),
        (headers[4].as_str(), 13.0),
        (words.latest, 19.0),
        (words.remark, 26.0),
    ];
    writer.small_sheet(book, (words.places, words.titles[1]), &columns, "", |pen| {
        for (index, line) in (1_u32..).zip(&visits.places) {
            let solved = |solved: u64| number(Look::Centre, u32::try_from(solved).unwrap_or(u32::MAX));
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
            pen.line(&[
                number(Look::Centre, index),
                text(Look::Centre, &*line.place),
                text(Look::Centre, line.leaders.join(words.list)),
                number(Look::Centre, line.period.visits),
                solved(line.period.solved),
                number(Look::Centre, line.year.visits),
                number(Look::Centre, line.year.days),
                solved(line.year.solved),
                text(Look::Centre, latest),
                text(Look::Body, remarks.join("\n")),
            ])?;
        }
        Ok(())
    })
}
