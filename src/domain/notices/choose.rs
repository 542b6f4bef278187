//! Which of the planned notices go out now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Notice, NoticeKey};
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Role, Trigger};
use crate::domain::period::Period;

/// What a walk of the ladder brings out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chosen {
    /// Notices that have come due.
    pub due: Vec<Notice>,
    /// Steps that were missed while a later one came due as well: only recorded.
    pub superseded: Vec<Notice>,
}

/// Of each duty the most advanced step that has come due and isn't recorded
/// yet; earlier ones that were missed (the machine was off) are superseded.
#[must_use]
pub fn choose(planned: Vec<Notice>, recorded: &BTreeSet<NoticeKey>, now: DateTime<Tz>) -> Chosen {
    let mut of_duty: BTreeMap<Run, Vec<Notice>> = BTreeMap::new();
    for notice in planned {
        let key = notice.key();
        if notice.at <= now && !recorded.contains(&key) {
            of_duty.entry(Run::of(&notice, key)).or_default().push(notice);
        }
    }
    // Whoever is just now told that a ledger goes back needs no reminder of it beside that.
    let handed_back: BTreeSet<(Option<UnitId>, String)> = of_duty
        .values()
        .flatten()
        .filter(|notice| notice.kind == Kind::Returned)
        .map(|notice| (notice.unit.clone(), notice.period.to_string()))
        .collect();
    let is_said = |notice: &Notice| {
        notice.kind == Kind::Reminder
            && notice.to.iter().all(|to| to.role == Role::Liaison)
            && handed_back.contains(&(notice.unit.clone(), notice.period.to_string()))
    };
    let mut chosen = Chosen::default();
    for notices in of_duty.into_values() {
        // Steps that waited for the same end of a grace are told by their place in the ladder.
        let place = |notice: &Notice| (notice.at.to_utc(), notice.step_at.to_utc());
        let latest = notices.iter().map(place).max();
        for notice in notices {
            if !is_said(&notice) && (Some(place(&notice)) == latest || is_of_its_own(&notice)) {
                chosen.due.push(notice);
            } else {
                chosen.superseded.push(notice);
            }
        }
    }
    chosen.due.sort_by_key(|notice| notice.at);
    chosen
}

/// What the steps of one run of the ladder have in common.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    /// The leader or unit: an id of either may be the same text.
    subject: String,
    of_leader: bool,
    /// A step that runs by itself; empty for the rungs of a ladder.
    step: String,
    period: Period,
}

impl Run {
    fn of(notice: &Notice, key: NoticeKey) -> Self {
        Self {
            subject: key.subject,
            of_leader: notice.leader.is_some(),
            step: if is_of_its_own(notice) {
                key.step
            } else {
                String::new()
            },
            period: key.period,
        }
    }
}

/// Documents about a period, targets and values are no rungs of the ladder.
fn is_of_its_own(notice: &Notice) -> bool {
    notice.unit.is_none() || !matches!(notice.reason.trigger, Trigger::Days(_) | Trigger::Calendar(_))
}
