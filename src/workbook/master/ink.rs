//! Where cells go: into a worksheet of `rust_xlsxwriter`, or, for the sheets
//! that may hold a hundred thousand rows, into a stream.

use rust_xlsxwriter::{Url, Worksheet, XlsxError};

use crate::domain::table::Pos;
use crate::workbook::stream::{Cells, StyleNumbers};
use crate::workbook::style::{Look, STYLES, Styles, style_of};

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
        let url = Url::new(format!("file://{target}"));
        self.sheet
            .write_url_with_options(row, column, &url, text, "", Some(self.styles.of(Look::Link)))
            .map(|_| ())
    }

    fn end_row(&mut self) -> Result<(), XlsxError> {
        Ok(())
    }
}

/// A sheet that is streamed.
pub(super) struct StreamInk<'w> {
    pub cells: Cells<'w>,
    /// Numbers of the styles.
    pub numbers: &'w StyleNumbers<STYLES>,
}

impl Ink for StreamInk<'_> {
    fn start_row(&mut self, row: u32, height: f64) -> Result<(), XlsxError> {
        self.cells.start_row(row, height)
    }

    fn text(&mut self, row: u32, column: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        let style = self.numbers.at(style_of(look, text));
        self.cells.text(Pos::new(row, column), text, style)
    }

    fn number(&mut self, row: u32, column: u16, number: f64, look: Look) -> Result<(), XlsxError> {
        let style = self.numbers.at(look as usize);
        self.cells.number(Pos::new(row, column), number, style)
    }

    fn merged(&mut self, row: u32, column: u16, more: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        let styles = (
            self.numbers.at(style_of(look, text)),
            self.numbers.at(look as usize),
        );
        self.cells.merged(Pos::new(row, column), more, text, styles)
    }

    fn link(&mut self, row: u32, column: u16, text: &str, target: &str) -> Result<(), XlsxError> {
        let style = self.numbers.at(style_of(Look::Link, text));
        self.cells.link(Pos::new(row, column), text, target, style)
    }

    fn end_row(&mut self) -> Result<(), XlsxError> {
        self.cells.end_row()
    }
}
