//! Where cells go: into a worksheet of `rust_xlsxwriter`, or, for the sheets
//! that may hold a hundred thousand rows, straight into sheet XML, which is
//! several times faster and holds no more than a chunk in memory.

use std::io::Write;

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use super::part::Part;
use super::strings::{SharedStrings, push_text};
use super::style::{Look, STYLES, Styles, style_of};
use crate::domain::table::column_letters;

/// Rows that a sheet takes; the last one holds the samples of a skeleton.
pub(super) const LAST_ROW: u32 = 1_048_575;

/// Takes cells from left to right and rows from top to bottom, 0-based.
pub(super) trait Ink {
    fn start_row(&mut self, row: u32, height: f64) -> Result<(), XlsxError>;
    fn text(&mut self, row: u32, column: u16, text: &str, look: Look) -> Result<(), XlsxError>;
    fn number(&mut self, row: u32, column: u16, number: f64, look: Look) -> Result<(), XlsxError>;
    /// One text over this column and `more` columns to the right.
    fn merged(&mut self, row: u32, column: u16, more: u16, text: &str, look: Look) -> Result<(), XlsxError>;
    fn link(&mut self, row: u32, column: u16, text: &str, target: &str) -> Result<(), XlsxError>;
    fn end_row(&mut self) -> Result<(), XlsxError>;
}

/// A worksheet of `rust_xlsxwriter`.
pub(super) struct BookInk<'w> {
    pub sheet: &'w mut Worksheet,
    pub styles: &'w Styles,
}

impl Ink for BookInk<'_> {
    fn start_row(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        self.sheet.set_row_height(row, height).map(|_| ())
    }

    fn text(&mut self, row: u32, column: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.sheet
            .write_string_with_format(row, column, text, self.styles.of_text(look, text))
            .map(|_| ())
    }

    fn number(&mut self, row: u32, column: u16, number: f64, look: Look) -> Result<(), XlsxError> {
        self.sheet
            .write_number_with_format(row, column, number, self.styles.of(look))
            .map(|_| ())
    }

    fn merged(&mut self, row: u32, column: u16, more: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.sheet
            .merge_range(
                row,
                column,
                row,
                column + more,
                text,
                self.styles.of_text(look, text),
            )
            .map(|_| ())
    }

    fn link(&mut self, row: u32, column: u16, text: &str, target: &str) -> Result<(), XlsxError> {
        write_link(self.sheet, self.styles, row, column, text, target)
    }

    fn end_row(&mut self) -> Result<(), XlsxError> {
        Ok(())
    }
}

/// Links a cell to a file, relative to the workbook.
pub(super) fn write_link(
    sheet: &mut Worksheet,
    styles: &Styles,
    row: u32,
    column: u16,
    text: &str,
    target: &str,
) -> Result<(), XlsxError> {
    let url = Url::new(format!("file://{target}"));
    sheet
        .write_url_with_options(row, column, &url, text, "", Some(styles.of(Look::Link)))
        .map(|_| ())
}

/// A sheet whose rows are written as XML. Merged ranges and links stand
/// behind the rows in the file, so they are kept for the skeleton.
#[derive(Debug)]
pub(super) struct BigSheet {
    pub part: Part,
    /// Row, first and last column.
    pub merges: Vec<(u32, u16, u16)>,
    /// Row, column, text, target.
    pub links: Vec<(u32, u16, String, String)>,
}

impl BigSheet {
    /// Starts a sheet with what stands before its rows.
    pub fn start(name: String, beginning: &str) -> Self {
        let mut part = Part::start(name);
        part.buffer().extend_from_slice(beginning.as_bytes());
        Self {
            part,
            merges: Vec::new(),
            links: Vec::new(),
        }
    }
}

/// Writes into a [`BigSheet`].
pub(super) struct XmlInk<'w> {
    pub sheet: &'w mut BigSheet,
    /// Where texts go; none: they stay in the sheet.
    pub strings: Option<&'w mut SharedStrings>,
    /// Numbers of the styles.
    pub looks: &'w [u32; STYLES],
}

