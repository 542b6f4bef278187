//! The holiday table: `date,kind,name`, as shipped and as offices save it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate};

use super::{Calendar, DayKind, is_weekend, weekday_name};
use crate::domain::source_table::SourceTable;

/// Fewer days off than this are no year's arrangement: the law alone gives 13
/// (11 before 2025), and the notices add the weekends beside them.
const LEAST_DAYS_OFF: usize = 8;

/// With more days off than this the ordinary weekends were listed too.
const MOST_DAYS_OFF: usize = 60;

/// The holidays of 全国年节及纪念日放假办法, by the word that names them.
const STATUTORY: [&str; 7] = ["元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆"];

/// A line of a holiday table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayRow {
    /// 1-based line in the file.
    pub line: usize,
    /// The day.
    pub date: NaiveDate,
    /// Off or worked.
    pub kind: DayKind,
    /// The holiday's name; may be empty.
    pub name: String,
}

/// A line of a holiday table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("第{line}行：{reason}")]
pub struct CalendarError {
    /// 1-based line.
    pub line: usize,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// Why a year's days can't be the arrangement of a whole year.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Implausible {
    /// Too few days off.
    #[error(
        "{year}年只有{days}天放假，不像全年的安排（一般在20天以上）。照此推算会比没有数据更不准，请把通知里的放假日和调休上班日录全。"
    )]
    TooFew {
        /// The year.
        year: i32,
        /// Its days off.
        days: usize,
    },
    /// Too many days off.
    #[error(
        "{year}年有{days}天放假，可能把普通的星期六、星期日也列进来了。请只写通知里的放假日和调休上班日。"
    )]
    TooMany {
        /// The year.
        year: i32,
        /// Its days off.
        days: usize,
    },
}

impl HolidayRow {
    /// Reads CSV text; see [`HolidayRow::of_table`].
    ///
    /// # Errors
    /// Every wrong line, at least one.
    pub fn read(csv: &str) -> Result<Vec<Self>, Vec<CalendarError>> {
        let table = SourceTable::from_csv(csv).map_err(|reason| vec![CalendarError { line: 1, reason }])?;
        Self::of_table(&table)
    }

    /// Takes the rows of a table. Its columns are 日期 date, 类型 kind (`off`
    /// 放假 or `work` 上班) and 名称 name, in any order; further columns are
    /// left out. Dates may be written 2027-01-01, 2027/1/1, 2027.1.1 or
    /// 2027年1月1日.
    ///
    /// # Errors
    /// Every wrong line, at least one.
    pub fn of_table(table: &SourceTable) -> Result<Vec<Self>, Vec<CalendarError>> {
        let whole = |reason: String| vec![CalendarError { line: 1, reason }];
        let columns = Columns::named(&table.header).map_err(whole)?;
        let mut rows: Vec<Self> = Vec::new();
        let mut wrong = Vec::new();
        let mut seen: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for (line, cells) in &table.rows {
            let row = columns
                .row(*line, cells)
                .and_then(|row| match seen.insert(row.date, *line) {
                    None => Ok(row),
                    Some(before) => Err(format!("{}与第{before}行重复，请只留一行。", row.date)),
                });
            match row {
                Ok(row) => rows.push(row),
                Err(reason) => wrong.push(CalendarError { line: *line, reason }),
            }
        }
        match (rows.is_empty(), wrong.is_empty()) {
            (_, false) => Err(wrong),
            (true, true) => Err(whole(
                "表头下面没有日期。每天应写一行，例如 2027-01-01,off,元旦。".into(),
            )),
            (false, true) => Ok(rows),
        }
    }

    /// What is wrong with the line in a notice of the State Council; a
    /// make-up day is always a Saturday or Sunday.
    #[must_use]
    pub fn fault(&self) -> Option<CalendarError> {
        let reason = if self.kind == DayKind::Work && !is_weekend(self.date) {
            format!(
                "{}是{}，本来就上班。调休上班日应是星期六或星期日；放假请写 off。",
                self.date,
                weekday_name(self.date)
            )
        } else if !(2000..=2100).contains(&self.date.year()) {
            format!("年份{}不对，请核对。", self.date.year())
        } else {
            return None;
        };
        Some(CalendarError {
            line: self.line,
            reason,
        })
    }
}

