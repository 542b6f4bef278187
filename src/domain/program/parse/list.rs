//! `[list]`: what stands on the first form of a list that is kept on change.

use super::table::Tables;
use crate::domain::definition::Section;
use crate::domain::period::CycleKind;
use crate::domain::program::{Form, ListedRow};
use crate::domain::roster::Roster;
use crate::domain::source_table::column_of;

/// Reads the table that the section names: its columns are those of the form's
/// first sheet, by their headers, beside the one that names the unit.
pub fn read(
    root: &Section<'_>,
    kind: CycleKind,
    (forms, roster): (&[Form], &Roster),
    tables: &mut Tables<'_>,
) -> Vec<ListedRow> {
    let section = root.section("list");
    if !section.exists() {
        return Vec::new();
    }
    if kind != CycleKind::OnChange {
        root.report(
            "list",
            "只有变动即报的名单才有 [list]。",
            "写 [cycle] kind = \"on-change\"，或删去 [list]。",
        );
    }
    let unit = section.required_text("unit", "单位");
    if !section.has("file") {
        section.missing("file", "\"list.csv\"");
    }
    let Some((file, table)) = tables.raw(&section, "file") else {
        return Vec::new();
    };
    let Some(sheet) = forms.last().and_then(|form| form.sheets.first()) else {
        return Vec::new();
    };
    let Some(unit_place) = column_of(&table.header, &unit) else {
        let message = format!("{file} 没有“{unit}”列。");
        section.report(
            "unit",
            message,
            format!("该表的列：{}。", table.header.join("、")),
        );
        return Vec::new();
    };
    let columns: Vec<Option<usize>> = sheet
        .columns
        .iter()
        .map(|column| {
            let mut names = std::iter::once(&column.header).chain(&column.aliases);
            names.find_map(|name| column_of(&table.header, name))
        })
        .collect();
    for (at, header) in table.header.iter().enumerate() {
        let known = at == unit_place || columns.contains(&Some(at)) || header.is_empty();
        if !known {
            let message = format!("表样没有“{header}”列。");
            tables.report(&file, Some(1), message, "列名写成和表样一样，或删去这一列。");
        }
    }
    let mut rows = Vec::new();
    for (line, cells) in &table.rows {
        let cell = |place: usize| cells.get(place).map_or("", String::as_str);
        let Some(unit) = roster.find(cell(unit_place)) else {
            let message = format!("名册里没有单位“{}”。", cell(unit_place));
            tables.report(&file, Some(*line), message, "改成名册里的名称。");
            continue;
        };
        let texts = columns.iter().map(|place| place.map_or("", cell).to_owned());
        rows.push(ListedRow {
            unit: unit.id.clone(),
            cells: texts.collect(),
        });
    }
    rows
}
