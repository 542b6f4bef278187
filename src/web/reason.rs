//! Reasons, as people give them at the page.

use crate::domain::language::Language;

/// Longest reason, in characters.
pub(super) const LONGEST: usize = 200;

/// Whether a reason is one.
///
/// # Errors
/// What to write, in words.
pub(super) fn checked(language: Language, reason: &str) -> Result<(), &'static str> {
    match reason.chars().count() {
        0 => Err(language.either("请写理由", "Please write the reason")),
        1..=LONGEST => Ok(()),
        _ => Err(language.either("理由最多200个字", "A reason has 200 characters at most")),
    }
}
