//! The ladder of domain/programs.md §4, for programmes that write none.

use chrono::NaiveTime;

use super::{Kind, Mode, Role, Step, Trigger};

/// 09:00: the time of a step that names none (design.md §5).
#[must_use]
pub fn step_time() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default()
}

/// The default steps. Talks (约谈) need a document that speaks of them, so a
/// programme writes that step itself.
#[must_use]
pub fn default_steps() -> Vec<Step> {
    let step = |id: &str, kind, trigger, to: &[Role], cc: &[Role], mode| Step {
        id: id.to_owned(),
        kind,
        trigger,
        time: step_time(),
        to: to.to_vec(),
        cc: cc.to_vec(),
        mode,
    };
    let days = |days| Trigger::Days(days);
    vec![
        step(
            "reminder",
            Kind::Reminder,
            days(-3),
            &[Role::Liaison],
            &[],
            Mode::Auto,
        ),
        step(
            "leader-reminder",
            Kind::Reminder,
            days(-1),
            &[Role::Leader],
            &[],
            Mode::Auto,
        ),
        step(
            "due-today",
            Kind::DueToday,
            days(0),
            &[Role::Liaison],
            &[],
            Mode::Auto,
        ),
        step(
            "first-chase",
            Kind::FirstChase,
            days(1),
            &[Role::Liaison],
            &[Role::Head],
            Mode::Auto,
        ),
        step(
            "second-chase",
            Kind::SecondChase,
            days(3),
            &[Role::Head],
            &[Role::Liaison],
            Mode::Auto,
        ),
        step(
            "escalation",
            Kind::Escalation,
            days(5),
            &[Role::Leader],
            &[Role::OfficeHead],
            Mode::Auto,
        ),
        step(
            "report",
            Kind::Report,
            Trigger::Close,
            &[Role::Coordinating],
            &[Role::Office],
            Mode::Draft,
        ),
        step(
            "bulletin",
            Kind::Bulletin,
            Trigger::Close,
            &[Role::AllUnits],
            &[Role::Office],
            Mode::Draft,
        ),
        step(
            "consolidated",
            Kind::Consolidated,
            Trigger::Close,
            &[Role::Office],
            &[],
            Mode::Auto,
        ),
        step(
            "target",
            Kind::Target,
            Trigger::Targets,
            &[Role::Leader, Role::Liaison],
            &[],
            Mode::Auto,
        ),
    ]
}

/// Praise (表扬) of the units that were on time, when the period closes: a
/// draft, as every document that names a result is.
#[must_use]
pub fn praise_step() -> Step {
    Step {
        id: "praise".to_owned(),
        kind: Kind::Praise,
        trigger: Trigger::Close,
        time: step_time(),
        to: vec![Role::Liaison],
        cc: Vec::new(),
        mode: Mode::Draft,
    }
}
