//! How a master looks: fonts as offices name them, thin borders, A4 landscape.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::domain::language::Language;
use crate::domain::text::count_bytes;
use crate::workbook::stream::{Layout, MARGINS};
use crate::workbook::style::{Typeface, needs_quoting};

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Title,
    Subtitle,
    Header,
    /// Header of the office's own columns.
    OfficeHeader,
    /// Wrapped text, left.
    Body,
    /// Short text or a number, centred.
    Centre,
    /// A line without borders.
    Plain,
    /// A heading within a table.
    Section,
    /// The office's own columns.
    Office,
    /// Where a row comes from.
    Source,
    Link,
    Green,
    Yellow,
    Red,
}

const LOOKS: usize = Look::Red as usize + 1;

/// Formats of a workbook: each look, and each once more for words that editing
/// the cell would make a formula of.
pub(super) const STYLES: usize = 2 * LOOKS;

/// The place among the formats of a text in a look.
pub(super) fn style_of(look: Look, text: &str) -> usize {
    if needs_quoting(text) {
        look as usize + LOOKS
    } else {
        look as usize
    }
}

/// The formats of all looks, and what stands at the foot of each page.
#[derive(Debug)]
pub(super) struct Styles {
    formats: [Format; STYLES],
    typeface: Typeface,
    /// 定稿 2024年12月16日; empty for a master that still changes.
    stamp: String,
}

/// Point size of the table's text.
pub(super) const BODY_SIZE: f64 = 11.0;

impl Styles {
    pub fn new(language: Language, stamp: &str) -> Self {
        let typeface = Typeface::of(language);
        let (title, head, letters) = (typeface.title, typeface.header, typeface.body);
        let text = |font: &str, size: f64| {
            Format::new()
                .set_font_name(font)
                .set_font_size(size)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        let boxed = |format: Format| format.set_border(FormatBorder::Thin);
        let body = || boxed(text(letters, BODY_SIZE));
        let centre = || body().set_align(FormatAlign::Center);
        let lamp = |color: u32| centre().set_background_color(Color::RGB(color));
        let header = || boxed(text(head, 12.0)).set_align(FormatAlign::Center);
        let plain = |index: usize| match index {
            i if i == Look::Title as usize => text(title, 20.0).set_align(FormatAlign::Center),
            i if i == Look::Subtitle as usize => text(letters, 12.0),
            i if i == Look::Header as usize => header(),
            i if i == Look::OfficeHeader as usize => header().set_background_color(Color::RGB(0x00FF_E699)),
            i if i == Look::Body as usize => body(),
            i if i == Look::Plain as usize => text(letters, 12.0),
            i if i == Look::Section as usize => boxed(text(head, 12.0)),
            i if i == Look::Office as usize => body().set_background_color(Color::RGB(0x00FF_F9E5)),
            i if i == Look::Source as usize => body().set_font_color(Color::RGB(0x0059_5959)),
            i if i == Look::Link as usize => centre()
                .set_font_color(Color::RGB(0x0005_63C1))
                .set_underline(rust_xlsxwriter::FormatUnderline::Single),
            i if i == Look::Green as usize => lamp(0x00C6_EFCE),
            i if i == Look::Yellow as usize => lamp(0x00FF_EB9C),
            i if i == Look::Red as usize => lamp(0x00FF_C7CE),
            _ => centre(),
        };
        let formats = std::array::from_fn(|index| {
            if index < LOOKS {
                plain(index)
            } else {
                plain(index - LOOKS).set_quote_prefix()
            }
        });
        Self {
            formats,
            typeface,
            stamp: stamp.to_owned(),
        }
    }

    /// All formats in the order of [`style_of`].
    pub fn all(&self) -> &[Format; STYLES] {
        &self.formats
    }

    /// The foot of each page.
    pub fn footer(&self) -> String {
        let font = self.typeface.folio;
        let stamp = if self.stamp.is_empty() {
            String::new()
        } else {
            format!("&L&\"{font}\"&12{}", self.stamp)
        };
        format!("{stamp}&C&\"{font}\"&12— &P —")
    }

    pub fn of(&self, look: Look) -> &Format {
        &self.formats[look as usize]
    }

    /// The format of a text in a look.
    pub fn of_text(&self, look: Look, text: &str) -> &Format {
        &self.formats[style_of(look, text)]
    }
}

/// Paper, margins, page number and repeated header. `header` is the 0-based header row.
pub(super) fn print_setup(sheet: &mut Worksheet, header: u32, styles: &Styles) -> Result<(), XlsxError> {
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
pub(super) fn layout(widths: Vec<f64>, header: u32, hidden: Option<u16>, styles: &Styles) -> Layout {
    Layout {
        pages_wide: pages_wide(&widths, hidden),
        widths,
        hidden,
        header,
        footer: styles.footer(),
    }
}

/// Widths in characters, stretched or squeezed to `total`.
pub(super) fn widths(wanted: &[f64], total: f64) -> Vec<f64> {
    let factor = total / wanted.iter().sum::<f64>().max(1.0);
    // Below this a header of two characters breaks.
    wanted.iter().map(|width| (width * factor).max(5.5)).collect()
}

/// The height in points that shows wrapped texts wholly, each beside the
/// width of its column in characters. Excel ends at 409.
pub(super) fn estimate_height<'a>(cells: impl Iterator<Item = (&'a str, f64)>, size: f64) -> f64 {
    let mut most = 1.0_f64;
    for (text, width) in cells {
        // A column of w characters is 7w + 5 pixels wide at 96 dpi, of which
        // some 8 stay empty; a Chinese character takes its point size.
        let room = ((width * 7.0 - 3.0) / (size * 4.0 / 3.0)).max(1.0);
        let lines_of = |line: &str| {
            let needed = ems(line) / room;
            // A word or a bracket that doesn't fit moves to the next line as a whole.
            if needed > 1.0 { (needed * 1.06).ceil() } else { 1.0 }
        };
        // Nearly all texts are one line.
        let lines = if count_bytes(text.as_bytes(), |byte| byte == b'\n') == 0 {
            lines_of(text)
        } else {
            text.split('\n').map(lines_of).sum()
        };
        most = most.max(lines);
    }
    (most * size * 1.36 + 7.0).clamp(20.0, 409.0)
}

