//! Several files of one unit that came together: the one saved last goes last,
//! so that it is the one that counts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::identify::read_file_name;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::intake::order::{Saved, in_order};
use crate::domain::last_save::last_save;
use crate::inbox::{Ready, Zone};
use crate::jobs::site::Site;

/// More files of one unit than these keep the order in which they were seen:
/// somebody has dropped a whole disk, and looking into each costs time.
const MOST: usize = 12;

/// Puts files of one unit in the order in which they were last saved. Everything
/// else stays where it is in the queue.
pub(super) async fn as_saved(site: &Site, mut ready: Vec<Ready>) -> Vec<Ready> {
    let today = site.clock.now().date_naive();
    let mut groups: BTreeMap<(ProgramId, UnitId, DateTime<Utc>), Vec<usize>> = BTreeMap::new();
    for (at, one) in ready
        .iter()
        .enumerate()
        .filter(|(_, one)| one.found.place.zone == Zone::Drop)
    {
        let found = &one.found;
        let unit = found.place.unit.clone().or_else(|| {
            let program = site.program(&found.place.program)?;
            read_file_name(&found.name, &program.roster, &program.cycle, today).unit
        });
        if let Some(unit) = unit {
            let key = (found.place.program.clone(), unit, one.arrival.seen);
            groups.entry(key).or_default().push(at);
        }
    }
    for places in groups.into_values().filter(|own| (2..=MOST).contains(&own.len())) {
        let mut saved = Vec::with_capacity(places.len());
        for at in &places {
            let stat = ready[*at].found.stat;
            saved.push(Saved {
                by_itself: saved_at(site, &ready[*at]).await,
                modified: stat.modified,
                size: stat.size,
            });
        }
        let Some(order) = in_order(&saved) else {
            continue;
        };
        let sorted: Vec<Ready> = order.iter().map(|own| ready[places[*own]].clone()).collect();
        for (at, one) in places.into_iter().zip(sorted) {
            ready[at] = one;
        }
    }
    ready
}

/// When a file on the share was last saved; none where nothing proves it, and
/// where it can't be read.
async fn saved_at(site: &Site, one: &Ready) -> Option<DateTime<Utc>> {
    let program = site.program(&one.found.place.program)?;
    let read = site.reader.read(&site.share.path(&one.found.path)).await;
    let workbook = read.ok()?.ok()?;
    let open = program.open_period(&site.calendar(), site.clock.now());
    let start = open.and_then(|open| program.cycle.span(&open)).map(|span| span.0);
    last_save(&workbook.times, site.clock.zone(), start, one.arrival.seen)
}
