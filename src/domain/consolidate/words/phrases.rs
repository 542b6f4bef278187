//! Words that hold names, numbers and dates.

use super::Words;
use crate::domain::calendar::is_weekend;
use crate::domain::consolidate::Lamp;
use crate::domain::language::Language;
use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::{Due, FillRole, Form, Program};
use crate::domain::targets::Light;

impl Words {
    /// The period as people say it.
    pub fn period(&self, period: &Period) -> String {
        if self.is_chinese() {
            period.label()
        } else {
            period.label_en()
        }
    }

    /// The title of 汇总表: period, the ledger's full name, 汇总表.
    pub fn title(&self, program: &Program, period: &Period) -> String {
        let name = program.name.trim();
        let period = self.period(period);
        if !self.is_chinese() {
            format!("{name}{}, {period}", self.consolidated)
        } else if name.ends_with(self.consolidated) {
            format!("{period}{name}")
        } else {
            format!("{period}{name}{}", self.consolidated)
        }
    }

    /// The title of a small sheet.
    pub fn small_title(&self, program: &Program, period: &Period, end: &str) -> String {
        let period = self.period(period);
        if self.is_chinese() {
            format!("{period}{}{end}", program.matter)
        } else {
            format!("{}: {end}, {period}", program.matter)
        }
    }

    /// The header of the column that names who is reported for: the label of
    /// the form's fill line, such as 挂点领导.
    pub fn who(&self, form: &Form, has_leaders: bool) -> String {
        let (role, word) = if has_leaders {
            (FillRole::Leader, self.leader)
        } else {
            (FillRole::Unit, self.unit)
        };
        let line = form.fill_lines.iter().find(|line| line.role == role);
        line.map_or_else(|| word.to_owned(), |line| line.label.clone())
    }

