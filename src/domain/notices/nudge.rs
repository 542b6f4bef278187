//! 另行提醒: the office asks a unit once more, beside the ladder; and when it may
//! not, lest a unit be chased that is within its rights or hears of it anyway.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _};
use chrono_tz::Tz;

use super::{DutyFacts, Notice, NoticeKey, PeriodFacts, Reason, is_unmet, reaches_superior, who};
use crate::domain::dates::{day, weekday};
use crate::domain::ladder::{Kind, Mode, Role, Trigger};
use crate::domain::language::{Language, worded};
use crate::domain::obligation::State;
use crate::domain::program::Program;

/// The step of a ladder that it would be.
const STEP: &str = "nudge";

/// Why a unit isn't asked once more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotNow {
    /// Nothing is owed of the period: it is history, or not the unit's.
    NotOwed,
    /// It stands so that there is nothing to ask for.
    Settled(State),
    /// The period still runs, and is due after its end.
    Runs,
    /// A file that may be the unit's waits for the office.
    Unconfirmed,
    /// The unit may correct, or has more time, until then.
    Grace(DateTime<Tz>),
    /// A step of the ladder goes on the same day, at this time.
    Step(Kind, DateTime<Tz>),
    /// It was asked already on that day.
    Already(DateTime<Tz>),
    /// The shared folder is away: units can't hand anything in.
    ShareAway,
    /// The clock isn't trusted, for this reason.
    Clock(String),
}

impl NotNow {
    /// The reason in words, without its full stop.
    #[must_use]
    pub fn words(&self, language: Language) -> String {
        let moment = |at: &DateTime<Tz>| {
            let date = at.date_naive();
            let weekday = weekday(language, date);
            worded!(
                language,
                "{}（{weekday}）{}",
                "{} ({weekday}) {}",
                day(language, date),
                at.format("%H:%M")
            )
        };
        match self {
            Self::NotOwed => language
                .either("这一期现在不催报", "nobody is reminded about this period now")
                .into(),
            Self::Settled(state) => worded!(
                language,
                "现在是“{}”，不用催",
                "it is now “{}”; there is nothing to remind of",
                state.words(language)
            ),
            Self::Runs => language
                .either(
                    "本期还没有结束，期满后才报送",
                    "the period still runs; it is reported after its end",
                )
                .into(),
            Self::Unconfirmed => language
                .either(
                    "有文件待确认，请先确认是不是该单位报送的",
                    "a file waits to be confirmed; say first whether it is this unit's",
                )
                .into(),
            Self::Grace(until) => worded!(
                language,
                "在{}以前可以更正或补报，过后再催",
                "the unit may correct or report until {}; remind it after that",
                moment(until)
            ),
            Self::Step(kind, at) => worded!(
                language,
                "{}已安排{}，当天不再另催",
                "on {} there goes a letter ({}) anyway",
                moment(at),
                kind.label(language)
            ),
            Self::Already(at) => worded!(
                language,
                "{}已经另行提醒，一个工作日一次",
                "it was reminded on {}; once a working day is enough",
                day(language, at.date_naive())
            ),
            Self::ShareAway => language
                .either(
                    "共享文件夹现在连不上，各单位报不上来，等恢复后再催",
                    "the shared folder is away and units can't report; remind them when it is back",
                )
                .into(),
            Self::Clock(why) => worded!(
                language,
                "本机时间不可信（{why}），先核对时间再催",
                "this machine's time can't be trusted ({why}); check it first"
            ),
        }
    }
}

/// The reminder that goes to a unit's liaison at an instant within office
/// hours. `steps` are those of the ladder for the period, past and to come,
/// and those that are due and go now; `recorded` is what was noted of it.
///
/// # Errors
/// It may not be sent then; the reason says why.
pub fn nudge(
    program: &Program,
    (facts, duty): (&PeriodFacts<'_>, &DutyFacts<'_>),
    steps: &[Notice],
    recorded: &BTreeSet<NoticeKey>,
    at: DateTime<Tz>,
) -> Result<Notice, NotNow> {
    let (obligation, unit) = (duty.obligation, duty.unit);
    let due = duty.due.unwrap_or(facts.due);
    if !is_unmet(obligation.state) {
        return Err(NotNow::Settled(obligation.state));
    }
    let end = program.cycle.span(facts.period).map(|span| span.1);
    if end.is_some_and(|end| at.date_naive() <= end && due.at.date_naive() > end) {
        return Err(NotNow::Runs);
    }
    if duty.held || obligation.unconfirmed.is_some() {
        return Err(NotNow::Unconfirmed);
    }
    if let Some(until) = duty.grace.filter(|until| *until > at) {
        return Err(NotNow::Grace(until));
    }
    let to = who(program, Role::Liaison, Some(unit), Kind::Nudge);
    let draft = program.ladder.trial || reaches_superior(program, &to);
    let date = at.date_naive();
    let number = date.year().unsigned_abs() * 10_000 + date.month() * 100 + date.day();
    let notice = Notice {
        program: program.id.clone(),
        unit: Some(unit.id.clone()),
        leader: None,
        period: facts.period.clone(),
        revision: due.revision,
        step: STEP.to_owned(),
        version: Some(number),
        kind: Kind::Nudge,
        mode: if draft { Mode::Draft } else { Mode::Auto },
        at,
        step_at: at,
        to,
        cc: Vec::new(),
        reason: Reason {
            trigger: Trigger::Asked,
            state: Some(obligation.state),
            held: false,
            all_excepted: false,
            provisional: due.provisional,
            decision: String::new(),
        },
    };
    let key = notice.key();
    // Once a day, however the date was extended in between.
    let what = |own: &NoticeKey| (own.subject.clone(), own.step.clone(), own.version);
    if recorded.iter().any(|own| what(own) == what(&key)) {
        return Err(NotNow::Already(at));
    }
    let of_day = |own: &&Notice| {
        let chases = own.kind == Kind::Reminder || own.kind.is_chase();
        let own_unit = own.unit.as_ref() == Some(&unit.id) && own.leader.is_none();
        own_unit && chases && own.mode != Mode::Never && own.at.date_naive() == date
    };
    match steps.iter().find(of_day) {
        Some(step) => Err(NotNow::Step(step.kind, step.at)),
        None => Ok(notice),
    }
}
