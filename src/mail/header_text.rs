//! Text that may stand in a header.
//!
//! Names and subjects come from rosters and templates that anybody in the
//! office edits. What could end a header line, turn the reading direction
//! round or pass itself off as encoded text goes out here, before the
//! composing library sees it, which panics on a line break in a name.

/// The longest subject, in characters.
pub const MAX_SUBJECT: usize = 200;

/// The longest name of a person or office, in characters.
pub const MAX_NAME: usize = 60;

/// The text as one line: white space of any kind becomes one plain space,
/// control and direction characters go, nothing looks like an encoded word.
/// At most `longest` characters.
#[must_use]
pub fn header_text(text: &str, longest: usize) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if is_line_space(c) => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            _ if is_unwanted(c) => {}
            // `=?utf-8?b?…?=` written out would be decoded by the reader's program.
            '?' if clean.ends_with('=') => clean.push_str(" ?"),
            _ => clean.push(c),
        }
    }
    let clean = clean.trim();
    clean
        .chars()
        .take(longest)
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn is_line_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{2028}' | '\u{2029}'
    )
}

fn is_unwanted(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            // Direction: marks, embeddings, overrides, isolates.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}'
            // Without width: spaces, joiners, the byte order mark, soft hyphen.
            | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}'
            // Annotation and tag characters, and what is no character.
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_break_a_header_goes() {
        for (text, clean) in [
            ("乌塘镇党政办", "乌塘镇党政办"),
            ("催报\r\nBcc: x@b.cn", "催报 Bcc: x@b.cn"),
            ("催报\n\n\t通知", "催报 通知"),
            (" \u{feff}张\u{0}三\u{7f} ", "张三"),
            ("张\u{2028}三\u{85}", "张 三"),
            ("fdp\u{202e}exe.\u{2066}x", "fdpexe.x"),
            ("=?utf-8?b?5byg?=", "= ?utf-8?b?5byg?="),
            ("", ""),
            ("\r\n", ""),
        ] {
            assert_eq!(header_text(text, 60), clean, "{text:?}");
        }
    }

    #[test]
    fn long_texts_are_cut_at_a_character() {
        assert_eq!(header_text(&"村".repeat(100), 60), "村".repeat(60));
        assert_eq!(header_text("ab cd", 3), "ab");
    }
}