    /// A state in words.
    pub fn state(&self, state: State) -> &'static str {
        state.words(if self.is_chinese() {
            Language::Chinese
        } else {
            Language::English
        })
    }

    /// A light in words; colour alone doesn't survive a black-and-white copy.
    pub fn lamp(&self, lamp: Lamp) -> &'static str {
        match (self.is_chinese(), lamp) {
            (true, Lamp::Lit(Light::Green)) => "绿灯 达到序时",
            (true, Lamp::Lit(Light::Yellow)) => "黄灯 略低于序时",
            (true, Lamp::Lit(Light::Red)) => "红灯 低于序时八成",
            (true, Lamp::Overdue) => "红灯 本期逾期未报",
            (true, Lamp::Awaited) => "未到截止",
            (true, Lamp::Returned) => "本期退回待更正",
            (true, Lamp::NothingAsked) => "本年序时要求尚为0次",
            (true, Lamp::Incomplete) => "本年数据不全，不亮灯",
            (false, Lamp::Lit(Light::Green)) => "green: on pace",
            (false, Lamp::Lit(Light::Yellow)) => "yellow: slightly behind",
            (false, Lamp::Lit(Light::Red)) => "red: below 80 % of pace",
            (false, Lamp::Overdue) => "red: overdue",
            (false, Lamp::Awaited) => "not yet due",
            (false, Lamp::Returned) => "returned for correction",
            (false, Lamp::NothingAsked) => "nothing asked for yet",
            (false, Lamp::Incomplete) => "figures incomplete: no light",
            (_, Lamp::Out) => "—",
        }
    }

    /// That figures of the year begin with a period only.
    pub fn since(&self, period: &Period) -> String {
        if self.is_chinese() {
            format!("本年数据自{}起，之前的未收集，不完整", self.period(period))
        } else {
            format!(
                "figures of the year begin with {}; what was before wasn't collected",
                self.period(period)
            )
        }
    }

    /// A light's name alone.
    pub fn light_name(&self, light: Light) -> &'static str {
        match (self.is_chinese(), light) {
            (true, Light::Green) => "绿灯",
            (true, Light::Yellow) => "黄灯",
            (true, Light::Red) => "红灯",
            (false, Light::Green) => "Green",
            (false, Light::Yellow) => "Yellow",
            (false, Light::Red) => "Red",
        }
    }

    /// A date: 2024年12月5日, without padded zeros as official papers write it.
    pub fn date(&self, date: chrono::NaiveDate) -> String {
        crate::domain::dates::day(self.language, date)
    }

    /// A date with weekday and time.
    pub fn moment(&self, at: chrono::DateTime<chrono_tz::Tz>) -> String {
        let date = at.date_naive();
        if self.is_chinese() {
            let weekday = crate::domain::calendar::weekday_name(date);
            format!("{}（{weekday}）{}", self.date(date), at.format("%-H:%M"))
        } else {
            at.format("%A, %-d %B %Y, %H:%M").to_string()
        }
    }

    /// A time stamp without weekday.
    pub fn stamp(&self, at: chrono::DateTime<chrono_tz::Tz>) -> String {
        let time = if self.is_chinese() { "%-H:%M" } else { "%H:%M" };
        format!("{} {}", self.date(at.date_naive()), at.format(time))
    }

    /// Why a due date was moved: `why` is the holiday's or the weekday's Chinese name.
    pub fn moved(&self, due: &Due, why: &str) -> String {
        let nominal = self.date(due.nominal);
        let back = due.at.date_naive() < due.nominal;
        if self.is_chinese() {
            let how = if back { "提前" } else { "顺延" };
            return format!("原定{nominal}，因{why}{how}");
        }
        let how = if back { "brought forward" } else { "put off" };
        let weekend = is_weekend(due.nominal).then(|| due.nominal.format("%A").to_string());
        let why = weekend.unwrap_or_else(|| "a public holiday".into());
        format!("{how} from {nominal} ({why})")
    }

    /// That the office has extended a due date, and why.
    pub fn extended(&self, due: &Due, why: &str) -> String {
        let (nominal, now) = (self.date(due.nominal), self.date(due.at.date_naive()));
        let why = self.bracketed(why.trim());
        if self.is_chinese() {
            format!("原定{nominal}，现延至{now}{why}")
        } else {
            format!("extended from {nominal} to {now}{why}")
        }
    }

    /// A due date or close; what may still move is marked beside the date itself.
    pub fn perhaps(&self, at: chrono::DateTime<chrono_tz::Tz>, provisional: bool) -> String {
        let mark = match (provisional, self.is_chinese()) {
            (false, _) => "",
            (true, true) => "（暂定）",
            (true, false) => " (provisional)",
        };
        self.moment(at) + mark
    }

    /// A number of rows.
    pub fn of_rows(&self, rows: u32) -> String {
        if self.is_chinese() {
            format!("{rows}行")
        } else {
            format!("{rows} rows")
        }
    }

    /// Visits and days, as one text.
    pub fn pair(&self, visits: u32, days: u32) -> String {
        if self.is_chinese() {
            format!("{visits}次、{days}天")
        } else {
            format!("{visits} visits, {days} days")
        }
    }

    /// Which versions 变动 compares.
    pub fn versions(&self, number: u32) -> String {
        let before = number.saturating_sub(1);
        if self.is_chinese() {
            format!("第{before}版→第{number}版")
        } else {
            format!("version {before} → version {number}")
        }
    }

    /// What changed in one unit.
    pub fn tally(&self, added: u32, removed: u32, changed: u32) -> String {
        if self.is_chinese() {
            format!("新增{added}行，删除{removed}行，修改{changed}行")
        } else {
            format!("{added} added, {removed} removed, {changed} changed")
        }
    }

    /// That further rows are not listed.
    pub fn more(&self, rows: usize) -> String {
        if self.is_chinese() {
            format!("其余{rows}行从略，见明细")
        } else {
            format!("{rows} further rows, see details")
        }
    }

    /// Visits outside the leader's own places.
    pub fn elsewhere(&self, visits: u32) -> String {
        if self.is_chinese() {
            format!("其中非本人挂点村{visits}次")
        } else {
            format!("{visits} elsewhere")
        }
    }

    /// Joint visits of a place.
    pub fn joint_visits(&self, visits: u32) -> String {
        if self.is_chinese() {
            format!("本期联合调研{visits}次")
        } else {
            format!("{visits} joint this period")
        }
    }

    /// Places below the pace.
    pub fn behind(&self, places: &[String]) -> String {
        let places = places.join(self.list);
        if self.is_chinese() {
            format!("未达序时：{places}")
        } else {
            format!("behind: {places}")
        }
    }

    /// A row in its file; the sheet is named where a file has several.
    pub fn file_row(&self, sheet: &str, row: u32) -> String {
        if self.is_chinese() {
            format!("{sheet} 第{row}行")
        } else {
            format!("{sheet} row {row}")
        }
    }

    /// A lead-in such as `未报送：` and a list.
    pub fn listed(&self, word: &str, names: &[&str]) -> String {
        format!("{word}{}{}", self.colon, names.join(self.list))
    }

    /// What parts two remarks.
    pub fn parting(&self) -> &'static str {
        if self.is_chinese() { "；" } else { "; " }
    }

    /// What ends a sentence.
    pub fn stop(&self) -> &'static str {
        if self.is_chinese() { "。" } else { "." }
    }

    /// A text in brackets; nothing stays nothing.
    pub fn bracketed(&self, text: &str) -> String {
        match text {
            "" => String::new(),
            text if self.is_chinese() => format!("（{text}）"),
            text => format!(" ({text})"),
        }
    }

    /// A figure of a time: 本期调研次数.
    pub fn of_time(&self, time: &str, figure: &str) -> String {
        if self.is_chinese() {
            format!("{time}{figure}")
        } else {
            format!("{figure}, {time}")
        }
    }

    /// What a target holds for: 每领导, 每村.
    pub fn each(&self, who: &str) -> String {
        let each = if self.is_chinese() {
            format!("每{who}")
        } else {
            format!("per {}", who.to_lowercase())
        };
        self.bracketed(&each)
    }

    /// A sheet name per form sheet.
    pub fn sheet_name(word: &str, form: &Form, index: usize) -> String {
        match form.sheets.get(index) {
            Some(sheet) if form.sheets.len() > 1 => format!("{word}-{}", sheet.name),
            _ => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture;
    use crate::domain::language::Language;

    #[test]
    fn titles_are_official() {
        let program = fixture::wutang();
        let words = Words::of(Language::Chinese);
        assert_eq!(
            words.title(&program, &fixture::november()),
            "2024年11月乌塘镇领导挂点联系“百千万工程”调研台账汇总表"
        );
        assert_eq!(words.moment(fixture::due().at), "2024年12月5日（星期四）17:30");
        assert_eq!(words.who(&program.material.forms()[0], true), "挂点领导");
        let mut due = fixture::due();
        due.at += chrono::Duration::days(5);
        assert_eq!(
            words.extended(&due, "山洪断路"),
            "原定2024年12月5日，现延至2024年12月10日（山洪断路）"
        );
    }
}