/// Width in characters as wide as high; Latin letters and digits take about half.
fn ems(line: &str) -> f64 {
    let bytes = line.len();
    let ascii = count_bytes(line.as_bytes(), |byte| byte.is_ascii());
    // Nearly all others take three bytes in UTF-8.
    let wide = (bytes - ascii).div_ceil(3);
    #[expect(clippy::cast_precision_loss, reason = "lengths of cell texts are small")]
    let ems = wide as f64 + ascii as f64 * 0.52;
    ems
}

/// How many pages wide a table is printed, so that its text stays readable: one
/// or two where it then has 10.5 points, else as many as 9 points need.
fn pages_wide(widths: &[f64], hidden: Option<u16>) -> u16 {
    let hidden = hidden.map(usize::from);
    let shown = widths.iter().enumerate().filter(|(at, _)| Some(*at) != hidden);
    let points: f64 = shown.map(|(_, width)| points(*width)).sum();
    let fits = |pages: u16, size: f64| f64::from(pages) * PAGE_WIDTH / points >= size / BODY_SIZE;
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
pub(super) fn first_page(widths: &[f64]) -> usize {
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
    fn heights_grow_with_the_text() {
        let height = |text: &str| estimate_height([(text, 20.0)].into_iter(), BODY_SIZE);
        assert!((height("村") - 21.96).abs() < 0.1);
        assert!(height(&"村".repeat(30)) > height(&"村".repeat(10)));
        assert!(height("一\n二\n三") > height("一二三"));
        assert!(height(&"村".repeat(100_000)) <= 409.0);
    }

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
