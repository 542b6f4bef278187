//! How our workbooks look: the fonts, sizes, borders and colours of Chinese
//! office tables, and the page that they are printed on. Shared by the form,
//! the returned copy and the master workbook.

mod growing_rows;
mod height;
mod look;
mod page;
pub(crate) mod quoted;
mod table_page;
mod text;

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder};

use crate::domain::codes::Severity;
use crate::domain::language::Language;

pub use growing_rows::{GrowingRows, finish};
pub use height::{HIGHEST_ROW, MASTER_SIZE, estimate_height, row_height, text_width};
pub(crate) use look::{Look, STYLES, Styles, style_of};
pub use page::{Margins, set_up_page};
pub use quoted::{needs_quoting, quoted, write_words};
pub(crate) use table_page::{first_page, layout, print_setup, widths};
pub use text::{clipped, is_number_like, is_taken, safe_text, sheet_name};

/// Size of a title in points (二号).
pub const TITLE_SIZE: f64 = 22.0;
/// Size of a title that would not fit its line in [`TITLE_SIZE`] (小二号).
pub const SMALL_TITLE_SIZE: f64 = 18.0;
/// Size of header cells and fill lines in points (小四号).
pub const HEADER_SIZE: f64 = 12.0;
/// Size of a table's body in points (五号).
pub const BODY_SIZE: f64 = 10.5;

/// The fonts of one language. Only their names are written; nothing is
/// embedded, so a machine without them falls back to its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Typeface {
    /// Titles.
    pub title: &'static str,
    /// Header cells.
    pub header: &'static str,
    /// Everything else.
    pub body: &'static str,
    /// Page numbers and cell notes.
    pub folio: &'static str,
    /// Number format of dates.
    pub date: &'static str,
    charset: u8,
}

/// Where a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left, as running text.
    Left,
    /// In the middle, as short values.
    Center,
}

impl Typeface {
    /// The fonts that offices of this language use.
    #[must_use]
    pub fn of(language: Language) -> Self {
        match language {
            Language::Chinese => Self {
                title: "方正小标宋简体",
                header: "黑体",
                body: "仿宋_GB2312",
                folio: "宋体",
                date: "yyyy\"年\"m\"月\"d\"日\"",
                charset: 134,
            },
            Language::English => Self {
                title: "Times New Roman",
                header: "Arial",
                body: "Arial",
                folio: "Arial",
                date: "yyyy-mm-dd",
                charset: 0,
            },
        }
    }

    /// The title above a table.
    #[must_use]
    pub fn title(&self, size: f64) -> Format {
        self.font(self.title, size)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
    }

    /// A cell of the header row.
    #[must_use]
    pub fn header(&self) -> Format {
        bordered(self.font(self.header, HEADER_SIZE))
            .set_align(FormatAlign::Center)
            .set_text_wrap()
    }

    /// A cell of the table's body.
    #[must_use]
    pub fn cell(&self, align: Align) -> Format {
        bordered(self.font(self.body, BODY_SIZE))
            .set_align(match align {
                Align::Left => FormatAlign::Left,
                Align::Center => FormatAlign::Center,
            })
            .set_text_wrap()
    }

    /// A line of text without a border.
    #[must_use]
    pub fn line(&self, size: f64) -> Format {
        self.font(self.body, size)
            .set_align(FormatAlign::Left)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap()
    }

    /// A label above the header; its value follows at the right.
    #[must_use]
    pub fn label(&self) -> Format {
        self.font(self.body, HEADER_SIZE)
            .set_align(FormatAlign::Right)
            .set_align(FormatAlign::VerticalCenter)
    }

    /// The value of a label: a line to write on.
    #[must_use]
    pub fn value(&self) -> Format {
        self.font(self.body, HEADER_SIZE)
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_border_bottom(FormatBorder::Thin)
            .set_text_wrap()
    }

    fn font(self, name: &str, size: f64) -> Format {
        Format::new()
            .set_font_name(name)
            .set_font_size(size)
            .set_font_charset(self.charset)
    }
}

/// The fill that marks a cell; none for what is never shown to a unit.
#[must_use]
pub fn mark_color(severity: Severity) -> Option<Color> {
    match severity {
        Severity::Error => Some(Color::RGB(0xFF_7C_80)),
        Severity::Query => Some(Color::RGB(0xFF_C0_00)),
        Severity::Warning => Some(Color::RGB(0xFF_FF_99)),
        Severity::Info => None,
    }
}

/// Document properties with a creation time that never changes, so that equal
/// content gives equal bytes.
#[must_use]
pub fn fixed_properties() -> DocProperties {
    let properties = DocProperties::new();
    match ExcelDateTime::from_ymd(2024, 1, 1) {
        Ok(day) => properties.set_creation_datetime(&day),
        Err(_) => properties,
    }
}

fn bordered(format: Format) -> Format {
    format
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::Black)
        .set_align(FormatAlign::VerticalCenter)
}
