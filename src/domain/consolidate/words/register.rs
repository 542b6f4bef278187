//! Words of the sheets that only a register's master has.

use super::Words;
use crate::domain::program::{ItemGroup, Items, Measures};
use crate::domain::register::{ItemState, LightReason};
use crate::domain::targets::Light;

/// The words of one language.
pub(crate) struct RegisterWords {
    /// Names of the sheets: all items, by group, starred, undecided, what the
    /// year doesn't ask for, presented.
    pub items: &'static str,
    pub groups: &'static str,
    pub starred: &'static str,
    pub undecided: &'static str,
    pub unfinished: &'static str,
    pub presented: &'static str,
    pub strangers: &'static str,
    pub number: &'static str,
    pub group: &'static str,
    pub item: &'static str,
    pub lead: &'static str,
    pub assist: &'static str,
    pub star: &'static str,
    pub requirement: &'static str,
    pub reported: &'static str,
    pub last_instruction: &'static str,
    pub last_handling: &'static str,
    pub head: &'static str,
    pub item_count: &'static str,
    pub open: &'static str,
    pub assisting: &'static str,
    pub as_printed: &'static str,
    pub undecided_note: &'static str,
    pub unfinished_note: &'static str,
    pub last_said: &'static str,
    pub presented_by: &'static str,
    pub scores: &'static str,
    pub rank: &'static str,
    pub hits: &'static str,
    pub none_reported: &'static str,
    /// 量化指标 and its columns, and where leads disagree.
    pub measures: &'static str,
    pub figure: &'static str,
    pub counted_in: &'static str,
    pub whole: &'static str,
    pub reached: &'static str,
    pub by_now: &'static str,
    pub short: &'static str,
    pub disagree: &'static str,
    pub disagree_note: &'static str,
    pub said_differently: &'static str,
    /// What 办理情况 says where nothing more is carried on.
    pub settled: &'static str,
}

static CHINESE: RegisterWords = RegisterWords {
    items: "任务清单",
    groups: "分组进度",
    starred: "标星任务",
    undecided: "待明确事项",
    unfinished: "往年未完成",
    presented: "呈报表",
    strangers: "其他单位所报",
    number: "序号",
    group: "分组",
    item: "任务",
    lead: "填报单位",
    assist: "配合单位",
    star: "标星",
    requirement: "年度要求",
    reported: "报送情况",
    last_instruction: "上期批示",
    last_handling: "上期办理情况",
    head: "组长",
    item_count: "任务数",
    open: "未报（含退回）",
    assisting: "（配合）",
    as_printed: "原文所列单位",
    undecided_note: "以下事项的牵头单位尚未明确，没有派单、没有催报，请明确后用 items assign 登记。",
    unfinished_note: "以下事项本年没有要求，往年的要求没有报完成，本年不催报，供年终核对。",
    last_said: "最近一次所报",
    presented_by: "呈报单位",
    scores: "评分汇总",
    rank: "位次",
    hits: "命中负面清单（项）",
    none_reported: "本期未报",
    measures: "量化指标",
    figure: "指标",
    counted_in: "单位",
    whole: "三年要求",
    reached: "本期累计",
    by_now: "序时应达",
    short: "差距（%）",
    disagree: "口径不一",
    disagree_note: "以下事项由几个单位牵头，各单位所报不一致，请协调后由有关单位更正。",
    said_differently: "各单位所报",
    settled: "办结",
};

static ENGLISH: RegisterWords = RegisterWords {
    items: "Items",
    groups: "By group",
    starred: "Starred items",
    undecided: "To be decided",
    unfinished: "Open from earlier years",
    presented: "Presented",
    strangers: "Reported by others",
    number: "No.",
    group: "Group",
    item: "Item",
    lead: "Unit",
    assist: "Assisting",
    star: "Star",
    requirement: "Required this year",
    reported: "Reported",
    last_instruction: "Last instruction",
    last_handling: "Last handling",
    head: "Head",
    item_count: "Items",
    open: "Not reported or returned",
    assisting: " (assists)",
    as_printed: "Units as printed",
    undecided_note: "Nobody is known to lead these items: nobody was asked for them. Decide with “items assign”.",
    unfinished_note: "Nothing is required of these items this year, and what earlier years required wasn't reported as done.",
    last_said: "Last reported",
    presented_by: "Presented by",
    scores: "Scores",
    rank: "Rank",
    hits: "Negative items",
    none_reported: "not reported",
    measures: "Figures",
    figure: "Figure",
    counted_in: "Unit of count",
    whole: "Required in all",
    reached: "Reached",
    by_now: "By now",
    short: "Short (%)",
    disagree: "Disagreements",
    disagree_note: "Several units lead these items and report different things. Please have them agree and correct.",
    said_differently: "Reported",
    settled: "settled",
};

