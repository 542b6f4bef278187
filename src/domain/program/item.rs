//! What follows from a row of a register's table alone.

use std::borrow::Cow;
use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::{FormSheet, Growth, Item};
use crate::domain::language::Language;
use crate::domain::text::name_key;

/// Characters of a name that a sentence holds.
const CALLED: usize = 24;

impl Item {
    /// Whether its row stands on a sheet of the form.
    #[must_use]
    pub fn stands_on(&self, sheet: &FormSheet) -> bool {
        self.sheet.is_empty() || name_key(&self.sheet) == name_key(&sheet.name)
    }

    /// Its name as it stands in a sentence: without a full stop, and not too long.
    #[must_use]
    pub fn called(&self) -> Cow<'_, str> {
        let name = self.name.trim_end_matches(['。', '.', '；', ';', '…']);
        match name.char_indices().nth(CALLED) {
            Some((end, _)) => format!("{}…", &name[..end]).into(),
            None => name.into(),
        }
    }

    /// It as a sentence cites it: 第4项“推动镇域扩容提质”.
    #[must_use]
    pub fn cited(&self, language: Language) -> String {
        let (number, name) = (&self.number, self.called());
        match language {
            Language::Chinese => {
                let name = name.replace('“', "‘").replace('”', "’");
                format!("第{number}项“{name}”")
            }
            Language::English => format!("item {number} “{name}”"),
        }
    }

    /// Whether it is a figure that is added up anew each year.
    #[must_use]
    pub fn begins_anew(&self) -> bool {
        let measure = self.measure.as_ref();
        measure.is_some_and(|measure| measure.growth == Growth::Sum)
    }

    /// What a year wants of a figure; none where it wants nothing, or not in one number.
    #[must_use]
    pub fn wanted(&self, year: i32) -> Option<Decimal> {
        let text = &self.years.get(&year)?.text;
        let text = text.trim_start_matches(['≥', '>', '=', '＝']).trim();
        let number = Decimal::from_str(text).ok()?;
        (number > Decimal::ZERO).then_some(number)
    }
}
