//! `[register]`: the items that a register's rows report on.

mod groups;
mod measures;
mod parties;
mod scores;
mod years;

use std::collections::BTreeMap;

use super::Kind;
use super::table::Tables;
use crate::domain::definition::{Section, nearest};
use crate::domain::ids::{BadId, ItemId};
use crate::domain::program::{ColumnKind, Form, Given, Item, Items, Joint, Status};
use crate::domain::roster::Roster;
use crate::domain::source_table::{SourceTable, column_of};
use parties::Parties;

/// Keys that name a column of the table.
const COLUMNS: [&str; 10] = [
    "key", "number", "name", "lead", "assist", "group", "star", "part_of", "printed", "sheet",
];

/// Reads the section and its table.
pub fn read(
    root: &Section<'_>,
    kind: Kind,
    forms: &mut [Form],
    roster: &Roster,
    tables: &mut Tables<'_>,
) -> Option<Items> {
    let section = root.section("register");
    match (kind, section.exists()) {
        (Kind::Register, false) => {
            let remedy = "写 [register]，其中 file = \"tasks.csv\"、key = \"编号\"、column = \"no\"。";
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
    cites(&section, &column, forms);
    if !section.has("file") {
        section.missing("file", "\"tasks.csv\"");
    }
    let status = status(&section, forms);
    let joint = section.choice("joint", &[("each", Joint::Each), ("either", Joint::Either)]);
    let parties = Parties::read(&section, roster);
    // Without the table nobody asks for them, and they would be unknown.
    for key in COLUMNS.iter().chain(&[
        "groups",
        "presented_to",
        "year",
        "scores",
        "measures",
        "everyone",
        "office_columns",
    ]) {
        let _ = section.has(key);
    }
    let (file, table) = tables.raw(&section, "file")?;
    let opened = Opened {
        section: &section,
        file: &file,
        table,
    };
    let mut all = items(&opened, &parties, tables);
    let mut header = table.header.clone();
    let measures = measures::read(&section, (&mut header, &mut all), forms, tables);
    check_given(&opened, &header, forms);
    check_sheets(&section, &all, forms);
    let scores = scores::read(&opened, &all, forms);
    let groups = groups::read(&section, &all, tables);
    Some(Items {
        file: section.text("file").unwrap_or_default(),
        column,
        header,
        measures,
        everyone: section.boolean("everyone").unwrap_or(false),
        by_year: section.has("year"),
        joint: joint.unwrap_or_default(),
        status,
        scores,
        office_columns: section.texts("office_columns").unwrap_or_default(),
        groups,
        presented_to: section.text("presented_to").unwrap_or_default(),
        all,
    })
}

/// The table of items, open.
struct Opened<'t> {
    section: &'t Section<'t>,
    file: &'t str,
    table: &'t SourceTable,
}

impl Opened<'_> {
    /// The place of the column that a key of the section names.
    fn place(&self, key: &str) -> Option<usize> {
        self.place_of(self.section, key, &self.section.text(key)?)
    }

    fn place_of(&self, section: &Section<'_>, key: &str, header: &str) -> Option<usize> {
        if header.is_empty() {
            return None;
        }
        let found = column_of(&self.table.header, header);
        if found.is_none() {
            let remedy = self.remedy(header);
            section.report(key, format!("{} 没有“{header}”列。", self.file), remedy);
        }
        found
    }

    fn remedy(&self, header: &str) -> String {
        nearest(header, self.table.header.iter().map(String::as_str)).map_or_else(
            || format!("该表的列：{}。", self.table.header.join("、")),
            |near| format!("是不是“{near}”？"),
        )
    }
}

