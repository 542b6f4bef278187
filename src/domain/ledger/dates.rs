//! Cells that hold dates, as people type them.

mod tokens;

use chrono::{Datelike, Days, NaiveDate};

use super::{DateProblem, DateReading, DateSpan};
use crate::domain::table::{Shown, Value};
use crate::domain::text::half_width;
use tokens::{Token, tokens};

/// A text longer than this is no date.
const LONGEST: usize = 200;

/// A range longer than this is a slip of the pen.
const LONGEST_RANGE: i64 = 366;

/// Reads one or several dates or ranges. A missing year is the one that
/// brings the date nearest to the period (`start`, `end`).
///
/// `shown` tells how a number is shown: 11.1 shown as 11.10 is the 10th of
/// November. A number of which that isn't known, or which is shown as it is, may
/// have lost its last nought; where both readings may be meant it is ambiguous.
#[must_use]
pub fn read_dates(value: &Value, shown: Shown, span: (NaiveDate, NaiveDate)) -> DateReading {
    match value {
        Value::Date(at) => single(at.date()),
        Value::Number(number) if (20_000.0..80_000.0).contains(number) => {
            serial(*number).map_or_else(unreadable, single)
        }
        Value::Number(number) => read_number(*number, shown, span),
        Value::Text(_) => read_text(&value.display(), span),
        Value::Empty | Value::Bool(_) | Value::Error(_) => unreadable(),
    }
}

/// Reads a single full date in running text, such as a fill line's 填报时间.
#[must_use]
pub fn read_date(text: &str) -> Option<NaiveDate> {
    let start = NaiveDate::from_ymd_opt(2000, 1, 1)?;
    let reading = read_dates(&Value::Text(text.into()), Shown::Plain, (start, start));
    match (reading.problem, reading.year_assumed, reading.spans.as_slice()) {
        (None, None, [only]) => Some(only.from),
        _ => None,
    }
}

/// Reads a cell that holds one full date, whatever the period: a date, a text
/// such as 2019年3月1日, or a number such as 20190301. A month alone (1985年3月)
/// is its first day.
#[must_use]
pub fn read_day(value: &Value) -> Option<NaiveDate> {
    let text = match value {
        Value::Date(at) => return Some(at.date()),
        Value::Number(number) if (20_000.0..80_000.0).contains(number) => return serial(*number),
        Value::Number(_) | Value::Text(_) => half_width(&value.display()).into_owned(),
        Value::Empty | Value::Bool(_) | Value::Error(_) => return None,
    };
    let text = text.trim();
    if let Some(day) = read_date(text) {
        return Some(day);
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text.chars().all(|c| c.is_ascii_digit());
    let month_only = text.ends_with('月') || text.matches(['.', '-', '/']).count() == 1;
    let number = |range: std::ops::Range<usize>| digits.get(range)?.parse::<u32>().ok();
    match digits.len() {
        8 if plain => NaiveDate::from_ymd_opt(number(0..4)?.try_into().ok()?, number(4..6)?, number(6..8)?),
        5 | 6 if plain && digits.len() == 6 || month_only => {
            let year = number(0..4)?.try_into().ok()?;
            NaiveDate::from_ymd_opt(year, number(4..digits.len())?, 1).filter(|day| day.year() >= 1900)
        }
        _ => None,
    }
}

/// A number such as 11.1 that was meant as month and day.
fn read_number(number: f64, shown: Shown, span: (NaiveDate, NaiveDate)) -> DateReading {
    if let Shown::Decimals(places) = shown {
        return read_text(&format!("{number:.*}", usize::from(places)), span);
    }
    let text = Value::Number(number).display();
    let first = read_text(&text, span);
    let lost_nought = text
        .rsplit_once('.')
        .is_some_and(|(_, day)| matches!(day, "1" | "2" | "3"));
    if !lost_nought {
        return first;
    }
    let second = read_text(&format!("{text}0"), span);
    let ([one], [other]) = (first.spans.as_slice(), second.spans.as_slice()) else {
        return first;
    };
    let within = |own: &DateSpan| span.0 <= own.from && own.to <= span.1;
    if shown == Shown::Unknown || within(one) && within(other) {
        return DateReading {
            problem: Some(DateProblem::Ambiguous {
                first: one.from,
                second: other.from,
            }),
            ..DateReading::default()
        };
    }
    first
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
        mark: None,
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

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    span: (NaiveDate, NaiveDate),
    year: Option<i32>,
    month: Option<u32>,
    assumed: Option<i32>,
    /// The mark between the parts of the date before.
    mark: Option<char>,
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
                Some(Token::Separator(_) | Token::Gap) => self.at += 1,
                // 11月5日/7日: a stroke that no date is written with parts days.
                Some(Token::Mark('/')) if self.mark != Some('/') => self.at += 1,
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
                .filter(|token| matches!(token, Token::Mark(_) | Token::Separator(',' | '，') | Token::Gap));
            let mark = mark.ok_or(unreadable)?;
            self.at += 1;
            if let Token::Mark(own) = mark {
                self.mark = Some(own);
            }
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
            self.mark = Some(mark);
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
mod tests;
