//! 按村: each place's figures, joint visits counted once.

use std::collections::{BTreeMap, BTreeSet};

use super::collect::Collector;
use super::facts::{Counted, RowFact};
use super::summary::{Joint, PlaceLine};

/// Lines of all places that are assigned in the period, in roster order, then
/// of others that were visited this year, by name.
pub(super) fn lines(
    collector: &Collector<'_>,
    period: &[&RowFact],
    year: &[&RowFact],
    joint: &[Joint],
) -> Vec<PlaceLine> {
    let roster = &collector.program.roster;
    let period = by_place(collector, period);
    let year = by_place(collector, year);
    let mut joint_of: BTreeMap<&str, u32> = BTreeMap::new();
    for joint in joint {
        *joint_of.entry(&joint.place).or_default() += 1;
    }
    let mut names: Vec<&str> = Vec::new();
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let current = roster
        .links
        .iter()
        .filter(|link| link.valid.overlaps(collector.span));
    names.extend(
        current
            .map(|link| link.place.as_str())
            .filter(|place| known.insert(place)),
    );
    for (rank, name) in collector.places.iter().enumerate() {
        let rank = u32::try_from(rank).unwrap_or(u32::MAX);
        if (period.contains_key(&rank) || year.contains_key(&rank)) && !known.contains(name.as_str()) {
            names.push(name);
        }
    }
    names
        .into_iter()
        .map(|name| {
            let joint = joint_of.get(name).copied().unwrap_or(0);
            line(collector, name, &period, &year, joint)
        })
        .collect()
}

type ByPlace<'a> = BTreeMap<u32, Vec<&'a RowFact>>;

fn by_place<'a>(collector: &Collector<'_>, rows: &[&'a RowFact]) -> ByPlace<'a> {
    let mut found = ByPlace::new();
    for row in rows {
        let mut last = None;
        for visit in collector.facts.visits_of(row) {
            // Visits of a row stand together by place.
            if last != Some(visit.place) {
                found.entry(visit.place).or_default().push(row);
            }
            last = Some(visit.place);
        }
    }
    found
}

fn line(
    collector: &Collector<'_>,
    name: &str,
    period: &ByPlace<'_>,
    year: &ByPlace<'_>,
    joint: u32,
) -> PlaceLine {
    let roster = &collector.program.roster;
    let rank = collector
        .places
        .binary_search_by(|own| own.as_str().cmp(name))
        .ok();
    let rank = rank.and_then(|rank| u32::try_from(rank).ok());
    let count = |rows: &ByPlace<'_>| -> (Counted, bool) {
        let Some((rank, rows)) = rank.and_then(|rank| Some((rank, rows.get(&rank)?))) else {
            return (Counted::default(), false);
        };
        let shared = rows.iter().any(|row| row.shared && row.solved > 0);
        (collector.facts.count(rows, Some(rank)), shared)
    };
    let (this_period, shared_now) = count(period);
    let (this_year, shared) = count(year);
    let links = collector.links_of_place.get(name).map_or(&[][..], Vec::as_slice);
    let leaders = links
        .iter()
        .filter(|link| link.valid.overlaps(collector.span))
        .filter_map(|link| Some(roster.leader(&link.leader)?.name.clone()))
        .collect();
    PlaceLine {
        place: name.to_owned(),
        leaders,
        period: this_period.count,
        year: this_year.count,
        latest: this_year.visits.iter().map(|visit| visit.to).max(),
        joint,
        shared: shared || shared_now,
    }
}

/// The joint visits among counted ones, by date and place.
pub(super) fn joint(collector: &Collector<'_>, counted: &Counted) -> Vec<Joint> {
    let roster = &collector.program.roster;
    let without_leaders = roster.units.iter().filter(|unit| unit.leaders.is_empty());
    let names: Vec<&str> = roster
        .leaders
        .iter()
        .map(|leader| leader.name.as_str())
        .chain(without_leaders.map(|unit| unit.display_name.as_str()))
        .collect();
    let mut found: Vec<Joint> = counted
        .joint
        .iter()
        .filter_map(|(visit, subjects)| {
            let visit = counted.visits.get(*visit)?;
            let leaders = subjects.iter().filter_map(|subject| names.get(*subject as usize));
            Some(Joint {
                place: collector
                    .places
                    .get(visit.place as usize)
                    .cloned()
                    .unwrap_or_default(),
                from: visit.from,
                to: visit.to,
                leaders: leaders.map(|name| (*name).to_owned()).collect(),
            })
        })
        // Rows that name no place can't be told to be of the same one.
        .filter(|joint| !joint.place.is_empty())
        .collect();
    found.sort_by(|a, b| (a.from, &a.place).cmp(&(b.from, &b.place)));
    found
}
