//! All words of a master, in both languages.

use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::{FillRole, Form, Language, Program};
use crate::domain::targets::Light;

/// The words of one language. Names of sheets are at most 31 characters.
pub(super) struct Words {
    pub language: Language,
    pub submitted: &'static str,
    pub overview: &'static str,
    pub detail: &'static str,
    pub leaders: &'static str,
    pub places: &'static str,
    pub reporting: &'static str,
    pub changes: &'static str,
    pub orphans: &'static str,
    /// What the titles of 按领导, 按村, 报送情况 and 变动 end in.
    pub titles: [&'static str; 4],
    /// Added to the ledger's name in the title.
    pub consolidated: &'static str,
    pub no: &'static str,
    pub unit: &'static str,
    pub leader: &'static str,
    pub place: &'static str,
    pub office: &'static str,
    pub period: &'static str,
    pub late_row: &'static str,
    /// Columns of 明细 behind those of the form.
    pub others: &'static str,
    pub source: &'static str,
    pub version: &'static str,
    pub source_row: &'static str,
    pub link: &'static str,
    pub open: &'static str,
    pub row_key: &'static str,
    pub instruction: &'static str,
    pub handling: &'static str,
    pub explanation: &'static str,
    /// Lines under the table.
    pub sign_leader: &'static str,
    pub sign_check: &'static str,
    pub sign_author: &'static str,
    pub sign_date: &'static str,
    pub overview_columns: [&'static str; 3],
    pub sections: [&'static str; 3],
    pub expected: &'static str,
    pub received: &'static str,
    pub on_time: &'static str,
    pub late: &'static str,
    pub missing: &'static str,
    pub returned: &'static str,
    pub exempt: &'static str,
    pub nil: &'static str,
    pub completeness: [&'static str; 2],
    pub timeliness: [&'static str; 2],
    pub due: &'static str,
    pub close: &'static str,
    pub basis: &'static str,
    pub rows: &'static str,
    pub visits: &'static str,
    pub days: &'static str,
    pub solved: &'static str,
    pub this_period: &'static str,
    pub this_year: &'static str,
    pub joint: &'static str,
    pub pace: &'static str,
    pub year_target: &'static str,
    pub assumed: &'static str,
    pub provisional: &'static str,
    pub soft: &'static str,
    pub town: &'static str,
    pub assigned: &'static str,
    pub visited: &'static str,
    pub not_visited: &'static str,
    pub to_go: &'static str,
    pub light: &'static str,
    pub remark: &'static str,
    pub coordinating: &'static str,
    pub latest: &'static str,
    pub shared: &'static str,
    pub never: &'static str,
    pub no_target: &'static str,
    pub first_received: &'static str,
    pub accepted_at: &'static str,
    pub state: &'static str,
    pub times_returned: &'static str,
    pub total: &'static str,
    pub after_close: &'static str,
    pub first_version: &'static str,
    pub nothing_changed: &'static str,
    pub change_columns: [&'static str; 6],
    pub kinds: [&'static str; 3],
    pub orphan_columns: [&'static str; 4],
    pub counting_note: &'static str,
    pub list: &'static str,
    pub colon: &'static str,
}

const CHINESE: Words = Words {
    language: Language::Chinese,
    submitted: "汇总表（呈阅）",
    overview: "情况概览",
    detail: "明细",
    leaders: "按领导",
    places: "按村",
    reporting: "报送情况",
    changes: "变动",
    orphans: "未对应批示",
    titles: ["汇总表（按领导）", "汇总表（按村）", "报送情况统计表", "变动情况"],
    consolidated: "汇总表",
    no: "序号",
    unit: "单位",
    leader: "领导",
    place: "村",
    office: "汇总单位",
    period: "报告期",
    late_row: "补报",
    others: "其他列",
    source: "来源文件",
    version: "版本",
    source_row: "行号",
    link: "报送链接",
    open: "打开原件",
    row_key: "行标识",
    instruction: "领导批示",
    handling: "办理情况",
    explanation: "情况说明",
    sign_leader: "领导批示：",
    sign_check: "审核：",
    sign_author: "制表：",
    sign_date: "日期：",
    overview_columns: ["项目", "数值", "说明"],
    sections: ["一、报送情况", "二、调研情况", "三、依据和口径"],
    expected: "应报（份）",
    received: "已报（份）",
    on_time: "按时（份）",
    late: "迟报（份）",
    missing: "未报（份）",
    returned: "退回待更正（份）",
    exempt: "免报（份）",
    nil: "零报告",
    completeness: ["报送率", "已报÷应报"],
    timeliness: ["按时报送率", "按时÷应报"],
    due: "截止时间",
    close: "关期时间",
    basis: "文件依据",
    rows: "汇总行数",
    visits: "调研次数",
    days: "调研天数",
    solved: "推动解决问题（个）",
    this_period: "本期",
    this_year: "本年累计",
    joint: "联合调研（次）",
    pace: "序时目标",
    year_target: "全年目标",
    assumed: "默认，非文件规定",
    provisional: "暂定：该年度放假安排尚未公布",
    soft: "原则性目标，只提示，不退回",
    town: "全镇（去重）",
    assigned: "挂点村数",
    visited: "本年已到村数",
    not_visited: "本年未到村",
    to_go: "距全年目标还差",
    light: "亮灯",
    remark: "备注",
    coordinating: "统筹指导，不评灯",
    latest: "最近一次调研",
    shared: "含一行填多个村的问题数（合并填写），各村照列",
    never: "本年未到",
    no_target: "目标未生效",
    first_received: "首报时间",
    accepted_at: "合格时间",
    state: "状态",
    times_returned: "退回次数",
    total: "合计",
    after_close: "关期后补报",
    first_version: "本版为首版。",
    nothing_changed: "与上一版相比，各单位数据行没有变动。",
    change_columns: ["单位", "变动", "数据行", "栏目", "原内容", "现内容"],
    kinds: ["新增", "删除", "修改"],
    orphan_columns: ["单位", "原数据行", "栏目", "内容"],
    counting_note: "次数按不同的日期和村计，连续几日的一次调研计1次；天数按不同日期计；同日同村由多位领导调研的为联合调研，\
                    全镇和各村只计1次，问题数取大不相加；本年累计为本年度截至本期末已通过的数据行，含补报。",
    list: "、",
    colon: "：",
};

const ENGLISH: Words = Words {
    language: Language::English,
    submitted: "Consolidated",
    overview: "Overview",
    detail: "Details",
    leaders: "By leader",
    places: "By place",
    reporting: "Reporting",
    changes: "Changes",
    orphans: "Unmatched remarks",
    titles: ["by leader", "by place", "reporting", "changes"],
    consolidated: ", consolidated",
    no: "No.",
    unit: "Unit",
    leader: "Leader",
    place: "Place",
    office: "Office",
    period: "Period",
    late_row: "late entry",
    others: "Other columns",
    source: "Source file",
    version: "Version",
    source_row: "Row",
    link: "Submission",
    open: "Open",
    row_key: "Row key",
    instruction: "Instructions",
    handling: "Action taken",
    explanation: "Explanation",
    sign_leader: "Instructions: ",
    sign_check: "Checked by: ",
    sign_author: "Prepared by: ",
    sign_date: "Date: ",
    overview_columns: ["Item", "Value", "Notes"],
    sections: ["1. Reporting", "2. Visits", "3. Basis and definitions"],
    expected: "Expected",
    received: "Received",
    on_time: "On time",
    late: "Late",
    missing: "Missing",
    returned: "Returned for correction",
    exempt: "Exempt",
    nil: "Nil reports",
    completeness: ["Completeness", "received ÷ expected"],
    timeliness: ["Timeliness", "on time ÷ expected"],
    due: "Due",
    close: "Closes",
    basis: "Basis",
    rows: "Rows",
    visits: "Visits",
    days: "Days",
    solved: "Problems solved",
    this_period: "this period",
    this_year: "this year",
    joint: "Joint visits",
    pace: "Pace",
    year_target: "Target for the year",
    assumed: "default, not set by the document",
    provisional: "provisional: that year's holidays are not published yet",
    soft: "soft target: shown only",
    town: "All (counted once)",
    assigned: "Places assigned",
    visited: "Places visited this year",
    not_visited: "Not yet visited this year",
    to_go: "Missing for the year",
    light: "Light",
    remark: "Remarks",
    coordinating: "coordinates, no light",
    latest: "Latest visit",
    shared: "includes problems reported for several places in one row",
    never: "not visited this year",
    no_target: "target not in force",
    first_received: "First received",
    accepted_at: "Accepted",
    state: "State",
    times_returned: "Times returned",
    total: "Total",
    after_close: "received after the close",
    first_version: "This is the first version.",
    nothing_changed: "No unit's rows differ from the version before.",
    change_columns: ["Unit", "Change", "Row", "Column", "Before", "After"],
    kinds: ["added", "removed", "changed"],
    orphan_columns: ["Unit", "Former row", "Column", "Text"],
    counting_note: "A visit is a place on a date; a continuous range of dates is one visit. Days are distinct dates. \
                    Visits of one place on one date by several leaders are joint: they count once, and the larger number \
                    of problems stands. Figures for the year are those of accepted rows up to the end of this period.",
    list: ", ",
    colon: ": ",
};

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }

    fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }

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
        if self.is_chinese() {
            return state.label();
        }
        match state {
            State::Historic => "historic",
            State::Upcoming => "not yet due",
            State::Due => "due",
            State::Overdue => "overdue",
            State::Returned => "returned",
            State::Accepted => "accepted",
            State::AcceptedLate => "accepted late",
            State::Nil => "nil report",
            State::Exempt => "exempt",
        }
    }

    /// A light in words; colour alone doesn't survive a black-and-white copy.
    pub fn light(&self, light: Light, reported: bool, not_yet_due: bool) -> &'static str {
        match (self.is_chinese(), light, reported) {
            (true, Light::Green, _) => "绿灯 达到序时",
            (true, Light::Yellow, _) => "黄灯 略低于序时",
            (true, Light::Red, true) => "红灯 低于序时八成",
            (true, Light::Red, false) if not_yet_due => "红灯 本期未报（未到截止）",
            (true, Light::Red, false) => "红灯 本期未报",
            (false, Light::Green, _) => "green: on pace",
            (false, Light::Yellow, _) => "yellow: slightly behind",
            (false, Light::Red, true) => "red: below 80 % of pace",
            (false, Light::Red, false) if not_yet_due => "red: nothing reported (not yet due)",
            (false, Light::Red, false) => "red: nothing reported",
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
        let format = if self.is_chinese() {
            "%Y年%-m月%-d日"
        } else {
            "%-d %B %Y"
        };
        date.format(format).to_string()
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

    /// Why a due date was moved.
    pub fn moved(&self, nominal: chrono::NaiveDate, why: &str) -> String {
        if self.is_chinese() {
            format!("原定{}，因{why}顺延", self.date(nominal))
        } else {
            format!("moved from {} ({why})", self.date(nominal))
        }
    }

    /// The line under the table that adds it up.
    pub fn sum(&self, rows: u32, late: u32, visits: Option<crate::domain::consolidate::Count>) -> String {
        let chinese = self.is_chinese();
        let mut line = if chinese {
            format!("合计{rows}行")
        } else {
            format!("{rows} rows")
        };
        if late > 0 {
            line += &if chinese {
                format!("，其中补报{late}行（计入本年累计，不计入本期）")
            } else {
                format!(", {late} of them late entries (counted for the year only)")
            };
        }
        if let Some(count) = visits {
            let (visits, days, solved) = (count.visits, count.days, count.solved);
            line += &if chinese {
                format!("；本期调研{visits}次、{days}天，推动解决问题{solved}个（联合调研不重复计算）")
            } else {
                format!(
                    "; {visits} visits, {days} days, {solved} problems solved (joint visits counted once)"
                )
            };
        }
        line + if chinese { "。" } else { "." }
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
    pub fn sheet_name(&self, word: &str, form: &Form, index: usize) -> String {
        match form.sheets.get(index) {
            Some(sheet) if form.sheets.len() > 1 => format!("{word}-{}", sheet.name),
            _ => word.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::consolidate::sample;

    #[test]
    fn titles_are_official() {
        let program = sample::wutang();
        let words = Words::of(Language::Chinese);
        assert_eq!(
            words.title(&program, &sample::november()),
            "2024年11月乌塘镇领导挂点联系“百千万工程”调研台账汇总表"
        );
        assert_eq!(words.moment(sample::due().at), "2024年12月5日（星期四）17:30");
        assert_eq!(words.who(&program.forms[0], true), "挂点领导");
    }
}
