//! Reporting periods (报告期) and the cycle that they come from.

mod cycle;

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use cycle::{Cycle, CycleKind, Milestone};

/// A reporting period. Its text form is its identity everywhere: `2024-11`,
/// `2018-Q4`, `2022-H1`, `2022`, `2024-W07`, `2024-11a`, or a milestone's id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// Year and month.
    Month(i32, u32),
    /// Year, month, and whether it is the second half (b).
    HalfMonth(i32, u32, bool),
    /// Year and quarter, 1–4.
    Quarter(i32, u32),
    /// Year and half, 1–2.
    Half(i32, u32),
    /// A year.
    Year(i32),
    /// ISO year and week.
    Week(i32, u32),
    /// A milestone or the one period of a `once` programme, by id.
    Milestone(String),
}

/// The text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是报告期，应写成 2024-11、2018-Q4、2022-H1、2022、2024-W07 或 2024-11a")]
pub struct PeriodError(pub String);

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::HalfMonth(year, month, second) => {
                write!(f, "{year:04}-{month:02}{}", if *second { 'b' } else { 'a' })
            }
            Self::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Self::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Week(year, week) => write!(f, "{year:04}-W{week:02}"),
            Self::Milestone(id) => f.write_str(id),
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        parse(text).ok_or_else(|| PeriodError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Period> {
    let number = |text: &str| -> Option<u32> {
        text.chars()
            .all(|c| c.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    if text.is_empty() || !text.is_ascii() {
        return (!text.is_empty()).then(|| Period::Milestone(text.to_owned()));
    }
    let Some(year) = text.get(..4).and_then(number) else {
        return Some(Period::Milestone(text.to_owned()));
    };
    let year = i32::try_from(year).ok()?;
    let rest = &text[4..];
    if rest.is_empty() {
        return Some(Period::Year(year));
    }
    let rest = rest.strip_prefix('-')?;
    let within = |n: u32, most: u32| (1..=most).contains(&n).then_some(n);
    if let Some(quarter) = rest.strip_prefix('Q') {
        return Some(Period::Quarter(year, within(number(quarter)?, 4)?));
    }
    if let Some(half) = rest.strip_prefix('H') {
        return Some(Period::Half(year, within(number(half)?, 2)?));
    }
    if let Some(week) = rest.strip_prefix('W') {
        let week = within(number(week)?, 53)?;
        NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
        return Some(Period::Week(year, week));
    }
    if let Some(month) = rest.strip_suffix('a') {
        return Some(Period::HalfMonth(year, within(number(month)?, 12)?, false));
    }
    if let Some(month) = rest.strip_suffix('b') {
        return Some(Period::HalfMonth(year, within(number(month)?, 12)?, true));
    }
    Some(Period::Month(year, within(number(rest)?, 12)?))
}

impl Serialize for Period {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

impl Period {
    /// The period as people say it: 2024年11月, 2018年第四季度, 2022年上半年, 2022年度.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Month(year, month) => format!("{year}年{month}月"),
            Self::HalfMonth(year, month, second) => {
                format!("{year}年{month}月{}半月", if *second { '下' } else { '上' })
            }
            Self::Quarter(year, quarter) => {
                let name = ["一", "二", "三", "四"][(*quarter as usize).clamp(1, 4) - 1];
                format!("{year}年第{name}季度")
            }
            Self::Half(year, half) => format!("{year}年{}半年", if *half == 1 { '上' } else { '下' }),
            Self::Year(year) => format!("{year}年度"),
            Self::Week(year, week) => format!("{year}年第{week}周"),
            Self::Milestone(id) => id.clone(),
        }
    }

    /// The period within its year, as short as the head of a narrow column:
    /// 11月, 11上, 一季, 上半年, 全年, 7 (the week).
    #[must_use]
    pub fn within_year(&self) -> String {
        match self {
            Self::Month(_, month) => format!("{month}月"),
            Self::HalfMonth(_, month, second) => format!("{month}{}", if *second { '下' } else { '上' }),
            Self::Quarter(_, quarter) => {
                let name = ["一", "二", "三", "四"][(*quarter as usize).clamp(1, 4) - 1];
                format!("{name}季")
            }
            Self::Half(_, half) => format!("{}半年", if *half == 1 { '上' } else { '下' }),
            Self::Year(_) => "全年".to_owned(),
            Self::Week(_, week) => week.to_string(),
            Self::Milestone(id) => id.clone(),
        }
    }

    /// The period in English: November 2024, Q4 2018, first half of 2022, week 7 of 2024.
    #[must_use]
    pub fn label_en(&self) -> String {
        match self {
            Self::Month(year, month) => NaiveDate::from_ymd_opt(*year, *month, 1)
                .map_or_else(|| self.to_string(), |day| day.format("%B %Y").to_string()),
            Self::HalfMonth(year, month, second) => {
                let half = if *second { "second" } else { "first" };
                format!("{half} half of {}", Self::Month(*year, *month).label_en())
            }
            Self::Quarter(year, quarter) => format!("Q{quarter} {year}"),
            Self::Half(year, half) => {
                format!("{} half of {year}", if *half == 1 { "first" } else { "second" })
            }
            Self::Week(year, week) => format!("week {week} of {year}"),
            Self::Year(_) | Self::Milestone(_) => self.to_string(),
        }
    }

    /// The calendar year it belongs to; `None` for a milestone.
    #[must_use]
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Month(year, _)
            | Self::HalfMonth(year, ..)
            | Self::Quarter(year, _)
            | Self::Half(year, _)
            | Self::Year(year)
            | Self::Week(year, _) => Some(*year),
            Self::Milestone(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
