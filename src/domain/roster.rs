//! Who reports: units, the leaders they report for, and the places assigned to them.

mod index;

use chrono::NaiveDate;

use super::ids::{GroupId, LeaderId, UnitId};
use super::text::name_key;

pub use index::Index;
use index::{Lookup, in_order};

/// Everybody and everything that a programme knows by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Reporting units in the order of the document; every list follows it.
    pub units: Vec<Unit>,
    /// Leaders in the order of the document.
    pub leaders: Vec<Leader>,
    /// Which place is assigned to which leader.
    pub links: Vec<Link>,
    /// Who belongs to which group of units (各村社区), in the order of the table.
    pub members: Vec<Member>,
    /// Units that have sent people who stand in lists (派出单位): they owe nothing
    /// and have no folder, and are only written to about those people.
    pub senders: Vec<Unit>,
    /// A prefix that may stand before a place's name (乌塘镇).
    pub place_prefixes: Vec<String>,
    /// Worked out when the roster is first searched; whoever makes one leaves it empty.
    pub index: Index,
}

/// From when and until when something holds, both days included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day; none means always.
    pub from: Option<NaiveDate>,
    /// Last day; none means until further notice.
    pub to: Option<NaiveDate>,
}

/// A reporting unit (填报单位).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub struct Unit {
    /// Stable id.
    pub id: UnitId,
    /// Name: in JSON, folders and the column of leaders.
    pub name: String,
    /// Name in letters, notes and bulletins (洪文泽挂点组).
    pub display_name: String,
    /// The department that does the work, if known.
    pub department: String,
    /// Other names in use.
    pub aliases: Vec<String>,
    /// Names it bore before.
    pub former_names: Vec<String>,
    /// Ids of the leaders it reports for.
    pub leaders: Vec<LeaderId>,
    /// When it owes reports.
    pub valid: Validity,
    /// Of higher rank than the office (市委办公室): letters to it are drafts.
    pub superior: bool,
    /// Who fills in (联络员).
    pub liaison: Contact,
    /// Who answers for it (负责人).
    pub head: Contact,
}

/// A person to write to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// Mail address; empty means reached by hand.
    pub mail: String,
}

/// A leader (领导): assessed, never a defaulter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub struct Leader {
    /// Stable id.
    pub id: LeaderId,
    /// Name.
    pub name: String,
    /// Names borne before.
    pub former_names: Vec<String>,
    /// Coordinates the whole (统筹指导): shown without light or rank, never written to about a shortfall.
    pub coordinating: bool,
    /// When in office.
    pub valid: Validity,
    /// Where to write.
    pub contact: Contact,
}

/// A unit's membership in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The group.
    pub group: GroupId,
    /// The unit.
    pub unit: UnitId,
    /// When it belongs to it.
    pub valid: Validity,
}

/// A place assigned to a leader.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Default))]
pub struct Link {
    /// Stable id.
    pub id: String,
    /// The leader's id.
    pub leader: LeaderId,
    /// The place's full name.
    pub place: String,
    /// When it holds.
    pub valid: Validity,
}

impl Validity {
    /// Whether it holds on any day of a span (both days included).
    #[must_use]
    pub fn overlaps(&self, (start, end): (NaiveDate, NaiveDate)) -> bool {
        self.from.is_none_or(|from| from <= end) && self.to.is_none_or(|to| start <= to)
    }
}

impl Unit {
    /// All names it is known by.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [self.name.as_str(), self.display_name.as_str()]
            .into_iter()
            .chain(self.aliases.iter().map(String::as_str))
            .chain(self.former_names.iter().map(String::as_str))
            .filter(|name| !name.is_empty())
    }
}

