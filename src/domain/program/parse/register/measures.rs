//! `[register.measures]`: figures by which items are measured (量化指标).

use rust_decimal::Decimal;

use super::super::table::Tables;
use super::{Opened, years};
use crate::domain::definition::Section;
use crate::domain::ids::ItemId;
use crate::domain::program::{ColumnKind, Form, Growth, Item, Measure, Measures};
use crate::domain::source_table::column_of;
use crate::domain::text::name_key;

/// How a table says that a figure grows.
const GROWTHS: [(&str, Growth); 3] = [
    ("累计", Growth::Sum),
    ("水平", Growth::Level),
    ("文字", Growth::Words),
];

/// Reads the section. Each line of its table becomes an item of its own on the
/// sheet of figures, led by whoever leads what it measures; its columns join
/// those of the table of items.
pub fn read(
    register: &Section<'_>,
    (header, items): (&mut Vec<String>, &mut Vec<Item>),
    forms: &[Form],
    tables: &mut Tables<'_>,
) -> Option<Measures> {
    let section = register.section("measures");
    if !section.exists() {
        return None;
    }
    let sheet = section.required_text("sheet", "量化指标");
    let column = section.required_text("column", "value");
    check_form(&section, &sheet, &column, forms);
    let whole = section.required_text("whole", "三年要求");
    let limit = |key: &str, otherwise: u32| {
        let read = section.integer(key, 0..=100);
        Decimal::from(read.unwrap_or(otherwise))
    };
    let measures = Measures {
        column,
        whole: whole.clone(),
        green_to: limit("green_to", 10),
        yellow_to: limit("yellow_to", 30),
    };
    if !section.has("file") {
        section.missing("file", "\"targets.csv\"");
    }
    let names = ["key", "item", "name", "unit", "growth"];
    let headers = ["编号", "任务编号", "指标", "单位", "累计方式"];
    let headers: Vec<String> = names
        .iter()
        .zip(headers)
        .map(|(key, usual)| section.text(key).unwrap_or_else(|| usual.to_owned()))
        .collect();
    // Without the table nobody asks for them, and they would be unknown.
    let _ = section.has("year");
    let (file, table) = tables.raw(&section, "file")?;
    let opened = Opened {
        section: &section,
        file: &file,
        table,
    };
    let mut places = names
        .iter()
        .zip(&headers)
        .map(|(key, header)| opened.place_of(&section, key, header));
    let places: [Option<usize>; 5] = std::array::from_fn(|_| places.next().flatten());
    opened.place_of(&section, "whole", &whole);
    // What is no figure stands on the first sheet, where items may stand anywhere.
    let first = forms
        .iter()
        .flat_map(|form| &form.sheets)
        .map(|own| own.name.as_str())
        .find(|own| name_key(own) != name_key(&sheet))
        .unwrap_or_default();
    for item in items.iter_mut().filter(|item| item.sheet.is_empty()) {
        first.clone_into(&mut item.sheet);
    }
    let figures = figures(&opened, places, &sheet, (header, items), tables);
    for item in items.iter_mut() {
        item.cells.resize(header.len(), String::new());
    }
    items.extend(figures);
    Some(measures)
}

/// The lines of the table; `places` are those of number, item, name, unit of
/// count and growth.
fn figures(
    opened: &Opened<'_>,
    [key, item, name, unit, growth]: [Option<usize>; 5],
    sheet: &str,
    (header, items): (&mut Vec<String>, &[Item]),
    tables: &mut Tables<'_>,
) -> Vec<Item> {
    let file = opened.file;
    let years = years::read(opened);
    let joined = join(header, &opened.table.header);
    let mut figures: Vec<Item> = Vec::new();
    for (line, texts) in &opened.table.rows {
        let cell = |place: Option<usize>| {
            let cell = place.and_then(|place| texts.get(place));
            cell.map_or("", String::as_str)
        };
        let Ok(id) = ItemId::new(cell(key)) else {
            let remedy = "每个指标一个编号，各不相同。";
            tables.report(file, Some(*line), "指标的编号没有填，或太长。", remedy);
            continue;
        };
        if items.iter().chain(&figures).any(|own| own.id == id) {
            let message = format!("编号“{id}”前面已经有了。");
            let remedy = "每个指标一个编号，不与任务的编号相同。";
            tables.report(file, Some(*line), message, remedy);
            continue;
        }
        let Some(measured) = items.iter().find(|own| *own.id == *cell(item)) else {
            let message = format!("没有编号为“{}”的任务。", cell(item));
            tables.report(file, Some(*line), message, "填任务表里的编号。");
            continue;
        };
        let grows = GROWTHS.iter().find(|(word, _)| *word == cell(growth));
        if grows.is_none() {
            let message = format!("累计方式写的是“{}”。", cell(growth));
            tables.report(file, Some(*line), message, "应为 累计、水平、文字 之一。");
        }
        let mut cells = vec![String::new(); header.len()];
        for (place, text) in joined.iter().zip(texts) {
            text.clone_into(&mut cells[*place]);
        }
        figures.push(Item {
            of: measured.of.clone(),
            number: measured.number.clone(),
            name: cell(name).to_owned(),
            leads: measured.leads.clone(),
            also: Vec::new(),
            group: measured.group.clone(),
            assist: String::new(),
            as_printed: String::new(),
            sheet: sheet.to_owned(),
            starred: false,
            years: years.of(texts, (file, *line), tables),
            cells,
            measure: Some(Measure {
                of: measured.id.clone(),
                unit: cell(unit).to_owned(),
                growth: grows.map(|(_, growth)| *growth).unwrap_or_default(),
            }),
            id,
        });
    }
    figures
}

/// Where the columns of a table stand among those of another, which takes what
/// it hasn't.
fn join(header: &mut Vec<String>, other: &[String]) -> Vec<usize> {
    let mut places = Vec::with_capacity(other.len());
    for own in other {
        let known = column_of(header, own);
        places.push(known.unwrap_or_else(|| {
            header.push(own.clone());
            header.len() - 1
        }));
    }
    places
}

fn check_form(section: &Section<'_>, sheet: &str, column: &str, forms: &[Form]) {
    for form in forms {
        let found = form
            .sheets
            .iter()
            .find(|own| name_key(&own.name) == name_key(sheet));
        let Some(found) = found else {
            let names: Vec<&str> = form.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let message = format!("{}版表样没有工作表“{sheet}”。", form.version);
            section.report("sheet", message, format!("表样的工作表：{}。", names.join("、")));
            continue;
        };
        let number = found
            .column(column)
            .is_some_and(|(_, own)| matches!(own.kind, ColumnKind::Number { .. }));
        if !number && !column.is_empty() {
            let message = format!("工作表“{sheet}”没有 key 为“{column}”的数字列。");
            section.report("column", message, "应为 type = \"number\" 的列的 key。");
        }
    }
}
