//! The table of reporting units.

use std::collections::BTreeMap;

use super::leaders::Leaders;
use super::names::folder_fault;
use super::table::{Entry, Field, Table, Tables, optional, required};
use crate::domain::definition::Section;
use crate::domain::ids::UnitId;
use crate::domain::roster::{Contact, Unit};
use crate::domain::text::{file_name_part, name_key};

pub const FIELDS: &[Field] = &[
    required("id", &["编号", "id"]),
    required("name", &["名称", "单位", "填报单位", "name"]),
    optional("display_name", &["显示名称", "display name"]),
    optional("department", &["部门", "牵头部门", "department"]),
    optional("aliases", &["别名", "aliases"]),
    optional("former_names", &["曾用名", "former names"]),
    optional("leaders", &["挂点领导", "领导", "leaders"]),
    optional("valid_from", &["生效日期", "生效", "valid from"]),
    optional("valid_to", &["失效日期", "失效", "valid to"]),
    optional("superior", &["上级单位", "superior"]),
    optional("liaison", &["联络员", "liaison"]),
    optional("liaison_mail", &["联络员邮箱", "liaison mail"]),
    optional("head", &["负责人", "head"]),
    optional("head_mail", &["负责人邮箱", "head mail"]),
];

/// Reads the table that `units` names.
pub fn read(section: &Section<'_>, known: &Leaders, tables: &mut Tables<'_>) -> Vec<Unit> {
    let Some(table) = tables.open(section, "units", "roster", FIELDS) else {
        return Vec::new();
    };
    let mut seen = Seen::default();
    let mut units = Vec::new();
    for entry in table.entries(tables) {
        let Some(id) = entry.id("id", tables) else {
            continue;
        };
        let unit = unit(id, &entry, known, tables);
        seen.check(&table, &entry, &unit, tables);
        check_borrowed_names(&table, &entry, &unit, known, tables);
        units.push(unit);
    }
    if units.is_empty() {
        tables.report(
            &table.file,
            None,
            "名册里没有填报单位。",
            "每个单位一行，至少填编号和名称。",
        );
    }
    units
}

/// Reads the table that `senders` names: units that are only written to.
pub fn senders(section: &Section<'_>, units: &[Unit], known: &Leaders, tables: &mut Tables<'_>) -> Vec<Unit> {
    if !section.has("senders") {
        return Vec::new();
    }
    let Some(table) = tables.open(section, "senders", "senders", FIELDS) else {
        return Vec::new();
    };
    let mut seen = Seen::default();
    let mut senders = Vec::new();
    for entry in table.entries(tables) {
        let Some(id) = entry.id("id", tables) else {
            continue;
        };
        let sender = unit(id, &entry, known, tables);
        seen.check(&table, &entry, &sender, tables);
        if units.iter().any(|own| own.id == sender.id) {
            entry.wrong("id", tables, "名册里已有单位用这个编号，请换一个。");
        }
        senders.push(sender);
    }
    senders
}

fn unit(id: UnitId, entry: &Entry<'_>, known: &Leaders, tables: &mut Tables<'_>) -> Unit {
    let name = entry.text("name").to_owned();
    if let Some((message, remedy)) = folder_fault(&name) {
        entry.wrong(
            "name",
            tables,
            &format!("单位名称也是文件夹名：{message}{remedy}"),
        );
    }
    for key in ["liaison_mail", "head_mail"] {
        entry.mail(key, tables);
    }
    let mut leaders = Vec::new();
    for text in entry.list("leaders") {
        match known.find(&text) {
            Some(leader) if !leaders.contains(&leader.id) => leaders.push(leader.id.clone()),
            Some(_) => entry.wrong("leaders", tables, &format!("“{text}”写了两次，留一个。")),
            None => {
                let remedy = format!("名册里没有领导“{text}”。{}", known.remedy(&text));
                entry.wrong("leaders", tables, &remedy);
            }
        }
    }
    let display_name = entry.text("display_name");
    Unit {
        id,
        display_name: if display_name.is_empty() {
            name.clone()
        } else {
            display_name.to_owned()
        },
        name,
        department: entry.text("department").to_owned(),
        aliases: entry.list("aliases"),
        former_names: entry.list("former_names"),
        leaders,
        valid: entry.validity(tables),
        superior: entry.yes("superior", tables),
        liaison: contact(entry, "liaison", "liaison_mail"),
        head: contact(entry, "head", "head_mail"),
    }
}

fn contact(entry: &Entry<'_>, name: &str, mail: &str) -> Contact {
    Contact {
        name: entry.text(name).to_owned(),
        mail: entry.text(mail).to_owned(),
    }
}

/// What earlier rows are called, with their lines.
#[derive(Default)]
struct Seen {
    ids: BTreeMap<UnitId, usize>,
    names: BTreeMap<String, usize>,
    folders: BTreeMap<String, usize>,
}

impl Seen {
    fn check(&mut self, table: &Table<'_>, entry: &Entry<'_>, unit: &Unit, tables: &mut Tables<'_>) {
        if let Some(before) = self.ids.insert(unit.id.clone(), entry.line) {
            entry.wrong(
                "id",
                tables,
                &format!("与第{before}行重复，每个单位的编号各不相同。"),
            );
        }
        let mut own: Vec<&str> = unit.names().collect();
        own.dedup();
        let mut clash = false;
        for name in own {
            let before = self.names.insert(name_key(name), entry.line);
            if let Some(before) = before.filter(|before| *before != entry.line) {
                clash = true;
                let message = format!("“{name}”与第{before}行的名称或别名相同。");
                let remedy = "一个名称只能指一个单位，从其中一行删去或加以区别。";
                tables.report(&table.file, Some(entry.line), message, remedy);
            }
        }
        // Folders are compared as Windows does, and names that only differ in
        // reserved characters would share one.
        let folder = file_name_part(&unit.name).to_lowercase();
        if let Some(before) = self.folders.insert(folder, entry.line)
            && !clash
        {
            let message = format!("“{}”的文件夹与第{before}行的相同。", unit.name);
            tables.report(&table.file, Some(entry.line), message, "把名称改得有区别。");
        }
    }
}

/// A unit may bear the name of a leader it reports for, not that of another one.
fn check_borrowed_names(
    table: &Table<'_>,
    entry: &Entry<'_>,
    unit: &Unit,
    known: &Leaders,
    tables: &mut Tables<'_>,
) {
    let mut told = None;
    for leader in unit.names().filter_map(|name| known.find(name)) {
        if !unit.leaders.contains(&leader.id) && told != Some(&leader.id) {
            told = Some(&leader.id);
            tables.report(
                &table.file,
                Some(entry.line),
                format!(
                    "“{}”用了领导{}的姓名，挂点领导里却没有他。",
                    unit.name, leader.name
                ),
                format!("在“挂点领导”加上{}，或改掉这个名称、别名。", leader.name),
            );
        }
    }
}
