//! Items from a table: a column of numbers, one of items, one or two of units.

use std::sync::LazyLock;

use regex::Regex;

use super::text::{declared, joined, name};
use super::units::{UnitList, read_units};
use super::{Imported, Task, settle};
use crate::domain::source_table::{SourceTable, column_of};
use crate::domain::text::{name_key, tidy};

/// Tags of a web page.
static TAGS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)</?(?:p|br|div|span|strong|b|font)(?:\s[^>]*)?/?>").ok());

/// Which columns of a table hold what, by their headers; empty: by the usual ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// The number.
    pub number: String,
    /// The item's name.
    pub name: String,
    /// Its text.
    pub content: String,
    /// All units in one cell.
    pub units: String,
    /// Who leads.
    pub lead: String,
    /// Who assists.
    pub assist: String,
    /// The group.
    pub section: String,
}

const NUMBER: &[&str] = &["序号", "编号", "任务序号", "no", "seq"];
const NAME: &[&str] = &[
    "任务",
    "任务名称",
    "重点任务",
    "项目名称",
    "工作任务",
    "事项",
    "名称",
    "name_raw",
    "name",
];
const CONTENT: &[&str] = &[
    "内容",
    "具体内容",
    "主要内容",
    "任务内容",
    "工作内容",
    "content",
    "text_raw",
    "text",
];
const UNITS: &[&str] = &["责任单位", "责任部门", "负责单位", "raw_responsible"];
const LEAD: &[&str] = &["牵头单位", "牵头部门", "主办单位", "lead"];
const ASSIST: &[&str] = &[
    "配合单位",
    "协助单位",
    "协助部门",
    "配合部门",
    "协办单位",
    "assist",
];
const SECTION: &[&str] = &[
    "行动",
    "分组",
    "小组",
    "类别",
    "节",
    "行动小组",
    "action_group",
    "section",
    "section_cell_raw",
];

/// Where a table's columns stand.
struct Places {
    number: Option<usize>,
    content: Option<usize>,
    named: Option<usize>,
    units: Option<usize>,
    lead: Option<usize>,
    assist: Option<usize>,
    section: Option<usize>,
}

impl Places {
    fn find(header: &[String], columns: &Columns) -> Result<Self, String> {
        let place = |own: &str, usual: &[&str]| -> Result<Option<usize>, String> {
            if !own.is_empty() {
                let found = column_of(header, own);
                return match found {
                    Some(place) => Ok(Some(place)),
                    None => Err(format!("没有“{own}”列，该表的列：{}。", header.join("、"))),
                };
            }
            Ok(usual.iter().find_map(|name| column_of(header, name)))
        };
        let content = place(&columns.content, CONTENT)?;
        let places = Self {
            number: place(&columns.number, NUMBER)?,
            content,
            named: place(&columns.name, NAME)?.filter(|place| Some(*place) != content),
            units: place(&columns.units, UNITS)?,
            lead: place(&columns.lead, LEAD)?,
            assist: place(&columns.assist, ASSIST)?,
            section: place(&columns.section, SECTION)?,
        };
        if places.item().is_none() || places.units.or(places.lead).is_none() {
            return Err(format!(
                "认不出任务列和单位列，请用 --task、--units（或 --lead、--assist）写明；该表的列：{}。",
                header.join("、")
            ));
        }
        Ok(places)
    }

    /// The column that says what an item is.
    fn item(&self) -> Option<usize> {
        self.named.or(self.content)
    }

    /// Whether a column is none of these.
    fn is_further(&self, place: usize) -> bool {
        let own = [
            self.number,
            self.content,
            self.named,
            self.units,
            self.lead,
            self.assist,
            self.section,
        ];
        !own.contains(&Some(place))
    }
}

/// What a row of a table is.
enum Line {
    /// An item, or a part of the one above.
    Task(Box<Task>),
    /// The heading of a group.
    Heading(String),
    /// A note on all of them.
    Note(String),
    /// Nothing: the header once more.
    Nothing,
}

/// Reads the items of a table. A cell of units without a label leaves the lead open.
///
/// # Errors
/// Which column isn't there, and which there are.
pub fn from_table(table: &SourceTable, columns: &Columns) -> Result<Imported, String> {
    let places = Places::find(&table.header, columns)?;
    let mut tasks: Vec<Task> = Vec::new();
    let mut notes = Vec::new();
    let mut group = String::new();
    for (line, cells) in &table.rows {
        if let Some(heading) = places.section.and_then(|place| cells.get(place))
            && !heading.is_empty()
            && !is_header(&table.header, cells)
        {
            heading.clone_into(&mut group);
        }
        match read(&places, &table.header, (*line, cells), tasks.last()) {
            Line::Task(mut task) => {
                task.section.clone_from(&group);
                tasks.push(*task);
            }
            Line::Heading(heading) => group = heading,
            Line::Note(text) => notes.push(format!(
                "第{line}行没有序号和单位，当作说明，没有列入：“{}”。",
                name(&text)
            )),
            Line::Nothing => {}
        }
    }
    let mut imported = settle(tasks, &declared(&table.header.join("，")));
    imported.odd.extend(notes);
    Ok(imported)
}

