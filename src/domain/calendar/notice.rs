//! The notice of the State Council as it is published:
//! `二、春节：1月28日（农历除夕、周二）至2月4日（周二）放假调休，共8天。1月26日（周日）上班。`
//!
//! Whatever it says twice is compared: days and their count, dates and their
//! weekdays. What can't be understood is named, never guessed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate, Weekday};
use regex::{Captures, Regex};

use super::{CalendarError, DayKind, HolidayRow, weekday_name};
use crate::domain::text::{half_width, without_spaces};

/// Longest run of days off that a notice has set, and a few to spare.
const LONGEST_RUN: i64 = 15;

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($pattern).ok());
    };
}

// An item: 一、元旦:
pattern!(
    ITEM,
    r"[一二三四五六七八九十]{1,3}、([^,:。、]{1,6}(?:、[^,:。、]{1,6})*):"
);
// A day, or a span of days, each with what stands in brackets behind it.
pattern!(
    DAYS,
    r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?(?:(?:至|到|—|-|~)(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^()]*)\))?)?"
);
pattern!(COUNT, r"(?:共|放假)(\d{1,2})天");
pattern!(YEAR, r"(\d{4})年(?:部分节假日|元旦)");
pattern!(ANY_YEAR, r"(\d{4})年");

impl HolidayRow {
    /// Reads a notice, or the table of [`HolidayRow::read`].
    ///
    /// # Errors
    /// Everything that can't be understood or contradicts itself, by line.
    pub fn read_text(text: &str) -> Result<Vec<Self>, Vec<CalendarError>> {
        let first = text.lines().map(str::trim).find(|line| !line.is_empty());
        let is_table = first.is_some_and(|line| line.contains([',', '\t']) && !line.contains("放假调休"));
        if is_table {
            // Cells that were copied from a spreadsheet are parted by tabs.
            return Self::read(&text.replace('\t', ","));
        }
        notice(text)
    }
}

/// The days of a notice.
fn notice(text: &str) -> Result<Vec<HolidayRow>, Vec<CalendarError>> {
    let flat = Flat::of(text);
    let mut wrong = Vec::new();
    let mut rows: Vec<HolidayRow> = Vec::new();
    let items = items(&flat);
    let Some(year) = year(&flat.text).filter(|_| !items.is_empty()) else {
        let reason = if items.is_empty() {
            "没有认出放假安排。请把通知从标题到“节假日期间”全部粘贴进来；也可以每天一行，写成 2027-01-01,off,元旦，第一行写 date,kind,name。"
        } else {
            "没有写是哪一年的放假安排。请连标题一起粘贴，例如“国务院办公厅关于2027年部分节假日安排的通知”。"
        };
        return Err(vec![CalendarError {
            line: 1,
            reason: reason.into(),
        }]);
    };
    let mut seen: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for item in &items {
        match item.rows(year) {
            Err(reason) => wrong.push(CalendarError {
                line: item.line,
                reason,
            }),
            Ok(own) => {
                for row in own {
                    if let Some(before) = seen.insert(row.date, row.line) {
                        wrong.push(CalendarError {
                            line: row.line,
                            reason: format!("{}在第{before}行已经写过，请核对。", row.date),
                        });
                    }
                    rows.push(row);
                }
            }
        }
    }
    rows.sort_by_key(|row| row.date);
    if wrong.is_empty() { Ok(rows) } else { Err(wrong) }
}

/// A text without blanks, with the lines that its bytes came from.
struct Flat {
    text: String,
    /// Where each line begins.
    starts: Vec<usize>,
}

impl Flat {
    fn of(text: &str) -> Self {
        let (mut flat, mut starts) = (String::new(), Vec::new());
        for line in text.lines() {
            starts.push(flat.len());
            flat.push_str(&without_spaces(&half_width(line)));
        }
        Self { text: flat, starts }
    }

    fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }
}

