//! Items from a table: a column of numbers, one of items, one or two of units.

use super::text::{declared, name};
use super::units::{UnitList, read_units};
use super::{Imported, Task, settle};
use crate::domain::source_table::{SourceTable, column_of};

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

/// Reads the items of a table. A cell of units without a label leaves the lead open.
///
/// # Errors
/// Which column isn't there, and which there are.
pub fn from_table(table: &SourceTable, columns: &Columns) -> Result<Imported, String> {
    let place = |own: &str, usual: &[&str]| -> Result<Option<usize>, String> {
        if !own.is_empty() {
            let found = column_of(&table.header, own);
            return match found {
                Some(place) => Ok(Some(place)),
                None => Err(format!("没有“{own}”列，该表的列：{}。", table.header.join("、"))),
            };
        }
        Ok(usual.iter().find_map(|name| column_of(&table.header, name)))
    };
    let number = place(&columns.number, NUMBER)?;
    let content = place(&columns.content, CONTENT)?;
    let named = place(&columns.name, NAME)?.filter(|place| Some(*place) != content);
    let (units, lead, assist) = (
        place(&columns.units, UNITS)?,
        place(&columns.lead, LEAD)?,
        place(&columns.assist, ASSIST)?,
    );
    let section = place(&columns.section, SECTION)?;
    let item = named.or(content);
    let (Some(item), true) = (item, units.is_some() || lead.is_some()) else {
        return Err(format!(
            "认不出任务列和单位列，请用 --task、--units（或 --lead、--assist）写明；该表的列：{}。",
            table.header.join("、")
        ));
    };
    let known = [number, content, named, units, lead, assist, section];
    let mut tasks: Vec<Task> = Vec::new();
    let mut group = String::new();
    for (line, cells) in &table.rows {
        let cell = |place: Option<usize>| {
            let cell = place.and_then(|place| cells.get(place));
            cell.map_or("", String::as_str).trim()
        };
        if !cell(section).is_empty() {
            cell(section).clone_into(&mut group);
        }
        let printed = cell(units.or(lead)).to_owned();
        let text = cell(Some(item));
        if text.is_empty() && printed.is_empty() && cell(content).is_empty() {
            // The heading of a group stands alone in its row.
            let mut filled = cells.iter().filter(|cell| !cell.trim().is_empty());
            if let (Some(heading), None) = (filled.next(), filled.next()) {
                heading.trim().clone_into(&mut group);
            }
            continue;
        }
        let starred = text.starts_with(['*', '＊', '★']);
        let text = text.trim_start_matches(['*', '＊', '★']).trim();
        let content = cell(content);
        let before = tasks.last().filter(|own| own.number == cell(number));
        let merged = before.filter(|_| printed.is_empty() && cell(assist).is_empty());
        let (units, printed) = match merged {
            // A cell that is merged over the parts of one item.
            Some(whole) => (whole.units.clone(), whole.printed.clone()),
            None => (of_cells(cell(units), cell(lead), cell(assist)), printed),
        };
        tasks.push(Task {
            number: match cell(number) {
                "" => (line - 1).to_string(),
                own => own.trim_end_matches(['.', '、', '．']).to_owned(),
            },
            section: group.clone(),
            starred,
            name: if named.is_some() {
                text.to_owned()
            } else {
                name(text)
            },
            content: content.to_owned(),
            units,
            printed,
            further: table
                .header
                .iter()
                .enumerate()
                .filter(|(at, header)| !known.contains(&Some(*at)) && !header.is_empty())
                .map(|(at, header)| (header.clone(), cells.get(at).cloned().unwrap_or_default()))
                .collect(),
            ..Task::default()
        });
    }
    let declared = declared(&table.header.join("，"));
    Ok(settle(tasks, &declared))
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
