//! Cells that hold dates, as people type them.

use chrono::{Datelike, Days, NaiveDate};

use super::{DateProblem, DateReading, DateSpan};
use crate::domain::table::Value;
use crate::domain::text::{chinese_digit, half_width, numeral};

/// A text longer than this is no date.
const LONGEST: usize = 200;

/// A range longer than this is a slip of the pen.
const LONGEST_RANGE: i64 = 366;

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

/// Reads one or several dates or ranges. A missing year is the one that
/// brings the date nearest to the period (`start`, `end`).
#[must_use]
pub fn read_dates(value: &Value, span: (NaiveDate, NaiveDate)) -> DateReading {
    match value {
        Value::Date(at) => single(at.date()),
        Value::Number(number) if (20_000.0..80_000.0).contains(number) => {
            serial(*number).map_or_else(unreadable, single)
        }
        Value::Number(_) | Value::Text(_) => read_text(&value.display(), span),
        Value::Empty | Value::Bool(_) | Value::Error(_) => unreadable(),
    }
}

/// Reads a single full date in running text, such as a fill line's 填报时间.
#[must_use]
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let start = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let reading = read_dates(&Value::Text(text.to_owned()), (start, start));
    match (reading.problem, reading.year_assumed, reading.spans.as_slice()) {
        (None, None, [only]) => Some(only.from),
        _ => None,
    }
}

