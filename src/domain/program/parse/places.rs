//! The table of places assigned to leaders.

use std::collections::BTreeMap;

use super::leaders::Leaders;
use super::table::{Field, Tables, optional, required};
use crate::domain::definition::Section;
use crate::domain::roster::{Link, Validity};
use crate::domain::text::name_key;

pub const FIELDS: &[Field] = &[
    required("id", &["编号", "id"]),
    required("leader", &["领导", "挂点领导", "leader"]),
    required("place", &["村", "挂点村", "地点", "place"]),
    optional("valid_from", &["生效", "生效日期", "valid from"]),
    optional("valid_to", &["失效", "失效日期", "valid to"]),
];

/// Reads the table that `places` names; none if the programme assigns no places.
pub fn read(section: &Section<'_>, known: &Leaders, tables: &mut Tables<'_>) -> Vec<Link> {
    let Some(table) = tables.open(section, "places", "places", FIELDS) else {
        return Vec::new();
    };
    let mut ids = BTreeMap::new();
    let mut links: Vec<(usize, Link)> = Vec::new();
    for entry in table.entries(tables) {
        let (name, place) = (entry.text("leader"), entry.text("place"));
        let leader = known.find(name);
        if leader.is_none() && !name.is_empty() {
            entry.wrong("leader", tables, &known.remedy(name));
        }
        let Some(leader) = leader else {
            continue;
        };
        let link = Link {
            id: entry.text("id").to_owned(),
            leader: leader.id.clone(),
            place: place.to_owned(),
            valid: entry.validity(tables),
        };
        if let Some(before) = ids.insert(link.id.clone(), entry.line) {
            entry.wrong(
                "id",
                tables,
                &format!("与第{before}行重复，每个挂点的编号各不相同。"),
            );
        }
        let same = |other: &&(usize, Link)| {
            !link.leader.is_empty()
                && other.1.leader == link.leader
                && name_key(&other.1.place) == name_key(place)
                && share_a_day(other.1.valid, link.valid)
        };
        if let Some((before, _)) = links.iter().find(same) {
            let remedy = format!("与第{before}行是同一挂点且时间重叠，删去一行，或改正生效、失效日期。");
            entry.wrong("place", tables, &remedy);
        }
        links.push((entry.line, link));
    }
    links.into_iter().map(|(_, link)| link).collect()
}

fn share_a_day(left: Validity, right: Validity) -> bool {
    let before = |validity: Validity, other: Validity| matches!((validity.to, other.from), (Some(to), Some(from)) if to < from);
    !before(left, right) && !before(right, left)
}
