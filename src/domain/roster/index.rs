//! What a roster is asked for again and again, worked out once.
//!
//! Every file is looked up by names, in running text too; going through the
//! names of a thousand units for each file took longer than checking it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use super::{Leader, Roster};
use crate::domain::ids::{LeaderId, UnitId};
use crate::domain::text::name_key;

/// A shorter name is found in too many texts to mean anything.
const SHORTEST_NAME: usize = 2;

/// The index of a roster, made when first asked for. A copy of a roster makes
/// its own, so that whoever changes the copy needn't think of it.
#[derive(Default)]
pub struct Index(OnceLock<Lookup>);

impl Index {
    pub(super) fn of(&self, roster: &Roster) -> &Lookup {
        let lookup = self.0.get_or_init(|| Lookup::new(roster));
        debug_assert_eq!(
            lookup.made_of,
            (roster.units.len(), roster.leaders.len(), roster.links.len()),
            "a roster was changed after it had been searched"
        );
        lookup
    }
}

impl Clone for Index {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Index {}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Index")
    }
}

/// Positions in the roster's lists, by what is asked for.
pub(super) struct Lookup {
    made_of: (usize, usize, usize),
    pub(super) unit_of_id: HashMap<UnitId, usize>,
    /// The first unit that bears a name.
    pub(super) unit_of_name: HashMap<String, usize>,
    /// The leaders that bear a name, in roster order.
    pub(super) leaders_of_name: HashMap<String, Vec<usize>>,
    /// The units that report for a leader, in roster order.
    pub(super) units_of_leader: HashMap<LeaderId, Vec<usize>>,
    pub(super) links_of_leader: HashMap<LeaderId, Vec<usize>>,
    pub(super) links_of_place: HashMap<String, Vec<usize>>,
    /// The first link of each place.
    pub(super) places: Vec<usize>,
    /// Names by which a unit alone is meant, with the unit.
    pub(super) unit_names: Names,
    /// Names of places, with their place in `places`.
    pub(super) place_names: Names,
}

impl Lookup {
    fn new(roster: &Roster) -> Self {
        let mut unit_of_id = HashMap::new();
        let mut unit_of_name = HashMap::new();
        let mut units_of_leader: HashMap<LeaderId, Vec<usize>> = HashMap::new();
        let mut names = Vec::new();
        for (at, unit) in roster.units.iter().enumerate() {
            unit_of_id.entry(unit.id.clone()).or_insert(at);
            for key in unit.names().map(name_key) {
                if !key.is_empty() {
                    unit_of_name.entry(key.clone()).or_insert(at);
                }
                names.push((key, at));
            }
            for leader in &unit.leaders {
                units_of_leader.entry(leader.clone()).or_default().push(at);
            }
        }
        let mut leaders_of_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, leader) in roster.leaders.iter().enumerate() {
            for key in leader_names(leader).map(name_key) {
                let bearers = leaders_of_name.entry(key).or_default();
                if bearers.last() != Some(&at) {
                    bearers.push(at);
                }
            }
        }
        for leader in &roster.leaders {
            for key in leader_names(leader).map(name_key) {
                let bearers = &leaders_of_name[&key];
                let ids = bearers.iter().map(|at| &roster.leaders[*at].id);
                let units = in_order(ids.filter_map(|id| units_of_leader.get(id)).flatten().copied());
                if let [unit] = units[..] {
                    names.push((key, unit));
                }
            }
        }
        let mut links_of_leader: HashMap<LeaderId, Vec<usize>> = HashMap::new();
        let mut links_of_place: HashMap<String, Vec<usize>> = HashMap::new();
        let mut places = Vec::new();
        let mut place_names = Vec::new();
        for (at, link) in roster.links.iter().enumerate() {
            links_of_leader.entry(link.leader.clone()).or_default().push(at);
            let own = links_of_place.entry(link.place.clone()).or_default();
            if own.is_empty() {
                place_names.push((name_key(&link.place), places.len()));
                places.push(at);
            }
            own.push(at);
        }
        Self {
            made_of: (roster.units.len(), roster.leaders.len(), roster.links.len()),
            unit_of_id,
            unit_of_name,
            leaders_of_name,
            units_of_leader,
            links_of_leader,
            links_of_place,
            places,
            unit_names: Names::new(names),
            place_names: Names::new(place_names),
        }
    }
}

/// Positions in roster order, each once.
pub(super) fn in_order(positions: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut positions: Vec<usize> = positions.collect();
    positions.sort_unstable();
    positions.dedup();
    positions
}

/// The names of a leader, now and before.
fn leader_names(leader: &Leader) -> impl Iterator<Item = &str> {
    std::iter::once(leader.name.as_str()).chain(leader.former_names.iter().map(String::as_str))
}

/// Names that are looked for in running text, each with whom it means.
pub(super) struct Names {
    /// The longest first; among equally long ones in the order given.
    names: Vec<(String, usize)>,
    /// Finds which of them occur at all, made when a text is first searched; none
    /// where they are too many for it.
    automaton: OnceLock<Option<AhoCorasick>>,
}

impl Names {
    fn new(mut names: Vec<(String, usize)>) -> Self {
        names.retain(|(key, _)| key.chars().count() >= SHORTEST_NAME);
        names.sort_by_cached_key(|(key, _)| Reverse(key.chars().count()));
        Self {
            names,
            automaton: OnceLock::new(),
        }
    }

    /// Whom the names that occur in a text mean, the longest name first; a
    /// name that lies in another one doesn't count. `key` is the text as names
    /// are compared.
    pub(super) fn found_in(&self, key: &str) -> Vec<usize> {
        let made = || AhoCorasick::new(self.names.iter().map(|(key, _)| key)).ok();
        let occurring = match self.automaton.get_or_init(made) {
            Some(automaton) => in_order(
                automaton
                    .find_overlapping_iter(key)
                    .map(|found| found.pattern().as_usize()),
            ),
            None => (0..self.names.len()).collect(),
        };
        let mut rest = key.to_owned();
        let mut found: Vec<(&str, usize)> = Vec::new();
        for (name, whom) in occurring.into_iter().map(|at| &self.names[at]) {
            let known = found.iter().any(|(own, _)| own == name);
            if known || rest.contains(name.as_str()) {
                rest = rest.replace(name.as_str(), "\n");
                found.push((name, *whom));
            }
        }
        found.into_iter().map(|(_, whom)| whom).collect()
    }
}
