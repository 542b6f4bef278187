//! Kinds of letters.

use serde::{Deserialize, Serialize};

/// What a letter is. The order is that of seriousness: a letter that gathers
/// several notices bears the most serious one's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 报送回执.
    Receipt,
    /// 情况告知: a deadline was extended, a unit exempted, or a duty opened again.
    Notice,
    /// 补报情况告知.
    Cleared,
    /// 报送情况.
    Standing,
    /// 待确认文件提示: files that the office has to confirm.
    Unconfirmed,
    /// 汇总台账送达.
    Consolidated,
    /// 本办事项提示: what the office itself has to do by a date.
    OwnDuty,
    /// 表扬.
    Praise,
    /// 报送提醒.
    Reminder,
    /// 另行提醒: the office asks a unit once more, beside the ladder.
    Nudge,
    /// 到期提示.
    Expiry,
    /// 进度提示.
    Target,
    /// 当日提醒.
    DueToday,
    /// 第一次催报.
    FirstChase,
    /// 催办通知.
    SecondChase,
    /// 逾期情况报告.
    Escalation,
    /// 退回更正通知.
    Returned,
    /// 撤销催报通知.
    Withdrawal,
    /// 情况报告（呈阅）.
    Report,
    /// 通报（代拟稿）.
    Bulletin,
    /// 提请约谈的建议.
    Talk,
    /// 提请通报批评的建议.
    Criticism,
}

impl Kind {
    /// All kinds, the least serious first.
    pub const ALL: [Self; 22] = [
        Self::Receipt,
        Self::Notice,
        Self::Cleared,
        Self::Standing,
        Self::Unconfirmed,
        Self::Consolidated,
        Self::OwnDuty,
        Self::Praise,
        Self::Reminder,
        Self::Nudge,
        Self::Expiry,
        Self::Target,
        Self::DueToday,
        Self::FirstChase,
        Self::SecondChase,
        Self::Escalation,
        Self::Returned,
        Self::Withdrawal,
        Self::Report,
        Self::Bulletin,
        Self::Talk,
        Self::Criticism,
    ];

    /// The word in JSON, definitions and names of templates.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Notice => "notice",
            Self::Cleared => "cleared",
            Self::Standing => "standing",
            Self::Unconfirmed => "unconfirmed",
            Self::Consolidated => "consolidated",
            Self::OwnDuty => "own-duty",
            Self::Praise => "praise",
            Self::Reminder => "reminder",
            Self::Nudge => "nudge",
            Self::Expiry => "expiry",
            Self::Target => "target",
            Self::DueToday => "due-today",
            Self::FirstChase => "first-chase",
            Self::SecondChase => "second-chase",
            Self::Escalation => "escalation",
            Self::Returned => "returned",
            Self::Withdrawal => "withdrawal",
            Self::Report => "report",
            Self::Bulletin => "bulletin",
            Self::Talk => "talk",
            Self::Criticism => "criticism",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Goes at once within office hours, and isn't counted in one letter a day.
    #[must_use]
    pub fn is_answer(self) -> bool {
        matches!(
            self,
            Self::Returned | Self::Receipt | Self::Notice | Self::Cleared | Self::Nudge | Self::Withdrawal
        )
    }

    /// A document of its own, never gathered with others, always a draft.
    #[must_use]
    pub fn is_document(self) -> bool {
        matches!(self, Self::Report | Self::Bulletin | Self::Talk | Self::Criticism)
    }

    /// Speaks of a period's result, not of single duties.
    #[must_use]
    pub fn is_of_period(self) -> bool {
        matches!(
            self,
            Self::Report
                | Self::Bulletin
                | Self::Standing
                | Self::Unconfirmed
                | Self::Consolidated
                | Self::OwnDuty
        )
    }

    /// Has a letter of its own, which isn't counted in one letter a day.
    #[must_use]
    pub fn stands_alone(self) -> bool {
        self.is_answer()
            || self.is_document()
            || matches!(
                self,
                Self::Standing | Self::Unconfirmed | Self::Consolidated | Self::OwnDuty
            )
    }

    /// Says that somebody is behind; held while the share is away or the clock
    /// is at fault.
    #[must_use]
    pub fn is_chase(self) -> bool {
        matches!(
            self,
            Self::DueToday
                | Self::Nudge
                | Self::FirstChase
                | Self::SecondChase
                | Self::Escalation
                | Self::Report
                | Self::Bulletin
                | Self::Talk
                | Self::Criticism
                | Self::Target
        )
    }

    /// About a shortfall: never written to a coordinating leader.
    #[must_use]
    pub fn is_shortfall(self) -> bool {
        matches!(
            self,
            Self::Reminder
                | Self::Nudge
                | Self::DueToday
                | Self::FirstChase
                | Self::SecondChase
                | Self::Escalation
                | Self::Target
                | Self::Expiry
        )
    }
}