/// What the notice says of one holiday, or of two that fall together.
struct Item<'t> {
    line: usize,
    name: &'t str,
    text: &'t str,
}

fn items(flat: &Flat) -> Vec<Item<'_>> {
    let Some(pattern) = ITEM.as_ref() else {
        return Vec::new();
    };
    let heads: Vec<Captures<'_>> = pattern.captures_iter(&flat.text).collect();
    let whole = |captures: &Captures<'_>| captures.get(0).map_or(0..0, |found| found.range());
    let mut items = Vec::new();
    for (number, head) in heads.iter().enumerate() {
        let own = whole(head);
        let end = heads
            .get(number + 1)
            .map_or(flat.text.len(), |next| whole(next).start);
        let text = flat.text.get(own.end..end).unwrap_or_default();
        // What follows the last item is no part of it.
        let text = text.split_once("节假日期间").map_or(text, |(own, _)| own);
        let name = head.get(1).map_or("", |found| found.as_str());
        if text.contains("放假") {
            items.push(Item {
                line: flat.line(own.start),
                name,
                text,
            });
        }
    }
    items
}

fn year(text: &str) -> Option<i32> {
    let found = |pattern: &Option<Regex>| {
        let captures = pattern.as_ref()?.captures(text)?;
        captures.get(1)?.as_str().parse().ok()
    };
    found(&YEAR).or_else(|| found(&ANY_YEAR))
}

impl Item<'_> {
    /// Its days, off and worked.
    fn rows(&self, year: i32) -> Result<Vec<HolidayRow>, String> {
        let mut rows = Vec::new();
        let mut off = false;
        for sentence in self.text.split(['。', ';']) {
            // 鼓励……安排职工在除夕休息: a wish, no arrangement.
            let kind = if sentence.contains("放假") {
                DayKind::Off
            } else if sentence.contains("上班") {
                DayKind::Work
            } else {
                continue;
            };
            let (said, behind) = match kind {
                DayKind::Off => sentence.split_once("放假"),
                DayKind::Work => sentence.split_once("上班"),
            }
            .unwrap_or((sentence, ""));
            let days = self.days(said, year)?;
            if days.is_empty() {
                return Err(format!("“{}”里的“{sentence}”没有认出日期。", self.name));
            }
            let count = COUNT.as_ref().and_then(|pattern| pattern.captures(sentence));
            let count = count.and_then(|own| own.get(1)?.as_str().parse::<usize>().ok());
            if let Some(count) = count.filter(|count| kind == DayKind::Off && *count != days.len()) {
                return Err(format!(
                    "“{}”写的是{count}天，日期合计是{}天，请对照通知核对。",
                    self.name,
                    days.len()
                ));
            }
            // 1月1日放假,1月4日上班: the rest of the sentence is worked.
            if kind == DayKind::Off && behind.contains("上班") {
                let worked = behind.split_once("上班").map_or("", |(own, _)| own);
                let worked = self.days(worked, year)?;
                rows.extend(worked.into_iter().map(|date| self.row(date, DayKind::Work)));
            }
            off |= kind == DayKind::Off;
            rows.extend(days.into_iter().map(|date| self.row(date, kind)));
        }
        if off {
            Ok(rows)
        } else {
            Err(format!("“{}”没有认出放假的日期。", self.name))
        }
    }

    fn row(&self, date: NaiveDate, kind: DayKind) -> HolidayRow {
        HolidayRow {
            line: self.line,
            date,
            kind,
            name: self.name.to_owned(),
        }
    }

    /// The days that a part of a sentence names.
    fn days(&self, text: &str, year: i32) -> Result<Vec<NaiveDate>, String> {
        let Some(pattern) = DAYS.as_ref() else {
            return Ok(Vec::new());
        };
        let mut days = Vec::new();
        // 1月26日、31日: the month goes on.
        let mut month = None;
        for found in pattern.captures_iter(text) {
            let part = |at: usize| found.get(at).map(|own| own.as_str());
            let number = |at: usize| part(at).and_then(|own| own.parse::<u32>().ok());
            month = number(2).or(month);
            let given = number(1).and_then(|year| i32::try_from(year).ok());
            // 元旦 may begin in the year before.
            let early = month == Some(12) && self.name.contains("元旦");
            let own_year = given.unwrap_or(if early { year - 1 } else { year });
            let from = self.day(own_year, month, number(3), part(4))?;
            let Some(last) = number(7) else {
                days.push(from);
                continue;
            };
            let last_month = number(6).or(month);
            let turned = last_month < month && number(5).is_none();
            let last_year = number(5).and_then(|year| i32::try_from(year).ok());
            let last_year = last_year.unwrap_or(if turned { own_year + 1 } else { own_year });
            let to = self.day(last_year, last_month, Some(last), part(8))?;
            month = last_month;
            if to < from || (to - from).num_days() >= LONGEST_RUN {
                return Err(format!("“{}”从{from}放到{to}，请核对日期。", self.name));
            }
            days.extend(from.iter_days().take_while(|day| *day <= to));
        }
        Ok(days)
    }

    /// A date, whose weekday must be the one in brackets behind it.
    fn day(
        &self,
        year: i32,
        month: Option<u32>,
        day: Option<u32>,
        beside: Option<&str>,
    ) -> Result<NaiveDate, String> {
        let (month, day) = (month.unwrap_or(0), day.unwrap_or(0));
        let date = NaiveDate::from_ymd_opt(year, month, day)
            .ok_or_else(|| format!("“{}”里没有{year}年{month}月{day}日这一天，请核对。", self.name))?;
        match beside.and_then(weekday_in) {
            Some(weekday) if weekday != date.weekday() => Err(format!(
                "“{}”里{month}月{day}日写的是“{}”，而{year}年{month}月{day}日是{}，请核对日期和年份。",
                self.name,
                beside.unwrap_or_default(),
                weekday_name(date)
            )),
            _ => Ok(date),
        }
    }
}

