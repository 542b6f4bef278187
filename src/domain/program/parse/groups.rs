//! The table of groups of units (各村社区、各镇（街）): who belongs to which, and when.

use super::table::{Field, Tables, optional, required};
use crate::domain::definition::{Section, nearest};
use crate::domain::ids::GroupId;
use crate::domain::roster::{Member, Unit};
use crate::domain::text::name_key;

const FIELDS: &[Field] = &[
    required("name", &["名称", "群组", "name"]),
    required("members", &["成员", "members"]),
    optional("valid_from", &["生效", "生效日期", "valid from"]),
    optional("valid_to", &["失效", "失效日期", "valid to"]),
];

/// Reads the table that `groups` names; none if the programme has no groups.
pub fn read(section: &Section<'_>, units: &[Unit], tables: &mut Tables<'_>) -> Vec<Member> {
    let Some(table) = tables.open(section, "groups", "groups", FIELDS) else {
        return Vec::new();
    };
    let mut members: Vec<Member> = Vec::new();
    for entry in table.entries(tables) {
        let Some(group) = entry.id::<GroupId>("name", tables) else {
            continue;
        };
        if let Some(unit) = units.iter().find(|unit| bears(unit, &group)) {
            let remedy = format!("单位{}也叫这个名字，群组和单位不能同名。", unit.name);
            entry.wrong("name", tables, &remedy);
        }
        let valid = entry.validity(tables);
        for name in entry.list("members") {
            if let Some(unit) = units.iter().find(|unit| bears(unit, &name)) {
                let unit = unit.id.clone();
                members.push(Member {
                    group: group.clone(),
                    unit,
                    valid,
                });
                continue;
            }
            let names = units.iter().flat_map(Unit::names);
            let remedy = nearest(&name, names).map_or_else(
                || "把它加进单位名册，或作为某单位的别名。".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            entry.wrong("members", tables, &format!("名册里没有单位“{name}”。{remedy}"));
        }
    }
    members
}

fn bears(unit: &Unit, name: &str) -> bool {
    let key = name_key(name);
    unit.names().any(|own| name_key(own) == key)
}
