//! Writing lines: the one place through which every cell of a master goes.

use std::borrow::Cow;

use rust_xlsxwriter::XlsxError;

use super::fingerprint::{LinePrint, SheetPrint};
use super::ink::Ink;
use crate::domain::safe_text::safe_text;
use crate::workbook::style::{Look, MASTER_SIZE, row_height};

/// The most links that Excel takes a sheet.
const MOST_LINKS: u32 = 65_530;

/// Excel takes 2,079 characters; escaping makes up to three of one.
const LONGEST_LINK: usize = 690;

/// What stands in a cell.
#[derive(Debug, Clone)]
pub(super) enum Cell<'a> {
    Text(Look, Cow<'a, str>),
    /// A text that is known to be safe to write, such as one of
    /// [`KeyedRows`](crate::domain::consolidate::KeyedRows).
    Safe(Look, &'a str),
    Number(Look, f64),
    /// A text with the target of its link.
    Link(&'static str, String),
    /// The office's own: not part of the fingerprint.
    Own(Cow<'a, str>),
    /// The header of a column that the office has added: no part of it either.
    Named(&'a str),
}

/// Shorthand for a text.
pub(super) fn text<'a>(look: Look, text: impl Into<Cow<'a, str>>) -> Cell<'a> {
    Cell::Text(look, text.into())
}

/// Shorthand for a whole number.
pub(super) fn number<'a>(look: Look, number: impl Into<f64>) -> Cell<'a> {
    Cell::Number(look, number.into())
}

/// Where the next line goes, and what was written so far.
#[derive(Debug)]
pub(super) struct Place {
    pub row: u32,
    pub widths: Vec<f64>,
    pub print: SheetPrint,
    links: u32,
}

impl Place {
    pub fn new(sortable: bool) -> Self {
        Self {
            row: 0,
            widths: Vec::new(),
            print: SheetPrint::new(sortable),
            links: 0,
        }
    }
}

/// A sheet that is being written from top to bottom.
pub(super) struct Pen<'w> {
    pub ink: &'w mut dyn Ink,
    pub place: &'w mut Place,
}

impl Pen<'_> {
    /// Writes a line as high as its texts need.
    pub fn line(&mut self, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let texts = cells
            .iter()
            .zip(&self.place.widths)
            .map(|(cell, width)| match cell {
                Cell::Text(_, text) | Cell::Own(text) => (text.as_ref(), *width),
                Cell::Safe(_, text) => (*text, *width),
                _ => ("", *width),
            });
        let height = row_height(texts, MASTER_SIZE);
        self.line_of(height, cells)
    }

    /// Writes a line of a given height in points.
    pub fn line_of(&mut self, height: f64, cells: &[Cell<'_>]) -> Result<(), XlsxError> {
        let row = self.place.row;
        let mut print = LinePrint::default();
        self.ink.start_row(row, height)?;
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Text(look, text) => {
                    let text = safe_text(text);
                    print.text(&text);
                    self.ink.text(row, column, &text, *look)?;
                }
                Cell::Safe(look, text) => {
                    print.text(text);
                    self.ink.text(row, column, text, *look)?;
                }
                Cell::Own(text) => self.ink.text(row, column, &safe_text(text), Look::Office)?,
                Cell::Named(text) => self.ink.text(row, column, &safe_text(text), Look::OfficeHeader)?,
                Cell::Number(look, number) => {
                    print.number(*number);
                    self.ink.number(row, column, *number, *look)?;
                }
                Cell::Link(text, target) => {
                    if self.link(row, column, text, target)? {
                        print.text(text);
                    }
                }
            }
        }
        self.ink.end_row()?;
        self.place.print.line(print);
        self.place.row += 1;
        Ok(())
    }

    /// Writes one text over `columns` columns.
    pub fn merged(&mut self, height: f64, columns: usize, look: Look, text: &str) -> Result<(), XlsxError> {
        self.merged_parts(height, &[(columns, look, text)])
    }

    /// Writes several texts side by side, each over a number of columns.
    pub fn merged_parts(&mut self, height: f64, parts: &[(usize, Look, &str)]) -> Result<(), XlsxError> {
        let row = self.place.row;
        let mut print = LinePrint::default();
        self.ink.start_row(row, height)?;
        let mut first = 0_u16;
        for (columns, look, text) in parts {
            let Some(more) = u16::try_from(*columns)
                .ok()
                .and_then(|columns| columns.checked_sub(1))
            else {
                continue;
            };
            let text = safe_text(text);
            print.text(&text);
            if more == 0 {
                self.ink.text(row, first, &text, *look)?;
            } else {
                self.ink.merged(row, first, more, &text, *look)?;
            }
            first += more + 1;
        }
        self.ink.end_row()?;
        self.place.print.line(print);
        self.place.row += 1;
        Ok(())
    }

    /// Boxes side by side, each over a number of columns: a label, and what the
    /// office wrote behind it.
    pub fn boxes(&mut self, height: f64, boxes: &[(usize, Look, &str, &str)]) -> Result<(), XlsxError> {
        let texts: Vec<String> = boxes
            .iter()
            .map(|(_, _, label, own)| safe_text(&format!("{label}{own}")).into_owned())
            .collect();
        let mut first = 0;
        let needed = boxes.iter().zip(&texts).map(|((columns, ..), text)| {
            let width: f64 = self.place.widths.iter().skip(first).take(*columns).sum();
            first += columns;
            (text.as_str(), width)
        });
        let height = row_height(needed.collect::<Vec<_>>().into_iter(), 12.0).max(height);
        let row = self.place.row;
        let mut print = LinePrint::default();
        self.ink.start_row(row, height)?;
        let mut first = 0_u16;
        for ((columns, look, label, _), text) in boxes.iter().zip(&texts) {
            let Some(more) = u16::try_from(*columns)
                .ok()
                .and_then(|columns| columns.checked_sub(1))
            else {
                continue;
            };
            print.text(label);
            if more == 0 {
                self.ink.text(row, first, text, *look)?;
            } else {
                self.ink.merged(row, first, more, text, *look)?;
            }
            first += more + 1;
        }
        self.ink.end_row()?;
        self.place.print.line(print);
        self.place.row += 1;
        Ok(())
    }

    /// Texts side by side, as high as they need.
    pub fn parts(&mut self, parts: &[(usize, Look, &str)]) -> Result<(), XlsxError> {
        let mut first = 0;
        let texts: Vec<(&str, f64)> = parts
            .iter()
            .map(|(columns, _, text)| {
                let widths = self.place.widths.iter().skip(first).take(*columns);
                first += columns;
                (*text, widths.sum())
            })
            .collect();
        let height = row_height(texts.into_iter(), 12.0);
        self.merged_parts(height, parts)
    }

    /// A merged line as high as its text needs.
    pub fn paragraph(&mut self, columns: usize, look: Look, text: &str) -> Result<(), XlsxError> {
        let width: f64 = self.place.widths.iter().take(columns).sum();
        let height = row_height(std::iter::once((text, width)), 12.0);
        self.merged(height, columns, look, text)
    }

    /// Whether the link was written.
    fn link(&mut self, row: u32, column: u16, text: &'static str, target: &str) -> Result<bool, XlsxError> {
        // A number sign would be taken for the start of a place within the
        // file: the link then leads to the folder.
        let target = match target.find('#') {
            Some(sign) => target[..sign].rsplit_once('/').map_or("", |(folder, _)| folder),
            None => target,
        };
        let too_long = target.encode_utf16().count() > LONGEST_LINK;
        if target.is_empty() || too_long || self.place.links >= MOST_LINKS {
            self.ink.text(row, column, "", Look::Source)?;
            return Ok(false);
        }
        self.place.links += 1;
        self.ink.link(row, column, text, target)?;
        Ok(true)
    }
}
