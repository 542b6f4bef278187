//! When a period's ledger is due, and how that date comes about.

use chrono::{DateTime, Datelike, Days, NaiveDate};
use chrono_tz::Tz;

use super::{DueRule, Extension, Program, extension_of, extension_of_unit};
use serde::Serialize;

use crate::domain::calendar::{Calendar, Day, weekday_name};
use crate::domain::dates::civil;
use crate::domain::ids::UnitId;
use crate::domain::period::{CycleKind, Period};

/// A due date with how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// Before rolling.
    pub nominal: NaiveDate,
    /// The moment until which a ledger is on time.
    pub at: DateTime<Tz>,
    /// When the period closes.
    pub close: DateTime<Tz>,
    /// Why the nominal date was moved: the holiday's or weekday's name.
    pub moved_because: Option<String>,
    /// The due date hangs on a year whose holidays are not published yet.
    pub provisional: bool,
    /// The close does; it may although the due date is certain.
    pub close_provisional: bool,
    /// The number of the extension that holds; 0: none.
    pub revision: u32,
    /// Why it was extended last.
    pub extended_because: Option<String>,
}

impl Due {
    /// The years without data that the due date or the close hangs on, ascending.
    pub fn unknown_years<'c>(&self, calendar: &'c Calendar) -> impl Iterator<Item = i32> + use<'c> {
        let days = [self.nominal, self.at.date_naive(), self.close.date_naive()];
        let from = days.iter().map(Datelike::year).min().unwrap_or_default();
        let to = days.iter().map(Datelike::year).max().unwrap_or_default();
        (from..=to).filter(|year| !calendar.knows(*year))
    }
}

impl Program {
    /// When a period's ledger is due and when the period closes; `None` for a
    /// period that the cycle doesn't know.
    #[must_use]
    pub fn due(&self, period: &Period, calendar: &Calendar, zone: Tz) -> Option<Due> {
        self.due_by(extension_of(&self.extensions, period), period, calendar, zone)
    }

    /// When a period is due for a unit: later than for the others where the
    /// office extended it for this unit alone. The period closes for all at once.
    #[must_use]
    pub fn due_of(&self, unit: &UnitId, period: &Period, calendar: &Calendar, zone: Tz) -> Option<Due> {
        let due = self.due(period, calendar, zone)?;
        Some(self.own_extension(unit, period, &due).unwrap_or(due))
    }

    /// A unit's own later due date, where it has one.
    #[must_use]
    pub fn own_extension(&self, unit: &UnitId, period: &Period, due: &Due) -> Option<Due> {
        let own = extension_of_unit(&self.extensions, period, unit)?;
        let at = civil(due.at.timezone(), own.due, self.deadline.time);
        (at > due.at).then(|| Due {
            at,
            moved_because: None,
            provisional: false,
            revision: own.revision,
            extended_because: Some(own.reason.clone()),
            ..due.clone()
        })
    }

    /// [`Program::due`] as if this extension held, or none.
    #[must_use]
    pub fn due_by(
        &self,
        extension: Option<&Extension>,
        period: &Period,
        calendar: &Calendar,
        zone: Tz,
    ) -> Option<Due> {
        let nominal = self.nominal_due(period, calendar, zone)?;
        let roll = self.deadline.roll;
        let date = extension.map_or_else(|| calendar.roll(nominal, roll), |extension| extension.due);
        let rolled = extension.is_none() && date != nominal;
        let moved_because = rolled.then(|| match calendar.day(nominal) {
            Day::Holiday(name) => name.to_owned(),
            _ => weekday_name(nominal).to_owned(),
        });
        let close = self.close(period, date, calendar);
        // A date that never rolls hangs on no calendar, and neither does one that the office named.
        let rolls = roll != crate::domain::calendar::Roll::None && extension.is_none();
        let provisional = rolls && !calendar.knows_between(nominal, date);
        let counted = self.deadline.close_after > 0 && !calendar.knows_between(date, close);
        Some(Due {
            nominal,
            at: civil(zone, date, self.deadline.time),
            close: civil(zone, close, self.deadline.close_time),
            moved_because,
            provisional,
            close_provisional: provisional || counted,
            revision: extension.map_or(0, |extension| extension.revision),
            extended_because: extension.map(|extension| extension.reason.clone()),
        })
    }

    /// The day on which a period closes. A list that is kept on change stays open all year.
    fn close(&self, period: &Period, due: NaiveDate, calendar: &Calendar) -> NaiveDate {
        let close = calendar.add_working_days(due, self.deadline.close_after.into());
        match (self.cycle.kind, self.cycle.span(period)) {
            (CycleKind::OnChange, Some((_, end))) => close.max(end),
            _ => close,
        }
    }

    fn nominal_due(&self, period: &Period, calendar: &Calendar, zone: Tz) -> Option<NaiveDate> {
        let (start, end) = self.cycle.span(period)?;
        match self.deadline.rule {
            DueRule::OnDate => Some(end),
            DueRule::DayOfYear(day) => {
                let confirmed = start.checked_add_days(Days::new(u64::from(day.saturating_sub(1))))?;
                // The very first list takes its time.
                let begun = self.begun.map(|begun| begun.with_timezone(&zone).date_naive());
                let first = begun
                    .filter(|begun| (start..=end).contains(begun))
                    .map(|begun| calendar.add_working_days(begun, self.deadline.first_within.into()));
                Some(first.map_or(confirmed, |first| first.max(confirmed)))
            }
            DueRule::AfterProgram(days) => {
                let ended = self.ended_before.iter().find(|(own, _)| own == period);
                // As long as nobody knows, two months after the period.
                let ended =
                    ended.map_or_else(|| end.checked_add_days(Days::new(59)), |(_, day)| Some(*day))?;
                Some(calendar.add_working_days(ended, days.into()))
            }
            DueRule::DayAfterPeriod(days) => end.checked_add_days(Days::new(days.into())),
            // The 31st of a month that ends earlier is its last day.
            DueRule::DayInPeriod(day) => (1..=day)
                .rev()
                .find_map(|day| NaiveDate::from_ymd_opt(end.year(), end.month(), day)),
        }
    }
}

#[cfg(test)]
mod tests;
