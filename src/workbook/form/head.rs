//! Title, fill lines, header and example row.

use rust_xlsxwriter::{Color, Format, Worksheet};

use super::layout::{Layout, Shown};
use super::{FormContext, fill::Slot};
use crate::domain::program::{ColumnKind, FillRole};
#[cfg(doc)]
use crate::workbook::style::finish;
use crate::workbook::style::{
    Align, BODY_SIZE, HEADER_SIZE, SMALL_TITLE_SIZE, TITLE_SIZE, estimate_height, quoted, safe_text,
    text_width, write_words,
};

const FILL_HEIGHT: f64 = 24.0;
const SPACER_HEIGHT: f64 = 6.0;

/// Writes everything above the first data row, and the columns' widths.
///
/// # Errors
/// When the title's template is wrong or the sheet too large.
pub fn write_head(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
) -> anyhow::Result<()> {
    // A protected sheet lets people delete a row only if no cell of it is
    // locked, out to the last column. So all is open, and the head is locked.
    // The column behind ours stands for all that follow ([`finish`]):
    // the library would keep 16,000 of them, which takes 7 MB a sheet.
    let behind = layout.numbered().map(|(number, _)| number + 1).max().unwrap_or(0);
    sheet.set_column_range_format(0, behind, &Format::new().set_unlocked())?;
    for (number, shown) in layout.numbered() {
        sheet.set_column_width(number, shown.width())?;
    }
    write_title(sheet, context, layout)?;
    for slot in &layout.fill {
        write_fill_line(sheet, context, slot)?;
    }
    if let Some(row) = layout.spacer_row {
        sheet.set_row_height(row, SPACER_HEIGHT)?;
    }
    write_header(sheet, context, layout)?;
    write_example(sheet, context, layout)
}

/// A text over several columns; one column is no merged cell.
///
/// # Errors
/// When the cells lie outside of the sheet or in another merged cell.
pub fn write_across(
    sheet: &mut Worksheet,
    row: u32,
    (first, last): (u16, u16),
    text: &str,
    format: &Format,
) -> anyhow::Result<()> {
    if first == last {
        write_words(sheet, (row, first), text, format)?;
    } else {
        sheet.merge_range(row, first, row, last, text, &quoted(format, text))?;
    }
    Ok(())
}

/// The header of a column as it is printed.
pub fn header_text(context: &FormContext<'_>, shown: &Shown<'_>) -> String {
    match shown {
        Shown::Form(_, column) => safe_text(&column.header),
        Shown::Extra(header, _) => safe_text(header),
        Shown::Remarks => context.words().remarks.to_owned(),
        Shown::Explanation => context.words().explanation.to_owned(),
    }
}

/// The size in which a title fits its width on one line, if there is one.
pub fn title_size(title: &str, width: f64) -> f64 {
    if text_width(title, TITLE_SIZE) <= width {
        TITLE_SIZE
    } else {
        SMALL_TITLE_SIZE
    }
}

fn write_title(sheet: &mut Worksheet, context: &FormContext<'_>, layout: &Layout<'_>) -> anyhow::Result<()> {
    let title = context.title()?;
    let size = title_size(&title, layout.width());
    write_across(
        sheet,
        0,
        (0, layout.last_column()),
        &title,
        &context.typeface().title(size),
    )?;
    sheet.set_row_height(0, estimate_height(&title, layout.width(), size) + 6.0)?;
    Ok(())
}

fn write_fill_line(sheet: &mut Worksheet, context: &FormContext<'_>, slot: &Slot) -> anyhow::Result<()> {
    let (Some(line), typeface) = (context.form.fill_lines.get(slot.line), context.typeface()) else {
        return Ok(());
    };
    let label = format!("{}{}", safe_text(&line.label), context.words().colon);
    let mut value = context.fill_value(line);
    let format = match line.role {
        FillRole::FilledOn => typeface.value().set_num_format(typeface.date),
        FillRole::Phone => typeface.value().set_num_format("@"),
        _ => typeface.value(),
    }
    .set_unlocked();
    match slot.label {
        Some(columns) => write_across(sheet, slot.row, columns, &label, &typeface.label())?,
        None => value.insert_str(0, &label),
    }
    write_across(sheet, slot.row, slot.value, &value, &format)?;
    sheet.set_row_height(slot.row, FILL_HEIGHT)?;
    Ok(())
}

fn write_header(sheet: &mut Worksheet, context: &FormContext<'_>, layout: &Layout<'_>) -> anyhow::Result<()> {
    let format = context.typeface().header();
    let mut height: f64 = 30.0;
    for (number, shown) in layout.numbered() {
        let text = header_text(context, shown);
        height = height.max(estimate_height(&text, shown.width(), HEADER_SIZE));
        write_words(sheet, (layout.header_row, number), &text, &format)?;
    }
    sheet.set_row_height(layout.header_row, height)?;
    Ok(())
}

/// The example row is locked: who types over it loses the row, because the
/// mark in its first cell says that it doesn't count.
fn write_example(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
) -> anyhow::Result<()> {
    let Some(row) = layout.example_row else {
        return Ok(());
    };
    let mut height: f64 = 0.0;
    for (number, shown) in layout.numbered() {
        let align = match shown {
            Shown::Form(_, column) => align_of(&column.kind),
            _ => Align::Left,
        };
        let format = context
            .typeface()
            .cell(align)
            .set_italic()
            .set_font_color(Color::Gray);
        let text = example_text(context, shown, number == 0);
        height = height.max(estimate_height(&text, shown.width(), BODY_SIZE));
        write_words(sheet, (row, number), &text, &format)?;
    }
    sheet.set_row_height(row, height)?;
    Ok(())
}

/// Short values stand in the middle, running text at the left.
pub fn align_of(kind: &ColumnKind) -> Align {
    match kind {
        ColumnKind::Text | ColumnKind::List | ColumnKind::Count { .. } | ColumnKind::Remark => Align::Left,
        _ => Align::Center,
    }
}

fn example_text(context: &FormContext<'_>, shown: &Shown<'_>, first: bool) -> String {
    let Shown::Form(_, column) = shown else {
        return String::new();
    };
    let mark = context.form.example_marks.first();
    match mark {
        // Without its mark the example would be read as data.
        Some(mark) if first && !context.form.example_marks.contains(&column.example) => mark.clone(),
        _ => safe_text(&context.shown(column, &column.example)),
    }
}
