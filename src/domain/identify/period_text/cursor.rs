//! Reading parts of dates, character by character.

use chrono::{Datelike, NaiveDate};

use super::{Mention, Part};
use crate::domain::text::{chinese_digit, numeral};

/// Years that a workbook of our days may speak of.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;
/// English month names; three letters are enough.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || c == '十' || chinese_digit(c).is_some()
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '~' | '—' | '–' | '至' | '到' | '－' | '～')
}

/// A place in the text, and what can be read from there. Every reader gives
/// what it read and the place behind it.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub(super) chars: &'a [char],
    pub(super) at: usize,
}

impl Cursor<'_> {
    fn to(self, at: usize) -> Self {
        Self { at, ..self }
    }

    fn is(self, text: &str) -> Option<usize> {
        let length = text.chars().count();
        let here = self.chars.get(self.at..self.at + length)?;
        here.iter().copied().eq(text.chars()).then_some(self.at + length)
    }

    fn any(self, texts: &[&str]) -> Option<usize> {
        texts.iter().find_map(|text| self.is(text))
    }

    /// A whole run of Arabic digits.
    fn digits(self) -> Option<(u64, usize, usize)> {
        let length = self.chars[self.at..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count();
        let text: String = self.chars[self.at..self.at + length].iter().collect();
        Some((text.parse().ok()?, length, self.at + length))
    }

    /// A number in Arabic or Chinese numerals within bounds.
    fn number(self, within: std::ops::RangeInclusive<u32>) -> Option<(u32, usize)> {
        if let Some((number, length, end)) = self.digits() {
            let number = u32::try_from(number).ok()?;
            return (length <= 2 && within.contains(&number)).then_some((number, end));
        }
        let length = self.chars[self.at..]
            .iter()
            .take_while(|c| is_numeral(**c))
            .count();
        let text: String = self.chars[self.at..self.at + length].iter().collect();
        let number = numeral(&text)?;
        within.contains(&number).then_some((number, self.at + length))
    }

    /// 2024年, 24年, 二〇二四年: the year with its sign.
    pub(super) fn year(self) -> Option<(i32, usize)> {
        let (year, end) = if let Some((year, length, end)) = self.digits() {
            let year = i32::try_from(year).ok()?;
            (if length == 2 { 2000 + year } else { year }, end)
        } else {
            let digits: Vec<u32> = self.chars[self.at..]
                .iter()
                .take(4)
                .map_while(|c| chinese_digit(*c))
                .collect();
            let [a, b, c, d] = digits[..] else { return None };
            (i32::try_from(a * 1000 + b * 100 + c * 10 + d).ok()?, self.at + 4)
        };
        let end = self.to(end).is("年")?;
        let end = self.to(end).is("度").unwrap_or(end);
        YEARS.contains(&year).then_some((year, end))
    }

    /// A day of a year: 2024年11月5日, 2024-11-05, 20241105.
    pub(super) fn full_date(self) -> Option<(NaiveDate, usize)> {
        if let Some((year, end)) = self.year() {
            let (month, end) = self.to(end).number(1..=12)?;
            let end = self.to(end).is("月")?;
            let (day, end) = self.to(end).number(1..=31)?;
            let end = self.to(end).any(&["日", "号"])?;
            return Some((NaiveDate::from_ymd_opt(year, month, day)?, end));
        }
        let (number, length, end) = self.digits()?;
        // Eight digits, perhaps with the time of day behind them.
        if matches!(length, 8 | 12 | 14) {
            let text: String = self.chars[self.at..self.at + 8].iter().collect();
            let date = NaiveDate::parse_from_str(&text, "%Y%m%d").ok()?;
            return YEARS.contains(&date.year()).then_some((date, end));
        }
        if length != 4 {
            return None;
        }
        let sign = *self
            .chars
            .get(end)
            .filter(|c| matches!(c, '.' | '-' | '/' | '_'))?;
        let (month, end) = self.to(end + 1).number(1..=12)?;
        (self.chars.get(end) == Some(&sign)).then_some(())?;
        let (day, end) = self.to(end + 1).number(1..=31)?;
        let date = NaiveDate::from_ymd_opt(i32::try_from(number).ok()?, month, day)?;
        YEARS.contains(&date.year()).then_some((date, end))
    }

    /// A part of a year with its year: 2024年11月, 202411, 2024.11, 2024-Q4, november 2024.
    pub(super) fn with_year(self) -> Option<(Mention, usize)> {
        let mention = |year: i32, unit, end| {
            let year = Some(year).filter(|year| YEARS.contains(year))?;
            Some((
                Mention {
                    year: Some(year),
                    unit,
                },
                end,
            ))
        };
        if let Some((year, end)) = self.year() {
            let (unit, end) = self.to(end).part()?;
            return mention(year, unit, end);
        }
        if let Some((year, length, end)) = self.digits() {
            if length == 6 {
                let month = u32::try_from(year % 100)
                    .ok()
                    .filter(|month| (1..=12).contains(month))?;
                return mention(i32::try_from(year / 100).ok()?, Part::Months(month, month), end);
            }
            let year = i32::try_from(year).ok().filter(|_| length == 4)?;
            if let Some((unit, end)) = self.to(end).lettered_part() {
                return mention(year, unit, end);
            }
            self.chars
                .get(end)
                .filter(|c| matches!(c, '.' | '-' | '/' | '_'))?;
            if let Some((unit, end)) = self
                .to(end + 1)
                .lettered_part()
                .or_else(|| self.to(end + 1).part())
            {
                return mention(year, unit, end);
            }
            let (month, end) = self.to(end + 1).number(1..=12)?;
            if let Some(second) = self.half_month_letter(end) {
                return mention(year, Part::HalfMonth(month, second), end + 1);
            }
            return mention(year, Part::Months(month, month), end);
        }
        if let Some((unit, end)) = self.lettered_part() {
            let (year, length, end) = self.to(end).digits()?;
            return (length == 4).then(|| mention(i32::try_from(year).ok()?, unit, end))?;
        }
        let (month, end) = self.english_month()?;
        let end = self.to(end).any(&[".", ","]).unwrap_or(end);
        let (year, length, end) = self.to(end).digits()?;
        (length == 4).then(|| mention(i32::try_from(year).ok()?, Part::Months(month, month), end))?
    }

    /// The a or b of 2024-11a.
    fn half_month_letter(self, at: usize) -> Option<bool> {
        let ends = self.chars.get(at + 1).is_none_or(|c| !c.is_alphanumeric());
        match self.chars.get(at) {
            Some('a') if ends => Some(false),
            Some('b') if ends => Some(true),
            _ => None,
        }
    }

    /// 11月5日 without a year: a day, no period.
    pub(super) fn day_of_month(self) -> Option<usize> {
        let (_, end) = self.number(1..=12)?;
        let end = self.to(end).is("月")?;
        let (_, end) = self.to(end).number(1..=31)?;
        self.to(end).any(&["日", "号"])
    }

    /// Q4, H1, W07; in a longer word they mean something else.
    fn lettered_part(self) -> Option<(Part, usize)> {
        let letter = *self.chars.get(self.at)?;
        let (most, width) = match letter {
            'q' => (4, 1),
            'h' => (2, 1),
            'w' => (53, 2),
            _ => return None,
        };
        let run = self.chars[self.at + 1..]
            .iter()
            .take_while(|c| c.is_ascii_digit())
            .count();
        // A year may follow: Q4 2018.
        let width = [run, run.saturating_sub(4)]
            .into_iter()
            .find(|own| (1..=width).contains(own))?;
        let end = self.at + 1 + width;
        let text: String = self.chars[self.at + 1..end].iter().collect();
        let number = text.parse().ok().filter(|number| (1..=most).contains(number))?;
        if self.chars.get(end).is_some_and(char::is_ascii_alphabetic) {
            return None;
        }
        let part = match letter {
            'q' => Part::Quarter(number),
            'h' => Part::Half(number),
            _ => Part::Week(number),
        };
        Some((part, end))
    }

    fn english_month(self) -> Option<(u32, usize)> {
        let length = self.chars[self.at..]
            .iter()
            .take_while(|c| c.is_ascii_alphabetic())
            .count();
        let word: String = self.chars[self.at..self.at + length].iter().collect();
        let place = MONTHS
            .iter()
            .position(|month| word == *month || (length == 3 && month.starts_with(&word)))?;
        Some((u32::try_from(place + 1).ok()?, self.at + length))
    }

    /// A part of a year without its year: 11月份, 10-12月, 第四季度, 上半年, 第7周.
    pub(super) fn part(self) -> Option<(Part, usize)> {
        if let Some(end) = self.any(&["上半年"]) {
            return Some((Part::Half(1), end));
        }
        if let Some(end) = self.any(&["下半年"]) {
            return Some((Part::Half(2), end));
        }
        if let Some(found) = self.lettered_part() {
            return Some(found);
        }
        let numbered = self.to(self.is("第").unwrap_or(self.at));
        if let Some((quarter, end)) = numbered.number(1..=4)
            && let Some(end) = numbered.to(end).any(&["季度", "季"])
        {
            return Some((Part::Quarter(quarter), end));
        }
        if let Some((week, end)) = numbered.number(1..=53)
            && let Some(end) = numbered.to(end).any(&["周"])
            && numbered.at > self.at
        {
            return Some((Part::Week(week), end));
        }
        let (from, end) = self.number(1..=12)?;
        let sign = self.to(end).is("月");
        let between = sign.unwrap_or(end);
        if self.chars.get(between).copied().is_some_and(is_dash)
            && let Some((to, end)) = self.to(between + 1).number(1..=12)
            && let Some(end) = self.to(end).is("月")
            && from < to
        {
            return Some((Part::Months(from, to), self.to(end).is("份").unwrap_or(end)));
        }
        let end = sign?;
        if let Some(end) = self.to(end).any(&["上半月"]) {
            return Some((Part::HalfMonth(from, false), end));
        }
        if let Some(end) = self.to(end).any(&["下半月"]) {
            return Some((Part::HalfMonth(from, true), end));
        }
        Some((Part::Months(from, from), self.to(end).is("份").unwrap_or(end)))
    }
}
