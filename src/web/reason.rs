//! Reasons, as people give them at the page.

/// Longest reason, in characters.
pub(super) const LONGEST: usize = 200;

/// Whether a reason is one.
///
/// # Errors
/// What to write, in words.
pub(super) fn checked(reason: &str) -> Result<(), &'static str> {
    match reason.chars().count() {
        0 => Err("请写理由"),
        1..=LONGEST => Ok(()),
        _ => Err("理由最多200个字"),
    }
}
