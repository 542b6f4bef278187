//! 按领导: each leader's figures against the targets.

use std::collections::BTreeMap;

use super::attribution::period_of;
use super::collect::Collector;
use super::facts::RowFact;
use super::summary::{Lamp, LeaderLine};
use crate::domain::ids::{LeaderId, UnitId};
use crate::domain::obligation::{Obligation, State};
use crate::domain::program::{TargetScope, Targets};
use crate::domain::roster::{Leader, Link, Roster, Unit};
use crate::domain::targets::{Light, light};

/// Who is counted: leaders, and units that have none.
#[derive(Debug)]
pub(super) struct Subjects {
    leaders: BTreeMap<LeaderId, u32>,
    units: BTreeMap<UnitId, u32>,
}

impl Subjects {
    /// Everybody of a roster.
    pub fn of(roster: &Roster) -> Self {
        let mut next = 0..u32::MAX;
        let leaders = roster
            .leaders
            .iter()
            .filter_map(|leader| Some((leader.id.clone(), next.next()?)))
            .collect();
        let units = roster
            .units
            .iter()
            .filter(|unit| unit.leaders.is_empty())
            .filter_map(|unit| Some((unit.id.clone(), next.next()?)))
            .collect();
        Self { leaders, units }
    }

    /// The index of a leader, or of the unit if there is none.
    pub fn index(&self, leader: Option<&Leader>, unit: &Unit) -> Option<u32> {
        match leader {
            Some(leader) => self.leaders.get(&leader.id).copied(),
            None => self.units.get(&unit.id).copied(),
        }
    }
}

/// Lines of everybody in office during the period, in roster order.
pub(super) fn lines(
    collector: &Collector<'_>,
    period: &[&RowFact],
    year: &[&RowFact],
    obligations: &[Obligation],
) -> Vec<LeaderLine> {
    let roster = &collector.program.roster;
    let period = by_subject(period);
    let year = by_subject(year);
    let mut lines = Vec::new();
    for leader in roster
        .leaders
        .iter()
        .filter(|leader| leader.valid.overlaps(collector.span))
    {
        let Some(index) = collector.subjects.leaders.get(&leader.id) else {
            continue;
        };
        let units = roster
            .units
            .iter()
            .filter(|unit| unit.leaders.contains(&leader.id));
        let standing = Standing::of(units, obligations);
        let rows = (rows_of(&period, *index), rows_of(&year, *index));
        lines.push(line(collector, &leader.name, Some(leader), rows, standing));
    }
    for unit in roster.units_in(collector.span) {
        if let Some(index) = collector.subjects.units.get(&unit.id) {
            let standing = Standing::of(std::iter::once(unit), obligations);
            let rows = (rows_of(&period, *index), rows_of(&year, *index));
            lines.push(line(collector, &unit.display_name, None, rows, standing));
        }
    }
    lines
}

type BySubject<'a> = BTreeMap<u32, Vec<&'a RowFact>>;

fn by_subject<'a>(rows: &[&'a RowFact]) -> BySubject<'a> {
    let mut found = BySubject::new();
    for row in rows {
        found.entry(row.subject).or_default().push(row);
    }
    found
}

fn rows_of<'a, 'b>(rows: &'b BySubject<'a>, subject: u32) -> &'b [&'a RowFact] {
    rows.get(&subject).map_or(&[], Vec::as_slice)
}

/// Where a subject's units stand for the period.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    /// Past due, and nothing handed in.
    overdue: bool,
    /// The due date is still to come, and nothing has come.
    awaited: bool,
    /// Handed back and not corrected.
    returned: bool,
}

impl Standing {
    fn of<'u>(units: impl Iterator<Item = &'u Unit>, obligations: &[Obligation]) -> Self {
        let states = units
            .filter_map(|unit| obligations.iter().find(|obligation| obligation.unit == unit.id))
            .map(|obligation| obligation.state);
        let mut standing = Self::default();
        for state in states {
            match state {
                State::Overdue => standing.overdue = true,
                State::Upcoming | State::Due => standing.awaited = true,
                State::Returned => standing.returned = true,
                State::Accepted | State::AcceptedLate | State::Nil | State::Exempt | State::Historic => {}
            }
        }
        standing
    }
}

fn line(
    collector: &Collector<'_>,
    name: &str,
    leader: Option<&Leader>,
    (period, year): (&[&RowFact], &[&RowFact]),
    standing: Standing,
) -> LeaderLine {
    let counted = collector.facts.count(year, None);
    let links = links_of(collector, leader);
    // An assignment holds for every period that it touches: a document of the
    // 11th covers the visits of that whole month.
    let own = |place: &str, from, to| {
        let start = period_of(collector.program, from).0;
        let end = period_of(collector.program, to).1;
        leader.is_none()
            || links
                .iter()
                .any(|link| link.place == place && link.valid.overlaps((start, end)))
    };
    let place_name = |place: u32| collector.places.get(place as usize).map(String::as_str);
    let mut assigned: Vec<String> = Vec::new();
    for link in links.iter().filter(|link| link.valid.overlaps(collector.span)) {
        if !assigned.contains(&link.place) {
            assigned.push(link.place.clone());
        }
    }
    let (visited, not_visited): (Vec<String>, Vec<String>) = assigned.iter().cloned().partition(|place| {
        counted
            .visits
            .iter()
            .any(|visit| place_name(visit.place) == Some(place))
    });
    let elsewhere = counted
        .visits
        .iter()
        .filter(|visit| place_name(visit.place).is_some_and(|place| !own(place, visit.from, visit.to)))
        .count();
    let coordinating = leader.is_some_and(|leader| leader.coordinating);
    let mut line = LeaderLine {
        leader: leader.map(|leader| leader.id.clone()),
        name: name.to_owned(),
        coordinating,
        assigned,
        visited,
        not_visited,
        period: collector.facts.count(period, None).count,
        year: counted.count,
        elsewhere: u32::try_from(elsewhere).unwrap_or(u32::MAX),
        missing: None,
        behind: Vec::new(),
        below: false,
        lamp: Lamp::Out,
    };
    if let Some(targets) = collector.program.material.targets() {
        measure(&mut line, collector, targets, year, standing);
    }
    line
}

