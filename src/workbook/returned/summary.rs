//! 需更正事项: the first sheet, which says what is wrong and what to do.

use rust_xlsxwriter::{Color, Format, FormatUnderline, Url, Worksheet};

use super::About;
use super::marks::{concerns_unit, marked};
use super::plan::{Place, Plan};
use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::workbook::form::FormContext;
use crate::workbook::form::head::write_across;
use crate::workbook::style::{
    Align, BODY_SIZE, HEADER_SIZE, Margins, SMALL_TITLE_SIZE, estimate_height, quoted, safe_text,
    set_up_page, write_words,
};
use crate::workbook::words::{Words, fill_in};

const WIDTHS: [f64; 5] = [6.0, 11.0, 16.0, 58.0, 46.0];
const LAST: u16 = 4;
/// The list is for reading; a file with more faults than this has one reason.
const MOST: usize = 1_000;
const HEADER_ROW: u32 = 4;
const LOWEST: f64 = 24.0;

/// Writes the list: what must be corrected first, then what to verify, then notices.
///
/// # Errors
/// When the sheet can't be written.
pub fn write_summary(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    about: About<'_>,
    plan: &Plan<'_>,
    findings: &[Finding],
    places: &[Option<Place>],
) -> anyhow::Result<()> {
    let words = context.words();
    sheet.set_name(words.to_correct)?.set_tab_color(Color::Red);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut shown: Vec<(&Finding, Option<Place>)> = findings
        .iter()
        .zip(places.iter().copied())
        .filter(|(finding, _)| concerns_unit(finding))
        .collect();
    shown.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity()));

    write_head(sheet, context, about, plan, &shown)?;
    let header = context.typeface().header();
    for (column, text) in (0..).zip(words.columns) {
        sheet.write_string_with_format(HEADER_ROW, column, text, &header)?;
    }
    sheet.set_row_height(HEADER_ROW, 28)?;
    for (number, (finding, place)) in (1_u32..).zip(shown.iter().take(MOST)) {
        let row = HEADER_ROW + number;
        sheet.write_number_with_format(row, 0, number, &context.typeface().cell(Align::Center))?;
        write_finding(sheet, context, plan, row, finding, *place)?;
    }
    if let Some(left) = shown.len().checked_sub(MOST).filter(|left| *left > 0) {
        let row = HEADER_ROW + u32::try_from(MOST)? + 1;
        let text = fill_in(words.further, &[&left.to_string()]);
        write_across(sheet, row, (0, LAST), &text, &context.typeface().line(BODY_SIZE))?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    set_up_page(
        sheet,
        &context.typeface(),
        Margins::Narrow,
        Some((HEADER_ROW, HEADER_ROW)),
    )
}

fn write_head(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    about: About<'_>,
    plan: &Plan<'_>,
    shown: &[(&Finding, Option<Place>)],
) -> anyhow::Result<()> {
    let (words, typeface) = (context.words(), context.typeface());
    let width: f64 = WIDTHS.iter().sum();
    let title = match context.program.matter.as_str() {
        "" => words.to_correct.to_owned(),
        matter => safe_text(&format!("{matter}{}{}", words.instead.trim(), words.to_correct)),
    };
    let values = [
        safe_text(context.unit_name()),
        context.period_label(),
        safe_text(about.file_name),
    ];
    let facts: Vec<String> = words
        .head
        .iter()
        .zip(values)
        .map(|(label, value)| format!("{label}{}{value}", words.colon))
        .collect();
    let sheets: Vec<&str> = plan.sheets.iter().map(|copy| copy.name.as_str()).collect();
    let advice = match sheets.as_slice() {
        [] => words.what_to_do_without_rows.to_owned(),
        names if plan.is_empty() => fill_in(words.what_to_do_with_empty_table, &[&names.join("”“")]),
        names => fill_in(words.what_to_do, &[&names.join("”“")]),
    };
    let count = |severity| {
        let own = shown.iter().filter(|(finding, _)| finding.severity() == severity);
        let places: u32 = own.map(|(finding, _)| finding.count()).sum();
        places.to_string()
    };
    let counts = fill_in(
        words.counts,
        &[
            &count(Severity::Error),
            &count(Severity::Query),
            &count(Severity::Warning),
        ],
    );
    let by = match about.correct_by {
        Some((until, true)) => fill_in(words.correct_in_time, &[until]),
        Some((until, false)) => fill_in(words.correct_by, &[until]),
        None => String::new(),
    };
    let counts = format!("{counts}{by}");
    let facts = facts.join(words.gap);
    let lines = [
        (title, SMALL_TITLE_SIZE, typeface.title(SMALL_TITLE_SIZE)),
        (facts, HEADER_SIZE, typeface.line(HEADER_SIZE)),
        (advice, HEADER_SIZE, typeface.line(HEADER_SIZE)),
        (counts, HEADER_SIZE, typeface.line(HEADER_SIZE).set_bold()),
    ];
    for (row, (text, size, format)) in (0..).zip(lines) {
        write_across(sheet, row, (0, LAST), &text, &format)?;
        sheet.set_row_height(row, estimate_height(&text, width, size).max(LOWEST))?;
    }
    Ok(())
}

fn write_finding(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    plan: &Plan<'_>,
    row: u32,
    finding: &Finding,
    place: Option<Place>,
) -> anyhow::Result<()> {
    let (words, typeface) = (context.words(), context.typeface());
    let center = typeface.cell(Align::Center);
    let level = marked(center.clone(), finding.severity());
    sheet.write_string_with_format(row, 1, words.severity(finding.severity()), &level)?;
    let cell = place.map_or_else(
        || in_original(words, finding),
        |place| plan.cite_block(finding, place),
    );
    if let Some(place) = place {
        write_link(sheet, plan, (row, &cell), place, &center)?;
    } else {
        write_words(sheet, (row, 2), &cell, &center)?;
    }
    let text = typeface.cell(Align::Left);
    let (message, hint) = (safe_text(&finding.message), safe_text(&finding.hint));
    let height = estimate_height(&message, WIDTHS[3], BODY_SIZE)
        .max(estimate_height(&hint, WIDTHS[4], BODY_SIZE))
        .max(estimate_height(&cell, WIDTHS[2], BODY_SIZE))
        .max(LOWEST);
    write_words(sheet, (row, 3), &message, &text)?;
    write_words(sheet, (row, 4), &hint, &text)?;
    sheet.set_row_height(row, height)?;
    Ok(())
}

/// A link to the cell of the copy.
fn write_link(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    (row, cell): (u32, &str),
    place: Place,
    format: &Format,
) -> anyhow::Result<()> {
    let target = format!("internal:'{}'!{}", plan.sheets[place.sheet].name, place.pos);
    let link = Url::new(target).set_text(cell);
    let format = format
        .clone()
        .set_font_color(Color::Blue)
        .set_underline(FormatUnderline::Single);
    let format = quoted(&format, cell).into_owned();
    sheet.write_url_with_format(row, 2, link, &format)?;
    Ok(())
}

/// What stands for a cell that the copy doesn't have.
fn in_original(words: &Words, finding: &Finding) -> String {
    match (&finding.sheet, finding.cells()) {
        (Some(sheet), Some(cell)) => fill_in(words.in_original, &[&safe_text(&format!("{sheet}!{cell}"))]),
        (Some(sheet), None) => fill_in(words.in_original, &[&safe_text(sheet)]),
        (None, _) => "—".to_owned(),
    }
}
