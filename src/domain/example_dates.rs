//! Dates in the examples and hints of a form, moved into the form's own period.

use chrono::{Datelike, NaiveDate};

/// A text in which every date that it gives as an example lies in the month of
/// a day: `2024年11月5日`, `2024-11-05`, `11月5日`, and a year before `年`. What
/// stands where a number is asked for (xx) stays.
#[must_use]
pub fn moved_into(text: &str, day: NaiveDate) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut moved = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let (length, number) = digits(&chars, at);
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let starts = length > 0 && !before.is_some_and(char::is_ascii_alphanumeric);
        let end = at + length;
        if starts && length == 4 && (1900..=2200).contains(&number) && year_follows(&chars, end) {
            moved += &day.year().to_string();
            moved.push(chars[end]);
            at = end + 1;
            at += month_and_day(&chars, at, day, &mut moved, true);
        } else if starts && length <= 2 && chars.get(end) == Some(&'月') {
            let taken = month_and_day(&chars, at, day, &mut moved, false);
            if taken == 0 {
                moved.extend(&chars[at..end]);
            }
            at = if taken == 0 { end } else { at + taken };
        } else {
            let step = length.max(1);
            moved.extend(&chars[at..at + step]);
            at += step;
        }
    }
    moved
}

/// Whether a number is a year, by what follows it.
fn year_follows(chars: &[char], at: usize) -> bool {
    match chars.get(at) {
        Some('年') => true,
        Some('-' | '/' | '.') => month_and_day(chars, at + 1, NaiveDate::MIN, &mut String::new(), true) > 0,
        _ => false,
    }
}

/// Writes month and day at a place, moved; gives how many characters that took.
/// Without a year before it only `M月D日` is a date.
fn month_and_day(chars: &[char], at: usize, day: NaiveDate, moved: &mut String, has_year: bool) -> usize {
    let (month_length, month) = digits(chars, at);
    let parting = at + month_length;
    let Some(mark) = chars.get(parting).filter(|_| (1..=12).contains(&month)) else {
        return 0;
    };
    let (day_length, own) = digits(chars, parting + 1);
    let is_date = (1..=31).contains(&own) && matches!((mark, has_year), ('月', _) | ('-' | '/' | '.', true));
    if !is_date {
        return 0;
    }
    let last = last_day(day);
    let padded = |length: usize, number: u32| {
        if length == 2 {
            format!("{number:02}")
        } else {
            number.to_string()
        }
    };
    // Two digits are kept only where they were padded.
    let width = |length: usize, number: u32| if length == 2 && number < 10 { 2 } else { 1 };
    *moved += &padded(width(month_length, month), day.month());
    moved.push(*mark);
    *moved += &padded(width(day_length, own), own.min(last));
    month_length + 1 + day_length
}

fn last_day(day: NaiveDate) -> u32 {
    (28..=31)
        .rev()
        .find(|last| day.with_day(*last).is_some())
        .unwrap_or(28)
}

/// How many ASCII digits stand at a place, and the number that they make.
fn digits(chars: &[char], at: usize) -> (usize, u32) {
    let run = chars.iter().skip(at).take_while(|c| c.is_ascii_digit());
    let text: String = run.collect();
    (text.len(), text.parse().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2024年xx月xx日", "2026年xx月xx日")]
    #[case(
        "填年月日，如 2024年11月5日。连续几天写“11月5日-6日”，分开的写“11月5日、8日”。",
        "填年月日，如 2026年2月5日。连续几天写“2月5日-6日”，分开的写“2月5日、8日”。"
    )]
    #[case("2024-01-15", "2026-02-15")]
    #[case("2024/1/31", "2026/2/28")]
    #[case("每月5日前", "每月5日前")]
    #[case("合同号2023-017", "合同号2023-017")]
    #[case("3个月内", "3个月内")]
    #[case("粤2024号", "粤2024号")]
    #[case("", "")]
    fn examples_lie_in_the_period(#[case] text: &str, #[case] moved: &str) {
        let day = NaiveDate::from_ymd_opt(2026, 2, 28).unwrap();
        assert_eq!(moved_into(text, day), moved);
    }
}
