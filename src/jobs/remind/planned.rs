//! What the ladder and the office's own duties bring of gathered periods.

use chrono::DateTime;
use chrono_tz::Tz;

use super::gather::GatheredPeriod;
use crate::domain::notices::{Notice, own_duties, plan};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Every notice of some periods that comes before an instant, or ever, as if
/// nothing more came in.
#[must_use]
pub fn planned(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
    (now, until): (DateTime<Tz>, Option<DateTime<Tz>>),
) -> Vec<Notice> {
    let mut notices: Vec<Notice> = Vec::new();
    for period in periods {
        let facts = period.facts(program);
        notices.extend(plan(
            program,
            &program.ladder,
            &site.options.hours,
            &site.calendar(),
            &facts,
            (now, until),
        ));
        notices.extend(own_duties(program, &site.options.hours, &site.calendar(), &facts));
    }
    notices
}
