//! `[register]`: the items that a register's rows report on.

use std::collections::BTreeMap;

use super::Kind;
use super::table::{Tables, split};
use crate::domain::definition::{Section, nearest};
use crate::domain::ids::{BadId, ItemId, UnitId};
use crate::domain::program::{Form, Item, Items};
use crate::domain::roster::{Roster, Unit};
use crate::domain::text::name_key;

/// Reads the section and its table.
pub fn read(
    root: &Section<'_>,
    kind: Kind,
    forms: &[Form],
    roster: &Roster,
    tables: &mut Tables<'_>,
) -> Option<Items> {
    let section = root.section("register");
    match (kind, section.exists()) {
        (Kind::Register, false) => {
            let remedy = "写 [register]，其中 file = \"tasks.csv\"、key = \"序号\"、column = \"no\"。";
            root.report("kind", "登记簿没有登记项。", remedy);
            return None;
        }
        (Kind::Log | Kind::Document, true) => {
            root.report(
                "register",
                "只有登记簿才有 [register]。",
                "删去这一节，或写 kind = \"register\"。",
            );
        }
        _ => {}
    }
    if !section.exists() {
        return None;
    }
    let column = section.required_text("column", "no");
    check_column(&section, &column, forms);
    let key_header = section.required_text("key", "序号");
    let name_header = section.text("name");
    let lead_header = section.text("lead");
    if !section.has("file") {
        section.missing("file", "\"tasks.csv\"");
    }
    let (file, table) = tables.raw(&section, "file")?;
    let place = |key: &str, header: Option<&str>| {
        let header = header.filter(|header| !header.is_empty())?;
        let found = table
            .header
            .iter()
            .position(|own| name_key(own) == name_key(header));
        if found.is_none() {
            let remedy = nearest(header, table.header.iter().map(String::as_str)).map_or_else(
                || format!("该表的列：{}。", table.header.join("、")),
                |near| format!("是不是“{near}”？"),
            );
            section.report(key, format!("{file} 没有“{header}”列。"), remedy);
        }
        found
    };
    let (key, name) = (
        place("key", Some(&key_header)),
        place("name", name_header.as_deref()),
    );
    let lead = place("lead", lead_header.as_deref());
    let mut items = Vec::new();
    let mut keys = BTreeMap::new();
    for (line, cells) in &table.rows {
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| cells.get(place))
                .map_or("", String::as_str)
        };
        let own = cell(key).to_owned();
        if own.is_empty() && key.is_some() {
            tables.report(
                &file,
                Some(*line),
                format!("“{key_header}”没有填。"),
                "每项都要有。",
            );
        } else if let Some(before) = keys.insert(own.clone(), *line) {
            tables.report(
                &file,
                Some(*line),
                format!("“{own}”与第{before}行重复。"),
                "每项的编号各不相同。",
            );
        }
        let leads = leads(cell(lead), roster, &file, *line, tables);
        let id = match ItemId::new(&own) {
            Ok(id) => id,
            // Said above.
            Err(BadId::Empty) => continue,
            Err(error) => {
                tables.report(&file, Some(*line), format!("{error}。"), "写短些，写在一行里。");
                continue;
            }
        };
        items.push(Item {
            id,
            name: cell(name).to_owned(),
            leads,
            cells: cells.clone(),
        });
    }
    if table.rows.is_empty() {
        tables.report(&file, None, "没有登记项。", "每项一行。");
    }
    Some(Items {
        file: section.text("file").unwrap_or_default(),
        column,
        header: table.header.clone(),
        all: items,
    })
}

fn check_column(section: &Section<'_>, column: &str, forms: &[Form]) {
    for form in forms.iter().filter(|_| !column.is_empty()) {
        if !form.sheets.iter().any(|sheet| sheet.column(column).is_some()) {
            section.report(
                "column",
                format!("{}版表样没有 key 为“{column}”的列。", form.version),
                "应为填写登记项编号的那一列的 key。",
            );
        }
    }
}

fn leads(text: &str, roster: &Roster, file: &str, line: usize, tables: &mut Tables<'_>) -> Vec<UnitId> {
    let mut ids = Vec::new();
    for name in split(text) {
        if let Some(unit) = roster.find(&name).or_else(|| roster.unit(&name)) {
            if !ids.contains(&unit.id) {
                ids.push(unit.id.clone());
            }
        } else if !roster.units.is_empty() {
            let names: Vec<&str> = roster.units.iter().flat_map(Unit::names).collect();
            let remedy = nearest(&name, names).map_or_else(
                || "把它加进单位名册，或作为某单位的别名。".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            tables.report(file, Some(line), format!("名册里没有牵头单位“{name}”。"), remedy);
        }
    }
    ids
}
