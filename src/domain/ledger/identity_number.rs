//! Citizen identity numbers, which must not spread.
//!
//! What counts is the finding `id-number`: 18 digits (the last may be X) or 15
//! digits with a birth date that can be, in any width, with spaces or hyphens
//! between them. The check digit is not looked at: a number with a slip in it
//! is somebody's number still.

use std::ops::Range;

use chrono::NaiveDate;

use crate::domain::text::{digits_close, half_width_char, is_space};

/// Whether a text holds a citizen identity number.
#[must_use]
pub fn contains_identity_number(text: &str) -> bool {
    !find(text).is_empty()
}

/// Whether a text holds as many digits, as close together, as an identity
/// number does. Every text that is written passes here, and hardly any does.
#[must_use]
pub fn may_hold_identity_number(text: &str) -> bool {
    // Eighteen characters with as many separators, three bytes each, are no
    // more than 105 bytes.
    text.len() >= 15 && digits_close(text, 15)
}

/// The text with every identity number masked: the first 3 and last 2
/// characters of the number stay, its other digits become `*`. Spaces and
/// hyphens within the number and all other text stay as they are.
#[must_use]
pub fn mask_identity_numbers(text: &str) -> String {
    let found = find(text);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in found {
        out.push_str(&text[done..range.start]);
        let number = &text[range.clone()];
        let length = number.chars().filter(|c| is_part(*c)).count();
        let mut at = 0;
        for c in number.chars() {
            if is_part(c) {
                at += 1;
                out.push(if at <= 3 || at + 2 > length { c } else { '*' });
            } else {
                out.push(c);
            }
        }
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// A run of digits with the byte range it takes in the text.
struct Group {
    range: Range<usize>,
    digits: String,
    /// Whether a single space or hyphen, and what, joins it to the group before.
    joined_by: Option<char>,
}

/// Byte ranges of the identity numbers, left to right, without overlaps.
fn find(text: &str) -> Vec<Range<usize>> {
    if !may_hold_identity_number(text) || !has_long_run(text) {
        return Vec::new();
    }
    let groups = groups(text);
    let mut found = Vec::new();
    let mut first = 0;
    while first < groups.len() {
        match number_at(&groups, first) {
            Some(last) => {
                found.push(groups[first].range.start..groups[last].range.end);
                first = last + 1;
            }
            None => first += 1,
        }
    }
    found
}

/// Whether 15 digits stand with nothing between them but what may stand within a number.
fn has_long_run(text: &str) -> bool {
    let mut digits = 0;
    text.chars().any(|c| {
        if half_width_char(c).is_ascii_digit() {
            digits += 1;
        } else if !(is_part(c) || is_space(c) || is_hyphen(c)) {
            digits = 0;
        }
        digits >= 15
    })
}

fn is_part(c: char) -> bool {
    let c = half_width_char(c);
    c.is_ascii_digit() || c.eq_ignore_ascii_case(&'x')
}

fn is_hyphen(c: char) -> bool {
    matches!(half_width_char(c), '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Cuts the text into runs of digits; an X that ends a run, or stands alone
/// after a separator, belongs to them unless a letter or digit follows.
fn groups(text: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut separator = None;
    for (start, c) in text.char_indices() {
        let folded = half_width_char(c);
        let end = start + c.len_utf8();
        let x_ends = || {
            folded.eq_ignore_ascii_case(&'x')
                && !text[end..].starts_with(|next| half_width_char(next).is_ascii_alphanumeric())
        };
        let touching = groups.last().is_some_and(|group| group.range.end == start);
        if folded.is_ascii_digit() || ((touching || separator.is_some()) && x_ends()) {
            match groups.last_mut() {
                Some(group) if touching => {
                    group.digits.push(folded.to_ascii_uppercase());
                    group.range.end = end;
                }
                _ => groups.push(Group {
                    range: start..end,
                    digits: folded.to_ascii_uppercase().into(),
                    joined_by: separator,
                }),
            }
            separator = None;
        } else {
            separator = Some(c).filter(|c| touching && (is_space(*c) || is_hyphen(*c)));
        }
    }
    groups
}

/// The last group of the identity number that begins with group `first`.
fn number_at(groups: &[Group], first: usize) -> Option<usize> {
    let own = &groups[first].digits;
    let mut found = is_plausible(own).then_some(first);
    // Joined groups begin and end at a space or at the end of the chain, never
    // in the middle of a date written with hyphens.
    if groups[first].joined_by.is_some_and(is_hyphen) || is_mobile(own) || in_bank_card(groups, first) {
        return found;
    }
    let mut digits = own.clone();
    for last in first + 1..groups.len() {
        let group = &groups[last];
        if group.joined_by.is_none() || is_mobile(&group.digits) {
            break;
        }
        digits.push_str(&group.digits);
        if digits.len() > 18 {
            break;
        }
        let cut = groups
            .get(last + 1)
            .is_some_and(|next| next.joined_by.is_some_and(is_hyphen));
        if !cut && begins_with_province(&digits) && is_plausible(&digits) {
            found = Some(last);
        }
    }
    found
}

fn is_plausible(digits: &str) -> bool {
    if !digits.starts_with(|c| ('1'..='8').contains(&c)) {
        return false;
    }
    let part = |range: Range<usize>| digits.get(range).and_then(|part| part.parse::<u32>().ok());
    let (year, at) = match digits.len() {
        18 => (part(6..10), 10),
        15 if !digits.ends_with('X') => (part(6..8).map(|year| 1900 + year), 8),
        _ => return false,
    };
    let (Some(year @ 1900..=2100), Some(month), Some(day)) = (year, part(at..at + 2), part(at + 2..at + 4))
    else {
        return false;
    };
    i32::try_from(year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
}

/// Groups that happen to add up are dates and telephones far more often, and
/// those seldom begin with the code of a province (GB/T 2260).
fn begins_with_province(digits: &str) -> bool {
    matches!(
        digits.get(..2).and_then(|code| code.parse().ok()),
        Some(11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
    )
}

fn is_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1])
}

/// Whether the chain around a group is a bank card printed in fours, part of
/// which may look like an old number.
fn in_bank_card(groups: &[Group], at: usize) -> bool {
    let reach = 5;
    let mut first = at;
    while first > 0 && at - first <= reach && groups[first].joined_by.is_some() {
        first -= 1;
    }
    let rest = groups[first + 1..]
        .iter()
        .take_while(|group| group.joined_by.is_some())
        .take(reach);
    let total = groups[first].digits.len() + rest.map(|group| group.digits.len()).sum::<usize>();
    groups[first].digits.len() == 4 && matches!(total, 16 | 17 | 19)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_found_and_masked() {
        for (text, masked) in [
            ("440823199001011234", "440*************34"),
            ("张三；44082319900101123X", "张三；440*************3X"),
            ("张三44082319900101123x，", "张三440*************3x，"),
            ("440823900101123", "440**********23"),
            ("４４０８２３１９９００１０１１２３４", "４４０*************３４"),
            ("440823 19900101 1234", "440*** ******** **34"),
            ("440823-19900101-123X。", "440***-********-**3X。"),
            ("44082319900101123 X", "440*************3 X"),
            ("13812345678 440823199001011234", "13812345678 440*************34"),
            (
                "138 1234 5678 440823 19900101 1234",
                "138 1234 5678 440*** ******** **34",
            ),
            (
                "440823199001011234、440823200002291234",
                "440*************34、440*************34",
            ),
            ("3 440823 19900101 1234", "3 440*** ******** **34"),
        ] {
            assert!(contains_identity_number(text), "{text}");
            assert_eq!(mask_identity_numbers(text), masked, "{text}");
        }
    }

    #[test]
    fn other_numbers_are_left_alone() {
        for text in [
            "",
            "2024年11月5日到乌塘圩村调研",
            "13812345678",
            "13812345678 13987654321",
            "13812345678、13987654321",
            "13812345678-1990101",
            "440823199013401234",
            "440823199002301234",
            "440823210101011234",
            "940823199001011234",
            "4408231990010112345",
            "44082319900101123",
            "6222021990010112",
            "6222021990010112345",
            "6222 4408 2390 0101 123",
            "2021-10-8 2021-10-15",
            "2020-12-25 2020-11-06 2020-11-07",
            "44082319900101123XY",
            "440823  19900101  1234",
            "44082390010112X",
        ] {
            assert!(!contains_identity_number(text), "{text}");
            assert_eq!(mask_identity_numbers(text), text);
        }
    }

    proptest! {
        #[test]
        fn masking_leaves_no_number_and_keeps_the_length(text in "([0-9xX０-９ \\-张]{0,40}|\\PC{0,40})") {
            let masked = mask_identity_numbers(&text);
            prop_assert_eq!(masked.chars().count(), text.chars().count());
            prop_assert!(!contains_identity_number(&masked));
        }
    }
}