impl XmlInk<'_> {
    /// The start of a cell: its place and style.
    fn open(&mut self, row: u32, column: u16, style: usize) -> &mut Vec<u8> {
        let style = self.looks[style];
        let out = self.sheet.part.buffer();
        out.extend_from_slice(b"<c r=\"");
        if let Ok(letter @ 0..26) = u8::try_from(column) {
            out.push(b'A' + letter);
        } else {
            out.extend_from_slice(column_letters(column).as_bytes());
        }
        push_number(out, row + 1);
        out.extend_from_slice(b"\" s=\"");
        push_number(out, style);
        out
    }
}

impl Ink for XmlInk<'_> {
    fn start_row(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        if row >= LAST_ROW {
            return Err(XlsxError::RowColumnLimitError);
        }
        // Heights are multiples of a pixel, three quarters of a point.
        let pixels = (height / 0.75).round();
        let quarters = whole(pixels).map_or(0, |pixels| pixels.saturating_mul(3));
        let out = self.sheet.part.buffer();
        out.extend_from_slice(b"<row r=\"");
        push_number(out, row + 1);
        out.extend_from_slice(b"\" ht=\"");
        push_number(out, quarters / 4);
        out.extend_from_slice([&b""[..], b".25", b".5", b".75"][(quarters % 4) as usize]);
        out.extend_from_slice(b"\" customHeight=\"1\">");
        Ok(())
    }

    fn text(&mut self, row: u32, column: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        if text.is_empty() {
            self.open(row, column, look as usize).extend_from_slice(b"\"/>");
            return Ok(());
        }
        let style = style_of(look, text);
        let Some(strings) = &mut self.strings else {
            let out = self.open(row, column, style);
            out.extend_from_slice(b"\" t=\"inlineStr\"><is>");
            push_text(out, text);
            out.extend_from_slice(b"</is></c>");
            return Ok(());
        };
        let index = strings.index(text)?;
        let out = self.open(row, column, style);
        out.extend_from_slice(b"\" t=\"s\"><v>");
        push_number(out, index);
        out.extend_from_slice(b"</v></c>");
        Ok(())
    }

    fn number(&mut self, row: u32, column: u16, number: f64, look: Look) -> Result<(), XlsxError> {
        let out = self.open(row, column, look as usize);
        out.extend_from_slice(b"\"><v>");
        match whole(number) {
            Some(whole) => push_number(out, whole),
            None => write!(out, "{number}")?,
        }
        out.extend_from_slice(b"</v></c>");
        Ok(())
    }

    fn merged(&mut self, row: u32, column: u16, more: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        self.text(row, column, text, look)?;
        for column in column + 1..=column + more {
            self.text(row, column, "", look)?;
        }
        self.sheet.merges.push((row, column, column + more));
        Ok(())
    }

    fn link(&mut self, row: u32, column: u16, text: &str, target: &str) -> Result<(), XlsxError> {
        self.sheet
            .links
            .push((row, column, text.to_owned(), target.to_owned()));
        self.text(row, column, text, Look::Link)
    }

    fn end_row(&mut self) -> Result<(), XlsxError> {
        self.sheet.part.buffer().extend_from_slice(b"</row>");
        self.sheet.part.pass_on()
    }
}

/// Appends a whole number, many times faster than formatting does.
fn push_number(out: &mut Vec<u8>, number: u32) {
    let first = out.len();
    let digits = number.checked_ilog10().unwrap_or(0) as usize + 1;
    out.resize(first + digits, 0);
    let mut rest = number;
    for digit in out[first..].iter_mut().rev() {
        *digit = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
    }
}

/// The number, if it is whole, not negative, and small enough.
fn whole(number: f64) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number within bounds"
    )]
    let whole = number as u32;
    (f64::from(whole).to_bits() == number.to_bits()).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::push_number;

    #[test]
    fn numbers_are_written_in_full() {
        for number in [0, 7, 10, 1_048_576, u32::MAX] {
            let mut out = Vec::new();
            push_number(&mut out, number);
            assert_eq!(out, number.to_string().as_bytes());
        }
    }
}
