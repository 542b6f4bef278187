//! The printed page of a master's tables: as many pages wide as their text
//! needs to be read, the header on each.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::Styles;
use super::height::MASTER_SIZE;
use crate::workbook::stream::{Layout, MARGINS};

/// Paper, margins, page number and repeated header. `header` is the 0-based header row.
pub(crate) fn print_setup(sheet: &mut Worksheet, header: u32, styles: &Styles) -> Result<(), XlsxError> {
    let [left, right, top, bottom, header_edge, footer_edge] = MARGINS;
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(left, right, top, bottom, header_edge, footer_edge)
        .set_print_first_page_number(1)
        .set_footer(styles.footer())
        .set_repeat_rows(header, header)?
        .set_freeze_panes(header + 1, 0)?;
    Ok(())
}

/// The same for a sheet that is streamed.
pub(crate) fn layout(widths: Vec<f64>, header: u32, hidden: Option<u16>, styles: &Styles) -> Layout {
    Layout {
        pages_wide: pages_wide(&widths, hidden),
        widths,
        hidden,
        header,
        footer: styles.footer(),
    }
}

/// Widths in characters, stretched or squeezed to `total`.
pub(crate) fn widths(wanted: &[f64], total: f64) -> Vec<f64> {
    let factor = total / wanted.iter().sum::<f64>().max(1.0);
    // Below this a header of two characters breaks.
    wanted.iter().map(|width| (width * factor).max(5.5)).collect()
}

/// How many pages wide a table is printed, so that its text stays readable: one
/// or two where it then has 10.5 points, else as many as 9 points need.
fn pages_wide(widths: &[f64], hidden: Option<u16>) -> u16 {
    let hidden = hidden.map(usize::from);
    let shown = widths.iter().enumerate().filter(|(at, _)| Some(*at) != hidden);
    let points: f64 = shown.map(|(_, width)| points(*width)).sum();
    let fits = |pages: u16, size: f64| f64::from(pages) * PAGE_WIDTH / points >= size / MASTER_SIZE;
    let readable = (1..=2).find(|pages| fits(*pages, 10.5));
    readable
        .or_else(|| (2..=9).find(|pages| fits(*pages, 9.0)))
        .unwrap_or(9)
}

/// A column's width in points: seven pixels a character and five around them.
fn points(width: f64) -> f64 {
    (width * 7.0 + 5.0) * 0.75
}

/// How many of a table's columns stand on the first page; at least one.
pub(crate) fn first_page(widths: &[f64]) -> usize {
    let mut used = 0.0;
    let fits = widths.iter().take_while(|width| {
        used += points(**width);
        used <= PAGE_WIDTH
    });
    fits.count().max(1)
}

/// Points between the margins of a page.
const PAGE_WIDTH: f64 = 842.0 - (MARGINS[0] + MARGINS[1]) * 72.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_table_takes_as_many_pages_as_it_needs_to_be_read() {
        assert_eq!(first_page(&[20.0; 12]), 7);
        assert_eq!(first_page(&[500.0]), 1);
        assert_eq!(pages_wide(&[20.0; 6], None), 1);
        assert_eq!(pages_wide(&[20.0; 12], None), 2);
        assert_eq!(pages_wide(&[20.0; 14], Some(3)), 2);
        assert_eq!(pages_wide(&[20.0; 30], None), 4);
    }
}
