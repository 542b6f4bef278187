//! Cells that count, list, or both.

use super::CountReading;
use crate::domain::table::Value;
use crate::domain::text::{chinese_digit, half_width, numeral, without_spaces};

/// Units that may follow a bare number.
const UNITS: [char; 8] = ['个', '项', '件', '处', '条', '宗', '起', '类'];

/// Words between 解决 and the number.
const FILLERS: [&str; 10] = [
    "了", "各类", "实际", "突出", "具体", "问题", "困难", "数量", "共", "：",
];

/// Reads a count cell: a whole number, or 推动…村解决问题N个：1.…2.….
#[must_use]
pub fn read_count(value: &Value) -> CountReading {
    let text = match value {
        Value::Number(number) => {
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be a small whole number"
            )]
            let count = (number.fract() == 0.0 && (0.0..1e6).contains(number)).then_some(*number as u32);
            return CountReading {
                count,
                stated: count,
                ..CountReading::default()
            };
        }
        Value::Text(text) => half_width(text).into_owned(),
        _ => return CountReading::default(),
    };
    let bare = without_spaces(&text);
    if let Some(reading) = read_bare(&bare) {
        return reading;
    }
    let stated = stated(&bare);
    let listed = count_items(&text);
    CountReading {
        count: stated.or(listed),
        stated,
        listed,
        place: place(&bare),
        reinterpreted: false,
    }
}

/// How many numbered items a text lists; none if it lists nothing. The marks
/// of one style must follow one another from 1; a number with decimals, a
/// year or a telephone number is no mark.
#[must_use]
pub fn count_items(text: &str) -> Option<u32> {
    let text: Vec<char> = half_width(text).chars().collect();
    [plain_mark, bracket_mark, circled_mark, chinese_mark, ordinal_mark]
        .into_iter()
        .map(|mark| consecutive(&text, mark))
        .max()
        .filter(|count| *count > 0)
}

/// A bare number, with or without a unit, or a word for none.
fn read_bare(text: &str) -> Option<CountReading> {
    let none = CountReading {
        count: Some(0),
        stated: Some(0),
        ..CountReading::default()
    };
    match text {
        "无" | "没有" | "暂无" | "零" | "无问题" | "没有问题" | "暂无问题" | "未发现" | "未发现问题"
        | "未发现新问题" | "没有发现问题" => return Some(none),
        "/" | "\\" | "-" | "—" | "——" => {
            return Some(CountReading {
                reinterpreted: true,
                ..none
            });
        }
        _ => {}
    }
    // 共2处, 2(个), 2个(其中1个已办结), 贰个.
    let text = ["共计", "合计", "共"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let aside = text.find("(其中").filter(|_| text.ends_with(')'));
    let text = &text[..aside.unwrap_or(text.len())];
    let unwrapped = text.split_once('(').and_then(|(number, unit)| {
        let unit = unit.strip_suffix(')')?;
        unit.strip_suffix(UNITS)
            .filter(|rest| rest.is_empty())
            .map(|_| number)
    });
    let digits = unwrapped
        .or_else(|| text.strip_suffix(UNITS))
        .or_else(|| text.strip_suffix("个问题"))
        .unwrap_or(text);
    let count = numeral(digits).or_else(|| numeral(&small_numerals(digits)))?;
    Some(CountReading {
        count: Some(count),
        stated: Some(count),
        ..CountReading::default()
    })
}

/// The numerals of cheques as those of every day: 贰 is 二.
fn small_numerals(text: &str) -> String {
    let small = "壹一贰二叁三肆四伍五陆六柒七捌八玖九拾十佰百仟千";
    let fold = |c: char| {
        let mut pairs = small.chars();
        while let (Some(large), Some(own)) = (pairs.next(), pairs.next()) {
            if large == c {
                return own;
            }
        }
        c
    };
    text.chars().map(fold).collect()
}

/// N of 解决问题N个 or 解决N个问题.
fn stated(text: &str) -> Option<u32> {
    text.match_indices("解决").find_map(|(at, word)| {
        let mut rest = &text[at + word.len()..];
        while let Some(shorter) = FILLERS.iter().find_map(|filler| rest.strip_prefix(filler)) {
            rest = shorter;
        }
        let end = rest
            .find(|c: char| !(c.is_ascii_digit() || chinese_digit(c).is_some() || matches!(c, '十' | '百')))
            .unwrap_or(rest.len());
        let (digits, after) = rest.split_at(end);
        after.starts_with(UNITS).then(|| numeral(digits))?
    })
}

/// The place between 推动 and 解决.
fn place(text: &str) -> Option<String> {
    let start = text.find("推动")? + "推动".len();
    let end = start + text[start..].find("解决")?;
    let place = text[start..end].trim_end_matches("协调").trim();
    (!place.is_empty() && place.chars().count() <= 30).then(|| place.to_owned())
}

/// Finds a mark for the number `n` at a place; gives its length.
type Mark = fn(text: &[char], at: usize, n: u32) -> Option<usize>;

fn consecutive(text: &[char], mark: Mark) -> u32 {
    let mut n = 0;
    let mut at = 0;
    while at < text.len() {
        match mark(text, at, n + 1) {
            Some(length) => {
                n += 1;
                at += length;
            }
            None => at += 1,
        }
    }
    n
}

/// Whether something may begin here: the start, or behind white space or punctuation.
fn begins(text: &[char], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| {
        let c = text[before];
        !c.is_alphanumeric() && !matches!(c, '.' | '/' | '-' | '%' | '+')
    })
}

