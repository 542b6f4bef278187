//! The table of leaders.

use std::collections::BTreeMap;

use super::table::{Field, Tables, optional, required};
use crate::domain::definition::{Section, nearest};
use crate::domain::roster::{Contact, Leader};
use crate::domain::text::name_key;

pub const FIELDS: &[Field] = &[
    required("id", &["编号", "id"]),
    required("name", &["姓名", "领导", "name"]),
    optional("former_names", &["曾用名", "former names"]),
    optional("coordinating", &["统筹领导", "统筹", "coordinating"]),
    optional("mail", &["邮箱", "电子邮箱", "mail", "email"]),
    optional("valid_from", &["生效", "生效日期", "valid from"]),
    optional("valid_to", &["失效", "失效日期", "valid to"]),
];

/// Reads the table that `leaders` names; none if the programme has no leaders.
pub fn read(section: &Section<'_>, tables: &mut Tables<'_>) -> Leaders {
    let Some(table) = tables.open(section, "leaders", "leaders", FIELDS) else {
        return Leaders::default();
    };
    let mut ids = BTreeMap::new();
    let mut names = BTreeMap::new();
    let mut leaders = Vec::new();
    for entry in table.entries(tables) {
        let Some(id) = entry.id("id", tables) else {
            continue;
        };
        let leader = Leader {
            id,
            name: entry.text("name").to_owned(),
            former_names: entry.list("former_names"),
            coordinating: entry.yes("coordinating", tables),
            valid: entry.validity(tables),
            contact: Contact {
                name: entry.text("name").to_owned(),
                mail: entry.text("mail").to_owned(),
            },
        };
        entry.mail("mail", tables);
        if let Some(before) = ids.insert(leader.id.clone(), entry.line) {
            entry.wrong(
                "id",
                tables,
                &format!("与第{before}行重复，每位领导的编号各不相同。"),
            );
        }
        for name in std::iter::once(&leader.name).chain(&leader.former_names) {
            let before = names.insert(name_key(name), entry.line);
            if let Some(before) = before.filter(|before| *before != entry.line) {
                tables.report(
                    &table.file,
                    Some(entry.line),
                    format!("“{name}”与第{before}行同名。"),
                    "同名的在姓名后加注以示区别，例如“张三（大）”。",
                );
            }
        }
        leaders.push(leader);
    }
    Leaders::of(leaders)
}

/// The leaders with an index of their names and ids.
#[derive(Default)]
pub struct Leaders {
    /// In the order of the table.
    pub list: Vec<Leader>,
    index: BTreeMap<String, usize>,
}

impl Leaders {
    fn of(list: Vec<Leader>) -> Self {
        let mut index = BTreeMap::new();
        for (place, leader) in list.iter().enumerate() {
            let former = leader.former_names.iter().map(String::as_str);
            for name in [leader.id.as_str(), &leader.name].into_iter().chain(former) {
                index.entry(name_key(name)).or_insert(place);
            }
        }
        Self { list, index }
    }

    /// The leader that a cell names, by id, name or former name.
    pub fn find(&self, text: &str) -> Option<&Leader> {
        self.index.get(&name_key(text)).map(|place| &self.list[*place])
    }

    /// What to do about a leader that nobody knows.
    pub fn remedy(&self, text: &str) -> String {
        if self.list.is_empty() {
            return "在 [roster] 写 leaders = \"leaders.csv\"，并在该表列出领导。".into();
        }
        let names = self
            .list
            .iter()
            .flat_map(|leader| [leader.name.as_str(), leader.id.as_str()]);
        nearest(text, names).map_or_else(
            || "填领导名册里的姓名或编号；新任领导先加进领导名册。".into(),
            |near| format!("是不是“{near}”？"),
        )
    }
}
