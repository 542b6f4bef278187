//! `[cycle]`: which periods exist.

use std::collections::BTreeSet;

use super::names::folder_fault;
use crate::domain::definition::Section;
use crate::domain::period::{Cycle, CycleKind, Milestone, Period};

const KINDS: [(&str, CycleKind); 9] = [
    ("weekly", CycleKind::Weekly),
    ("half-monthly", CycleKind::HalfMonthly),
    ("monthly", CycleKind::Monthly),
    ("quarterly", CycleKind::Quarterly),
    ("half-yearly", CycleKind::HalfYearly),
    ("yearly", CycleKind::Yearly),
    ("once", CycleKind::Once),
    ("milestones", CycleKind::Milestones),
    ("on-change", CycleKind::OnChange),
];

/// Reads the section; a kind that is missing or wrong counts as monthly.
pub fn read(section: &Section<'_>) -> Cycle {
    if !section.has("kind") {
        section.missing("kind", "\"monthly\"");
    }
    let written = section.choice("kind", &KINDS);
    let mut cycle = Cycle {
        kind: written.unwrap_or(CycleKind::Monthly),
        window_start: section.integer("window_start", 1..=28).unwrap_or(1),
        first: None,
        last: None,
        milestones: milestones(section),
    };
    if written.is_none() {
        // Without a kind nothing can be said about the periods; they are still known keys.
        let _ = (section.text("first"), section.text("last"));
        return cycle;
    }
    if cycle.window_start > 1 && cycle.kind != CycleKind::Monthly {
        section.report(
            "window_start",
            "只有按月报送才能写起始日 window_start。",
            "删去这一行，或写 kind = \"monthly\"。",
        );
    }
    check_milestones(section, &cycle);
    cycle.first = period(section, "first", &cycle);
    cycle.last = period(section, "last", &cycle);
    let start = |period: &Option<Period>| {
        period
            .as_ref()
            .and_then(|period| cycle.span(period))
            .map(|span| span.0)
    };
    if let (Some(first), Some(last)) = (start(&cycle.first), start(&cycle.last))
        && first > last
    {
        section.report("last", "最后一期在第一期之前。", "last 应不早于 first。");
    }
    cycle
}

/// What a period of this kind looks like.
pub fn example(kind: CycleKind) -> &'static str {
    match kind {
        CycleKind::Weekly => "2024-W07",
        CycleKind::HalfMonthly => "2024-11a",
        CycleKind::Monthly => "2024-11",
        CycleKind::Quarterly => "2024-Q4",
        CycleKind::HalfYearly => "2024-H2",
        CycleKind::Yearly | CycleKind::OnChange => "2024",
        CycleKind::Once | CycleKind::Milestones => "里程碑的 id",
    }
}

/// Reads a period that must be of the cycle's kind.
pub fn period(section: &Section<'_>, key: &str, cycle: &Cycle) -> Option<Period> {
    let text = section.text(key)?;
    let found: Option<Period> = text.parse().ok();
    let unbounded = Cycle {
        first: None,
        last: None,
        ..cycle.clone()
    };
    let fits = found.filter(|period| unbounded.owes(period));
    if fits.is_none() {
        section.report(
            key,
            format!("“{text}”不是本方案报送周期里的一期。"),
            format!("应写成 {}。", example(cycle.kind)),
        );
    }
    fits
}

fn milestones(section: &Section<'_>) -> Vec<Milestone> {
    let mut ids = BTreeSet::new();
    let mut found: Vec<Milestone> = Vec::new();
    for item in section.sections("milestone") {
        let id = item.required_text("id", "plan");
        let name = item
            .text("name")
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| id.clone());
        let date = item.date("date");
        if !item.has("date") {
            item.missing("date", "2018-07-25");
        }
        if !matches!(id.parse(), Ok(Period::Milestone(_))) && !id.is_empty() {
            item.report(
                "id",
                format!("编号“{id}”会被当成年月。"),
                "编号以字母或汉字开头，例如 plan。",
            );
        }
        if let Some((message, remedy)) = folder_fault(&id) {
            item.report("id", message, remedy);
        }
        if !ids.insert(id.clone()) {
            item.report("id", format!("编号“{id}”重复。"), "每个里程碑的编号各不相同。");
        }
        // Read with what is handed in.
        let _ = (item.has("who"), item.has("office"));
        let Some(date) = date else { continue };
        if found.last().is_some_and(|before| before.date >= date) {
            item.report(
                "date",
                format!("{date} 不晚于前一个里程碑。"),
                "按日期先后排列，日期各不相同。",
            );
        }
        let words = item.texts("words").unwrap_or_default();
        found.push(Milestone {
            id,
            name,
            words,
            date,
        });
    }
    found
}

fn check_milestones(section: &Section<'_>, cycle: &Cycle) {
    let written = section.has("milestone");
    match cycle.kind {
        CycleKind::Once if cycle.milestones.len() != 1 => section.report(
            "kind",
            "一次性报送要写明截止日期，且只有一个。",
            "写一个 [[cycle.milestone]]，其中 id = \"…\"、date = 2018-07-25。",
        ),
        CycleKind::Milestones if cycle.milestones.is_empty() => section.report(
            "kind",
            "按里程碑报送要写明各个日期。",
            "每个日期写一个 [[cycle.milestone]]，其中 id = \"…\"、date = 2018-07-25。",
        ),
        CycleKind::Once | CycleKind::Milestones => {}
        _ if written => section.report(
            "milestone",
            "只有一次性报送或按里程碑报送才有里程碑。",
            "删去 [[cycle.milestone]]，或写 kind = \"milestones\"。",
        ),
        _ => {}
    }
}
