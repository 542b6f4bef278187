//! Times that come again, written as offices find them explained everywhere:
//! five fields, minute to weekday.

use std::fmt;
use std::str::FromStr;

use chrono::DateTime;
use chrono_tz::Tz;
use cron::Schedule;

/// A cron expression with its times.
#[derive(Clone)]
pub struct Cron {
    text: String,
    schedule: Schedule,
}

impl Cron {
    /// Reads an expression of five fields (minute, hour, day, month, weekday),
    /// or of six with seconds before them.
    ///
    /// # Errors
    /// What is wrong with it, in words. Numbers for weekdays are refused: some
    /// programs count 1 as Monday, others as Sunday, so a letter would go out
    /// on the wrong day without anybody noticing.
    pub fn parse(text: &str) -> Result<Self, String> {
        let fields: Vec<&str> = text.split_whitespace().collect();
        let whole = match fields.len() {
            5 => format!("0 {}", fields.join(" ")),
            6 | 7 => fields.join(" "),
            count => {
                return Err(format!(
                    "“{text}”有{count}项，应为五项：分 时 日 月 星期，例如 \"0 9 * * Mon-Fri\"（周一至周五9:00）。"
                ));
            }
        };
        let weekday = whole.split(' ').nth(5).unwrap_or_default();
        if weekday
            .split('/')
            .next()
            .is_some_and(|days| days.contains(|c: char| c.is_ascii_digit()))
        {
            return Err(format!(
                "星期写成了数字“{weekday}”。1 指星期一还是星期日，各家不一样；请写 Mon、Tue、Wed、Thu、Fri、Sat、Sun。"
            ));
        }
        let schedule = Schedule::from_str(&whole).map_err(|error| {
            format!("“{text}”读不懂（{error}）。例如 \"0 9 * * Mon-Fri\" 是周一至周五9:00，\"30 8 1 * *\" 是每月1日8:30。")
        })?;
        Ok(Self {
            text: text.to_owned(),
            schedule,
        })
    }

    /// The first time after an instant; none if there is none any more.
    #[must_use]
    pub fn after(&self, instant: DateTime<Tz>) -> Option<DateTime<Tz>> {
        self.schedule.after(&instant).next()
    }
}

impl PartialEq for Cron {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Cron {}

impl fmt::Debug for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cron({})", self.text)
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Asia::Shanghai;

    use super::*;

    fn at(text: &str) -> DateTime<Tz> {
        DateTime::parse_from_rfc3339(text)
            .unwrap()
            .with_timezone(&Shanghai)
    }

    #[test]
    fn five_fields_are_minutes_to_weekdays() {
        // 2024-12-06 is a Friday.
        for (text, next) in [
            ("0 9 * * Mon-Fri", "2024-12-09T09:00:00+08:00"),
            ("*/10 * * * *", "2024-12-06T09:10:00+08:00"),
            ("30 8 1 * *", "2025-01-01T08:30:00+08:00"),
            ("0 30 8 1 * *", "2025-01-01T08:30:00+08:00"),
            ("0 16 * * Fri", "2024-12-06T16:00:00+08:00"),
        ] {
            let cron = Cron::parse(text).unwrap();
            assert_eq!(
                cron.after(at("2024-12-06T09:00:00+08:00")),
                Some(at(next)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_may_be_misunderstood_is_refused_with_the_reason() {
        for (text, said) in [
            ("0 9 * * 1", "Mon"),
            ("0 9 * * 1-5", "Mon"),
            ("0 9 * *", "五项"),
            ("0 25 * * *", "读不懂"),
            ("", "五项"),
        ] {
            let error = Cron::parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
        }
    }
}