/// Reads a row below the item `above`.
fn read(places: &Places, header: &[String], (line, cells): (usize, &[String]), above: Option<&Task>) -> Line {
    if is_header(header, cells) {
        return Line::Nothing;
    }
    let cell = |place: Option<usize>| {
        let cell = place.and_then(|place| cells.get(place));
        cell.map_or_else(String::new, |cell| untagged(cell))
    };
    let filled = cells.iter().filter(|cell| !cell.trim().is_empty()).count();
    let (printed, assist) = (cell(places.units.or(places.lead)), cell(places.assist));
    let text = joined(&cell(places.item()));
    let content = cell(places.content);
    if text.is_empty() && printed.is_empty() && content.is_empty() {
        // The heading of a group stands alone in its row.
        let heading = cells.iter().find(|cell| !cell.trim().is_empty());
        return match heading {
            Some(heading) if filled == 1 => Line::Heading(heading.trim().to_owned()),
            _ => Line::Nothing,
        };
    }
    // Without number and units of its own a row is a part of the one above it,
    // whose cells are merged, or a note on all of them.
    let has_units = !printed.is_empty() || !assist.is_empty();
    let belongs = !has_units && places.number.is_some() && cell(places.number).is_empty();
    if belongs && filled == 1 {
        return Line::Note(if text.is_empty() { content } else { text });
    }
    let number = match (cell(places.number).as_str(), above) {
        ("", Some(whole)) if belongs => whole.number.clone(),
        ("", _) => (line - 1).to_string(),
        (own, _) => own.trim_end_matches(['.', '、', '．']).to_owned(),
    };
    let starred = text.starts_with(['*', '＊', '★']);
    let text = text.trim_start_matches(['*', '＊', '★']).trim();
    // A cell of units that is merged over the parts of one item.
    let merged = above.filter(|whole| whole.number == number && !has_units);
    let called = match merged {
        Some(whole) if text.is_empty() => whole.name.clone(),
        _ if places.named.is_some() => text.to_owned(),
        _ => name(text),
    };
    let (mut units, printed) = match merged {
        Some(whole) => (whole.units.clone(), whole.printed.clone()),
        None => (
            of_cells(&cell(places.units), &cell(places.lead), &assist),
            printed,
        ),
    };
    if merged.is_some() {
        units.odd.clear();
    }
    if cells.iter().any(|cell| untagged(cell) != *cell) {
        units.odd.push("有网页的残留标签，已去掉。".to_owned());
    }
    let further = header.iter().enumerate();
    let further = further.filter(|(at, header)| places.is_further(*at) && !header.is_empty());
    Line::Task(Box::new(Task {
        number,
        starred,
        name: called,
        content,
        units,
        printed,
        further: further
            .map(|(at, header)| (header.clone(), cell(Some(at))))
            .collect(),
        ..Task::default()
    }))
}

/// Whether a row is the header once more, as on a new page.
fn is_header(header: &[String], cells: &[String]) -> bool {
    let filled = || cells.iter().zip(header).filter(|(cell, _)| !cell.is_empty());
    filled().count() > 1 && filled().all(|(cell, header)| name_key(cell) == name_key(header))
}

/// A cell without what a web page leaves in it: `<p>…</p>`, `<br>`.
fn untagged(cell: &str) -> String {
    match &*TAGS {
        Some(tags) if tags.is_match(cell) => tidy(&tags.replace_all(cell, "\n")),
        _ => cell.trim().to_owned(),
    }
}

/// Units that stand in one cell, or in two.
fn of_cells(units: &str, lead: &str, assist: &str) -> UnitList {
    let mut list = read_units(units);
    for (text, is_lead) in [(lead, true), (assist, false)] {
        let own = read_units(text);
        let named = own.leads.into_iter().chain(own.unlabelled);
        if is_lead {
            list.leads.extend(named);
            list.assists.extend(own.assists);
        } else {
            list.assists.extend(named.chain(own.assists));
        }
        list.odd.extend(own.odd);
    }
    list
}