/// Sets what is missing and the light.
fn measure(
    line: &mut LeaderLine,
    collector: &Collector<'_>,
    targets: &Targets,
    year: &[&RowFact],
    standing: Standing,
) {
    let figures: Vec<(Option<&String>, u32, u32)> = match targets.scope {
        TargetScope::LeaderVillage if !line.assigned.is_empty() => line
            .assigned
            .iter()
            .map(|place| {
                let rank = collector.places.binary_search(place).ok();
                let rank = rank.and_then(|rank| u32::try_from(rank).ok());
                let count = rank.map_or_else(Default::default, |rank| {
                    collector.facts.count(year, Some(rank)).count
                });
                (Some(place), count.visits, count.days)
            })
            .collect(),
        _ => vec![(None, line.year.visits, line.year.days)],
    };
    let pace = targets.pace(collector.span.1);
    let missing = figures
        .iter()
        .map(|(_, visits, days)| targets.shortfall(*visits, *days));
    let missing = missing.max_by_key(|(visits, days)| visits + days);
    line.missing = missing;
    let Some(pace) = pace.filter(|_| !line.coordinating) else {
        return;
    };
    let lights: Vec<(Option<&String>, Option<Light>)> = figures
        .iter()
        .map(|(place, visits, days)| (*place, light(*visits, *days, pace)))
        .collect();
    let below = |light: &Option<Light>| matches!(light, Some(Light::Yellow | Light::Red));
    line.behind = lights
        .iter()
        .filter(|(_, light)| below(light))
        .filter_map(|(place, _)| place.cloned())
        .collect();
    let worst = lights.iter().filter_map(|(_, light)| *light).max();
    // What wasn't collected may well have been done.
    let incomplete = is_incomplete(collector, targets);
    line.below = !incomplete && below(&worst);
    line.lamp = lamp(standing, worst, incomplete);
}

/// Whether the figures that the pace speaks of begin before the first period
/// that is collected.
fn is_incomplete(collector: &Collector<'_>, targets: &Targets) -> bool {
    let cycle = &collector.program.cycle;
    let first = cycle.first.as_ref().and_then(|first| cycle.span(first));
    let counted_from = targets.counted_from(collector.span.1);
    first
        .zip(counted_from)
        .is_some_and(|((start, _), from)| from < start)
}

/// What is shown: never the opposite of the truth. A ledger that doesn't count
/// is no green, and before the due date nobody is behind.
fn lamp(standing: Standing, worst: Option<Light>, incomplete: bool) -> Lamp {
    if standing.overdue {
        return Lamp::Overdue;
    }
    if standing.returned {
        return Lamp::Returned;
    }
    match worst {
        _ if standing.awaited => Lamp::Awaited,
        None => Lamp::NothingAsked,
        Some(Light::Green) => Lamp::Lit(Light::Green),
        Some(_) if incomplete => Lamp::Incomplete,
        Some(light) => Lamp::Lit(light),
    }
}

fn links_of<'c>(collector: &'c Collector<'_>, leader: Option<&Leader>) -> &'c [&'c Link] {
    leader
        .and_then(|leader| collector.links_of_leader.get(leader.id.as_str()))
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Light::{Green, Red, Yellow};

    #[test]
    fn a_lamp_never_says_the_opposite_of_the_truth() {
        let settled = Standing::default();
        let awaited = Standing {
            awaited: true,
            ..settled
        };
        let returned = Standing {
            returned: true,
            ..settled
        };
        let overdue = Standing {
            overdue: true,
            ..settled
        };
        for (standing, worst, incomplete, shown) in [
            // Accepted: by the figures.
            (settled, Some(Green), false, Lamp::Lit(Green)),
            (settled, Some(Yellow), false, Lamp::Lit(Yellow)),
            (settled, Some(Red), false, Lamp::Lit(Red)),
            (settled, None, false, Lamp::NothingAsked),
            // What was reached is reached, also where the year isn't complete.
            (settled, Some(Green), true, Lamp::Lit(Green)),
            (settled, Some(Red), true, Lamp::Incomplete),
            // No ledger that counts: never green, and no light before it is due.
            (awaited, Some(Green), false, Lamp::Awaited),
            (awaited, Some(Red), false, Lamp::Awaited),
            (returned, Some(Green), false, Lamp::Returned),
            (returned, None, false, Lamp::Returned),
            (overdue, Some(Green), false, Lamp::Overdue),
            (overdue, None, true, Lamp::Overdue),
        ] {
            assert_eq!(
                lamp(standing, worst, incomplete),
                shown,
                "{standing:?} {worst:?} {incomplete}"
            );
        }
    }
}
