//! What a unit still owes besides what a note is about.

use chrono::Utc;

use super::{Known, period_label};
use crate::domain::language::Language;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::jobs::site::Site;

/// How many owed periods a note lists by name; of more it says how many.
const MOST_MISSING: usize = 12;

/// How many periods it looks back: ten years of half-months.
const FARTHEST: usize = 240;

/// Owed periods that have ended, or are past due, and for which nothing of the
/// unit counts; the latest by name.
pub(super) fn missing(site: &Site, known: &Known, programme: &Program, unit: &Unit) -> Vec<String> {
    let now = site.clock.now();
    let go_live = known.gone_live(&programme.id);
    let settled = known.settled(&programme.id, &unit.id);
    let mut missing = Vec::new();
    let calendar = site.calendar();
    let periods = programme.cycle.started_by(now.date_naive(), FARTHEST);
    // From the latest back to what was due before the programme first ran.
    for period in periods.into_iter().rev() {
        let span = programme.cycle.span(&period);
        let due = programme.due_of(&unit.id, &period, &calendar, now.timezone());
        let (Some(span), Some(due)) = (span, due) else {
            continue;
        };
        if go_live.is_some_and(|go_live| due.at.with_timezone(&Utc) < go_live) {
            break;
        }
        let is_owed = span.1 < now.date_naive() || now > due.at;
        if is_owed && unit.valid.overlaps(span) && !settled.contains(&period) {
            missing.push(period_label(programme, &period));
        }
    }
    missing.reverse();
    let earlier = missing.len().saturating_sub(MOST_MISSING);
    if earlier > 0 {
        missing.drain(..earlier);
        missing.insert(
            0,
            match programme.language {
                Language::Chinese => format!("此前{earlier}期"),
                Language::English => format!("{earlier} earlier periods"),
            },
        );
    }
    missing
}
