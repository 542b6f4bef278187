//! Words from outside that a spreadsheet would read as a formula.
//!
//! A cell that holds such a text is harmless as we write it, but whoever
//! enters it and confirms makes it live: `=`, `+`, `-` and `@` begin a formula.
//! A style with `quotePrefix` keeps it text, as a typed apostrophe does.

#[cfg(test)]
pub(crate) mod proof;

use std::borrow::Cow;

use rust_xlsxwriter::{Format, Worksheet};

use super::text::is_formula_like;

/// Whether editing a cell with this text could make a formula of it. A tab or
/// a line break before it is dropped on the way through some programs.
#[must_use]
pub fn needs_quoting(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n']) || is_formula_like(text)
}

/// The format in which a text stays text, also when a person edits the cell.
#[must_use]
pub fn quoted<'a>(format: &'a Format, text: &str) -> Cow<'a, Format> {
    if needs_quoting(text) {
        Cow::Owned(format.clone().set_quote_prefix())
    } else {
        Cow::Borrowed(format)
    }
}

/// Writes words into a cell, as [`quoted`] where they need it.
///
/// # Errors
/// When the cell lies outside of the sheet, or the text is too long.
pub fn write_words(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> anyhow::Result<()> {
    sheet.write_string_with_format(row, column, text, &quoted(format, text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::needs_quoting;

    #[test]
    fn what_could_become_a_formula_is_known() {
        for text in ["=1+1", "+86", "-", "@x", " =A1", "＝1", "\t=1", "\n+1", "\tx"] {
            assert!(needs_quoting(text), "{text:?}");
        }
        for text in ["", "无", "1-2", "a=b", "2024-11-05", "'=1"] {
            assert!(!needs_quoting(text), "{text:?}");
        }
    }
}
