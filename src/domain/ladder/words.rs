//! What a step is called, and why a notice is there, in words.

use super::{Kind, Mode, Reason, Role, Trigger};
use crate::domain::language::Language;
use crate::domain::obligation::State;

impl Role {
    /// What the role is called.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Liaison) => "联络员",
            (Language::Chinese, Self::Head) => "单位负责人",
            (Language::Chinese, Self::Leader) => "挂点（分管）领导",
            (Language::Chinese, Self::Coordinating) => "统筹领导",
            (Language::Chinese, Self::Office) => "汇总单位",
            (Language::Chinese, Self::OfficeHead) => "汇总单位负责人",
            (Language::Chinese, Self::Supervision) => "督查办",
            (Language::Chinese, Self::AllUnits) => "各填报单位",
            (Language::English, Self::Liaison) => "liaison",
            (Language::English, Self::Head) => "head of the unit",
            (Language::English, Self::Leader) => "leader in charge",
            (Language::English, Self::Coordinating) => "coordinating leader",
            (Language::English, Self::Office) => "collecting office",
            (Language::English, Self::OfficeHead) => "head of the collecting office",
            (Language::English, Self::Supervision) => "supervision",
            (Language::English, Self::AllUnits) => "all units",
        }
    }
}

impl Role {
    /// The role in one word, for whom a person has to find.
    #[must_use]
    pub fn short(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Head) => "负责人",
            (Language::Chinese, Self::Leader) => "挂点领导",
            (Language::English, Self::Head) => "head",
            _ => self.label(language),
        }
    }

    /// Why somebody in this role gets a letter, without its full stop.
    #[must_use]
    pub fn why(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Liaison | Self::AllUnits) => "您是填报单位的联络员",
            (Language::Chinese, Self::Head) => "您是填报单位的负责人",
            (Language::Chinese, Self::Leader) => "您挂点（分管）的单位有这项报送任务",
            (Language::Chinese, Self::Coordinating) => "您统筹这项工作",
            (Language::Chinese, Self::Office | Self::OfficeHead) => "贵办负责收集和汇总",
            (Language::Chinese, Self::Supervision) => "贵办负责督查",
            (Language::English, Self::Liaison | Self::AllUnits) => "you are the unit's liaison",
            (Language::English, Self::Head) => "you are the head of the unit",
            (Language::English, Self::Leader) => "you are in charge of units with this duty",
            (Language::English, Self::Coordinating) => "you coordinate this work",
            (Language::English, Self::Office | Self::OfficeHead) => "you collect and consolidate",
            (Language::English, Self::Supervision) => "you supervise",
        }
    }
}

impl Kind {
    /// What a letter of the kind is called.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Receipt) => "报送回执",
            (Language::Chinese, Self::Notice) => "情况告知",
            (Language::Chinese, Self::Cleared) => "补报情况告知",
            (Language::Chinese, Self::Standing) => "报送情况",
            (Language::Chinese, Self::Unconfirmed) => "待确认文件提示",
            (Language::Chinese, Self::Consolidated) => "汇总台账送达",
            (Language::Chinese, Self::Praise) => "表扬",
            (Language::Chinese, Self::Reminder) => "报送提醒",
            (Language::Chinese, Self::Expiry) => "到期提示",
            (Language::Chinese, Self::Target) => "进度提示",
            (Language::Chinese, Self::DueToday) => "当日提醒",
            (Language::Chinese, Self::FirstChase) => "第一次催报",
            (Language::Chinese, Self::SecondChase) => "催办通知",
            (Language::Chinese, Self::Escalation) => "逾期情况报告",
            (Language::Chinese, Self::Returned) => "退回更正通知",
            (Language::Chinese, Self::Withdrawal) => "撤销催报通知",
            (Language::Chinese, Self::Report) => "情况报告（呈阅）",
            (Language::Chinese, Self::Bulletin) => "通报（代拟稿）",
            (Language::Chinese, Self::Talk) => "提请约谈的建议",
            (Language::English, Self::Receipt) => "receipt",
            (Language::English, Self::Notice) => "notice",
            (Language::English, Self::Cleared) => "late submission received",
            (Language::English, Self::Standing) => "standing",
            (Language::English, Self::Unconfirmed) => "files to be confirmed",
            (Language::English, Self::Consolidated) => "consolidated ledger",
            (Language::English, Self::Praise) => "praise",
            (Language::English, Self::Reminder) => "reminder",
            (Language::English, Self::Expiry) => "expiry",
            (Language::English, Self::Target) => "progress",
            (Language::English, Self::DueToday) => "due today",
            (Language::English, Self::FirstChase) => "first chase",
            (Language::English, Self::SecondChase) => "second chase",
            (Language::English, Self::Escalation) => "overdue report",
            (Language::English, Self::Returned) => "returned for correction",
            (Language::English, Self::Withdrawal) => "withdrawal",
            (Language::English, Self::Report) => "report",
            (Language::English, Self::Bulletin) => "bulletin (draft)",
            (Language::English, Self::Talk) => "proposed talk",
        }
    }
}

