//! The looks of a master's cells.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::{Typeface, needs_quoting};
use crate::domain::language::Language;

/// The look of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
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
pub(crate) const STYLES: usize = 2 * LOOKS;

/// The place among the formats of a text in a look.
pub(crate) fn style_of(look: Look, text: &str) -> usize {
    if needs_quoting(text) {
        look as usize + LOOKS
    } else {
        look as usize
    }
}

/// The formats of all looks, and what stands at the foot of each page.
#[derive(Debug)]
pub(crate) struct Styles {
    formats: [Format; STYLES],
    typeface: Typeface,
    /// 定稿 2024年12月16日; empty for a master that still changes.
    stamp: String,
    /// 公开方式 of its document; may be empty.
    disclosure: String,
}

impl Styles {
    pub(crate) fn new(language: Language, stamp: &str, disclosure: &str) -> Self {
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
        let body = || boxed(text(letters, super::MASTER_SIZE));
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
            disclosure: disclosure.to_owned(),
        }
    }

    /// All formats in the order of [`style_of`].
    pub(crate) fn all(&self) -> &[Format; STYLES] {
        &self.formats
    }

    /// The foot of each page.
    pub(crate) fn footer(&self) -> String {
        let font = self.typeface.folio;
        let part = |side: char, text: &str| match text {
            "" => String::new(),
            text => format!("&{side}&\"{font}\"&12{text}"),
        };
        let (left, right) = (part('L', &self.stamp), part('R', &self.disclosure));
        format!("{left}{}{right}", part('C', "— &P —"))
    }

    pub(crate) fn of(&self, look: Look) -> &Format {
        &self.formats[look as usize]
    }

    /// The format of a text in a look.
    pub(crate) fn of_text(&self, look: Look, text: &str) -> &Format {
        &self.formats[style_of(look, text)]
    }
}