impl Roster {
    /// A unit by id.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        Some(&self.units[*self.lookup().unit_of_id.get(id)?])
    }

    /// A unit that is written to, by id: one that reports, or one that has sent people.
    #[must_use]
    pub fn addressee(&self, id: &str) -> Option<&Unit> {
        self.unit(id).or_else(|| self.sender(id))
    }

    /// A unit that has sent people, by id.
    #[must_use]
    pub fn sender(&self, id: &str) -> Option<&Unit> {
        self.senders.iter().find(|sender| sender.id == *id)
    }

    /// The unit that a column 派出单位 names, which may say a post behind it: the
    /// one with the longest name that it begins with.
    #[must_use]
    pub fn sender_named(&self, text: &str) -> Option<&Unit> {
        let text = name_key(text);
        let names = self
            .senders
            .iter()
            .flat_map(|sender| sender.names().map(move |name| (name_key(name), sender)));
        let fitting = names.filter(|(name, _)| !name.is_empty() && text.starts_with(name.as_str()));
        fitting
            .max_by_key(|(name, _)| name.chars().count())
            .map(|(_, sender)| sender)
    }

    /// A leader by id.
    #[must_use]
    pub fn leader(&self, id: &str) -> Option<&Leader> {
        self.leaders.iter().find(|leader| leader.id == id)
    }

    /// The unit that bears exactly this name, or reports for exactly one leader of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Unit> {
        let key = name_key(name);
        if key.is_empty() {
            return None;
        }
        if let Some(unit) = self.called(&key) {
            return Some(unit);
        }
        let first = *self.lookup().leaders_of_name.get(&key)?.first()?;
        match self.lookup().units_of_leader.get(&self.leaders[first].id)?[..] {
            [unit] => Some(&self.units[unit]),
            _ => None,
        }
    }

    /// The first unit that bears a name, given as names are compared.
    #[must_use]
    pub fn called(&self, key: &str) -> Option<&Unit> {
        Some(&self.units[*self.lookup().unit_of_name.get(key)?])
    }

    /// Units that report for leaders of a name, given as names are compared; in roster order.
    #[must_use]
    pub fn units_of_leader_called(&self, key: &str) -> Vec<&Unit> {
        let lookup = self.lookup();
        let leaders = lookup.leaders_of_name.get(key).into_iter().flatten();
        let units = leaders.filter_map(|at| lookup.units_of_leader.get(&self.leaders[*at].id));
        in_order(units.flatten().copied())
            .into_iter()
            .map(|at| &self.units[at])
            .collect()
    }

    /// Ids of the units that a text mentions by their own or their leader's
    /// name, the longest name first; a name that lies in another one doesn't
    /// count, nor does that of a leader for whom several units report.
    #[must_use]
    pub fn units_named_in(&self, text: &str) -> Vec<&UnitId> {
        let found = self.lookup().unit_names.found_in(&name_key(text));
        found.into_iter().map(|at| &self.units[at].id).collect()
    }

    /// Places that a text mentions, the longest name first.
    #[must_use]
    pub fn places_named_in(&self, text: &str) -> Vec<&str> {
        let lookup = self.lookup();
        let found = lookup.place_names.found_in(&name_key(text));
        found
            .into_iter()
            .map(|at| self.links[lookup.places[at]].place.as_str())
            .collect()
    }

    /// Units that owe reports in a span, in roster order.
    pub fn units_in(&self, span: (NaiveDate, NaiveDate)) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.valid.overlaps(span))
    }

    /// The group that bears exactly this name.
    #[must_use]
    pub fn group_called(&self, name: &str) -> Option<&GroupId> {
        let key = name_key(name);
        let found = self.members.iter().find(|member| name_key(&member.group) == key);
        found.map(|member| &member.group)
    }

    /// Units that belong to a group on any day of a span, in roster order.
    pub fn members_in<'a>(
        &'a self,
        group: &'a GroupId,
        span: (NaiveDate, NaiveDate),
    ) -> impl Iterator<Item = &'a Unit> {
        let belongs = move |unit: &UnitId| {
            let mut members = self.members.iter();
            members.any(|own| own.group == *group && own.unit == *unit && own.valid.overlaps(span))
        };
        self.units.iter().filter(move |unit| belongs(&unit.id))
    }

    /// Places assigned to a unit's leaders in a span, in roster order, each once.
    #[must_use]
    pub fn places_of(&self, unit: &Unit, span: (NaiveDate, NaiveDate)) -> Vec<&str> {
        let lookup = self.lookup();
        let links = unit
            .leaders
            .iter()
            .filter_map(|leader| lookup.links_of_leader.get(leader));
        let mut places = Vec::new();
        for link in in_order(links.flatten().copied())
            .into_iter()
            .map(|at| &self.links[at])
        {
            if link.valid.overlaps(span) && !places.contains(&link.place.as_str()) {
                places.push(link.place.as_str());
            }
        }
        places
    }

    /// Units to which a place is assigned in a span, in roster order.
    #[must_use]
    pub fn units_of_place(&self, place: &str, span: (NaiveDate, NaiveDate)) -> Vec<&Unit> {
        let lookup = self.lookup();
        let links = lookup.links_of_place.get(place).into_iter().flatten();
        let units = links
            .map(|at| &self.links[*at])
            .filter(|link| link.valid.overlaps(span))
            .filter_map(|link| lookup.units_of_leader.get(&link.leader));
        in_order(units.flatten().copied())
            .into_iter()
            .map(|at| &self.units[at])
            .collect()
    }

    /// All places in roster order, each once.
    #[must_use]
    pub fn places(&self) -> Vec<&str> {
        let firsts = self.lookup().places.iter();
        firsts.map(|at| self.links[*at].place.as_str()).collect()
    }

    /// Whether the unit reports for coordinating leaders only.
    #[must_use]
    pub fn is_coordinating(&self, unit: &Unit) -> bool {
        !unit.leaders.is_empty()
            && unit
                .leaders
                .iter()
                .all(|id| self.leader(id).is_some_and(|leader| leader.coordinating))
    }

    fn lookup(&self) -> &Lookup {
        self.index.of(self)
    }
}
