//! How people call the states of a duty.

use super::State;
use crate::domain::language::Language;

impl State {
    /// The word that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Historic => "历史",
            Self::Upcoming => "未到期",
            Self::Due => "待报",
            Self::Overdue => "逾期未报",
            Self::Returned => "退回待更正",
            Self::Accepted => "已通过",
            Self::AcceptedLate => "迟报（已通过）",
            Self::Nil => "零报告",
            Self::Exempt => "免报",
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        let english = match self {
            Self::Historic => "historic",
            Self::Upcoming => "not yet due",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::AcceptedLate => "accepted late",
            Self::Nil => "nil report",
            Self::Exempt => "exempt",
        };
        language.either(self.label(), english)
    }
}
