//! `[roster]`: who reports, for whom, and for which places.

use super::table::Tables;
use super::{groups, leaders, places, units};
use crate::domain::definition::Section;
use crate::domain::roster::{Index, Roster};

/// Reads the section and its three tables.
pub fn read(section: &Section<'_>, tables: &mut Tables<'_>) -> Roster {
    if !section.has("units") {
        section.missing("units", "\"roster.csv\"");
    }
    let leaders = leaders::read(section, tables);
    let links = places::read(section, &leaders, tables);
    let units = units::read(section, &leaders, tables);
    let members = groups::read(section, &units, tables);
    let senders = units::senders(section, &units, &leaders, tables);
    Roster {
        units,
        members,
        senders,
        leaders: leaders.list,
        links,
        place_prefixes: section.texts("place_prefixes").unwrap_or_default(),
        index: Index::default(),
    }
}
