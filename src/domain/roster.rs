//! Who reports: units, the leaders they report for, and the places assigned to them.

use chrono::NaiveDate;

use super::text::name_key;

/// Everybody and everything that a programme knows by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Reporting units in the order of the document; every list follows it.
    pub units: Vec<Unit>,
    /// Leaders in the order of the document.
    pub leaders: Vec<Leader>,
    /// Which place is assigned to which leader.
    pub links: Vec<Link>,
    /// A prefix that may stand before a place's name (乌塘镇).
    pub place_prefixes: Vec<String>,
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    /// Stable id.
    pub id: String,
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
    pub leaders: Vec<String>,
    /// When it owes reports.
    pub valid: Validity,
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
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leader {
    /// Stable id.
    pub id: String,
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

/// A place assigned to a leader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// Stable id.
    pub id: String,
    /// The leader's id.
    pub leader: String,
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
    /// Whether the unit bears this name: its name, display name, an alias or a former name.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let key = name_key(name);
        !key.is_empty() && self.names().any(|own| name_key(own) == key)
    }

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
        self.units.iter().find(|unit| unit.id == id)
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
        self.units.iter().find(|unit| unit.is_called(name)).or_else(|| {
            let leader = self.leaders.iter().find(|leader| {
                name_key(&leader.name) == key || leader.former_names.iter().any(|own| name_key(own) == key)
            })?;
            let mut units = self.units.iter().filter(|unit| unit.leaders.contains(&leader.id));
            units.next().filter(|_| units.next().is_none())
        })
    }

    /// Units that owe reports in a span, in roster order.
    pub fn units_in(&self, span: (NaiveDate, NaiveDate)) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.valid.overlaps(span))
    }

    /// Places assigned to a unit's leaders in a span, in roster order, each once.
    #[must_use]
    pub fn places_of(&self, unit: &Unit, span: (NaiveDate, NaiveDate)) -> Vec<&str> {
        let mut places = Vec::new();
        for link in self
            .links
            .iter()
            .filter(|link| unit.leaders.contains(&link.leader) && link.valid.overlaps(span))
        {
            if !places.contains(&link.place.as_str()) {
                places.push(link.place.as_str());
            }
        }
        places
    }

    /// Units to which a place is assigned in a span, in roster order.
    #[must_use]
    pub fn units_of_place(&self, place: &str, span: (NaiveDate, NaiveDate)) -> Vec<&Unit> {
        self.units
            .iter()
            .filter(|unit| self.places_of(unit, span).contains(&place))
            .collect()
    }

    /// All places in roster order, each once.
    #[must_use]
    pub fn places(&self) -> Vec<&str> {
        let mut places = Vec::new();
        for link in &self.links {
            if !places.contains(&link.place.as_str()) {
                places.push(link.place.as_str());
            }
        }
        places
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
}
