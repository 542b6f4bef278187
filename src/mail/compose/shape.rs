//! Filters for plain text that stands in columns, and for quotations.

use minijinja::value::Value;
use minijinja::{Environment, Error};

/// `centre`, `right`, `pad`, `widest`, `quoted`.
pub(super) fn add_to(environment: &mut Environment<'_>) {
    environment.add_filter("centre", |text: String, to: usize| {
        indented(&text, to.saturating_sub(width(&text)) / 2)
    });
    environment.add_filter("right", |text: String, to: usize| {
        indented(&text, to.saturating_sub(width(&text)))
    });
    environment.add_filter("pad", |text: Value, to: usize| {
        let text = text.to_string();
        format!("{text}{}", " ".repeat(to.saturating_sub(width(&text))))
    });
    environment.add_filter("widest", |list: Vec<Value>, attribute: String| {
        widest(list, &attribute)
    });
    environment.add_filter("quoted", |text: String| quoted(&text));
}

/// Whether a character takes two places where letters are of equal width.
pub(super) fn is_wide(c: char) -> bool {
    // Curly quotes, dashes and dots are as wide as Chinese characters in Chinese type.
    matches!(c as u32, 0x1100..=0x11ff | 0x2014..=0x2026 | 0x2e80..=0x9fff | 0xac00..=0xd7ff | 0xf900..=0xfaff | 0xfe30..=0xfe4f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x2_0000..=0x3_ffff)
}

fn width(text: &str) -> usize {
    text.chars().map(|c| if is_wide(c) { 2 } else { 1 }).sum()
}

/// Chinese spaces keep their width among Chinese characters in any typeface.
fn indented(text: &str, by: usize) -> String {
    let space = if text.chars().any(is_wide) {
        "\u{3000}".repeat(by / 2)
    } else {
        " ".repeat(by)
    };
    format!("{space}{text}")
}

/// The greatest width of an attribute within a list.
fn widest(list: Vec<Value>, attribute: &str) -> Result<usize, Error> {
    let mut most = 0;
    for one in list {
        most = most.max(width(&one.get_attr(attribute)?.to_string()));
    }
    Ok(most)
}

/// In Chinese quotation marks, those within becoming single ones (GB/T 15834).
fn quoted(text: &str) -> String {
    format!("“{}”", text.replace('“', "‘").replace('”', "’"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_places() {
        assert_eq!(width("规划办ab1，"), 11);
        assert_eq!(width("“百千万”"), 10);
        assert_eq!(indented("落款", 5), "\u{3000}\u{3000}落款");
        assert_eq!(indented("Office", 3), "   Office");
    }

    #[test]
    fn quotations_within_are_single() {
        assert_eq!(
            quoted("每月将“百千万工程”情况报送"),
            "“每月将‘百千万工程’情况报送”"
        );
    }
}
