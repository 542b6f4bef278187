//! Whether somebody edited a master beside the office's own columns.
//!
//! A fingerprint covers the visible contents of all sheets. It is the same
//! after the workbook was opened and saved elsewhere, after 明细 was sorted or
//! filtered, after sheets were moved, and whatever the office's columns say.

use std::fmt;
use std::str::FromStr;

use super::remarks::{Boxes, DetailLayout};
use crate::domain::table::{Cell, Row, Sheet, Value, Workbook};
use crate::domain::text::is_space;

/// The contents of a master as one number; its text form is 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fingerprint(u64);

/// The fingerprint of one sheet while its lines come.
#[derive(Debug, Clone, Copy)]
pub(super) struct SheetPrint {
    /// Lines may change places below the header.
    sortable: bool,
    lines: u64,
    sum: u64,
}

/// The fingerprint of one line while its cells come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LinePrint {
    hash: u64,
    any: bool,
}

/// A multiplier with well mixed bits; hashes are kept, so it never changes.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(MIX)
}

impl LinePrint {
    /// Takes a text; blank ones don't count, nor do white space around it and
    /// the kind of its line breaks.
    pub fn text(&mut self, text: &str) {
        let text = text.trim_matches(is_space);
        if text.is_empty() {
            return;
        }
        if text.contains('\r') {
            return self.text(&text.replace('\r', ""));
        }
        self.bytes(text.as_bytes());
    }

    fn bytes(&mut self, text: &[u8]) {
        let (words, rest) = text.as_chunks::<8>();
        for word in words {
            self.hash = mix(self.hash, u64::from_le_bytes(*word));
        }
        let mut last = [0_u8; 8];
        last[..rest.len()].copy_from_slice(rest);
        // The length parts one text from the next.
        self.hash = mix(self.hash, u64::from_le_bytes(last));
        self.hash = mix(self.hash, u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.any = true;
    }

    /// Takes a number, to twelve digits: programs differ in the last ones.
    pub fn number(&mut self, number: f64) {
        match short_form(number) {
            Some(text) => self.bytes(&text),
            None => self.text(&format!("{number:.11e}")),
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Number(number) => self.number(*number),
            Value::Text(text) => self.text(text),
            other => self.text(&other.display()),
        }
    }
}

/// What `{:.11e}` writes of a whole number of up to ten digits, which nearly
/// all are: `1.20000000000e1` of 12.
fn short_form(number: f64) -> Option<[u8; 15]> {
    if number.fract() != 0.0 || number.is_sign_negative() || number >= 1e10 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number within bounds"
    )]
    let mut rest = number as u64;
    let places = rest.checked_ilog10().unwrap_or(0) as usize;
    let mut text = *b"0.00000000000e0";
    for place in (0..=places).rev() {
        // The point stands behind the first digit.
        text[if place == 0 { 0 } else { place + 1 }] += u8::try_from(rest % 10).ok()?;
        rest /= 10;
    }
    text[14] += u8::try_from(places).ok()?;
    Some(text)
}

impl SheetPrint {
    pub fn new(sortable: bool) -> Self {
        Self {
            sortable,
            lines: 0,
            sum: 0,
        }
    }

    /// Takes a line; blank ones don't count.
    pub fn line(&mut self, line: LinePrint) {
        if line.any {
            self.sum = if self.sortable {
                self.sum.wrapping_add(mix(line.hash, 1))
            } else {
                mix(self.sum, line.hash)
            };
            self.lines += 1;
        }
    }

    /// Adds the sheet to a workbook's fingerprint; an empty one adds nothing.
    pub fn add_to(self, whole: &mut Fingerprint, name: &str) {
        if self.lines > 0 {
            let mut line = LinePrint::default();
            line.text(name);
            whole.0 = whole.0.wrapping_add(mix(mix(line.hash, self.sum), self.lines));
        }
    }
}

impl Fingerprint {
    /// The fingerprint of a master that was found.
    #[must_use]
    pub fn of(found: &Workbook) -> Self {
        let mut whole = Self::default();
        for sheet in &found.sheets {
            of_sheet(sheet).add_to(&mut whole, &sheet.name);
        }
        whole
    }
}

fn of_sheet(sheet: &Sheet) -> SheetPrint {
    let layout = DetailLayout::find(sheet);
    let mut print = SheetPrint::new(layout.is_some());
    let boxes = Boxes::find(sheet).filter(|_| layout.is_none());
    for row in &sheet.rows {
        let own = layout.as_ref().filter(|layout| layout.owns(row));
        let is_office = |column| {
            own.is_some_and(|own| own.is_office(column))
                || layout.as_ref().is_some_and(|layout| layout.is_added(row, column))
        };
        let sign = |cell: &Cell| {
            let boxes = boxes.as_ref()?;
            boxes.sign(row, cell).map(|sign| sign.label(boxes.words))
        };
        print.line(of_row(row, is_office, sign));
    }
    print
}

/// `sign` gives the label of a box, whatever the office has written behind it.
fn of_row<'a>(
    row: &Row,
    is_office: impl Fn(u16) -> bool,
    sign: impl Fn(&Cell) -> Option<&'a str>,
) -> LinePrint {
    let mut line = LinePrint::default();
    for cell in row.cells.iter().filter(|cell| !is_office(cell.column)) {
        if let Some(label) = sign(cell) {
            line.text(label);
            continue;
        }
        if cell.formula {
            line.text("=");
        }
        line.value(&cell.value);
    }
    line
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Fingerprint {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_short() {
        for number in [
            0.0,
            1.0,
            9.0,
            10.0,
            12.0,
            45_623.0,
            4_294_967_295.0,
            9_999_999_999.0,
        ] {
            assert_eq!(
                short_form(number).map(|text| String::from_utf8(text.to_vec()).unwrap()),
                Some(format!("{number:.11e}"))
            );
        }
        for number in [0.5, -1.0, -0.0, 1e10, f64::NAN, f64::INFINITY] {
            assert_eq!(short_form(number), None, "{number}");
        }
    }
}
