//! A plain list as a workbook: one sheet, a title, a line on what it is, and
//! rows of words. Every cell is a text, and stays one when somebody edits it.

use rust_xlsxwriter::Workbook;

use super::style::{
    Align, BODY_SIZE, Margins, SMALL_TITLE_SIZE, Typeface, clipped, needs_quoting, safe_text, set_up_page,
};
use crate::domain::language::Language;

/// What stands above the rows.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// The sheet's name, which is the title too.
    pub title: &'a str,
    /// What it is, in a sentence or two.
    pub note: &'a str,
    /// Each column's header, and its width in characters.
    pub columns: &'a [(&'a str, f64)],
}

const HEADER_ROW: u32 = 2;

/// UTF-16 units that a cell holds.
const LONGEST: usize = 32_767;

/// The workbook's bytes. Rows are on disk while it is written, not in memory.
///
/// # Errors
/// No temporary file can be made, or there are more rows than a sheet takes.
pub fn write_listing(head: Head<'_>, rows: impl IntoIterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let typeface = Typeface::of(Language::Chinese);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?.set_name(head.title)?;
    for (column, (_, width)) in (0..).zip(head.columns) {
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    set_up_page(sheet, &typeface, Margins::Narrow, Some((HEADER_ROW, HEADER_ROW)))?;
    let line = typeface.line(BODY_SIZE).unset_text_wrap();
    sheet.write_string_with_format(
        0,
        0,
        head.title,
        &typeface.line(SMALL_TITLE_SIZE).unset_text_wrap(),
    )?;
    sheet.write_string_with_format(1, 0, safe_text(head.note), &line)?;
    for (column, (header, _)) in (0..).zip(head.columns) {
        sheet.write_string_with_format(HEADER_ROW, column, *header, &typeface.header())?;
    }
    let plain = typeface.cell(Align::Left);
    let quoted = plain.clone().set_quote_prefix();
    for (number, cells) in (HEADER_ROW + 1..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            let text = clipped(&safe_text(&text), LONGEST);
            let format = if needs_quoting(&text) { &quoted } else { &plain };
            sheet.write_string_with_format(number, column, text, format)?;
        }
    }
    Ok(book.save_to_buffer()?)
}
