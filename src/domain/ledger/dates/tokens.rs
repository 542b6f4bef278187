//! The parts of a text that may be a date.

use crate::domain::text::{chinese_digit, half_width, is_space, numeral};

/// Words beside a date that say nothing about the day.
const ASIDES: [&str; 22] = [
    "星期一",
    "星期二",
    "星期三",
    "星期四",
    "星期五",
    "星期六",
    "星期日",
    "星期天",
    "周一",
    "周二",
    "周三",
    "周四",
    "周五",
    "周六",
    "周日",
    "上午",
    "下午",
    "晚上",
    "早上",
    "中午",
    "全天",
    "晚",
];

/// A part of a text that may be a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// Its value, and in how many digits it is written.
    Number {
        value: u32,
        digits: usize,
    },
    Year,
    Month,
    /// 日, 号.
    Day,
    /// `-`, `/` or `.`: between the parts of a date; `-` also between two dates.
    Mark(char),
    /// 至, 到, ~.
    Range,
    /// 、 , ; 和 及 and line breaks.
    Separator(char),
}

/// The text as tokens; none if anything else stands in it.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut plain = half_width(text).into_owned();
    for aside in ASIDES {
        if plain.contains(aside) {
            plain = plain.replace(aside, "");
        }
    }
    let chars: Vec<char> = without_brackets_and_times(&plain);
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        let token = match c {
            '0'..='9' => {
                let start = at - 1;
                while chars.get(at).is_some_and(char::is_ascii_digit) {
                    at += 1;
                }
                number(&chars[start..at])?
            }
            _ if chinese_digit(c).is_some() || c == '十' => {
                let start = at - 1;
                while chars
                    .get(at)
                    .is_some_and(|c| chinese_digit(*c).is_some() || *c == '十')
                {
                    at += 1;
                }
                chinese_number(&chars[start..at])?
            }
            '年' => Token::Year,
            '月' => Token::Month,
            '日' | '号' => Token::Day,
            '-' | '/' | '.' => Token::Mark(c),
            '—' | '–' | '－' | '―' | '‐' | '−' => {
                while chars.get(at).is_some_and(|c| matches!(c, '—' | '–' | '-')) {
                    at += 1;
                }
                Token::Range
            }
            '至' | '到' | '~' | '～' => Token::Range,
            '、' | ',' | ';' | '和' | '及' | '\n' | '\r' | '，' | '；' => {
                if tokens
                    .last()
                    .is_none_or(|last| matches!(last, Token::Separator(_)))
                {
                    continue;
                }
                Token::Separator(c)
            }
            _ if is_space(c) => continue,
            _ => return None,
        };
        tokens.push(token);
    }
    while matches!(tokens.last(), Some(Token::Separator(_))) {
        tokens.pop();
    }
    (!tokens.is_empty()).then_some(tokens)
}

fn number(digits: &[char]) -> Option<Token> {
    let text: String = digits.iter().collect();
    (text.len() <= 8)
        .then(|| text.parse().ok())?
        .map(|value| Token::Number {
            value,
            digits: text.len(),
        })
}

/// 二〇二四 digit by digit, 十一 and 五 as numerals.
fn chinese_number(chars: &[char]) -> Option<Token> {
    let text: String = chars.iter().collect();
    if chars.len() == 4 && !chars.contains(&'十') {
        let value = chars
            .iter()
            .try_fold(0, |sum, c| Some(sum * 10 + chinese_digit(*c)?))?;
        return Some(Token::Number { value, digits: 4 });
    }
    let value = numeral(&text)?;
    Some(Token::Number {
        value,
        digits: value.to_string().len(),
    })
}

/// Drops what stands in brackets, and times of day such as `00:00:00`.
fn without_brackets_and_times(text: &str) -> Vec<char> {
    let mut chars = Vec::with_capacity(text.len());
    let mut depth = 0u32;
    for c in text.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth == 0 => chars.push(c),
            _ => {}
        }
    }
    while let Some(colon) = chars.iter().position(|c| *c == ':') {
        let part = |c: &char| c.is_ascii_digit() || *c == ':';
        let start = chars[..colon]
            .iter()
            .rposition(|c| !c.is_ascii_digit())
            .map_or(0, |at| at + 1);
        let end = chars[colon..]
            .iter()
            .position(|c| !part(c))
            .map_or(chars.len(), |at| colon + at);
        // A time needs a gap before it; `2024:` is none.
        if colon - start > 2 || colon == start {
            break;
        }
        chars.drain(start..end);
    }
    chars
}
