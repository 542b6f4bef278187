//! Text that may be written into a workbook for others to read.

use std::borrow::Cow;

use crate::domain::ledger::mask_identity_numbers;

/// The longest text that a cell holds, in UTF-16 units.
pub const MAX_TEXT: usize = 32_767;

/// The fewest digits that an identity number has.
const IDENTITY_DIGITS: usize = 15;

/// The text without control characters, with identity numbers masked, and no
/// longer than a cell can hold. Every text of a unit passes here on its way
/// into a workbook, a row key or a list of changes.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    let mut safe = Cow::Borrowed(text);
    if text.bytes().any(is_suspect) && text.chars().any(is_unwanted) {
        safe = Cow::Owned(text.chars().filter(|c| !is_unwanted(*c)).collect());
    }
    if digits(&safe) >= IDENTITY_DIGITS {
        safe = Cow::Owned(mask_identity_numbers(&safe));
    }
    // A byte is never more than one UTF-16 unit, so short texts need no counting.
    if safe.len() > MAX_TEXT
        && let Some(end) = cut_at(&safe)
    {
        safe = Cow::Owned(safe[..end].to_owned());
    }
    safe
}

/// Digits in half and full width.
fn digits(text: &str) -> usize {
    let bytes = text.as_bytes();
    let half = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if half >= IDENTITY_DIGITS || !bytes.contains(&0xef) {
        return half;
    }
    half + text.chars().filter(|c| ('０'..='９').contains(c)).count()
}

/// First bytes of what [`is_unwanted`] names.
fn is_suspect(byte: u8) -> bool {
    byte < 0x20 || byte == 0x7f || byte == 0xef
}

fn is_unwanted(c: char) -> bool {
    (c.is_ascii_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

/// Where a text that is too long ends, if it is.
fn cut_at(text: &str) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_TEXT {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_left_alone() {
        assert!(matches!(safe_text("乌塘圩村\n电话13800000000"), Cow::Borrowed(_)));
    }

    #[test]
    fn control_characters_go_and_long_texts_end() {
        assert_eq!(safe_text("a\u{0}b\u{b}c\r\n"), "abc\n");
        assert_eq!(safe_text(&"村".repeat(40_000)).chars().count(), MAX_TEXT);
        assert_eq!(safe_text(&"😀".repeat(20_000)).chars().count(), MAX_TEXT / 2);
    }

    #[test]
    fn identity_numbers_are_masked() {
        let safe = safe_text("张三，440823199001011234");
        assert!(!safe.contains("19900101"), "{safe}");
        assert!(safe.contains("440"), "{safe}");
    }
}
