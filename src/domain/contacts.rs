//! Contacts without their telephone numbers, for sheets that many people see.

/// Words that announce a number.
const LABELS: [&str; 9] = [
    "联系电话",
    "办公电话",
    "手机号码",
    "手机号",
    "电话",
    "手机",
    "联系方式",
    "Tel.",
    "Tel",
];

/// Fewest and most digits of a telephone number, area code and extension included.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=16;

/// A contact without its telephone numbers, and without what announced them.
#[must_use]
pub fn without_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    let mut taken = false;
    while at < chars.len() {
        let length = number_at(&chars, at);
        if length == 0 {
            kept.push(chars[at]);
            at += 1;
            continue;
        }
        taken = true;
        at += length;
        let announced = kept.trim_end_matches(is_parting);
        let label = LABELS.iter().find_map(|label| announced.strip_suffix(label));
        let shorter = label.unwrap_or(announced).trim_end_matches(is_parting).len();
        kept.truncate(shorter);
    }
    if !taken {
        return text.to_owned();
    }
    kept.trim_matches(is_parting).to_owned()
}

fn is_parting(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '：' | ':' | '，' | ',' | '；' | ';' | '、' | '/' | '（' | '(' | '）' | ')'
        )
}

/// How many characters of a telephone number stand at a place; 0 for none.
fn number_at(chars: &[char], at: usize) -> usize {
    let digit = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c);
    let begins = chars.get(at).is_some_and(|c| digit(c) || *c == '+');
    let within_word = at > 0
        && chars
            .get(at - 1)
            .is_some_and(|c| digit(c) || c.is_ascii_alphabetic());
    if !begins || within_word {
        return 0;
    }
    let joins = |c: &char| matches!(c, '-' | '－' | '—' | ' ' | '*' | '+');
    let mut length = 0;
    let mut digits = 0;
    while let Some(c) = chars.get(at + length).filter(|c| digit(c) || joins(c)) {
        digits += usize::from(digit(c) || *c == '*');
        length += 1;
    }
    while length > 0 && !chars.get(at + length - 1).is_some_and(|c| digit(c) || *c == '*') {
        length -= 1;
    }
    if DIGITS.contains(&digits) { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("林美玲；电话18856579794", "林美玲")]
    #[case("梁小明 13410406756", "梁小明")]
    #[case("陈丽娟，手机：156-6891-4099", "陈丽娟")]
    #[case("李明（0759-7780000）", "李明")]
    #[case("李明13800138000、王芳13900139000", "李明、王芳")]
    #[case("王芳 138****8000", "王芳")]
    #[case("Ann Cole, Tel. +86 759 7780000", "Ann Cole")]
    #[case("规划办2组", "规划办2组")]
    #[case("李明（2024年到任）", "李明（2024年到任）")]
    #[case("", "")]
    fn numbers_go_and_names_stay(#[case] text: &str, #[case] kept: &str) {
        assert_eq!(without_numbers(text), kept);
    }
}