/// A day of Excel's 1900 system.
fn serial(number: f64) -> Option<NaiveDate> {
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    let days = number as u64;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

fn single(date: NaiveDate) -> DateReading {
    DateReading {
        spans: vec![DateSpan::day(date)],
        ..DateReading::default()
    }
}

fn unreadable() -> DateReading {
    DateReading {
        problem: Some(DateProblem::Unreadable),
        ..DateReading::default()
    }
}

fn read_text(text: &str, span: (NaiveDate, NaiveDate)) -> DateReading {
    if text.chars().count() > LONGEST {
        return unreadable();
    }
    let Some(tokens) = tokens(text) else {
        return unreadable();
    };
    if let [Token::Number { value, digits: 5 }] = tokens.as_slice()
        && (20_000..80_000).contains(value)
    {
        return serial(f64::from(*value)).map_or_else(unreadable, single);
    }
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        span,
        year: None,
        month: None,
        assumed: None,
    };
    match reader.all() {
        Ok(spans) => DateReading {
            spans,
            year_assumed: reader.assumed,
            problem: None,
        },
        Err(problem) => DateReading {
            problem: Some(problem),
            ..DateReading::default()
        },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Number {
        value: u32,
        digits: usize,
    },
    Year,
    Month,
    Day,
    /// `-`, `/` or `.`: between the parts of a date; `-` also between two dates.
    Mark(char),
    /// 至, 到, ~.
    Range,
    /// 、 , ; 和 及 and line breaks.
    Separator(char),
}

/// The text as tokens; none if anything else stands in it.
fn tokens(text: &str) -> Option<Vec<Token>> {
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
            _ if super::super::text::is_space(c) => continue,
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

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    span: (NaiveDate, NaiveDate),
    year: Option<i32>,
    month: Option<u32>,
    assumed: Option<i32>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    fn take(&mut self, token: Token) -> bool {
        let there = self.peek(0) == Some(token);
        if there {
            self.at += 1;
        }
        there
    }

    fn all(&mut self) -> Result<Vec<DateSpan>, DateProblem> {
        let mut spans = Vec::new();
        loop {
            let from = self.date()?;
            let to = if self.take(Token::Range) || self.take(Token::Mark('-')) {
                let years = self.year;
                let to = self.date()?;
                // 12月30日-1月2日 runs into the next year.
                match NaiveDate::from_ymd_opt(to.year() + 1, to.month(), to.day()) {
                    Some(next) if to < from && to.month() < from.month() && self.year == years => {
                        self.year = Some(next.year());
                        next
                    }
                    _ => to,
                }
            } else {
                from
            };
            if to < from || (to - from).num_days() > LONGEST_RANGE {
                return Err(DateProblem::Unreadable);
            }
            spans.push(DateSpan { from, to });
            match self.peek(0) {
                None => return Ok(spans),
                Some(Token::Separator(_)) => self.at += 1,
                Some(_) => return Err(DateProblem::Unreadable),
            }
        }
    }

    /// One date, with year and month taken over from the one before.
    fn date(&mut self) -> Result<NaiveDate, DateProblem> {
        let Some(Token::Number { value, digits }) = self.peek(0) else {
            return Err(DateProblem::Unreadable);
        };
        self.at += 1;
        let unreadable = DateProblem::Unreadable;
        if digits == 8 {
            return self.build(year(value / 10_000), Some(value / 100 % 100), value % 100);
        }
        if self.take(Token::Year) {
            let (own, assumed) = full_year(value, digits).ok_or(unreadable)?;
            if assumed {
                self.assumed = Some(own);
            }
            let month = self.small_number()?;
            if !self.take(Token::Month) {
                return Err(DateProblem::Unreadable);
            }
            let day = self.small_number()?;
            self.take(Token::Day);
            return self.build(Some(own), Some(month), day);
        }
        if self.take(Token::Month) {
            let day = self.small_number()?;
            self.take(Token::Day);
            return self.build(None, Some(value), day);
        }
        if self.take(Token::Day) {
            return self.build(None, None, value);
        }
        if digits == 4 || (digits == 2 && value > 12 && self.looks_like_three()) {
            let mark = self
                .peek(0)
                .filter(|token| matches!(token, Token::Mark(_) | Token::Separator(',' | '，')));
            let mark = mark.ok_or(unreadable)?;
            self.at += 1;
            let month = self.small_number()?;
            if !self.take(mark) {
                return Err(DateProblem::Unreadable);
            }
            let day = self.small_number()?;
            self.take(Token::Day);
            let (own, assumed) = full_year(value, digits).ok_or(DateProblem::Unreadable)?;
            if assumed {
                self.assumed = Some(own);
            }
            return self.build(Some(own), Some(month), day);
        }
        // 11.5 or 11-5; once a month is known, `5-6` is a range of days.
        if let (Some(Token::Mark(mark)), Some(Token::Number { value: day, .. })) =
            (self.peek(0), self.peek(1))
            && (self.month.is_none() || mark != '-')
        {
            self.at += 2;
            self.take(Token::Day);
            return self.build(None, Some(value), day);
        }
        if self.month.is_some() {
            return self.build(None, None, value);
        }
        Err(DateProblem::Unreadable)
    }

    /// Whether two more numbers follow, each behind the same mark.
    fn looks_like_three(&self) -> bool {
        matches!(
            (self.peek(0), self.peek(1), self.peek(2), self.peek(3)),
            (Some(Token::Mark(a)), Some(Token::Number { .. }), Some(Token::Mark(b)), Some(Token::Number { .. })) if a == b
        )
    }

    fn small_number(&mut self) -> Result<u32, DateProblem> {
        match self.peek(0) {
            Some(Token::Number { value, digits: 1 | 2 }) => {
                self.at += 1;
                Ok(value)
            }
            _ => Err(DateProblem::Unreadable),
        }
    }

    fn build(&mut self, year: Option<i32>, month: Option<u32>, day: u32) -> Result<NaiveDate, DateProblem> {
        let month = month.or(self.month).ok_or(DateProblem::Unreadable)?;
        if !(1..=12).contains(&month) || day == 0 {
            return Err(DateProblem::Unreadable);
        }
        let year = if let Some(year) = year.or(self.year) {
            year
        } else {
            let year = nearest_year(month, day, self.span).ok_or(DateProblem::Impossible { month, day })?;
            self.assumed = Some(year);
            year
        };
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(DateProblem::Impossible { month, day })?;
        self.year = Some(year);
        self.month = Some(month);
        Ok(date)
    }
}

fn year(value: u32) -> Option<i32> {
    i32::try_from(value)
        .ok()
        .filter(|year| (1900..2200).contains(year))
}

/// A year of four digits, or of two with the century added; whether it was added.
fn full_year(value: u32, digits: usize) -> Option<(i32, bool)> {
    match digits {
        4 => year(value).map(|year| (year, false)),
        2 => year(2000 + value).map(|year| (year, true)),
        _ => None,
    }
}

/// The year in which the day lies nearest to the span.
fn nearest_year(month: u32, day: u32, (start, end): (NaiveDate, NaiveDate)) -> Option<i32> {
    (start.year() - 1..=end.year() + 1)
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .min_by_key(|date| {
            (*date - start)
                .num_days()
                .abs()
                .min((*date - end).num_days().abs())
                * i64::from(!(start..=end).contains(date))
        })
        .map(|date| date.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::placeholder;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
    }

    fn november() -> (NaiveDate, NaiveDate) {
        (date("2024-11-01"), date("2024-11-30"))
    }

    fn read(text: &str) -> DateReading {
        read_dates(&Value::Text(text.into()), november())
    }

    fn written(reading: &DateReading) -> String {
        let spans: Vec<String> = reading
            .spans
            .iter()
            .map(|span| {
                if span.from == span.to {
                    span.from.to_string()
                } else {
                    format!("{}..{}", span.from, span.to)
                }
            })
            .collect();
        spans.join(";")
    }

    #[test]
    fn every_sample_reads_as_listed() {
        let mut reader =
            csv::Reader::from_reader(include_str!("../../../tests/data/date_samples.csv").as_bytes());
        for record in reader.records() {
            let record = record.unwrap();
            let (raw, parsed, days, expected) = (&record[0], &record[1], &record[2], &record[3]);
            // Blank, example and placeholder cells never reach the date reader.
            if matches!(raw, "" | "/" | "例") || placeholder(raw).is_some() {
                assert!(
                    ["required:error", "skip", "placeholder:error"].contains(&expected),
                    "{raw}"
                );
                continue;
            }
            let reading = read(raw);
            assert_eq!(written(&reading), parsed, "{raw}");
            let count: usize = {
                let mut all: Vec<_> = reading.spans.iter().flat_map(|span| span.days()).collect();
                all.sort();
                all.dedup();
                all.len()
            };
            assert_eq!(count.to_string(), days, "{raw}");
            let outside = reading
                .spans
                .iter()
                .any(|span| span.from < november().0 || span.to > november().1);
            let code = match &reading.problem {
                Some(DateProblem::Unreadable) => "date-unreadable:error",
                Some(DateProblem::Impossible { .. }) => "date-impossible:error",
                None if outside => "date-out-of-period:error",
                None if reading.year_assumed.is_some() => "date-year-assumed:warning",
                None if expected == "date-on-holiday:info" => expected,
                None => "ok",
            };
            assert_eq!(code, expected, "{raw}");
        }
    }

    #[test]
    fn numbers_and_real_dates_are_dates() {
        let at = date("2024-11-05").and_hms_opt(8, 0, 0).unwrap();
        assert_eq!(written(&read_dates(&Value::Date(at), november())), "2024-11-05");
        assert_eq!(
            written(&read_dates(&Value::Number(45601.0), november())),
            "2024-11-05"
        );
        assert_eq!(
            written(&read_dates(&Value::Number(11.5), november())),
            "2024-11-05"
        );
        assert_eq!(
            written(&read_dates(&Value::Number(20_241_105.0), november())),
            "2024-11-05"
        );
    }

    #[test]
    fn a_range_over_new_year_runs_on() {
        assert_eq!(
            written(&read("2024年12月30日-2025年1月2日")),
            "2024-12-30..2025-01-02"
        );
        assert_eq!(written(&read("2024年12月30日至1月2日")), "2024-12-30..2025-01-02");
        assert_eq!(read("2024年11月6日-5日").problem, Some(DateProblem::Unreadable));
        assert_eq!(written(&read("2024-11-05至2024-11-07")), "2024-11-05..2024-11-07");
        assert_eq!(written(&read("11.5-11.6")), "2024-11-05..2024-11-06");
        assert_eq!(written(&read("24-11-5")), "2024-11-05");
    }

    #[test]
    fn a_fill_date_is_one_whole_date() {
        assert_eq!(read_date("2024年12月2日"), Some(date("2024-12-02")));
        assert_eq!(read_date("12月2日"), None);
        assert_eq!(read_date("2024年12月"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in ".*") {
            let _ = read(&text);
        }

        #[test]
        fn no_dateish_text_breaks_it(text in "[0-9年月日、至\\-/.一十〇 :（）,]{0,40}") {
            let _ = read(&text);
        }

        #[test]
        fn a_written_range_reads_back(from in 0u64..20_000, length in 1u64..300) {
            let from = date("1990-01-01") + Days::new(from);
            let to = from + Days::new(length);
            let text = format!("{}年{}月{}日至{}年{}月{}日", from.year(), from.month(), from.day(), to.year(), to.month(), to.day());
            prop_assert_eq!(read(&text).spans, vec![DateSpan { from, to }]);
        }
    }
}