fn items(opened: &Opened<'_>, parties: &Parties<'_>, tables: &mut Tables<'_>) -> Vec<Item> {
    let (section, file) = (opened.section, opened.file);
    let key_header = section.required_text("key", "编号");
    let key = opened.place_of(section, "key", &key_header);
    let number = opened.place("number").or(key);
    let [name, lead, assist, group, star, part_of, printed, sheet] = [
        "name", "lead", "assist", "group", "star", "part_of", "printed", "sheet",
    ]
    .map(|key| opened.place(key));
    let years = years::read(opened);
    let mut items: Vec<Item> = Vec::new();
    let mut keys = BTreeMap::new();
    for (line, cells) in &opened.table.rows {
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| cells.get(place))
                .map_or("", String::as_str)
        };
        let own = cell(key);
        if own.is_empty() && key.is_some() {
            let message = format!("“{key_header}”没有填。");
            tables.report(file, Some(*line), message, "每项都要有。");
        } else if let Some(before) = keys.insert(own.to_owned(), *line) {
            let message = format!("“{own}”与第{before}行重复。");
            let remedy =
                "每项的编号各不相同；原文序号重复的，编号另起（如 14b），序号照原文写在 number 所指的列。";
            tables.report(file, Some(*line), message, remedy);
        }
        let id = match ItemId::new(own) {
            Ok(id) => id,
            // Said above.
            Err(BadId::Empty) => continue,
            Err(error) => {
                tables.report(file, Some(*line), format!("{error}。"), "写短些，写在一行里。");
                continue;
            }
        };
        let of = match cell(part_of) {
            "" => id.clone(),
            whole => {
                let known = items.iter().find(|item| &*item.id == whole);
                if known.is_none() {
                    let message = format!("前面没有编号为“{whole}”的一项，“{own}”不能是它的分项。");
                    tables.report(file, Some(*line), message, "分项写在整项之后，填整项的编号。");
                }
                known.map_or_else(|| id.clone(), |item| item.of.clone())
            }
        };
        let at = (file, *line);
        items.push(Item {
            of,
            number: cell(number).to_owned(),
            name: cell(name).to_owned(),
            leads: parties.leads(cell(lead), at, tables),
            also: parties.also(cell(assist)),
            group: cell(group).to_owned(),
            assist: cell(assist).to_owned(),
            as_printed: cell(printed.or(lead)).to_owned(),
            sheet: cell(sheet).to_owned(),
            starred: !matches!(cell(star), "" | "否"),
            years: years.of(cells, (file, *line), tables),
            cells: cells.clone(),
            measure: None,
            id,
        });
    }
    if opened.table.rows.is_empty() {
        tables.report(file, None, "没有登记项。", "每项一行。");
    }
    items
}

/// Sheets that items name must be in the form.
fn check_sheets(section: &Section<'_>, items: &[Item], forms: &[Form]) {
    let Some(form) = forms.last() else { return };
    let mut told: Vec<&str> = Vec::new();
    for item in items {
        let known = form.sheets.iter().any(|sheet| item.stands_on(sheet));
        if !known && !told.contains(&item.sheet.as_str()) {
            told.push(&item.sheet);
            let names: Vec<&str> = form.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
            let message = format!("表样没有工作表“{}”。", item.sheet);
            section.report("sheet", message, format!("表样的工作表：{}。", names.join("、")));
        }
    }
}

/// The column by which rows cite their items: its cells stand ready.
fn cites(section: &Section<'_>, column: &str, forms: &mut [Form]) {
    for form in forms.iter_mut().filter(|_| !column.is_empty()) {
        let columns = form.sheets.iter_mut().flat_map(|sheet| &mut sheet.columns);
        let found: Vec<_> = columns.filter(|own| own.key == column).collect();
        if found.is_empty() {
            section.report(
                "column",
                format!("{}版表样没有 key 为“{column}”的列。", form.version),
                "应为填写登记项编号的那一列的 key。",
            );
        }
        for found in found {
            if found.kind != ColumnKind::Sequence {
                section.report(
                    "column",
                    format!("“{column}”列不是序号列。"),
                    "给这一列写 type = \"sequence\"。",
                );
            }
            found.given = Some(Given::Number);
        }
    }
}

/// Columns that show a column of the table must name one.
fn check_given(opened: &Opened<'_>, headers: &[String], forms: &[Form]) {
    for column in forms
        .iter()
        .flat_map(|form| &form.sheets)
        .flat_map(|sheet| &sheet.columns)
    {
        if let Some(Given::Column(header)) = &column.given
            && column_of(headers, header).is_none()
        {
            let message = format!(
                "“{}”列的 given：{} 没有“{header}”列。",
                column.header, opened.file
            );
            let remedy = opened.remedy(header);
            opened.section.report("file", message, remedy);
        }
    }
}

/// `[register.status]`: what the values of the column of progress mean.
fn status(section: &Section<'_>, forms: &[Form]) -> Option<Status> {
    let status = section.section("status");
    if !status.exists() {
        return None;
    }
    let column = status.required_text("column", "status");
    let words = |key: &str| status.texts(key).unwrap_or_default();
    let read = Status {
        done: words("done"),
        red: words("red"),
        yellow: words("yellow"),
        percent: status.text("percent").filter(|key| !key.is_empty()),
        column,
    };
    let mut sheets = forms.iter().flat_map(|form| &form.sheets);
    let choices = sheets.find_map(|sheet| match &sheet.column(&read.column)?.1.kind {
        ColumnKind::Choice(choices) => Some(choices),
        _ => None,
    });
    let Some(choices) = choices else {
        let message = format!("没有 key 为“{}”的选项列。", read.column);
        status.report("column", message, "应为 type = \"choice\" 的列的 key。");
        return Some(read);
    };
    for (key, words) in [("done", &read.done), ("red", &read.red), ("yellow", &read.yellow)] {
        for word in words {
            if choices.iter().all(|choice| choice.name != *word) {
                let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
                let message = format!("“{word}”不是“{}”列的选项。", read.column);
                status.report(key, message, format!("可以写：{}。", names.join("、")));
            }
        }
    }
    Some(read)
}