/// The weekday that a text names: 周三, 农历除夕、周二, 星期日.
fn weekday_in(text: &str) -> Option<Weekday> {
    let at = ["周", "星期", "礼拜"]
        .iter()
        .find_map(|word| text.split_once(word));
    match at?.1.chars().next()? {
        '一' => Some(Weekday::Mon),
        '二' => Some(Weekday::Tue),
        '三' => Some(Weekday::Wed),
        '四' => Some(Weekday::Thu),
        '五' => Some(Weekday::Fri),
        '六' => Some(Weekday::Sat),
        '日' | '天' | '末' => Some(Weekday::Sun),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::Calendar;

    /// As published, the addressees left out.
    const OF_2025: &str = "国务院办公厅关于2025年\n部分节假日安排的通知\n国办发明电〔2024〕12号\n\
        各省、自治区、直辖市人民政府，国务院各部委、各直属机构：\n\
        \u{3000}\u{3000}经国务院批准，现将2025年元旦、春节、清明节、劳动节、端午节、国庆节和中秋节放假调休日期的具体安排通知如下。\n\
        \u{3000}\u{3000}一、元旦：1月1日（周三）放假1天，不调休。\n\
        \u{3000}\u{3000}二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。\n\
        \u{3000}\u{3000}三、清明节：4月4日（周五）至6日（周日）放假，共3天。\n\
        \u{3000}\u{3000}四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。\n\
        \u{3000}\u{3000}五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。\n\
        \u{3000}\u{3000}六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。\n\
        \u{3000}\u{3000}节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。\n\
        国务院办公厅\n2024年11月12日\n";

    const OF_2024: &str = "国务院办公厅关于2024年部分节假日安排的通知\n\
        一、元旦：1月1日放假，与周末连休。二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。\n\
        三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。\n\
        五、端午节：6月10日放假，与周末连休。六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。";

    fn days(calendar: &Calendar, year: i32) -> Vec<String> {
        let days = calendar
            .year(year)
            .map(|(date, day)| format!("{date} {:?}", day.kind));
        days.collect()
    }

    #[test]
    fn notices_say_what_the_shipped_table_says() {
        let shipped = Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap();
        let of_2025 = Calendar::of(&HolidayRow::read_text(OF_2025).unwrap());
        assert_eq!(days(&of_2025, 2025), days(&shipped, 2025));
        assert_eq!(of_2025.years().collect::<Vec<_>>(), [2025]);
        assert!(of_2025.unnamed_holidays(2025).is_empty());
        let of_2024 = Calendar::of(&HolidayRow::read_text(OF_2024).unwrap());
        assert_eq!(days(&of_2024, 2024), days(&shipped, 2024));
        // On one line, as some browsers copy it.
        let flat = OF_2025.replace('\n', " ");
        assert_eq!(Calendar::of(&HolidayRow::read_text(&flat).unwrap()), of_2025);
    }

    #[test]
    fn the_year_before_may_lend_its_last_days() {
        for text in [
            "2023年部分节假日安排\n一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。",
            "2023年部分节假日安排\n一、元旦：12月31日至1月2日放假调休，共3天。",
        ] {
            let rows = HolidayRow::read_text(text).unwrap();
            let dates: Vec<String> = rows.iter().map(|row| row.date.to_string()).collect();
            assert_eq!(dates, ["2022-12-31", "2023-01-01", "2023-01-02"]);
        }
        let text = "2019年部分节假日安排\n一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。";
        let rows = HolidayRow::read_text(text).unwrap();
        assert_eq!((rows.len(), rows[0].kind, rows[0].line), (4, DayKind::Work, 2));
    }

    #[test]
    fn what_contradicts_itself_is_named() {
        for (from, to, line, words) in [
            ("共8天。1月26日", "共7天。1月26日", 7, "日期合计是8天"),
            ("1月1日（周三）", "1月1日（周四）", 6, "2025年1月1日是星期三"),
            (
                "4月4日（周五）至6日（周日）",
                "4月31日放假",
                8,
                "没有2025年4月31日",
            ),
            ("5月31日（周六）至6月2日（周一）", "5月1日至3日", 10, "已经写过"),
            (
                "10月1日（周三）至8日（周三）",
                "10月1日至12月8日",
                11,
                "请核对日期",
            ),
            ("1月1日（周三）放假1天", "放假1天", 6, "没有认出日期"),
        ] {
            let text = OF_2025.replace(from, to);
            let wrong = HolidayRow::read_text(&text).unwrap_err();
            assert!(wrong[0].reason.contains(words), "{from}: {wrong:?}");
            assert_eq!(wrong[0].line, line, "{from}: {wrong:?}");
        }
        for text in [
            "",
            "您好",
            "一、会议：请各单位参加。",
            "<script>alert(1)</script>",
        ] {
            let wrong = HolidayRow::read_text(text).unwrap_err();
            assert!(wrong[0].reason.contains("没有认出放假安排"), "{wrong:?}");
        }
        let wrong = HolidayRow::read_text("一、元旦：1月1日放假1天。").unwrap_err();
        assert!(wrong[0].reason.contains("哪一年"), "{wrong:?}");
    }

    #[test]
    fn a_table_is_taken_as_well() {
        let rows = HolidayRow::read_text("\n日期,类型,名称\n2027-01-01,放假,元旦\n").unwrap();
        assert_eq!(rows.len(), 1);
        let tabs = HolidayRow::read_text("日期\t类型\t名称\n2027-01-01\t放假\t元旦\n").unwrap();
        assert_eq!(tabs[0].date, rows[0].date);
        assert!(HolidayRow::read_text("2027-01-01,off,元旦\n").is_err());
    }
}
