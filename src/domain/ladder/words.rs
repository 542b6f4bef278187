//! What a step is called.

use super::{Kind, Mode, Role};
use crate::domain::language::Language;

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
            (Language::Chinese, Self::GroupHead) => "组长",
            (Language::Chinese, Self::Supervision) => "督查办",
            (Language::Chinese, Self::AllUnits) => "各填报单位",
            (Language::English, Self::Liaison) => "liaison",
            (Language::English, Self::Head) => "head of the unit",
            (Language::English, Self::Leader) => "leader in charge",
            (Language::English, Self::Coordinating) => "coordinating leader",
            (Language::English, Self::Office) => "collecting office",
            (Language::English, Self::OfficeHead) => "head of the collecting office",
            (Language::English, Self::GroupHead) => "head of the group",
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
            (Language::Chinese, Self::GroupHead) => "您是这组任务的组长",
            (Language::Chinese, Self::Supervision) => "贵办负责督查",
            (Language::English, Self::Liaison | Self::AllUnits) => "you are the unit's liaison",
            (Language::English, Self::Head) => "you are the head of the unit",
            (Language::English, Self::Leader) => "you are in charge of units with this duty",
            (Language::English, Self::Coordinating) => "you coordinate this work",
            (Language::English, Self::Office | Self::OfficeHead) => "you collect and consolidate",
            (Language::English, Self::GroupHead) => "you head this group of items",
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
            (Language::Chinese, Self::OwnDuty) => "本办事项提示",
            (Language::Chinese, Self::Praise) => "表扬",
            (Language::Chinese, Self::Reminder) => "报送提醒",
            (Language::Chinese, Self::Nudge) => "另行提醒",
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
            (Language::Chinese, Self::Criticism) => "提请通报批评的建议",
            (Language::English, Self::Receipt) => "receipt",
            (Language::English, Self::Notice) => "notice",
            (Language::English, Self::Cleared) => "late submission received",
            (Language::English, Self::Standing) => "standing",
            (Language::English, Self::Unconfirmed) => "files to be confirmed",
            (Language::English, Self::Consolidated) => "consolidated ledger",
            (Language::English, Self::OwnDuty) => "the office's own duty",
            (Language::English, Self::Praise) => "praise",
            (Language::English, Self::Reminder) => "reminder",
            (Language::English, Self::Nudge) => "further reminder",
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
            (Language::English, Self::Criticism) => "proposed criticism",
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
