//! The cells of a sheet.

use std::fs::File;
use std::io::Write as _;

use rust_xlsxwriter::XlsxError;
use zip::ZipArchive;

use super::layout::Layout;
use super::part::Part;
use super::strings::{SharedStrings, push_text};
use crate::domain::table::{Pos, Range, column_letters};

/// Rows that a sheet takes.
const MOST_ROWS: u32 = 1_048_576;

/// What stands behind the rows in the file, kept until they are written.
#[derive(Debug, Default)]
pub(super) struct Behind {
    pub filter: Option<Range>,
    pub merges: Vec<Range>,
    pub links: Vec<Link>,
}

/// A cell that leads to a file.
#[derive(Debug)]
pub(super) struct Link {
    pub at: Pos,
    pub text: String,
    /// Relative to the workbook, with forward slashes.
    pub target: String,
}

/// A sheet that is being written.
#[derive(Debug)]
pub struct Sheet {
    pub(super) layout: Layout,
    pub(super) part: Part,
    pub(super) behind: Behind,
}

impl Sheet {
    /// Starts a sheet; `first` is the one that a spreadsheet program shows when
    /// it opens the workbook.
    ///
    /// # Errors
    /// No temporary file can be made: look at the disk.
    pub fn start(layout: Layout, first: bool) -> Result<Self, XlsxError> {
        let mut part = Part::start();
        layout.head(part.buffer(), first)?;
        Ok(Self {
            layout,
            part,
            behind: Behind::default(),
        })
    }

    /// How it looks.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Lets the rows from the header to `last` (0-based) be filtered.
    pub fn filter(&mut self, last: u32) {
        let columns = u16::try_from(self.layout.widths.len()).unwrap_or(u16::MAX);
        self.behind.filter = Some(Range {
            first: Pos::new(self.layout.header, 0),
            last: Pos::new(last, columns.saturating_sub(1)),
        });
    }

    /// Ends the part, and gives it as the only entry of an archive.
    pub(super) fn finish(mut self) -> Result<ZipArchive<File>, XlsxError> {
        self.layout.tail(self.part.buffer(), &self.behind)?;
        self.part.finish()
    }
}

/// Writes cells: rows from top to bottom, each from left to right, 0-based,
/// with the numbers of their styles.
#[derive(Debug)]
pub struct Cells<'w> {
    /// Where they go.
    pub sheet: &'w mut Sheet,
    /// Where texts go; none: they stay in the sheet.
    pub strings: Option<&'w mut SharedStrings>,
}

impl Cells<'_> {
    /// Starts a row of a height in points.
    ///
    /// # Errors
    /// The sheet is full.
    pub fn start_row(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        if row >= MOST_ROWS {
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

    /// A text; an empty one leaves a cell that has only a style.
    ///
    /// # Errors
    /// The disk is full.
    pub fn text(&mut self, at: Pos, text: &str, style: u32) -> Result<(), XlsxError> {
        if text.is_empty() {
            self.open(at, style).extend_from_slice(b"\"/>");
            return Ok(());
        }
        let Some(strings) = &mut self.strings else {
            let out = self.open(at, style);
            out.extend_from_slice(b"\" t=\"inlineStr\"><is>");
            push_text(out, text);
            out.extend_from_slice(b"</is></c>");
            return Ok(());
        };
        let index = strings.index(text)?;
        let out = self.open(at, style);
        out.extend_from_slice(b"\" t=\"s\"><v>");
        push_number(out, index);
        out.extend_from_slice(b"</v></c>");
        Ok(())
    }

    /// A number.
    ///
    /// # Errors
    /// None today.
    pub fn number(&mut self, at: Pos, number: f64, style: u32) -> Result<(), XlsxError> {
        let out = self.open(at, style);
        out.extend_from_slice(b"\"><v>");
        match whole(number) {
            Some(whole) => push_number(out, whole),
            None => write!(out, "{number}")?,
        }
        out.extend_from_slice(b"</v></c>");
        Ok(())
    }

    /// One text over a cell and `more` columns to its right.
    ///
    /// # Errors
    /// The disk is full.
    pub fn merged(
        &mut self,
        at: Pos,
        more: u16,
        text: &str,
        (style, rest): (u32, u32),
    ) -> Result<(), XlsxError> {
        self.text(at, text, style)?;
        for column in at.column + 1..=at.column + more {
            self.text(Pos::new(at.row, column), "", rest)?;
        }
        self.sheet.behind.merges.push(Range {
            first: at,
            last: Pos::new(at.row, at.column + more),
        });
        Ok(())
    }

    /// A text that leads to a file, relative to the workbook.
    ///
    /// # Errors
    /// The disk is full.
    pub fn link(&mut self, at: Pos, text: &str, target: &str, style: u32) -> Result<(), XlsxError> {
        self.sheet.behind.links.push(Link {
            at,
            text: text.to_owned(),
            target: target.to_owned(),
        });
        self.text(at, text, style)
    }

    /// Ends a row.
    ///
    /// # Errors
    /// The disk is full.
    pub fn end_row(&mut self) -> Result<(), XlsxError> {
        self.sheet.part.buffer().extend_from_slice(b"</row>");
        self.sheet.part.pass_on()
    }

    /// The start of a cell: its place and style.
    fn open(&mut self, at: Pos, style: u32) -> &mut Vec<u8> {
        let out = self.sheet.part.buffer();
        out.extend_from_slice(b"<c r=\"");
        if let Ok(letter @ 0..26) = u8::try_from(at.column) {
            out.push(b'A' + letter);
        } else {
            out.extend_from_slice(column_letters(at.column).as_bytes());
        }
        push_number(out, at.row + 1);
        out.extend_from_slice(b"\" s=\"");
        push_number(out, style);
        out
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