impl Calendar {
    /// Whether each known year looks like a whole year's arrangement.
    ///
    /// # Errors
    /// The first year that doesn't.
    pub fn plausible(&self) -> Result<(), Implausible> {
        for year in self.years() {
            let days = self
                .year(year)
                .filter(|(_, day)| day.kind == DayKind::Off)
                .count();
            if days < LEAST_DAYS_OFF {
                return Err(Implausible::TooFew { year, days });
            }
            if days > MOST_DAYS_OFF {
                return Err(Implausible::TooMany { year, days });
            }
        }
        Ok(())
    }

    /// The statutory holidays that no day of a year is named after; none if
    /// the year's days bear no names at all.
    #[must_use]
    pub fn unnamed_holidays(&self, year: i32) -> Vec<&'static str> {
        let named = || self.year(year).map(|(_, day)| day.name.as_str());
        if named().all(str::is_empty) {
            return Vec::new();
        }
        STATUTORY
            .into_iter()
            .filter(|holiday| !named().any(|name| name.contains(holiday)))
            .collect()
    }

    /// The table as a file that spreadsheets open: UTF-8 with a byte order
    /// mark, sorted by date, the weekday beside each day.
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut csv = "\u{feff}date,kind,name,weekday\r\n".to_owned();
        for (date, day) in &self.days {
            let kind = match day.kind {
                DayKind::Off => "off",
                DayKind::Work => "work",
            };
            let name = if day.name.contains([',', '"', '\n']) {
                format!("\"{}\"", day.name.replace('"', "\"\""))
            } else {
                day.name.clone()
            };
            let _ = write!(csv, "{date},{kind},{name},{}\r\n", weekday_name(*date));
        }
        csv
    }
}

/// Where the columns of a table stand.
struct Columns {
    date: usize,
    kind: usize,
    name: usize,
}

impl Columns {
    fn named(header: &[String]) -> Result<Self, String> {
        let find = |names: &[&str]| {
            header
                .iter()
                .position(|cell| names.iter().any(|name| cell.eq_ignore_ascii_case(name)))
        };
        let date = find(&["date", "日期", "时间", "放假日期"]);
        let kind = find(&[
            "kind",
            "type",
            "类型",
            "类别",
            "放假/上班",
            "放假上班",
            "安排",
            "是否放假",
        ]);
        let name = find(&["name", "名称", "节日", "节假日", "节日名称", "节假日名称"]);
        let (Some(date), Some(kind)) = (date, kind) else {
            return Err(
                "表头应是 date,kind,name（或 日期,类型,名称），用英文逗号分隔；下面每天一行，例如 2027-01-01,off,元旦。"
                    .into(),
            );
        };
        Ok(Self {
            date,
            kind,
            name: name.unwrap_or(usize::MAX),
        })
    }

    fn row(&self, line: usize, cells: &[String]) -> Result<HolidayRow, String> {
        let cell = |at: usize| cells.get(at).map_or("", String::as_str);
        let written = cell(self.date);
        let date = read_date(written)
            .ok_or_else(|| format!("“{written}”不是日期，应写成 2027-01-01 或 2027年1月1日。"))?;
        let written = cell(self.kind);
        let kind = read_kind(written).ok_or_else(|| match written {
            "" => "没有写放假还是上班，应写 off（放假）或 work（调休上班）。".to_owned(),
            _ => format!("“{written}”应为 off（放假）或 work（调休上班）。"),
        })?;
        Ok(HolidayRow {
            line,
            date,
            kind,
            name: cell(self.name).to_owned(),
        })
    }
}

/// 调休 alone is refused: it is said of the day off as well as of the day worked for it.
fn read_kind(text: &str) -> Option<DayKind> {
    match text.to_ascii_lowercase().as_str() {
        "off" | "放假" | "休" | "休息" | "假" => Some(DayKind::Off),
        "work" | "上班" | "班" | "调休上班" | "补班" => Some(DayKind::Work),
        _ => None,
    }
}

/// Year, month and day, parted by `-`, `/`, `.` or 年月日; a midnight that a
/// spreadsheet has added is left out.
fn read_date(text: &str) -> Option<NaiveDate> {
    let day = text.split([' ', 'T']).next()?;
    let parts: Vec<&str> = day
        .strip_suffix(['日', '号'])
        .unwrap_or(day)
        .split(['-', '/', '.', '年', '月'])
        .collect();
    let [year, month, of] = parts.as_slice() else {
        return None;
    };
    let number = |text: &str, most: usize| {
        let plain = !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse::<u32>().ok()).flatten()
    };
    let year = number(year, 4).filter(|year| *year >= 1000)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(month, 2)?, number(of, 2)?)
}
