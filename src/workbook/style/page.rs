//! The printed page: A4 landscape, one page wide, header repeated, numbered.

use rust_xlsxwriter::Worksheet;

use super::Typeface;

/// The margins of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margins {
    /// Those of an official document (GB/T 9704) turned to landscape: the
    /// binding edge of 28 mm on top, the type area 225 mm by 156 mm.
    Official,
    /// Narrow, for working copies with many columns.
    Narrow,
}

const A4: u8 = 9;
const MILLIMETRES_PER_INCH: f64 = 25.4;

/// Sets paper, direction, margins, page number and the rows (0-based, both
/// included) that are repeated on every page.
///
/// # Errors
/// When the rows lie outside of the sheet.
pub fn set_up_page(
    sheet: &mut Worksheet,
    typeface: &Typeface,
    margins: Margins,
    repeat: Option<(u32, u32)>,
) -> anyhow::Result<()> {
    let [left, right, top, bottom] = match margins {
        Margins::Official => [36.0, 36.0, 28.0, 26.0],
        Margins::Narrow => [15.0, 15.0, 18.0, 18.0],
    }
    .map(|millimetres: f64| millimetres / MILLIMETRES_PER_INCH);
    let edge = (bottom / 2.0).min(14.0 / MILLIMETRES_PER_INCH);
    sheet
        .set_paper_size(A4)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_print_center_horizontally(true)
        .set_margins(left, right, top, bottom, edge, edge)
        // The number as official documents print it: size four between dashes.
        .set_footer(format!("&C&\"{},Regular\"&14— &P —", typeface.folio));
    if let Some((first, last)) = repeat {
        sheet.set_repeat_rows(first, last)?;
    }
    Ok(())
}
