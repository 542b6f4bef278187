//! What the office itself has to do by a date: it is reminded, and nobody is
//! chased (中期评估, 检查验收, 呈报汇总台账).

use chrono::{DateTime, NaiveTime};
use chrono_tz::Tz;

use super::facts::PeriodFacts;
use super::plan::mode;
use super::recipients::who;
use super::{Hours, Notice, Reason};
use crate::domain::calendar::{Calendar, Roll};
use crate::domain::dates::civil;
use crate::domain::documents::is_offices_own;
use crate::domain::ladder::{Kind, Mode, Role, Trigger, step_time};
use crate::domain::program::Program;

/// Working days after the close by which what was collected is to be presented.
const PRESENT_AFTER: i64 = 3;

/// Reminders to the office of what it does itself in a period.
#[must_use]
pub fn own_duties(
    program: &Program,
    hours: &Hours,
    calendar: &Calendar,
    facts: &PeriodFacts<'_>,
) -> Vec<Notice> {
    let due = facts.due.at;
    let zone = due.timezone();
    let at = |day, time: NaiveTime| hours.next(calendar, civil(zone, day, time));
    let mut steps: Vec<(String, Trigger, DateTime<Tz>)> = Vec::new();
    if is_offices_own(program, facts.period) {
        for days in [60_u32, 30] {
            let day = due.date_naive() - chrono::Days::new(days.into());
            let day = calendar.roll(day, Roll::Advance);
            steps.push((
                format!("own-{days}d"),
                Trigger::Calendar(days),
                at(day, step_time()),
            ));
        }
        let day = calendar.add_working_days(due.date_naive(), -10);
        steps.push(("own-10".to_owned(), Trigger::Days(-10), at(day, step_time())));
    }
    let presented = program.material.items().map(|items| &items.presented_to);
    if presented.is_some_and(|to| !to.is_empty()) {
        let day = calendar.add_working_days(facts.due.close.date_naive(), PRESENT_AFTER);
        steps.push(("present".to_owned(), Trigger::Close, at(day, step_time())));
    }
    let to = who(program, Role::Office, None, Kind::OwnDuty);
    let notice = |(step, trigger, at): (String, Trigger, DateTime<Tz>)| Notice {
        program: program.id.clone(),
        unit: None,
        leader: None,
        period: facts.period.clone(),
        revision: facts.revision,
        step,
        version: None,
        kind: Kind::OwnDuty,
        mode: mode(&program.ladder, (Mode::Auto, Kind::OwnDuty), &to, false),
        at,
        step_at: at,
        to: to.clone(),
        cc: Vec::new(),
        reason: Reason {
            trigger,
            state: None,
            held: false,
            all_excepted: false,
            provisional: facts.due.provisional,
            decision: String::new(),
        },
    };
    steps.into_iter().map(notice).collect()
}