impl Mode {
    /// What the mode is called.
    #[must_use]
    pub fn label(self, language: Language) -> &'static str {
        match (language, self) {
            (Language::Chinese, Self::Auto) => "自动",
            (Language::Chinese, Self::Draft) => "草稿",
            (Language::Chinese, Self::Never) => "只记录",
            (Language::English, Self::Auto) => "auto",
            (Language::English, Self::Draft) => "draft",
            (Language::English, Self::Never) => "recorded only",
        }
    }
}

impl Reason {
    /// Why the notice is there, in one sentence without its full stop.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let mut parts = vec![trigger(&self.trigger, language)];
        parts.extend(
            self.state
                .and_then(|state| standing(state, language))
                .map(str::to_owned),
        );
        let chinese = language == Language::Chinese;
        if self.held {
            parts.push(if chinese {
                "有待确认的文件可能是该单位的，先由人看过".to_owned()
            } else {
                "an unclaimed file may be this unit's".to_owned()
            });
        }
        if self.all_excepted {
            parts.push(if chinese {
                "应送的领导不在催报范围，改送汇总单位负责人".to_owned()
            } else {
                "all who would get it are excepted".to_owned()
            });
        }
        if self.provisional {
            parts.push(if chinese {
                "节假日安排未公布，日期暂定".to_owned()
            } else {
                "holidays not published, date provisional".to_owned()
            });
        }
        parts.join(if chinese { "；" } else { "; " })
    }
}

fn trigger(trigger: &Trigger, language: Language) -> String {
    match (language, trigger) {
        (Language::Chinese, Trigger::Days(0)) => "截止当日".to_owned(),
        (Language::Chinese, Trigger::Days(days)) if *days < 0 => {
            format!("截止前{}个工作日", days.unsigned_abs())
        }
        (Language::Chinese, Trigger::Days(days)) => format!("逾期{days}个工作日"),
        (Language::Chinese, Trigger::Close) => "本期关期".to_owned(),
        (Language::Chinese, Trigger::Missed(periods)) => format!("连续{periods}期未报"),
        (Language::Chinese, Trigger::Value { value, .. }) => format!("台账填有“{value}”"),
        (Language::Chinese, Trigger::Event) => "报送情况有变化".to_owned(),
        (Language::English, Trigger::Event) => "something came in".to_owned(),
        (Language::Chinese, Trigger::Targets) => "未达序时进度".to_owned(),
        (Language::English, Trigger::Days(0)) => "on the due date".to_owned(),
        (Language::English, Trigger::Days(days)) if *days < 0 => {
            format!("{} working days before the due date", days.unsigned_abs())
        }
        (Language::English, Trigger::Days(days)) => format!("{days} working days after the due date"),
        (Language::English, Trigger::Close) => "the period closes".to_owned(),
        (Language::English, Trigger::Missed(periods)) => format!("{periods} periods in a row missed"),
        (Language::English, Trigger::Value { value, .. }) => format!("the ledger says “{value}”"),
        (Language::English, Trigger::Targets) => "behind the pace of the target".to_owned(),
    }
}

fn standing(state: State, language: Language) -> Option<&'static str> {
    Some(match (language, state) {
        (Language::Chinese, State::Upcoming | State::Due) => "尚未报送",
        (Language::Chinese, State::Overdue) => "逾期未报",
        (Language::Chinese, State::Returned) => "已退回，未更正",
        (Language::English, State::Upcoming | State::Due) => "not handed in yet",
        (Language::English, State::Overdue) => "overdue",
        (Language::English, State::Returned) => "returned and not corrected",
        _ => return None,
    })
}