fn follows(text: &[char], at: usize, word: &str) -> Option<usize> {
    let mut end = at;
    for c in word.chars() {
        if text.get(end) != Some(&c) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// `1.` `1、` `1,` `1)`
fn plain_mark(text: &[char], at: usize, n: u32) -> Option<usize> {
    if !begins(text, at) {
        return None;
    }
    let end = follows(text, at, &n.to_string())?;
    let mark = matches!(text.get(end)?, '.' | '、' | ')' | ',' | '：' | ':');
    let decimal = text.get(end + 1).is_some_and(char::is_ascii_digit);
    (mark && !decimal).then_some(end + 1 - at)
}

/// `(1)` or `(一)`
fn bracket_mark(text: &[char], at: usize, n: u32) -> Option<usize> {
    let inner = follows(text, at, "(")?;
    let end = follows(text, inner, &n.to_string()).or_else(|| follows(text, inner, &chinese(n)?))?;
    Some(follows(text, end, ")")? - at)
}

/// `①`
fn circled_mark(text: &[char], at: usize, n: u32) -> Option<usize> {
    let mark = char::from_u32('①' as u32 + n - 1).filter(|_| n <= 20)?;
    (text.get(at) == Some(&mark)).then_some(1)
}

/// `一是` or `一、`
fn chinese_mark(text: &[char], at: usize, n: u32) -> Option<usize> {
    if !begins(text, at) {
        return None;
    }
    let end = follows(text, at, &chinese(n)?)?;
    matches!(text.get(end)?, '是' | '、').then_some(end + 1 - at)
}

/// `第一`
fn ordinal_mark(text: &[char], at: usize, n: u32) -> Option<usize> {
    if !begins(text, at) {
        return None;
    }
    let end = follows(text, follows(text, at, "第")?, &chinese(n)?)?;
    matches!(text.get(end)?, '、' | ',' | '，' | '：' | ':').then_some(end + 1 - at)
}

/// 1 to 20 in Chinese.
fn chinese(n: u32) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    Some(match n {
        1..=9 => DIGITS[n as usize].to_owned(),
        10..=19 => format!("十{}", DIGITS[(n - 10) as usize]),
        20 => "二十".to_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::placeholder;
    use proptest::prelude::*;

    #[test]
    fn every_sample_reads_as_listed() {
        let mut reader =
            csv::Reader::from_reader(include_str!("../../../tests/data/count_samples.csv").as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            let (raw, place, count, listed, expected) =
                (&record[0], &record[1], &record[2], &record[3], &record[4]);
            if raw.is_empty() || placeholder(raw).is_some() {
                assert!(
                    ["required:error", "placeholder:error"].contains(&expected),
                    "{raw}"
                );
                continue;
            }
            let reading = read_count(&Value::Text(raw.into()));
            assert_eq!(
                reading.count.map(|n| n.to_string()).unwrap_or_default(),
                count,
                "{raw}"
            );
            let code = match &reading {
                CountReading { count: None, .. } => "count-unreadable:error",
                CountReading {
                    reinterpreted: true, ..
                } => "number-reinterpreted:warning",
                CountReading {
                    stated: Some(stated),
                    listed: Some(listed),
                    ..
                } if stated != listed => "count-mismatch:error",
                CountReading {
                    stated: Some(1..),
                    listed: None,
                    ..
                } => "count-not-listed:warning",
                CountReading {
                    stated: None,
                    listed: Some(_),
                    ..
                } => "count-total-missing:warning",
                _ => "ok",
            };
            // The place named in the text is compared with the row's by its own check.
            if expected == "place-text-mismatch:warning" {
                assert!(reading.place.is_some_and(|own| own != place), "{raw}");
            } else {
                assert_eq!(code, expected, "{raw}");
            }
            if !matches!(listed, "" | "0") {
                assert_eq!(
                    reading.listed.map(|n| n.to_string()).unwrap_or_default(),
                    listed,
                    "{raw}"
                );
            }
        }
    }

    #[test]
    fn numbers_are_whole_and_not_negative() {
        assert_eq!(read_count(&Value::Number(3.0)).count, Some(3));
        assert_eq!(read_count(&Value::Number(1.5)).count, None);
        assert_eq!(read_count(&Value::Number(-1.0)).count, None);
        assert_eq!(read_count(&Value::Number(1e30)).count, None);
        assert_eq!(
            read_count(&Value::Text("99999999999999999999".into())).count,
            None
        );
    }

    #[test]
    fn numbers_are_read_as_clerks_write_them() {
        for (text, count) in [
            ("共2处", Some(2)),
            ("合计3个", Some(3)),
            ("2（个）", Some(2)),
            ("2个（其中1个已办结）", Some(2)),
            ("贰个", Some(2)),
            ("拾贰项", Some(12)),
            ("未发现问题", Some(0)),
            ("暂无问题。", None),
            ("2（边板村）", None),
            ("共", None),
            ("（其中", None),
        ] {
            assert_eq!(read_count(&Value::Text(text.into())).count, count, "{text}");
        }
    }

    #[test]
    fn only_marks_in_order_are_items() {
        assert_eq!(count_items("一是村道扩宽1.5公里；二是路灯"), Some(2));
        assert_eq!(count_items("联系电话13812345678，2024年11月完成"), None);
        assert_eq!(count_items("第一，饮水；第二，路灯"), Some(2));
        assert_eq!(count_items("十项中完成3、4项"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".*") {
            let _ = read_count(&Value::Text(text.into()));
        }
    }
}
