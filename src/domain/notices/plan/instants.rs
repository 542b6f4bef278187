//! When the steps of a ladder come due.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::{Planner, is_leader};
use crate::domain::calendar::Roll;
use crate::domain::dates::civil;
use crate::domain::ladder::{Kind, Step, Trigger};

impl Planner<'_> {
    /// When a step comes due, moved into office hours; none for one that never
    /// does: leaders aren't reminded while the period itself still runs (before
    /// long holidays), but on the last working day before the due date that
    /// lies after its end, if there is one.
    pub(super) fn instant(&self, step: &Step) -> Option<DateTime<Tz>> {
        let at = self.by_ladder(step);
        let leaders_only = step.kind == Kind::Reminder && step.to.iter().all(|role| is_leader(*role));
        if !(leaders_only && self.still_runs(at)) {
            return Some(at);
        }
        let due = self.due.at;
        let last = self.calendar.add_working_days(due.date_naive(), -1);
        let later = self
            .hours
            .next(self.calendar, civil(due.timezone(), last, step.time));
        (!self.still_runs(later)).then_some(later)
    }

    /// Whether a period that is due after its end hasn't ended at an instant.
    pub(super) fn still_runs(&self, at: DateTime<Tz>) -> bool {
        let span = self.program.cycle.span(self.facts.period);
        span.is_some_and(|(_, end)| at.date_naive() <= end && self.due.at.date_naive() > end)
    }

    fn by_ladder(&self, step: &Step) -> DateTime<Tz> {
        let due = self.due;
        let zone = due.at.timezone();
        let at = |day: NaiveDate| civil(zone, day, step.time);
        let nominal = match &step.trigger {
            Trigger::Days(days) => {
                let date = due.at.date_naive();
                let working = match days {
                    // On a rest day nobody reads it: the last working day before does.
                    0 => self.calendar.roll(date, Roll::Advance),
                    days => self.calendar.add_working_days(date, i64::from(*days)),
                };
                if *days == 0 && at(working) >= due.at {
                    at(self.calendar.add_working_days(working, -1))
                } else {
                    at(working)
                }
            }
            Trigger::Calendar(days) => {
                let day = due.at.date_naive() - chrono::Days::new((*days).into());
                at(self.calendar.roll(day, Roll::Advance))
            }
            Trigger::Close | Trigger::Missed(_) | Trigger::Lagging { .. } | Trigger::Targets => due.close,
            Trigger::Value { .. } | Trigger::Event | Trigger::Asked | Trigger::Expiry { .. } => self.now,
        };
        self.hours.next(self.calendar, nominal)
    }

    /// When a step goes for a unit that may still correct what it handed in in
    /// time: after the grace, and at the latest on the last working day before the close.
    pub(super) fn after_grace(&self, step: &Step, at: DateTime<Tz>, until: DateTime<Tz>) -> DateTime<Tz> {
        if at >= until {
            return at;
        }
        let close = self.due.close;
        // At the step's own time, so that it meets what comes due on that day.
        let next = self.hours.next(self.calendar, until);
        let waited = civil(close.timezone(), next.date_naive(), step.time).max(next);
        if waited < close {
            return waited;
        }
        let last = self.calendar.add_working_days(close.date_naive(), -1);
        let last = self
            .hours
            .next(self.calendar, civil(close.timezone(), last, step.time));
        last.max(at)
    }
}
