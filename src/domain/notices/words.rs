//! Why a notice is there, in words.

use super::Reason;
use crate::domain::ladder::Trigger;
use crate::domain::language::Language;
use crate::domain::obligation::State;

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
        (Language::Chinese, Trigger::Calendar(days)) => format!("截止前{days}天"),
        (Language::English, Trigger::Calendar(days)) => format!("{days} days before the due date"),
        (Language::Chinese, Trigger::Close) => "本期关期".to_owned(),
        (Language::Chinese, Trigger::Missed(periods)) => format!("连续{periods}期未报"),
        (Language::Chinese, Trigger::Value { value, .. }) => format!("台账填有“{value}”"),
        (Language::Chinese, Trigger::Lagging { periods, .. }) => format!("连续{periods}期滞后或未报"),
        (Language::English, Trigger::Lagging { periods, .. }) => {
            format!("{periods} periods in a row lagging or missed")
        }
        (Language::Chinese, Trigger::Expiry { row, day, .. }) => {
            format!("{row}，{}", crate::domain::dates::day(language, *day))
        }
        (Language::English, Trigger::Expiry { row, day, .. }) => {
            format!("{row}, {}", crate::domain::dates::day(language, *day))
        }
        (Language::Chinese, Trigger::Event) => "报送情况有变化".to_owned(),
        (Language::Chinese, Trigger::Asked) => "办公室决定再提醒一次".to_owned(),
        (Language::English, Trigger::Asked) => "the office asks once more".to_owned(),
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
