//! 变动: what changed since the version before.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::pen::{Pen, text};
use super::style::Look;
use super::words::Words;
use super::{MasterWriter, Version};
use crate::domain::consolidate::{RowChange, RowChangeKind, RowKey, UnitChange};

/// The most lines of 变动; who wants more looks into 明细. Changes that come
/// after so many need not be gathered.
pub const MOST_CHANGE_LINES: usize = 5_000;

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    version: &Version<'_>,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let program = writer.source.program;
    let [unit, change, row, column, before, after] = words.change_columns;
    let columns = [
        (unit, 16.0),
        (change, 14.0),
        (row, 26.0),
        (column, 20.0),
        (before, 38.0),
        (after, 38.0),
    ];
    let note = if version.number <= 1 {
        words.first_version.to_owned()
    } else if version.changes.is_empty() {
        format!(
            "{}{}{}",
            words.versions(version.number),
            words.colon,
            words.nothing_changed
        )
    } else {
        words.versions(version.number)
    };
    let first = version.number <= 1;
    writer.small_sheet(book, (words.changes, words.titles[3]), &columns, &note, |pen| {
        let changes = version.changes.iter().filter(|_| !first);
        for change in changes {
            let unit = program.roster.unit(&change.unit);
            let name = unit.map_or(change.unit.as_str(), |unit| unit.display_name.as_str());
            unit_lines(pen, words, name, change)?;
            if pen.place.row as usize > MOST_CHANGE_LINES {
                break;
            }
        }
        Ok(())
    })
}

fn unit_lines(pen: &mut Pen<'_>, words: &Words, name: &str, change: &UnitChange) -> Result<(), XlsxError> {
    let tally = words.tally(change.added, change.removed, change.changed);
    pen.parts(&[(1, Look::Section, name), (5, Look::Section, &tally)])?;
    for row in &change.rows {
        row_lines(pen, words, name, row)?;
    }
    let all = (change.added + change.removed + change.changed) as usize;
    if all > change.rows.len() {
        let more = words.more(all - change.rows.len());
        pen.parts(&[(1, Look::Body, name), (5, Look::Body, &more)])?;
    }
    Ok(())
}

/// One line a changed cell; a row that came or went takes one line.
fn row_lines(pen: &mut Pen<'_>, words: &Words, name: &str, row: &RowChange) -> Result<(), XlsxError> {
    let [added, removed, changed] = words.kinds;
    let key = key_text(&row.key);
    let line = |pen: &mut Pen<'_>, kind: &str, column: &str, before: &str, after: &str| {
        pen.line(&[
            text(Look::Body, name.to_owned()),
            text(Look::Centre, kind.to_owned()),
            text(Look::Body, key.clone()),
            text(Look::Body, column.to_owned()),
            text(Look::Body, before.to_owned()),
            text(Look::Body, after.to_owned()),
        ])
    };
    let whole_row = |pen: &mut Pen<'_>, kind: &str, content: &str| {
        pen.parts(&[
            (1, Look::Body, name),
            (1, Look::Centre, kind),
            (1, Look::Body, &key),
            (3, Look::Body, content),
        ])
    };
    let whole = |side: fn(&crate::domain::consolidate::CellChange) -> &String| {
        let cells = row.cells.iter().filter(|cell| !side(cell).is_empty());
        let parts: Vec<String> = cells
            .filter(|cell| !row.key.texts.contains(side(cell)))
            .map(|cell| {
                format!(
                    "{}{}{}",
                    cell.header,
                    words.colon,
                    side(cell).trim_end_matches('。')
                )
            })
            .collect();
        parts.join(words.parting())
    };
    match row.kind {
        RowChangeKind::Added => whole_row(pen, added, &whole(|cell| &cell.after)),
        RowChangeKind::Removed => whole_row(pen, removed, &whole(|cell| &cell.before)),
        RowChangeKind::Changed => {
            for cell in &row.cells {
                line(pen, changed, &cell.header, &cell.before, &cell.after)?;
            }
            Ok(())
        }
    }
}

/// A key as people read it: its texts, and the ordinal where it isn't the first.
pub(super) fn key_text(key: &RowKey) -> String {
    let texts: Vec<&str> = key
        .texts
        .iter()
        .map(String::as_str)
        .filter(|text| !text.is_empty())
        .collect();
    let mut shown = texts.join(" ");
    if key.ordinal > 1 {
        shown = format!("{shown}（{}）", key.ordinal);
    }
    shown
}
