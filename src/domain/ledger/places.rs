//! Cells that name places.

use super::PlaceReading;

/// What a single name is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceMatch {
    /// The full name.
    Exact(String),
    /// Written short, with a hamlet, in traditional characters; only one place fits.
    Abbreviated(String),
    /// No place, or more than one: those that could be meant.
    Unknown(Vec<String>),
}

/// Finds the place that a name means among all known places.
#[must_use]
pub fn match_place(name: &str, places: &[&str], prefixes: &[String]) -> PlaceMatch {
    let _ = (name, places, prefixes);
    unimplemented!()
}

/// Reads a cell with one or several places.
#[must_use]
pub fn read_places(text: &str, places: &[&str], prefixes: &[String]) -> Vec<PlaceReading> {
    let _ = (text, places, prefixes);
    unimplemented!()
}
