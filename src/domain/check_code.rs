//! The check code (校验码) that ends each of our notes: whether one is still as
//! we wrote it shows without any record of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::domain::language::Language;

/// Bytes of the digest that the code shows.
const BYTES: usize = 4;

/// The words before the code.
const WORDS: [&str; 2] = ["校验码 ", "Check code "];

/// A note's text with its check code as the last line.
#[must_use]
pub fn with_code(text: &str, language: Language) -> String {
    let words = match language {
        Language::Chinese => WORDS[0],
        Language::English => WORDS[1],
    };
    let line_break = if text.contains("\r\n") { "\r\n" } else { "\n" };
    format!("{}{line_break}{words}{}{line_break}", text.trim_end(), code(text))
}

/// Whether a text ends in the check code of what stands before it: it is one
/// of our notes, and nobody has changed a word.
#[must_use]
pub fn is_whole(text: &str) -> bool {
    let text = text.trim_end();
    let Some((before, last)) = text.rsplit_once('\n') else {
        return false;
    };
    WORDS
        .iter()
        .filter_map(|words| last.strip_prefix(words))
        .any(|own| own == code(before))
}

/// The code of a text, eight hexadecimal digits; how its lines end and whether
/// it begins with a byte order mark is what editors change on saving.
#[must_use]
pub fn code(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim_end().replace('\r', "");
    let digest = Sha256::digest(text.as_bytes());
    let mut code = String::with_capacity(2 * BYTES);
    for byte in digest.iter().take(BYTES) {
        // Writing to a text can't fail.
        let _ = write!(code, "{byte:02X}");
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_shows_whether_it_was_changed() {
        let note = "\u{feff}报送回执\r\n\r\n吴垂超挂点组：\r\n收到。\r\n";
        for language in [Language::Chinese, Language::English] {
            let coded = with_code(note, language);
            assert!(coded.starts_with(note.trim_end()) && coded.ends_with("\r\n"));
            assert!(is_whole(&coded), "{coded}");
            assert!(is_whole(&coded.replace("\r\n", "\n")));
            assert!(is_whole(coded.trim_start_matches('\u{feff}')));
            for changed in [
                coded.replace("收到", "已收到"),
                coded.replace("报送回执", "回执"),
                format!("{coded}另：请电告。\r\n"),
            ] {
                assert!(!is_whole(&changed), "{changed}");
            }
        }
        for other in ["", "校验码 ", note, "校验码 00000000", "x\n校验码 00000000"] {
            assert!(!is_whole(other), "{other}");
        }
    }
}
