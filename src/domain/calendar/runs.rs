//! A year's holidays as people read them: runs of days off, and make-up days.

use chrono::{Datelike, NaiveDate};

use super::{Calendar, Day, DayKind};

/// Days off in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The holiday's name; `国庆节、中秋节` where two fall together.
    pub name: String,
    /// First day off.
    pub from: NaiveDate,
    /// Last day off.
    pub to: NaiveDate,
}

impl Run {
    /// How many days it has.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.to - self.from).num_days() + 1
    }
}

impl Calendar {
    /// The holidays of a calendar year in their order. In a year without data
    /// these are the ones fixed in the solar calendar.
    #[must_use]
    pub fn holidays(&self, year: i32) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for date in NaiveDate::from_ymd_opt(year, 1, 1)
            .into_iter()
            .flat_map(|first| first.iter_days())
            .take_while(|date| date.year() == year)
        {
            let Day::Holiday(name) = self.day(date) else {
                continue;
            };
            match runs.last_mut() {
                Some(run) if run.to.succ_opt() == Some(date) => {
                    run.to = date;
                    if !run.name.split('、').any(|own| own == name) {
                        run.name = format!("{}、{name}", run.name);
                    }
                }
                _ => runs.push(Run {
                    name: name.to_owned(),
                    from: date,
                    to: date,
                }),
            }
        }
        runs
    }

    /// Weekend days of a year that are worked, with the holiday that they make up for.
    pub fn make_up_days(&self, year: i32) -> impl Iterator<Item = (NaiveDate, &str)> {
        self.year(year)
            .filter(|(_, day)| day.kind == DayKind::Work)
            .map(|(date, day)| (date, day.name.as_str()))
    }
}
