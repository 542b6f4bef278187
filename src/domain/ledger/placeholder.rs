//! What a template leaves for people to replace.

use crate::domain::text::{any_three, count_bytes, half_width_char};

/// Words of templates that ask for text in their place.
const WORDS: [&str; 1] = ["具体展开"];
/// The placeholder that a text still holds, as written: a run of two or more
/// `x`, `X`, `×` or `*`, three or more `_`, or 具体展开 (finding `placeholder`).
/// Runs of `x` and `*` next to a Latin letter or a digit are no placeholders:
/// they belong to a word (Exxon, xxl) or to a masked number (440***34).
#[must_use]
pub fn placeholder(text: &str) -> Option<String> {
    if !may_hold_one(text) {
        return None;
    }
    let word = WORDS
        .iter()
        .filter_map(|word| text.find(word).map(|at| (at, *word)))
        .min();
    let run = first_run(text);
    match (word, run) {
        (Some((at, word)), Some((run_at, run))) => Some(if at < run_at { word } else { run }),
        (word, run) => word.or(run).map(|(_, found)| found),
    }
    .map(str::to_owned)
}

/// Whether a text holds a byte or a character that every placeholder has one
/// of; hardly any cell does.
fn may_hold_one(text: &str) -> bool {
    let bytes = text.as_bytes();
    // x, X, *, _ and the first byte of ×.
    let mark = |byte: u8| byte | 0x20 == b'x' || byte == b'*' || byte == b'_' || byte == 0xc3;
    // ╳ ✕, the full-width twins of the marks, and 具.
    let wide = |a: u8, b: u8, c: u8| {
        (a == 0xe2 && (b == 0x95 || b == 0x9c))
            || (a == 0xef && b == 0xbc && (c == 0xb8 || c == 0x8a || c == 0xbf))
            || (a == 0xef && b == 0xbd && c == 0x98)
            || (a == 0xe5 && b == 0x85 && c == 0xb7)
    };
    count_bytes(bytes, mark) > 0 || any_three(bytes, wide)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Cross,
    Star,
    Line,
}

fn mark(c: char) -> Option<Mark> {
    match half_width_char(c) {
        'x' | 'X' | '×' | '╳' | '✕' => Some(Mark::Cross),
        '*' => Some(Mark::Star),
        '_' => Some(Mark::Line),
        _ => None,
    }
}

/// The first run of marks that is a placeholder, with its byte offset.
fn first_run(text: &str) -> Option<(usize, &str)> {
    let embeds = |c: Option<char>| c.is_some_and(|c| half_width_char(c).is_ascii_alphanumeric());
    let mut before = None;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let Some(kind) = mark(c) else {
            before = Some(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let length = rest.find(|c| mark(c) != Some(kind)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(length);
        let enough = run.chars().count() >= if kind == Mark::Line { 3 } else { 2 };
        let embedded = kind != Mark::Line && (embeds(before) || embeds(after.chars().next()));
        if enough && !embedded {
            return Some((text.len() - rest.len(), run));
        }
        before = run.chars().last();
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn placeholders_are_returned_as_written() {
        for (text, expected) in [
            ("xx村", "xx"),
            ("2024年xx月", "xx"),
            ("XX同志", "XX"),
            ("xxx；电话xxx", "xxx"),
            ("推动××村", "××"),
            ("ＸＸ村", "ＸＸ"),
            ("投入**万元", "**"),
            ("共___人", "___"),
            ("2024年___月", "___"),
            ("（具体展开）", "具体展开"),
            ("Exxon，具体展开，xx", "具体展开"),
            ("xx，具体展开", "xx"),
            ("4×4，×× ", "××"),
        ] {
            assert_eq!(placeholder(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn ordinary_text_has_none() {
        for text in [
            "",
            "Exxon",
            "xxl",
            "XXL号",
            "5xx",
            "x",
            "3×4米",
            "440***34",
            "a_b",
            "__",
            "展开具体工作",
        ] {
            assert_eq!(placeholder(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_part_stands_in_the_text(text in "([xX×Ｘ*_a1村]{0,12}|\\PC{0,40})") {
            if let Some(found) = placeholder(&text) {
                prop_assert!(text.contains(&found));
            }
        }
    }
}
