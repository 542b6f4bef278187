//! The parts of a text that may be a date.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::ledger::header_text::without_brackets;
use crate::domain::text::{chinese_digit, half_width, is_space, numeral};

/// What stands beside a date and says nothing about the day: days of the week,
/// times of day, how many days it were.
static ASIDES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        (?: [,，]? \s* 星期[一二三四五六日天] | 礼拜[一二三四五六日天] | 周[一二三四五六日天]
        | [,，、]? \s* (?: 共计? | 历时 | 为期 ) \s* [0-9一二两三四五六七八九十]{1,3} \s* [天次日]
        | T? \d{1,2} : \d{2} (?: : \d{2} (?: \. \d+ )? )? (?: Z | [+-] \d{2} :? \d{2} )?
        | (?: 上午 | 下午 | 晚上 | 早上 | 中午 | 傍晚 | 凌晨 | 全天 | 半天 | 晚 )
        | [0-9一二两三四五六七八九十]{1,3} \s* [时点] (?: 半 | 整 | 钟 | \s* [0-9一二三四五六七八九十]{1,3} \s* 分? )?
        | [ap] \.? m \.?
        )",
    )
    .unwrap_or_else(|error| unreachable!("a fixed expression: {error}"))
});

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
    /// 、 , ; 。 和 及 and line breaks.
    Separator(char),
    /// Nothing but white space between two numbers, or behind 日.
    Gap,
}

/// The text as tokens; none if anything else stands in it.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let plain = half_width(text);
    let told = without_brackets(unwrapped(&plain));
    // Most cells hold digits and 年月日 or marks between them, and nothing aside.
    let needed = |c: char| !c.is_ascii_digit() && !matches!(c, '年' | '月' | '日' | '-' | '/' | '.');
    let aside = told.contains(needed).then(|| ASIDES.replace_all(&told, " "));
    let timed = aside.as_ref().is_some_and(|left| *left != told);
    let chars: Vec<char> = aside.as_deref().unwrap_or(&told).chars().collect();
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
            '、' | ',' | ';' | '和' | '及' | '\n' | '\r' | '，' | '；' | '。' => {
                if tokens
                    .last()
                    .is_none_or(|last| matches!(last, Token::Separator(_)))
                {
                    continue;
                }
                Token::Separator(c)
            }
            _ if is_space(c) => {
                if !matches!(tokens.last(), None | Some(Token::Gap)) {
                    tokens.push(Token::Gap);
                }
                continue;
            }
            _ => return None,
        };
        tokens.push(token);
    }
    // A full stop ends a sentence; a dash led to a time that is left out.
    while matches!(
        tokens.last(),
        Some(Token::Separator(_) | Token::Gap | Token::Mark('.'))
    ) || timed && matches!(tokens.last(), Some(Token::Range | Token::Mark('-')))
    {
        tokens.pop();
    }
    only_gaps_between_numbers(&mut tokens);
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

/// White space tells two numbers apart, and days; elsewhere it means nothing.
fn only_gaps_between_numbers(tokens: &mut Vec<Token>) {
    let keeps: Vec<bool> = (0..tokens.len())
        .map(|at| {
            let before = at.checked_sub(1).and_then(|before| tokens.get(before));
            tokens[at] != Token::Gap
                || matches!(before, Some(Token::Number { .. } | Token::Day))
                    && matches!(tokens.get(at + 1), Some(Token::Number { .. }))
        })
        .collect();
    let mut keeps = keeps.into_iter();
    tokens.retain(|_| keeps.next().unwrap_or(true));
}

/// The text without brackets around the whole of it.
fn unwrapped(text: &str) -> &str {
    let text = text.trim_matches(is_space);
    let inner = text
        .strip_prefix(['(', '[', '【', '〔'])
        .and_then(|text| text.strip_suffix([')', ']', '】', '〕']));
    inner
        .filter(|inner| !inner.contains(['(', '[', '【', '〔']))
        .unwrap_or(text)
}
