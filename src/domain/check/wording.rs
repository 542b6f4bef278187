//! Dates and lists as the language of a programme writes them.

use chrono::{Datelike, NaiveDate};

use crate::domain::calendar::{Calendar, is_weekend, weekday_name};
use crate::domain::language::Language;
use crate::domain::ledger::{DateSpan, Excess};
use crate::domain::period::Period;
use crate::domain::table::column_letters;

/// Runs of rows that a message names at most.
const MOST_RUNS: usize = 20;

/// The language of what is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words(pub Language);

impl Words {
    /// That an item has two rows, and what to do.
    pub fn item_twice(self, number: &str) -> (String, &'static str) {
        match self.0 {
            Language::Chinese => (format!("第{number}项填了不止一行。"), "一项填一行，请合并。"),
            Language::English => (
                format!("Item {number} has more than one row."),
                "Give each item one row.",
            ),
        }
    }

    /// `2024年11月5日`; in English `2024-11-05`.
    pub fn day(self, date: NaiveDate) -> String {
        match self.0 {
            Language::Chinese => crate::domain::dates::day(self.0, date),
            Language::English => date.format("%Y-%m-%d").to_string(),
        }
    }

    /// `2024年11月5日至6日`: what both ends share is written once.
    pub fn span(self, span: DateSpan) -> String {
        let (from, to) = (span.from, span.to);
        if from == to {
            return self.day(from);
        }
        match self.0 {
            Language::English => format!("{} to {}", self.day(from), self.day(to)),
            Language::Chinese if from.year() != to.year() => format!("{}至{}", self.day(from), self.day(to)),
            Language::Chinese if from.month() != to.month() => {
                format!("{}至{}月{}日", self.day(from), to.month(), to.day())
            }
            Language::Chinese => format!("{}至{}日", self.day(from), to.day()),
        }
    }

    /// Several spans.
    pub fn spans(self, spans: &[DateSpan]) -> String {
        self.list(spans.iter().map(|span| self.span(*span)))
    }

    /// `a、b、c`; in English `a, b, c`.
    pub fn list<T: AsRef<str>>(self, items: impl IntoIterator<Item = T>) -> String {
        let separator = match self.0 {
            Language::Chinese => "、",
            Language::English => ", ",
        };
        let mut out = String::new();
        for item in items {
            if !out.is_empty() {
                out.push_str(separator);
            }
            out.push_str(item.as_ref());
        }
        out
    }