/// The words of the sheet of what expires.
pub(crate) struct ExpiringWords {
    pub sheet: &'static str,
    pub row: &'static str,
    pub day: &'static str,
    pub said: &'static str,
    pub state: &'static str,
    pub over: &'static str,
    pub near: &'static str,
}

impl Words {
    /// The words of the sheet of what expires.
    pub fn expiring(&self) -> &'static ExpiringWords {
        if self.is_chinese() {
            &ExpiringWords {
                sheet: "到期情况",
                row: "事项",
                day: "日期",
                said: "处置情况",
                state: "状态",
                over: "已到期，未处置",
                near: "即将到期",
            }
        } else {
            &ExpiringWords {
                sheet: "Expiring",
                row: "What",
                day: "Day",
                said: "Dealt with",
                state: "State",
                over: "over, open",
                near: "near",
            }
        }
    }

    /// The words of a register's master.
    pub fn register(&self) -> &'static RegisterWords {
        if self.is_chinese() { &CHINESE } else { &ENGLISH }
    }

    /// Where an item stands.
    pub fn item_state(&self, state: ItemState) -> &'static str {
        if self.is_chinese() {
            state.label()
        } else {
            state.label_en()
        }
    }

    /// The light of an item; colour alone doesn't survive a black-and-white copy.
    pub fn item_light(&self, light: Light, reason: LightReason) -> String {
        let name = self.light_name(light);
        let why = match (self.is_chinese(), reason) {
            (_, LightReason::Status) => return name.to_owned(),
            (true, LightReason::NotReported) => "本期未报",
            (true, LightReason::PastDeadline) => "已过期限",
            (false, LightReason::NotReported) => "not reported",
            (false, LightReason::PastDeadline) => "past its deadline",
        };
        format!("{name}{}", self.bracketed(why))
    }

    /// 呈：镇委、镇政府.
    pub fn presented_to(&self, whom: &str) -> String {
        self.listed(if self.is_chinese() { "呈" } else { "To" }, &[whom])
    }

    /// A group with who heads it.
    pub fn group_heading(&self, group: &ItemGroup) -> String {
        let mut people = Vec::new();
        if !group.head.name.is_empty() {
            people.push(self.listed(self.register().head, &[&group.head.name]));
        }
        if !group.deputies.is_empty() {
            let deputies: Vec<&str> = group.deputies.iter().map(String::as_str).collect();
            let word = if self.is_chinese() {
                "副组长"
            } else {
                "Deputies"
            };
            people.push(self.listed(word, &deputies));
        }
        let space = if self.is_chinese() { "　　" } else { "  " };
        std::iter::once(group.name.clone())
            .chain(people)
            .collect::<Vec<_>>()
            .join(space)
    }

    /// What a unit says of an item: 财政局报“推进中”.
    pub fn said(&self, unit: &str, said: &str) -> String {
        if self.is_chinese() {
            format!("{unit}报“{said}”")
        } else {
            format!("{unit}: “{said}”")
        }
    }

    /// The note above the figures: what the pace and the lights mean.
    pub fn measures_note(&self, measures: &Measures) -> String {
        let (green, yellow) = (measures.green_to, measures.yellow_to);
        if self.is_chinese() {
            format!(
                "累计类指标，序时应达数为本年要求×已过月数÷12；水平类指标，按上年要求到本年要求逐月推算，\
                 上年没有要求的，年底才比。差距为序时应达数与所报数之差占本年要求的百分比：\
                 {green}%以内绿灯，{yellow}%以内黄灯，超过{yellow}%红灯。要求不是一个数的，不亮灯。"
            )
        } else {
            format!(
                "What is added up is measured against the part of the year that has passed, a level against the \
                 line from last year’s requirement to this year’s, or at the year’s end. Shortfall in % of the \
                 year’s target: up to {green} green, up to {yellow} yellow, else red."
            )
        }
    }

    /// The note above the list of items: how many there are, and what the lights mean.
    pub fn items_note(&self, items: &Items, rows: usize) -> String {
        let count = {
            let mut seen: Vec<_> = items.tasks().map(|item| &item.of).collect();
            seen.dedup();
            seen.len()
        };
        let list = |values: &[String]| {
            let names: Vec<&str> = values.iter().map(String::as_str).collect();
            names.join(self.list)
        };
        let lights = items.status.as_ref().map(|status| {
            let (red, yellow) = (list(&status.red), list(&status.yellow));
            if self.is_chinese() {
                format!("红灯：{red}，或逾期未报、已过期限；黄灯：{yellow}；其余已报的绿灯。")
            } else {
                format!("Red: {red}, overdue, or past the deadline. Yellow: {yellow}. Green: the rest.")
            }
        });
        let lights = lights.unwrap_or_default();
        if self.is_chinese() {
            format!("共{count}项，{rows}行（一项由几个单位填报的，一个单位一行）。{lights}")
        } else {
            format!("{count} items in {rows} rows, one for each unit that reports on an item. {lights}")
        }
    }
}
