//! The table's empty rows, what stands below them, and the sheet's behaviour.

use std::ops::RangeInclusive;

use rust_xlsxwriter::{Color, Format, ProtectionOptions, Worksheet};

use super::FormContext;
use super::head::{align_of, write_across};
use super::layout::{Layout, Shown};
use crate::domain::program::ColumnKind;
use crate::domain::register::Ready;
use crate::workbook::style::{
    Align, BODY_SIZE, Margins, estimate_height, safe_text, set_up_page, write_words,
};

/// Height of a row that waits for its text, in points.
const EMPTY_HEIGHT: f64 = 28.0;

/// The grey of what stands ready.
const GIVEN: u32 = 0x00E7_E6E6;

/// The format of a data cell that holds nothing yet.
pub fn cell_format(context: &FormContext<'_>, shown: &Shown<'_>) -> Format {
    let typeface = context.typeface();
    let Shown::Form(_, column) = shown else {
        return typeface.cell(Align::Left).set_unlocked();
    };
    let format = typeface.cell(align_of(&column.kind)).set_unlocked();
    match column.kind {
        ColumnKind::Dates | ColumnKind::Date => format.set_num_format(typeface.date),
        // A telephone number that is typed alone would end as 1.38E+10.
        ColumnKind::Contact => format.set_num_format("@"),
        _ => format,
    }
}

/// The format of a cell that stands ready: grey, so that people see what they
/// needn't fill in.
pub fn given_format(format: Format) -> Format {
    format.set_background_color(Color::RGB(GIVEN))
}

/// Writes rows of a register, with what is given in them; gives the rows taken.
///
/// # Errors
/// When the sheet is too large.
pub fn write_ready_rows(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
    first: u32,
    ready: &[&Ready],
) -> anyhow::Result<RangeInclusive<u32>> {
    let formats: Vec<Format> = layout
        .columns
        .iter()
        .map(|shown| cell_format(context, shown))
        .collect();
    let mut last = first;
    for (row, given) in (first..).zip(ready) {
        let mut height = EMPTY_HEIGHT;
        for ((number, shown), format) in layout.numbered().zip(&formats) {
            let column = match shown {
                Shown::Form(index, column) => Some((*index, *column)),
                Shown::Extra(..) | Shown::Remarks | Shown::Explanation => None,
            };
            let grey = given.done || column.is_some_and(|(_, column)| column.given.is_some());
            let format = if grey {
                given_format(format.clone())
            } else {
                format.clone()
            };
            let text = column
                .and_then(|(index, _)| given.cells.get(index))
                .map_or("", String::as_str);
            let text = safe_text(text);
            height = height.max(estimate_height(&text, shown.width(), BODY_SIZE));
            let is_number =
                |kind: &ColumnKind| matches!(kind, ColumnKind::Number { .. } | ColumnKind::Count { .. });
            if column.is_some_and(|(_, column)| is_number(&column.kind))
                && let Ok(figure) = text.parse::<f64>()
            {
                sheet.write_number_with_format(row, number, figure, &format)?;
                continue;
            }
            match text.parse::<u32>() {
                Ok(running) if column.is_some_and(|(_, column)| column.kind == ColumnKind::Sequence) => {
                    sheet.write_number_with_format(row, number, running, &format)?;
                }
                _ if text.is_empty() => {
                    sheet.write_blank(row, number, &format)?;
                }
                _ => write_words(sheet, (row, number), &text, &format)?,
            }
        }
        sheet.set_row_height(row, height)?;
        last = row;
    }
    Ok(first..=last)
}

/// Writes bordered rows to type into.
///
/// # Errors
/// When the sheet is too large.
pub fn write_empty_rows(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
    rows: RangeInclusive<u32>,
) -> anyhow::Result<()> {
    let formats: Vec<(u16, Format)> = layout
        .numbered()
        .map(|(number, shown)| (number, cell_format(context, shown)))
        .collect();
    for row in rows {
        for (number, format) in &formats {
            sheet.write_blank(row, *number, format)?;
        }
        sheet.set_row_height(row, EMPTY_HEIGHT)?;
    }
    Ok(())
}

/// Writes the notes below the table and sets up freezing, protection and page.
///
/// # Errors
/// When the sheet is too large.
pub fn finish(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
    rows: &RangeInclusive<u32>,
    margins: Margins,
) -> anyhow::Result<()> {
    write_notes(sheet, context, layout, rows.end() + 1)?;
    sheet.set_freeze_panes(layout.header_row + 1, 0)?;
    sheet.protect_with_options(&protection());
    sheet.set_selection(layout.first_row, 0, layout.first_row, 0)?;
    let header = layout.header_row;
    set_up_page(sheet, &context.typeface(), margins, Some((header, header)))
}

/// All notes share one cell that begins with 注, so that none of their lines
/// can be taken for a row of data.
fn write_notes(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
    row: u32,
) -> anyhow::Result<()> {
    if context.form.notes.is_empty() {
        return Ok(());
    }
    let words = context.words();
    let mut text = safe_text(&context.form.notes.join("\n"));
    if !words.note_marks.iter().any(|mark| text.starts_with(mark)) {
        text.insert_str(0, words.note);
    }
    let format = context.typeface().line(BODY_SIZE).set_unlocked();
    write_across(sheet, row, (0, layout.last_column()), &text, &format)?;
    sheet.set_row_height(row, estimate_height(&text, layout.width(), BODY_SIZE))?;
    Ok(())
}

/// Keeps title, labels and header from being destroyed by accident; there is
/// no password, and everything that clerks do with rows stays possible.
fn protection() -> ProtectionOptions {
    ProtectionOptions {
        format_cells: true,
        format_columns: true,
        format_rows: true,
        insert_rows: true,
        delete_rows: true,
        insert_links: true,
        sort: true,
        use_autofilter: true,
        edit_objects: true,
        ..ProtectionOptions::new()
    }
}
