//! Text as Chinese offices type it: widths, spaces, decoration, numerals.

mod fold;

use std::borrow::Cow;

use smol_str::SmolStr;

use fold::is_composed;
pub use fold::{folded, folded_char, half_width, half_width_char};

/// Whether a character is white space to the eye: ordinary and full-width
/// space, tabs, breaks, no-break and zero-width characters.
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{3000}' | '\u{a0}' | '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{2060}'
        )
}

/// How many bytes are of a kind. Goes over them without a branch, many at a
/// time, which is what makes it cheap to ask first and look closely later.
#[must_use]
pub fn count_bytes(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    // A count within 128 bytes fits into a byte, so that a register holds many.
    let within = |part: &[u8]| part.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    bytes.chunks(128).map(|part| usize::from(within(part))).sum()
}

/// Whether three bytes in a row are of a kind, as one Chinese character is.
#[must_use]
pub fn any_three(bytes: &[u8], is: impl Fn(u8, u8, u8) -> bool) -> bool {
    let (second, third) = (
        bytes.get(1..).unwrap_or_default(),
        bytes.get(2..).unwrap_or_default(),
    );
    let threes = bytes.iter().zip(second).zip(third);
    threes.fold(0_u8, |any, ((a, b), c)| any | u8::from(is(*a, *b, *c))) != 0
}

/// Whether white space of any kind or a control character may stand in a text,
/// told by its bytes; as cheap as [`count_bytes`].
#[must_use]
pub fn may_hold_space(text: &str) -> bool {
    let bytes = text.as_bytes();
    let one = |byte: u8| byte <= b' ' || byte == 0x7f || byte == 0xc2;
    let three = |a: u8, b: u8, c: u8| {
        (a == 0xe1 && b == 0x9a)
            || (a == 0xe2 && (b == 0x80 || b == 0x81))
            || (a == 0xe3 && b == 0x80 && c == 0x80)
            || (a == 0xef && b == 0xbb)
    };
    count_bytes(bytes, one) > 0 || any_three(bytes, three)
}

/// Whether so many digits of half and full width stand close together: within
/// 256 bytes, and certainly if they stand within 128. Says yes at times where
/// a character of another kind looks like a full-width digit; as cheap as
/// [`count_bytes`].
#[must_use]
pub fn digits_close(text: &str, least: u8) -> bool {
    let bytes = text.as_bytes();
    let next = bytes.get(1..).unwrap_or_default();
    // The last byte of a text has none behind it.
    let next = next.chunks(128).chain(std::iter::once(&[][..]));
    let mut before = 0;
    bytes.chunks(128).zip(next).any(|(own, next)| {
        let half = own.iter().map(|byte| u8::from(byte.is_ascii_digit()));
        let full = own.iter().zip(next);
        let full = full.map(|(a, b)| u8::from(*a == 0xbc && (0x90..=0x99).contains(b)));
        let digits = half.sum::<u8>() + full.sum::<u8>();
        let close = digits + before >= least;
        before = digits.min(127);
        close
    })
}

/// Whether nothing but strokes stands there: `/`, `—`, `——`.
#[must_use]
pub fn is_stroke(text: &str) -> bool {
    let stroke = |c| matches!(c, '/' | '／' | '\\' | '＼' | '-' | '—' | '－' | '–' | '―');
    let text = text.trim_matches(is_space);
    !text.is_empty() && text.chars().all(stroke)
}

/// Removes every space.
#[must_use]
pub fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !is_space(*c)).collect()
}

/// The form in which two names are compared: [`folded`], without spaces, in
/// lower case, without the marks that decorate names (quotes, brackets at the
/// ends, dashes at the ends).
#[must_use]
pub fn name_key(text: &str) -> String {
    // The usual full-width marks fold one by one, without a copy of the text.
    let composed: Cow<'_, str> = if is_composed(text) {
        text.into()
    } else {
        fold::folded(text)
    };
    let mut folded = String::with_capacity(text.len());
    for c in composed.chars().map(half_width_char) {
        // Nearly all characters are of the first two kinds.
        if is_han(c) {
            folded.push(c);
        } else if c.is_ascii_graphic() {
            if !matches!(c, '"' | '\'') {
                folded.push(c.to_ascii_lowercase());
            }
        } else if !is_space(c) && !c.is_control() && !matches!(c, '“' | '”' | '‘' | '’' | '《' | '》')
        {
            folded.extend(c.to_lowercase());
        }
    }
    let end = folded.trim_end_matches(decorates).len();
    folded.truncate(end);
    let start = end - folded.trim_start_matches(decorates).len();
    folded.drain(..start);
    folded
}

/// Whether a character at the end of a name only decorates it.
fn decorates(c: char) -> bool {
    matches!(
        c,
        '【' | '】' | '[' | ']' | '-' | '—' | '_' | '·' | ':' | ';' | ',' | '.' | '。' | '、'
    )
}

