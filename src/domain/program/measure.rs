//! Figures by which items of a register are measured (量化指标).

use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::Item;
use crate::domain::ids::ItemId;

/// Where the figures of a register stand, and how their shortfall is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// Key of the number column in which a unit gives what has been reached.
    pub column: String,
    /// The column of the table that says what is wanted over all years.
    pub whole: String,
    /// Up to this shortfall, in percent of the year's target, the light is green.
    pub green_to: Decimal,
    /// Up to this one it is yellow.
    pub yellow_to: Decimal,
}

/// What makes an item a figure of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// The item that it measures: who leads that one owes it.
    pub of: ItemId,
    /// The unit it is counted in (家、%).
    pub unit: String,
    /// How it grows.
    pub growth: Growth,
}

/// How a figure grows over a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Growth {
    /// It is added up anew each year (累计).
    Sum,
    /// It is a level that is held from year to year (水平).
    Level,
    /// It is no figure (文字).
    #[default]
    Words,
}

impl Item {
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
        Decimal::from_str(text)
            .ok()
            .filter(|number| number.is_sign_positive() && !number.is_zero())
    }
}