    /// 1-based rows in ascending order: `5、8至20`. A list that nobody would read
    /// to its end is cut short, and its length told.
    pub fn rows(self, rows: &[u32]) -> String {
        let mut runs: Vec<(u32, u32)> = Vec::new();
        for row in rows {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == *row => *last = *row,
                _ => runs.push((*row, *row)),
            }
        }
        let cut = runs.len() > MOST_RUNS;
        let shown = runs
            .iter()
            .take(MOST_RUNS)
            .flat_map(|(first, last)| match last - first {
                0 => vec![first.to_string()],
                1 => vec![first.to_string(), last.to_string()],
                _ => vec![match self.0 {
                    Language::Chinese => format!("{first}至{last}"),
                    Language::English => format!("{first} to {last}"),
                }],
            });
        let list = self.list(shown);
        match self.0 {
            _ if !cut => list,
            Language::Chinese => format!("{list}等{}", rows.len()),
            Language::English => format!("{list} and more, {} in all", rows.len()),
        }
    }

    /// Why a ledger with too many rows isn't read, and where they come from.
    pub fn too_many_rows(self, excess: &Excess) -> String {
        let Excess {
            rows,
            most,
            filled_down,
        } = excess;
        let origin = filled_down.as_ref().map(|own| {
            let columns = self.list(own.columns.iter().map(|column| column_letters(*column)));
            let (sheet, first, last) = (&own.sheet, own.rows.0, own.rows.1);
            match self.0 {
                Language::Chinese => format!(
                    "；“{sheet}”第{first}至{last}行只有{columns}列有内容，多半是向下填充带出来的，请删去这些行"
                ),
                Language::English => format!(
                    "; on “{sheet}” rows {first} to {last} hold nothing but column {columns}, most likely filled \
                     down by mistake: delete these rows"
                ),
            }
        });
        let origin = origin.unwrap_or_default();
        match self.0 {
            Language::Chinese => format!("表内有{rows}行，最多收{most}行{origin}"),
            Language::English => format!("it has {rows} rows, and {most} are the most{origin}"),
        }
    }

    /// The name of a day off: the holiday's, or the weekday's; none for a working day.
    pub fn day_off(self, date: NaiveDate, calendar: &Calendar) -> Option<String> {
        if calendar.is_working_day(date) {
            return None;
        }
        let holiday = calendar.holiday(date);
        Some(match self.0 {
            Language::Chinese => holiday.unwrap_or(weekday_name(date)).to_owned(),
            Language::English if is_weekend(date) || holiday.is_none() => date.format("%A").to_string(),
            Language::English => "a public holiday".to_owned(),
        })
    }

    /// A period as people say it.
    pub fn period(self, period: &Period) -> String {
        match self.0 {
            Language::Chinese => period.label(),
            Language::English => period.label_en(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn rows_are_named_in_runs_and_not_without_end() {
        let chinese = Words(Language::Chinese);
        for (rows, expected) in [
            (vec![], ""),
            (vec![5], "5"),
            (vec![5, 6], "5、6"),
            (vec![5, 6, 7, 9], "5至7、9"),
        ] {
            assert_eq!(chinese.rows(&rows), expected);
        }
        let many: Vec<u32> = (0..20_000).map(|n| 2 * n).collect();
        let told = chinese.rows(&many);
        assert!(
            told.starts_with("0、2、4、") && told.ends_with("、38等20000"),
            "{told}"
        );
        assert_eq!(chinese.rows(&(5..20_005).collect::<Vec<_>>()), "5至20004");
    }

    #[test]
    fn spans_say_what_both_ends_share_once() {
        for (from, to, chinese, english) in [
            ("2024-11-05", "2024-11-05", "2024年11月5日", "2024-11-05"),
            (
                "2024-11-05",
                "2024-11-06",
                "2024年11月5日至6日",
                "2024-11-05 to 2024-11-06",
            ),
            (
                "2024-11-29",
                "2024-12-01",
                "2024年11月29日至12月1日",
                "2024-11-29 to 2024-12-01",
            ),
            (
                "2024-12-31",
                "2025-01-01",
                "2024年12月31日至2025年1月1日",
                "2024-12-31 to 2025-01-01",
            ),
        ] {
            let span = DateSpan {
                from: date(from),
                to: date(to),
            };
            assert_eq!(Words(Language::Chinese).span(span), chinese);
            assert_eq!(Words(Language::English).span(span), english);
        }
    }

    #[test]
    fn lists_use_the_language_s_comma() {
        assert_eq!(Words(Language::Chinese).list(["甲", "乙"]), "甲、乙");
        assert_eq!(Words(Language::English).list(["a", "b"]), "a, b");
    }

    #[test]
    fn days_off_have_names() {
        let calendar =
            Calendar::parse("date,kind,name\n2024-10-01,off,国庆节\n2024-10-12,work,国庆节\n").unwrap();
        for (day, name) in [
            ("2024-10-01", Some("国庆节")),
            ("2024-10-12", None),
            ("2024-11-09", Some("星期六")),
            ("2024-11-11", None),
        ] {
            assert_eq!(
                Words(Language::Chinese).day_off(date(day), &calendar).as_deref(),
                name,
                "{day}"
            );
        }
        let english = Words(Language::English);
        assert_eq!(
            english.day_off(date("2024-11-09"), &calendar).as_deref(),
            Some("Saturday")
        );
        assert_eq!(
            english.day_off(date("2024-10-01"), &calendar).as_deref(),
            Some("a public holiday")
        );
    }
}
