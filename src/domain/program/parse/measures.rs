//! `[visits]`, `[targets]`, `[[aggregate]]`: what is counted from the rows.

use std::collections::BTreeSet;

use super::Kind;
use crate::domain::definition::{Section, nearest};
use crate::domain::program::{Aggregate, Column, ColumnKind, Form, TargetScope, Targets, Visits};
use crate::domain::roster::Roster;

/// Reads how rows are counted as visits, and what the visits are measured against.
pub fn visits(root: &Section<'_>, kind: Kind, forms: &[Form], roster: &Roster) -> Option<Visits> {
    let section = root.section("visits");
    let targets = targets(root, section.exists(), roster);
    if !section.exists() {
        return None;
    }
    match kind {
        Kind::Log if forms.is_empty() => root.report("visits", "没有表样，无从计次。", "删去 [visits]。"),
        Kind::Log => {}
        Kind::Register => root.report(
            "visits",
            "登记簿每期报的是同一批项目，不计次。",
            "删去 [visits]。",
        ),
        Kind::Document => root.report("visits", "材料没有表样，无从计次。", "删去 [visits]。"),
    }
    let column = |key: &str, what: &str, fits: fn(&ColumnKind) -> bool| {
        let name = section.text(key)?;
        check_column(&section, key, &name, forms, what, fits);
        Some(name)
    };
    let date = column("date", "dates", |kind| matches!(kind, ColumnKind::Dates));
    let place = column("place", "places", |kind| matches!(kind, ColumnKind::Places));
    let count = column("count", "count 或 number", is_number);
    for (key, found) in [("date", &date), ("place", &place)] {
        if found.is_none() && !section.has(key) {
            section.missing(key, "\"…\"（列的 key）");
        }
    }
    let ranges = [("one-visit", true), ("each-day", false)];
    Some(Visits {
        date: date.unwrap_or_default(),
        place: place.unwrap_or_default(),
        count,
        range_is_one: section.choice("range", &ranges).unwrap_or(true),
        targets,
    })
}

/// Reads the yearly targets.
fn targets(root: &Section<'_>, counted: bool, roster: &Roster) -> Option<Targets> {
    let section = root.section("targets");
    if !section.exists() {
        return None;
    }
    if !counted {
        let remedy = "写 [visits]，指明日期列和地点列；或删去 [targets]。";
        root.report("targets", "有目标，却没有说明怎样计次。", remedy);
    }
    if roster.leaders.is_empty() {
        root.report(
            "targets",
            "目标是领导的，却没有领导名册。",
            "在 [roster] 写 leaders = \"leaders.csv\"。",
        );
    }
    for (key, example) in [("visits", "5"), ("days", "5"), ("effective", "2024-11-11")] {
        if !section.has(key) {
            section.missing(key, example);
        }
    }
    let scopes = [
        ("leader", TargetScope::Leader),
        ("leader-village", TargetScope::LeaderVillage),
    ];
    let measured_in = section.integers("measured_in", &(1..=12)).unwrap_or_default();
    let mut months = BTreeSet::new();
    if let Some(twice) = measured_in.iter().find(|month| !months.insert(**month)) {
        section.report("measured_in", format!("{twice}月写了两次。"), "留一个。");
    }
    Some(Targets {
        visits: section.integer("visits", 0..=366).unwrap_or_default(),
        days: section.integer("days", 0..=366).unwrap_or_default(),
        scope: section.choice("scope", &scopes).unwrap_or(TargetScope::Leader),
        soft: section.boolean("soft").unwrap_or(true),
        effective: section.date("effective").unwrap_or_default(),
        measured_in,
        clause: section.text("clause").unwrap_or_default(),
    })
}

/// Reads the further summaries by unit.
pub fn aggregates(root: &Section<'_>, forms: &[Form]) -> Vec<Aggregate> {
    let sections = root.sections("aggregate");
    if forms.is_empty() {
        if !sections.is_empty() {
            root.report("aggregate", "没有表样，无从汇总。", "删去 [[aggregate]]。");
        }
        root.pass_over("aggregate");
        return Vec::new();
    }
    let mut names = BTreeSet::new();
    let mut aggregates = Vec::new();
    for section in sections {
        let aggregate = Aggregate {
            name: section.required_text("name", "按单位汇总"),
            sheet: section.text("sheet").filter(|sheet| !sheet.is_empty()),
            sum: section.texts("sum").unwrap_or_default(),
            count_by: section.text("count_by").filter(|key| !key.is_empty()),
        };
        if !names.insert(aggregate.name.clone()) {
            section.report(
                "name",
                format!("汇总表“{}”重复。", aggregate.name),
                "各汇总表的名称各不相同。",
            );
        }
        if aggregate.sum.is_empty() && aggregate.count_by.is_none() {
            section.report(
                "sum",
                "没有说汇总哪些列。",
                "写 sum = [\"…\"]（数字列）或 count_by = \"…\"（选项列）。",
            );
        }
        let forms = in_sheet(&section, aggregate.sheet.as_deref(), forms);
        for key in &aggregate.sum {
            check_column(&section, "sum", key, &forms, "count 或 number", is_number);
        }
        if let Some(key) = &aggregate.count_by {
            let fits: fn(&ColumnKind) -> bool = |kind| matches!(kind, ColumnKind::Choice(_));
            check_column(&section, "count_by", key, &forms, "choice", fits);
        }
        aggregates.push(aggregate);
    }
    aggregates
}

/// The forms with only the sheet that is meant.
fn in_sheet(section: &Section<'_>, name: Option<&str>, forms: &[Form]) -> Vec<Form> {
    let mut forms = forms.to_vec();
    let Some(name) = name else {
        for form in &mut forms {
            form.sheets.truncate(1);
        }
        return forms;
    };
    let names: BTreeSet<String> = forms
        .iter()
        .flat_map(|form| form.sheets.iter().map(|sheet| sheet.name.clone()))
        .collect();
    if !names.contains(name) {
        let remedy = nearest(name, names.iter().map(String::as_str)).map_or_else(
            || format!("应为：{}。", names.iter().cloned().collect::<Vec<_>>().join("、")),
            |near| format!("是不是“{near}”？"),
        );
        section.report("sheet", format!("没有“{name}”这个工作表。"), remedy);
        return Vec::new();
    }
    for form in &mut forms {
        form.sheets.retain(|sheet| sheet.name == name);
    }
    forms
}

fn is_number(kind: &ColumnKind) -> bool {
    matches!(kind, ColumnKind::Count { .. } | ColumnKind::Number { .. })
}

/// A column must stand in some sheet of every version, and be of the right type.
fn check_column(
    section: &Section<'_>,
    at: &str,
    key: &str,
    forms: &[Form],
    what: &str,
    fits: fn(&ColumnKind) -> bool,
) {
    for form in forms {
        let columns: Vec<&Column> = form.sheets.iter().flat_map(|sheet| &sheet.columns).collect();
        let named: Vec<&&Column> = columns.iter().filter(|column| column.key == key).collect();
        if named.is_empty() {
            let remedy = nearest(key, columns.iter().map(|column| column.key.as_str())).map_or_else(
                || format!("应为 type = {what} 的列的 key。"),
                |near| format!("是不是“{near}”？"),
            );
            let message = format!("{}版表样没有 key 为“{key}”的列。", form.version);
            section.report(at, message, remedy);
        } else if !named.iter().any(|column| fits(&column.kind)) {
            let message = format!("列“{key}”的类型不对。");
            section.report(at, message, format!("应指 type = {what} 的列。"));
        }
    }
}
