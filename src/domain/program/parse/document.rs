//! `[document]`: what is handed in as a file, and who owes which milestone.

use crate::domain::definition::{Section, nearest};
use crate::domain::program::{Documents, Party};
use crate::domain::roster::{Roster, Unit};

/// What offices hand in as documents, where nothing else is said.
const TYPES: [&str; 9] = ["pdf", "doc", "docx", "wps", "ofd", "xls", "xlsx", "et", "jpg"];

/// Reads the section, and `who` of the milestones.
pub fn read(root: &Section<'_>, roster: &Roster) -> Documents {
    let section = root.section("document");
    let types = section.texts("types");
    let types = types.unwrap_or_else(|| TYPES.map(str::to_owned).to_vec());
    let mut owers = Vec::new();
    for milestone in root.section("cycle").sections("milestone") {
        let office = milestone.boolean("office").unwrap_or(false);
        let who = milestone.texts("who");
        if office && who.is_some() {
            milestone.report(
                "who",
                "汇总单位自己办的，没有应报的单位。",
                "who 和 office 只写一个。",
            );
        }
        let (Some(id), true) = (milestone.text("id"), office || who.is_some()) else {
            continue;
        };
        let names = who.unwrap_or_default();
        let parties = names.iter().filter_map(|name| party(&milestone, name, roster));
        owers.push((id, parties.collect()));
    }
    Documents {
        types: types
            .iter()
            .map(|own| own.trim_start_matches('.').to_lowercase())
            .collect(),
        parts: section.texts("parts").unwrap_or_default(),
        owers,
    }
}

fn party(section: &Section<'_>, name: &str, roster: &Roster) -> Option<Party> {
    let unit = roster.find(name).map(|unit| Party::Unit(unit.id.clone()));
    let party = unit.or_else(|| roster.group_called(name).cloned().map(Party::Group));
    if party.is_none() {
        let names = roster.units.iter().flat_map(Unit::names);
        let groups = roster.members.iter().map(|member| member.group.as_str());
        let remedy = nearest(name, names.chain(groups)).map_or_else(
            || "应为名册里的单位，或群组表里的名称。".to_owned(),
            |near| format!("是不是“{near}”？"),
        );
        section.report("who", format!("没有单位或群组“{name}”。"), remedy);
    }
    party
}
