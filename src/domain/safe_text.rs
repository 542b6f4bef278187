//! Text that may be written into a workbook for others to read.

use std::borrow::Cow;

use crate::domain::ledger::{mask_identity_numbers, may_hold_identity_number};

/// The longest text that a cell holds, in UTF-16 units.
pub const MAX_TEXT: usize = 32_767;

/// The text without control characters, with identity numbers masked, and no
/// longer than a cell can hold. Every text of a unit passes here on its way
/// into a workbook, a row key or a list of changes.
///
/// A text between `<r>` and `</r>` gets a space before it: the writer of
/// workbooks takes such a text for ready-made markup and would copy it into
/// the file as it is.
#[must_use]
pub fn safe_text(text: &str) -> Cow<'_, str> {
    let mut safe = Cow::Borrowed(text);
    if may_hold_unwanted(text) {
        let lines = text.replace("\r\n", "\n").replace('\r', "\n");
        safe = Cow::Owned(lines.chars().filter(|c| !is_unwanted(*c)).collect());
    }
    if may_hold_identity_number(&safe) {
        safe = Cow::Owned(mask_identity_numbers(&safe));
    }
    // A byte is never more than one UTF-16 unit, so short texts need no counting.
    if safe.len() > MAX_TEXT - 2
        && let Some(end) = cut_at(&safe)
    {
        safe = Cow::Owned(format!("{}…", &safe[..end]));
    }
    if safe.starts_with("<r>") && safe.ends_with("</r>") {
        safe = Cow::Owned(format!(" {safe}"));
    }
    safe
}

/// Whether a text may hold what [`is_unwanted`] names, told by its bytes, many
/// at a time; nearly all texts need no closer look.
fn may_hold_unwanted(text: &str) -> bool {
    let bytes = text.as_bytes();
    let control = |byte: u8| (byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0x7f;
    // U+FEFF begins so, and U+FFFE with U+FFFF.
    let mark = |a: u8, b: u8| a == 0xef && (b == 0xbb || b == 0xbf);
    let next = bytes.get(1..).unwrap_or_default();
    let pairs = bytes.iter().zip(next);
    let any = pairs.fold(0_u8, |any, (a, b)| {
        any | u8::from(control(*a)) | u8::from(mark(*a, *b))
    });
    any != 0 || bytes.last().is_some_and(|last| control(*last))
}

fn is_unwanted(c: char) -> bool {
    (c.is_ascii_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

/// Where a text that is too long ends, if it is. Two units stay
/// free: for the ellipsis that shows the cut, and for the space before markup.
fn cut_at(text: &str) -> Option<usize> {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > MAX_TEXT - 2 {
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
        assert_eq!(safe_text("\u{feff}村\u{ffff}：\u{7f}"), "村：");
        assert_eq!(safe_text(&"村".repeat(40_000)).chars().count(), MAX_TEXT - 1);
        assert_eq!(safe_text(&"😀".repeat(20_000)).chars().count(), MAX_TEXT / 2);
    }

    #[test]
    fn markup_of_the_writer_is_disarmed() {
        assert_eq!(safe_text("<r><t>村</t></r>"), " <r><t>村</t></r>");
        assert_eq!(safe_text("<r>村"), "<r>村");
        let long = format!("<r>{}</r>", "x".repeat(40_000));
        assert!(safe_text(&long).encode_utf16().count() <= MAX_TEXT);
        let full = format!("<r>{}</r>", "x".repeat(MAX_TEXT - 7));
        assert!(safe_text(&full).encode_utf16().count() <= MAX_TEXT);
    }

    #[test]
    fn the_first_look_passes_over_nothing_unwanted() {
        for unwanted in ["\u{1}", "\u{7f}", "\r", "\u{feff}", "\u{fffe}", "\u{ffff}"] {
            for before in [0, 1, 126, 127, 128, 300] {
                let text = format!("{}{unwanted}村", "a".repeat(before));
                assert!(may_hold_unwanted(&text), "{text:?}");
            }
        }
        let plain = "塘沟村，（人居环境），，，，，，，，，，，，，，，\t\n13812345678";
        assert!(!may_hold_unwanted(plain) && !may_hold_identity_number(plain));
    }

    #[test]
    fn identity_numbers_are_masked() {
        let safe = safe_text("张三，440823199001011234");
        assert!(!safe.contains("19900101"), "{safe}");
        assert!(safe.contains("440"), "{safe}");
        let wide = safe_text("张三，４４０８２３１９９００１０１１２３４").into_owned();
        assert!(wide.contains("４４０") && wide.contains('*'), "{wide}");
    }
}
