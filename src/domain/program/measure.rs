//! Figures by which items of a register are measured (量化指标).

use rust_decimal::Decimal;

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
