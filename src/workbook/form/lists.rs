//! Values for dropdowns. A short list stands in the rule itself; a long one
//! lies on a hidden sheet, because Excel takes no more than 255 characters.

use rust_xlsxwriter::{DataValidation, Format, Formula, Workbook};

use crate::domain::table::column_letters;
use crate::workbook::style::{safe_text, write_words};
use crate::workbook::words::Words;

const LONGEST_INLINE: usize = 255;

/// The long lists of a workbook.
pub struct Lists {
    sheet: &'static str,
    long: Vec<Vec<String>>,
}

impl Lists {
    /// None yet.
    pub fn new(words: &Words) -> Self {
        Self {
            sheet: words.lists,
            long: Vec::new(),
        }
    }

    /// A dropdown of these values.
    ///
    /// # Errors
    /// When the list can't be written.
    pub fn dropdown(&mut self, values: &[&str]) -> anyhow::Result<DataValidation> {
        let values: Vec<String> = values.iter().map(|value| safe_text(value)).collect();
        let length: usize = values
            .iter()
            .map(|value| value.replace('"', "\"\"").encode_utf16().count() + 1)
            .sum();
        // A comma would split a value of the short kind in two.
        let short = length <= LONGEST_INLINE + 1 && !values.iter().any(|value| value.contains([',', '\n']));
        if short {
            return Ok(DataValidation::new().allow_list_strings(&values)?);
        }
        let place = self
            .long
            .iter()
            .position(|list| *list == values)
            .unwrap_or_else(|| {
                self.long.push(values.clone());
                self.long.len() - 1
            });
        let letters = column_letters(u16::try_from(place)?);
        let source = format!("='{}'!${letters}$1:${letters}${}", self.sheet, values.len());
        Ok(DataValidation::new().allow_list_formula(Formula::new(source)))
    }

    /// Writes the hidden sheet, if a list needs it, as the last one.
    ///
    /// # Errors
    /// When the sheet can't be written.
    pub fn write(&self, workbook: &mut Workbook) -> anyhow::Result<()> {
        if self.long.is_empty() {
            return Ok(());
        }
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.sheet)?.set_hidden(true);
        let plain = Format::new();
        for (column, list) in (0_u16..).zip(&self.long) {
            for (row, value) in (0_u32..).zip(list) {
                write_words(sheet, (row, column), value, &plain)?;
            }
        }
        Ok(())
    }
}
