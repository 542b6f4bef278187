//! Sheets of a hundred thousand rows: written as XML while the rows come, a
//! chunk at a time in memory, several times faster than cell by cell through
//! `rust_xlsxwriter`, which makes everything around them.
//!
//! A [`Sheet`] takes its cells from left to right and from top to bottom; its
//! part of the package is its own from the first byte to the last. A
//! [`Package`] lets the library write a workbook in which these sheets are
//! empty (names, styles, print titles, links' targets), and puts the parts in
//! their place. Nothing that the library wrote is read but its list of parts.

mod layout;
mod package;
mod part;
mod sheet;
mod strings;

#[cfg(test)]
mod tests;

pub use layout::{Layout, MARGINS};
pub use package::{Package, StyleNumbers, save};
pub use part::DEFLATE_LEVEL;
pub use sheet::{Cells, Sheet};
pub use strings::SharedStrings;
