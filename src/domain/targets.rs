//! Targets (量化目标) and traffic lights (亮灯): how far a leader has come
//! against the part of the year that has passed. Definitions: programs.md §2.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::program::Targets;

/// What should be reached by the end of a month (序时目标).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Pace {
    /// Months that count so far, this one included.
    pub months: u32,
    /// Visits.
    pub visits: u32,
    /// Days.
    pub days: u32,
}

/// A traffic light. It is never shown by its colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// Both figures have reached the pace.
    Green,
    /// One is below the pace, none below 80 % of it.
    Yellow,
    /// One is below 80 % of the pace.
    Red,
}

impl Targets {
    /// The pace at the end of a period: ⌊target × k ÷ 12⌋, k being the months
    /// from January, or from the month in which the targets came into force,
    /// to this one. `None` while they aren't in force.
    #[must_use]
    pub fn pace(&self, end: NaiveDate) -> Option<Pace> {
        let first = self.counted_from(end)?.month();
        let months = (end.month() + 1)
            .checked_sub(first)
            .filter(|months| *months > 0)?;
        let share = |target: u32| target.saturating_mul(months) / 12;
        Some(Pace {
            months,
            visits: share(self.visits),
            days: share(self.days),
        })
    }

    /// The first day whose visits the pace at the end of a period speaks of;
    /// none while the targets aren't in force.
    #[must_use]
    pub fn counted_from(&self, end: NaiveDate) -> Option<NaiveDate> {
        let first = match self.effective.year().cmp(&end.year()) {
            std::cmp::Ordering::Less => 1,
            std::cmp::Ordering::Equal => self.effective.month(),
            std::cmp::Ordering::Greater => return None,
        };
        NaiveDate::from_ymd_opt(end.year(), first, 1)
    }

    /// Visits and days that are still missing this year.
    #[must_use]
    pub fn shortfall(&self, visits: u32, days: u32) -> (u32, u32) {
        (self.visits.saturating_sub(visits), self.days.saturating_sub(days))
    }
}

/// The light for figures against the pace; none where the pace asks for
/// nothing and nothing was done.
#[must_use]
pub fn light(visits: u32, days: u32, pace: Pace) -> Option<Light> {
    let nothing = (pace.visits, pace.days) == (0, 0) && (visits, days) == (0, 0);
    (!nothing).then(|| grade(visits, pace.visits).max(grade(days, pace.days)))
}

fn grade(reached: u32, wanted: u32) -> Light {
    let (reached, wanted) = (u64::from(reached), u64::from(wanted));
    if reached >= wanted {
        Light::Green
    } else if reached * 100 >= wanted * 80 {
        Light::Yellow
    } else {
        Light::Red
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::program::TargetScope;

    fn targets(effective: (i32, u32)) -> Targets {
        Targets {
            clause: String::new(),
            visits: 5,
            days: 5,
            scope: TargetScope::Leader,
            soft: true,
            effective: NaiveDate::from_ymd_opt(effective.0, effective.1, 1).unwrap(),
            measured_in: vec![6, 9, 11],
        }
    }

    #[test]
    fn the_pace_is_the_passed_part_of_the_year() {
        let end = |month| NaiveDate::from_ymd_opt(2024, month, 28).unwrap();
        for (effective, month, want) in [
            ((2024, 11), 11, Some((1, 0))),
            ((2024, 11), 12, Some((2, 0))),
            ((2024, 11), 10, None),
            ((2025, 1), 12, None),
            ((2023, 11), 2, Some((2, 0))),
            ((2023, 11), 3, Some((3, 1))),
            ((2024, 1), 6, Some((6, 2))),
            ((2024, 1), 11, Some((11, 4))),
            ((2024, 1), 12, Some((12, 5))),
        ] {
            let pace = targets(effective).pace(end(month));
            assert_eq!(
                pace.map(|pace| (pace.months, pace.visits)),
                want,
                "{effective:?} {month}"
            );
        }
    }

    #[test]
    fn lights_follow_the_lower_figure() {
        let pace = Pace {
            months: 12,
            visits: 5,
            days: 5,
        };
        assert_eq!(light(5, 5, pace), Some(Light::Green));
        assert_eq!(light(9, 4, pace), Some(Light::Yellow));
        assert_eq!(light(3, 9, pace), Some(Light::Red));
        let nothing = Pace {
            months: 1,
            visits: 0,
            days: 0,
        };
        assert_eq!(light(0, 0, nothing), None);
        assert_eq!(light(1, 1, nothing), Some(Light::Green));
    }

    #[test]
    fn the_shortfall_never_goes_below_nothing() {
        assert_eq!(targets((2024, 1)).shortfall(3, 7), (2, 0));
    }
}
