//! 未对应批示: remarks whose row is gone; nothing the office wrote is lost.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::pen::text;
use super::remarks::is_sheet_key;
use super::style::Look;
use super::{MasterWriter, changes};
use crate::domain::consolidate::RowKey;

pub(super) fn write(writer: &mut MasterWriter<'_>, book: &mut Workbook) -> Result<(), XlsxError> {
    let words = writer.words;
    let roster = &writer.source.program.roster;
    let mut lines = Vec::new();
    for (key, texts) in &writer.source.remarks.0 {
        if writer.placed.contains(key.as_str()) || is_sheet_key(key) {
            continue;
        }
        let (place, unit, row) = match key.parse::<RowKey>() {
            Ok(parsed) => {
                let place = roster
                    .units
                    .iter()
                    .position(|unit| unit.id == parsed.unit.as_str());
                let unit = roster.unit(&parsed.unit).map(|unit| unit.display_name.clone());
                let row = changes::key_text(&parsed);
                (place, unit.unwrap_or(parsed.unit), row)
            }
            Err(_) => (None, String::new(), key.clone()),
        };
        for (column, remark) in texts {
            // Units that have left the roster come last.
            let place = place.unwrap_or(usize::MAX);
            lines.push((place, unit.clone(), row.clone(), column.header(words), remark));
        }
    }
    if lines.is_empty() {
        return Ok(());
    }
    lines.sort_by_key(|line| line.0);
    let [unit, row, column, content] = words.orphan_columns;
    let columns = [(unit, 18.0), (row, 40.0), (column, 14.0), (content, 70.0)];
    writer.small_sheet(book, (words.orphans, words.orphans), &columns, "", |pen| {
        for (_, unit, row, column, remark) in &lines {
            pen.line(&[
                text(Look::Body, unit.as_str()),
                text(Look::Body, row.as_str()),
                text(Look::Centre, column.as_str()),
                text(Look::Body, remark.as_str()),
            ])?;
        }
        Ok(())
    })
}
