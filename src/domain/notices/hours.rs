//! Quiet hours: letters go out on working days within office hours.

use chrono::{DateTime, Days, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use crate::domain::calendar::Calendar;
use crate::domain::dates::civil;

/// How long after their end what came due within office hours still goes.
const LINGER: TimeDelta = TimeDelta::minutes(30);

/// Office hours of a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// When they begin.
    pub from: NaiveTime,
    /// When they end; a letter at this very minute still goes.
    pub to: NaiveTime,
}

impl Default for Hours {
    fn default() -> Self {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        Self {
            from: time(8, 30),
            to: time(17, 30),
        }
    }
}

impl Hours {
    /// Whether letters may go out at an instant.
    #[must_use]
    pub fn are_open(&self, calendar: &Calendar, at: DateTime<Tz>) -> bool {
        let time = at.time();
        calendar.is_working_day(at.date_naive()) && self.from <= time && time <= self.to
    }

    /// Whether they have just ended: what came due within them still goes, for
    /// a walk takes its time and what is due at the very end is reached after it.
    #[must_use]
    pub fn have_just_ended(&self, calendar: &Calendar, at: DateTime<Tz>) -> bool {
        let since = at.time() - self.to;
        calendar.is_working_day(at.date_naive()) && TimeDelta::zero() < since && since <= LINGER
    }

    /// Whether letters that were made may go: within hours, or just after.
    #[must_use]
    pub fn may_send(&self, calendar: &Calendar, at: DateTime<Tz>) -> bool {
        self.are_open(calendar, at) || self.have_just_ended(calendar, at)
    }

    /// The first instant from `at` on at which letters may go out.
    #[must_use]
    pub fn next(&self, calendar: &Calendar, at: DateTime<Tz>) -> DateTime<Tz> {
        if self.are_open(calendar, at) {
            return at;
        }
        let today = at.date_naive();
        let opens = |day| civil(at.timezone(), day, self.from);
        if calendar.is_working_day(today) && at < opens(today) {
            return opens(today);
        }
        opens(calendar.add_working_days(today, 1))
    }

    /// The first office instant of the next working day.
    #[must_use]
    pub fn tomorrow(&self, calendar: &Calendar, at: DateTime<Tz>) -> DateTime<Tz> {
        let midnight = at.date_naive().checked_add_days(Days::new(1));
        let next = midnight.map_or(at, |day| civil(at.timezone(), day, NaiveTime::MIN));
        self.next(calendar, next)
    }
}
