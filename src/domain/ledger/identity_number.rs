//! Citizen identity numbers, which must not spread.

/// Whether a text holds a citizen identity number.
#[must_use]
pub fn contains_identity_number(text: &str) -> bool {
    let _ = text;
    unimplemented!()
}

/// The text with every identity number masked (first 3 and last 2 stay).
#[must_use]
pub fn mask_identity_numbers(text: &str) -> String {
    let _ = text;
    unimplemented!()
}
