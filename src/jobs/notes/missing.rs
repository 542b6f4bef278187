//! What a unit still owes besides what a note is about.

use chrono::Utc;

use super::{Known, period_label};
use crate::domain::program::{Language, Program};
use crate::domain::roster::Unit;
use crate::jobs::site::Site;

/// How many owed periods a note lists by name; of more it says how many.
const MOST_MISSING: usize = 12;

/// Owed periods that have ended, or are past due, and for which nothing of the
/// unit counts; the latest by name.
pub(super) fn missing(site: &Site, known: &Known, programme: &Program, unit: &Unit) -> Vec<String> {
    let now = site.clock.now();
    let go_live = known.gone_live(&programme.id);
    let settled = known.settled(&programme.id, &unit.id);
    let mut missing = Vec::new();
    for period in programme.cycle.started_by(now.date_naive(), 240) {
        let Some(span) = programme.cycle.span(&period) else {
            continue;
        };
        let Some(due) = programme.due(&period, &site.calendar(), now.timezone()) else {
            continue;
        };
        let historic = go_live.is_some_and(|go_live| due.at.with_timezone(&Utc) < go_live);
        let is_owed = span.1 < now.date_naive() || now > due.at;
        if !is_owed || historic || !unit.valid.overlaps(span) {
            continue;
        }
        if !settled.contains(&period) {
            missing.push(period_label(programme, &period));
        }
    }
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
