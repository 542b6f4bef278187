//! Times, dates and reasons as people type them behind an option.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::domain::dates::civil;
use crate::domain::text::{half_width, is_space};

/// The present as it was given: an instant, or a time of the site's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// With its offset.
    Instant(DateTime<FixedOffset>),
    /// Without one.
    Civil(NaiveDateTime),
}

impl Now {
    /// The instant, given the site's zone.
    #[must_use]
    pub fn instant(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Instant(at) => at.to_utc(),
            Self::Civil(at) => civil(zone, at.date(), at.time()).to_utc(),
        }
    }
}

/// Reads a time; a mere date is that day at nine o'clock.
pub fn now(text: &str) -> Result<Now, String> {
    let own = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(own) {
        return Ok(Now::Instant(at));
    }
    let (day, time) = own.split_once([' ', 'T']).unwrap_or((own, "09:00"));
    let time = half_width(time.trim())
        .replace(['时', '点'], ":")
        .replace('分', "");
    let time = time.trim_end_matches(':');
    let time = if time.contains(':') {
        time.to_owned()
    } else {
        format!("{time}:00")
    };
    let time = ["%H:%M", "%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(&time, form).ok());
    match (date(day), time) {
        (Ok(day), Some(time)) => Ok(Now::Civil(day.and_time(time))),
        _ => Err(format!(
            "“{text}”不是时间，应写成 2024-12-02、\"2024-12-02 09:00\" 或 2024-12-02T09:00:00+08:00"
        )),
    }
}

/// Reads a date.
pub fn date(text: &str) -> Result<NaiveDate, String> {
    let own = half_width(text.trim()).into_owned();
    let own = own.trim_end_matches(['日', '号']);
    let parts: Vec<&str> = own.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let day = match parts.as_slice() {
        [year, month, day] if year.len() == 4 => year
            .parse()
            .ok()
            .zip(month.parse().ok().zip(day.parse().ok()))
            .map(|(year, (month, day))| (year, month, day)),
        _ => None,
    };
    let Some((year, month, day)) = day else {
        return Err(format!("“{text}”不是日期，应写成 2024-12-10"));
    };
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| format!("没有“{text}”这一天，请核对月和日"))
}

/// A reason goes on the record, so it has to say something.
pub fn reason(text: &str) -> Result<String, String> {
    let own = text.trim();
    match own.chars().filter(|c| !is_space(*c)).count() {
        0 => Err("理由不能空着，请写明为什么".into()),
        1 => Err(format!("理由只写“{own}”，以后看不出为什么，请至少写两个字")),
        _ => Ok(own.to_owned()),
    }
}

/// How many lines; none for all of them.
pub fn last(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(0) => Ok(usize::MAX),
        Ok(count) => Ok(count),
        Err(_) => Err(format!("“{text}”不是条数，应写成 200 这样的数，0 是全部")),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2024-12-02", "2024-12-02T09:00:00+08:00")]
    #[case("2024年12月2日", "2024-12-02T09:00:00+08:00")]
    #[case("2024-12-02 17:30", "2024-12-02T17:30:00+08:00")]
    #[case("2024/12/2 8时", "2024-12-02T08:00:00+08:00")]
    #[case("2024.12.2 8点05分", "2024-12-02T08:05:00+08:00")]
    #[case("2024-12-02T09:00:00+00:00", "2024-12-02T17:00:00+08:00")]
    fn times_are_read(#[case] text: &str, #[case] at: &str) {
        let at = DateTime::parse_from_rfc3339(at).unwrap().to_utc();
        assert_eq!(now(text).unwrap().instant(chrono_tz::Asia::Shanghai), at);
    }

    #[rstest]
    #[case("昨天")]
    #[case("2024-13-02")]
    #[case("2024-12-02 25:00")]
    #[case("12-02")]
    #[case("")]
    fn what_is_no_time_is_said_in_chinese(#[case] text: &str) {
        assert!(now(text).unwrap_err().contains("不是时间"));
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        assert!(date("2024-11-31").unwrap_err().contains("没有“2024-11-31”这一天"));
        assert!(date("十二月").unwrap_err().contains("不是日期"));
    }

    #[test]
    fn a_reason_says_something() {
        for empty in ["", "  ", "\u{3000}", "\u{200b}\u{200b}", "好", " 好 "] {
            assert!(reason(empty).is_err(), "{empty:?}");
        }
        assert_eq!(reason(" 属 实 ").unwrap(), "属 实");
    }
}
