//! The table of groups of items (行动小组): who heads them.

use super::super::table::{Field, Tables, optional, required};
use crate::domain::definition::{Section, nearest};
use crate::domain::program::{Item, ItemGroup};
use crate::domain::roster::Contact;
use crate::domain::text::name_key;

const FIELDS: &[Field] = &[
    required("name", &["小组", "名称", "name"]),
    optional("head", &["组长", "head"]),
    optional("head_mail", &["组长邮箱", "head mail"]),
    optional("deputies", &["副组长", "deputies"]),
];

/// Reads the table that `groups` names; without one, groups are what the items say.
pub fn read(section: &Section<'_>, items: &[Item], tables: &mut Tables<'_>) -> Vec<ItemGroup> {
    let Some(table) = tables.open(section, "groups", "register.groups", FIELDS) else {
        let mut groups: Vec<ItemGroup> = Vec::new();
        for item in items.iter().filter(|item| !item.group.is_empty()) {
            if groups.iter().all(|group| group.name != item.group) {
                groups.push(ItemGroup {
                    name: item.group.clone(),
                    head: Contact::default(),
                    deputies: Vec::new(),
                });
            }
        }
        return groups;
    };
    let mut groups: Vec<ItemGroup> = Vec::new();
    for entry in table.entries(tables) {
        entry.mail("head_mail", tables);
        let name = entry.text("name").to_owned();
        if groups
            .iter()
            .any(|group| name_key(&group.name) == name_key(&name))
        {
            entry.wrong("name", tables, "这个小组前面已经有了，留一行。");
        }
        groups.push(ItemGroup {
            name,
            head: Contact {
                name: entry.text("head").to_owned(),
                mail: entry.text("head_mail").to_owned(),
            },
            deputies: entry.list("deputies"),
        });
    }
    let mut told: Vec<&str> = Vec::new();
    for item in items {
        let key = name_key(&item.group);
        let known = groups.iter().any(|group| name_key(&group.name) == key);
        if known || told.contains(&item.group.as_str()) {
            continue;
        }
        told.push(&item.group);
        let names = groups.iter().map(|group| group.name.as_str());
        let remedy = nearest(&item.group, names).map_or_else(
            || "在小组表里加上它，或改正这一项的小组。".to_owned(),
            |near| format!("是不是“{near}”？"),
        );
        let message = format!("第{}项的小组“{}”不在小组表里。", item.number, item.group);
        section.report("groups", message, remedy);
    }
    groups
}
