//! `[[watch]]`: dates in a list of which people are told in time.

use std::collections::BTreeSet;

use super::ladder::{modes, roles};
use crate::domain::definition::Section;
use crate::domain::ladder::{Mode, step_time};
use crate::domain::period::CycleKind;
use crate::domain::program::{Before, ColumnKind, Form, Sent, Settled, Watch, WatchStep};

/// Reads the list.
pub fn read(root: &Section<'_>, kind: CycleKind, forms: &[Form]) -> Vec<Watch> {
    let sections = root.sections("watch");
    if let (Some(first), true) = (sections.first(), kind != CycleKind::OnChange) {
        first.report(
            "id",
            "只有变动即报的名单才有到期提示。",
            "写 [cycle] kind = \"on-change\"，或删去 [[watch]]。",
        );
    }
    let mut ids = BTreeSet::new();
    let watches = sections.iter().map(|section| watch(section, forms, &mut ids));
    watches.collect()
}

fn watch(section: &Section<'_>, forms: &[Form], ids: &mut BTreeSet<String>) -> Watch {
    let id = section.required_text("id", "contract-end");
    if !id.is_empty() && !ids.insert(id.clone()) {
        section.report("id", format!("“{id}”写了两次。"), "各个提示的 id 各不相同。");
    }
    let column = section.required_text("column", "end");
    known(section, "column", &column, forms, |kind| {
        matches!(kind, ColumnKind::Date)
    });
    let label = section.texts("label").unwrap_or_default();
    if label.is_empty() {
        section.missing("label", "[\"contract_no\", \"asset\"]");
    }
    for key in &label {
        known(section, "label", key, forms, |_| true);
    }
    let settled = section.text("settled_by").filter(|key| !key.is_empty());
    let settled = settled.map(|column| {
        known(section, "settled_by", &column, forms, |_| true);
        Settled {
            column,
            open: section.texts("open").unwrap_or_default(),
        }
    });
    let sent = section.text("sent_by").filter(|key| !key.is_empty());
    let sent = sent.map(|column| {
        known(section, "sent_by", &column, forms, |_| true);
        let ask = section.text("sender_ask").unwrap_or_default();
        Sent { column, ask }
    });
    // Without the columns nobody asks for them.
    let _ = (section.has("open"), section.has("sender_ask"));
    let months = section.integer("after_months", 0..=600).unwrap_or(0);
    let sections = section.sections("step");
    if sections.is_empty() {
        section.report(
            "step",
            "没有写提前多久、提示谁。",
            "写 [[watch.step]]，其中 id、months（或 days）、to。",
        );
    }
    let mut step_ids = BTreeSet::new();
    Watch {
        id,
        column,
        after_months: months,
        label,
        what: section.text("what").unwrap_or_default(),
        end: section.text("end").unwrap_or_else(|| "到期".to_owned()),
        ask: section.text("ask").unwrap_or_default(),
        sent,
        settled,
        steps: sections.iter().map(|own| step(own, &mut step_ids)).collect(),
    }
}

fn step(section: &Section<'_>, ids: &mut BTreeSet<String>) -> WatchStep {
    let id = section.required_text("id", "three-months");
    if !id.is_empty() && !ids.insert(id.clone()) {
        section.report("id", format!("“{id}”写了两次。"), "各步的 id 各不相同。");
    }
    let (months, days) = (
        section.integer("months", 1..=60),
        section.integer("days", 0..=1000),
    );
    let before = match (months, days) {
        (Some(months), None) => Before::Months(months),
        (None, Some(days)) => Before::Days(days),
        (Some(_), Some(_)) => {
            section.report("days", "months 和 days 只写一个。", "删去其中一个。");
            Before::Days(0)
        }
        (None, None) => {
            if !section.has("months") && !section.has("days") {
                section.missing("days", "90（当日提示写 0）");
            }
            Before::Days(0)
        }
    };
    let to = roles(section, "to");
    if to.is_empty() {
        section.missing("to", "[\"liaison\"]");
    }
    WatchStep {
        id,
        before,
        time: section.time("time").unwrap_or_else(step_time),
        to,
        cc: roles(section, "cc"),
        mode: section.choice("mode", &modes()).unwrap_or(Mode::Auto),
    }
}

/// Reports a key that isn't a column of the form, or not of the right kind.
fn known(section: &Section<'_>, key: &str, column: &str, forms: &[Form], fits: impl Fn(&ColumnKind) -> bool) {
    if column.is_empty() {
        return;
    }
    let mut sheets = forms.iter().flat_map(|form| &form.sheets);
    let Some(kind) = sheets.find_map(|sheet| Some(&sheet.column(column)?.1.kind)) else {
        let message = format!("表样没有 key 为“{column}”的列。");
        section.report(key, message, "写列的 key。");
        return;
    };
    if !fits(kind) {
        let message = format!("“{column}”列不是日期列。");
        section.report(key, message, "给这一列写 type = \"date\"。");
    }
}
