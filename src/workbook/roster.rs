//! A table of a roster as a workbook: to be filled in and handed in again.

use rust_xlsxwriter::Workbook;

use super::style::{
    Align, BODY_SIZE, HEADER_SIZE, Margins, SMALL_TITLE_SIZE, Typeface, clipped, estimate_height,
    fixed_properties, set_up_page, text_width,
};
use crate::domain::language::Language;
use crate::domain::safe_text::MAX_TEXT;
use crate::domain::stamp;

/// A table of a roster.
#[derive(Debug, Clone)]
pub struct RosterSheet<'a> {
    /// Its title; empty: the header stands in the first row.
    pub title: &'a str,
    /// How it is filled in; empty: nothing is said.
    pub hint: &'a str,
    /// The sheet's name.
    pub name: &'a str,
    /// Column names.
    pub header: &'a [String],
    /// Rows, which may be shorter.
    pub rows: Vec<&'a [String]>,
    /// What it is known by when it comes back.
    pub mark: Option<&'a str>,
}

/// Narrowest and widest column, in characters.
const WIDTHS: (f64, f64) = (8.0, 40.0);

/// Lowest row, in points.
const LOWEST: f64 = 20.0;

/// The workbook's bytes. Every cell is text, so that no id loses its zeros.
///
/// # Errors
/// When it can't be written.
pub fn write_roster(own: &RosterSheet<'_>) -> anyhow::Result<Vec<u8>> {
    let typeface = Typeface::of(Language::Chinese);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(own.name)?;
    let widths = widths(own);
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width(column, *width)?;
    }
    let last = u16::try_from(widths.len().max(1) - 1)?;
    let whole: f64 = widths.iter().sum();
    let mut head = 0;
    for (text, format, lowest) in [
        (own.title, typeface.title(SMALL_TITLE_SIZE), 36.0),
        (own.hint, typeface.line(BODY_SIZE), LOWEST),
    ] {
        if text.is_empty() {
            continue;
        }
        let text = plain(text);
        if last > 0 {
            sheet.merge_range(head, 0, head, last, &text, &format)?;
        } else {
            sheet.write_string_with_format(head, 0, &text, &format)?;
        }
        sheet.set_row_height(head, estimate_height(&text, whole, BODY_SIZE).max(lowest))?;
        head += 1;
    }
    let header = typeface.header();
    for (column, text) in (0..).zip(own.header) {
        sheet.write_string_with_format(head, column, plain(text), &header)?;
    }
    sheet.set_row_height(head, 28)?;
    let cell = typeface.cell(Align::Left).set_num_format("@");
    for (row, cells) in (head + 1..).zip(&own.rows) {
        let mut height = LOWEST;
        for (column, width) in widths.iter().enumerate() {
            let text = plain(cells.get(column).map_or("", String::as_str));
            height = height.max(estimate_height(&text, *width, BODY_SIZE));
            sheet.write_string_with_format(row, u16::try_from(column)?, &text, &cell)?;
        }
        sheet.set_row_height(row, height)?;
    }
    sheet.set_freeze_panes(head + 1, 2)?;
    set_up_page(sheet, &typeface, Margins::Narrow, Some((head, head)))?;
    let properties = fixed_properties();
    book.set_properties(&match own.mark {
        Some(mark) => properties.set_custom_property(stamp::ROSTER, mark),
        None => properties,
    });
    Ok(book.save_to_buffer()?)
}

/// Text as it goes into a cell. Nothing of it is masked: what comes back is
/// written into the roster.
fn plain(text: &str) -> String {
    let text = clipped(text, MAX_TEXT - 1);
    if text.starts_with("<r>") && text.ends_with("</r>") {
        // The writer would take it for ready-made markup.
        return format!(" {text}");
    }
    text
}

/// As wide as what stands in each column.
fn widths(own: &RosterSheet<'_>) -> Vec<f64> {
    let (least, most) = WIDTHS;
    let of_column = |(column, header): (usize, &String)| {
        let cells = own.rows.iter().filter_map(|row| row.get(column));
        let longest = cells.map(|text| text_width(text, BODY_SIZE)).fold(0.0, f64::max);
        (longest.max(text_width(header, HEADER_SIZE)) + 1.0).clamp(least, most)
    };
    own.header.iter().enumerate().map(of_column).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::source_table::SourceTable;
    use crate::workbook::read::read_written;

    #[test]
    fn what_is_written_is_read_back() {
        let header = ["编号", "名称", "身份证号"].map(String::from);
        let rows: Vec<Vec<String>> = vec![
            vec!["007".into(), "甲办".into(), "440811197001011234".into()],
            vec!["U02".into(), "<r><t>乙</t></r>".into()],
            vec!["U03".into(), "=1+1".into(), "第一行\n第二行".into()],
        ];
        for (title, first) in [("填报单位名册", 4), ("", 2)] {
            let own = RosterSheet {
                title,
                hint: if title.is_empty() {
                    ""
                } else {
                    "改好以后再上传。"
                },
                name: "填报单位",
                header: &header,
                rows: rows.iter().map(Vec::as_slice).collect(),
                mark: Some("x/units/0"),
            };
            let book = read_written(&write_roster(&own).unwrap()).unwrap();
            assert_eq!(book.properties[stamp::ROSTER], "x/units/0");
            let table = SourceTable::from_workbook(&book);
            assert_eq!(table.header, header);
            let read: Vec<(usize, Vec<String>)> = table.rows;
            assert_eq!(read[0], (first, rows[0].clone()));
            assert_eq!(read[1].1, ["U02", "<r><t>乙</t></r>"]);
            assert_eq!(read[2].1, rows[2]);
            assert!(
                book.sheets[0]
                    .rows
                    .iter()
                    .all(|row| row.cells.iter().all(|cell| !cell.formula))
            );
        }
    }
}