/// Whether a character is a common Chinese one: neither space nor mark, and without case.
#[must_use]
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Trims and folds runs of white space to one space; line breaks are kept as
/// `\n`. What a person sees as one text is then one text.
#[must_use]
pub fn tidy(text: &str) -> String {
    if needs_no_tidying(text) {
        return text.to_owned();
    }
    made_tidy(text)
}

/// As [`tidy`]; most texts are tidy, and are shared then instead of copied.
#[must_use]
pub fn tidied(text: SmolStr) -> SmolStr {
    if needs_no_tidying(&text) {
        return text;
    }
    made_tidy(&text).into()
}

fn needs_no_tidying(text: &str) -> bool {
    !may_hold_space(text) || is_tidy(text)
}

fn made_tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.replace("\r\n", "\n").replace('\r', "\n").split('\n') {
        let mut pending = false;
        let mut any = false;
        let mut folded = String::with_capacity(line.len());
        for c in line.chars() {
            if is_space(c) || c.is_control() {
                pending = any;
            } else {
                if pending {
                    folded.push(' ');
                    pending = false;
                }
                folded.push(c);
                any = true;
            }
        }
        if any {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&folded);
        }
    }
    out
}

/// Whether a text of one line needs no tidying, as most do.
fn is_tidy(text: &str) -> bool {
    let mut after_space = true;
    for c in text.chars() {
        let space = c == ' ';
        if (space && after_space) || (!space && !is_han(c) && (is_space(c) || c.is_control())) {
            return false;
        }
        after_space = space;
    }
    text.is_empty() || !after_space
}

/// Removes characters that can break a line, a file name or a mail header:
/// controls and the bidirectional overrides.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .collect()
}

/// Makes text safe as one component of a path on any file system: separators
/// and reserved characters become full-width twins, 80 characters at most.
#[must_use]
pub fn file_name_part(text: &str) -> String {
    let safe: String = printable(text)
        .chars()
        .map(|c| match c {
            '/' => '／',
            '\\' => '＼',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '"' => '＂',
            '<' => '＜',
            '>' => '＞',
            '|' => '｜',
            other => other,
        })
        .take(80)
        .collect();
    let safe = safe.trim().trim_end_matches('.').to_owned();
    if safe.is_empty() { "未命名".into() } else { safe }
}

/// Reads a Chinese or Arabic numeral below 10,000: `三`, `十二`, `二十`, `３`, `12`.
#[must_use]
pub fn numeral(text: &str) -> Option<u32> {
    let text = without_spaces(&half_width(text));
    if text.is_empty() {
        return None;
    }
    if text.chars().all(|c| c.is_ascii_digit()) {
        return text.parse().ok().filter(|n| *n < 10_000);
    }
    let mut total = 0;
    let mut digit = None;
    for c in text.chars() {
        let unit = match c {
            '十' => 10,
            '百' => 100,
            '千' => 1000,
            _ => {
                let d = chinese_digit(c)?;
                if digit.is_some_and(|d: u32| d != 0) {
                    return None;
                }
                digit = Some(d);
                continue;
            }
        };
        total += digit.take().unwrap_or(1) * unit;
    }
    Some(total + digit.unwrap_or(0))
}

/// One Chinese digit, 〇 to 九, 两 as 2.
#[must_use]
pub fn chinese_digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' | '○' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_width_space_and_decoration() {
        assert_eq!(name_key("袁　庆"), "袁庆");
        assert_eq!(name_key("【农业农村办】"), "农业农村办");
        assert_eq!(
            name_key("区农业农村局（乡村振兴局）"),
            name_key("区农业农村局(乡村振兴局)")
        );
        assert_eq!(name_key("２０２４"), "2024");
    }

    #[test]
    fn digits_of_both_widths_are_seen_where_they_stand_close() {
        for before in [0, 1, 41, 42, 43, 100] {
            let text = format!("{}，０９：９ 7（８）", "村".repeat(before));
            assert!(digits_close(&text, 5), "{before}");
            assert!(!digits_close(&text, 6), "{before}");
        }
        let apart = format!("12{}345{}67", "村".repeat(100), "村".repeat(100));
        assert!(digits_close(&apart, 3) && !digits_close(&apart, 4));
        assert!(digits_close("7", 1) && !digits_close("", 1));
        assert!(digits_close(&"8".repeat(1000), 120));
    }

    #[test]
    fn numerals_are_read() {
        assert_eq!(numeral("三"), Some(3));
        assert_eq!(numeral("十二"), Some(12));
        assert_eq!(numeral("二十"), Some(20));
        assert_eq!(numeral("一百零五"), Some(105));
        assert_eq!(numeral("３"), Some(3));
        assert_eq!(numeral("若干"), None);
        assert_eq!(numeral("二〇二四"), None);
    }

    #[test]
    fn tidying_keeps_lines() {
        assert_eq!(tidy("  a \u{3000} b\r\n\r\n c "), "a b\nc");
    }

    #[test]
    fn file_names_are_safe() {
        assert_eq!(file_name_part("a/b:c"), "a／b：c");
        assert_eq!(file_name_part(".."), "未命名");
        assert_eq!(file_name_part("\u{202e}x"), "x");
    }
}
