//! What a changed calendar does to due dates, and which hang on a year without data.

use std::sync::Arc;

use chrono::Days;

use crate::domain::calendar::Calendar;
use crate::domain::finding::Verdict;
use crate::domain::period::Period;
use crate::domain::program::{Due, Program};
use crate::jobs::action::Action;
use crate::jobs::extend::units_with_notes;
use crate::jobs::ingest::push_projections;
use crate::jobs::site::Site;

/// Coming deadlines within this time are worth a warning: two months before
/// the first of them, and a fortnight to spare.
const AHEAD: Days = Days::new(75);

/// Periods back from the furthest coming one that are looked at.
const MOST_PERIODS: usize = 24;

/// A due date that another calendar puts elsewhere, or makes certain.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The programme.
    pub program: Arc<Program>,
    /// The period.
    pub period: Period,
    /// As it was.
    pub before: Due,
    /// As it is.
    pub after: Due,
}

/// Coming deadlines that hang on a year without data, with their programmes, soonest first.
#[must_use]
pub fn coming_provisional(site: &Site) -> Vec<(Arc<Program>, Period, Due)> {
    let now = site.clock.now();
    let calendar = site.calendar();
    let mut found = Vec::new();
    for program in site.programs() {
        let until = now + AHEAD;
        for period in program.cycle.started_by(until.date_naive(), MOST_PERIODS) {
            let due = program.due(&period, &calendar, now.timezone());
            let Some(due) = due.filter(|due| due.provisional || due.close_provisional) else {
                continue;
            };
            let coming = |at| now <= at && at <= until;
            if (due.provisional && coming(due.at)) || coming(due.close) {
                found.push((program.clone(), period, due));
            }
        }
    }
    found.sort_by_key(|(_, _, due)| due.at);
    found
}

/// The due dates that differ between two calendars: of the periods up to the
/// coming ones, and of those for which something was received.
pub(super) async fn all(site: &Site, before: &Calendar, after: &Calendar) -> anyhow::Result<Vec<Moved>> {
    let now = site.clock.now();
    let mut moved = Vec::new();
    for program in site.programs() {
        let mut periods = program.cycle.started_by((now + AHEAD).date_naive(), MOST_PERIODS);
        for period in site.store.periods_of(&program.id).await? {
            if !periods.contains(&period) {
                periods.push(period);
            }
        }
        periods.sort_by_key(|period| program.cycle.span(period).map(|span| span.0));
        for period in periods {
            let due = |calendar| program.due(&period, calendar, now.timezone());
            if let (Some(before), Some(after)) = (due(before), due(after))
                && before != after
            {
                let program = program.clone();
                moved.push(Moved {
                    program,
                    period,
                    before,
                    after,
                });
            }
        }
    }
    Ok(moved)
}

/// The notes that name a due date which has moved.
pub(super) async fn projections(site: &Site, moved: &[Moved]) -> anyhow::Result<Vec<Action>> {
    let mut actions = Vec::new();
    for Moved { program, period, .. } in moved {
        for unit in units_with_notes(site, program, period).await? {
            push_projections(&mut actions, program, &unit, period, Verdict::Accepted);
        }
    }
    Ok(actions)
}
