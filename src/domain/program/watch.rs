//! Watches over dates in a list (到期提示): whom to tell, how long before.

use chrono::{Days, Months, NaiveDate, NaiveTime};

use crate::domain::calendar::{Calendar, Roll};
use crate::domain::ladder::{Mode, Role};

/// A watch over a date that each row of a list has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Its id within the programme.
    pub id: String,
    /// Key of the date column.
    pub column: String,
    /// Months from that date to the day that counts: 0 for an end of contract,
    /// 36 for a term of three years.
    pub after_months: u32,
    /// Keys of the columns by which a letter names a row, the first one first.
    pub label: Vec<String>,
    /// What a row is: 合同.
    pub what: String,
    /// What happens on the day: 到期.
    pub end: String,
    /// What the unit is asked to do, a whole sentence without its full stop.
    pub ask: String,
    /// Whoever has sent the person of a row is told as well.
    pub sent: Option<Sent>,
    /// When a row is dealt with; none: never, as long as it is there.
    pub settled: Option<Settled>,
    /// The notices, the earliest first.
    pub steps: Vec<WatchStep>,
}

/// Who has sent the people of a list (派出单位).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Key of the column that names the unit, one of the roster's senders.
    pub column: String,
    /// What that unit is asked to do, a whole sentence without its full stop.
    pub ask: String,
}

/// When a row is dealt with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Key of the column that says so.
    pub column: String,
    /// Values with which it still is open, beside the empty one.
    pub open: Vec<String>,
}

/// One notice of a watch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchStep {
    /// Its id within the watch.
    pub id: String,
    /// How long before the day.
    pub before: Before,
    /// At what time.
    pub time: NaiveTime,
    /// To whom.
    pub to: Vec<Role>,
    /// Who gets a copy.
    pub cc: Vec<Role>,
    /// How it goes out.
    pub mode: Mode,
}

/// How long before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Calendar months; the last day of a month that is shorter.
    Months(u32),
    /// Calendar days.
    Days(u32),
}

impl Before {
    /// The day that lies so long before another.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> NaiveDate {
        let before = match self {
            Self::Months(months) => day.checked_sub_months(Months::new(months)),
            Self::Days(days) => day.checked_sub_days(Days::new(days.into())),
        };
        before.unwrap_or(day)
    }
}

impl WatchStep {
    /// On which day it goes for a row whose day this is: a working day, moved
    /// to the one before where need be.
    #[must_use]
    pub fn goes_on(&self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        calendar.roll(self.before.day(day), Roll::Advance)
    }
}
