//! `trial`, `[ladder]`, `[[ladder.step]]`: who hears what when a duty is unmet.

use std::collections::BTreeSet;

use crate::domain::definition::Section;
use crate::domain::ladder::{
    Approval, Kind, Ladder, Mode, Role, Step, Trigger, default_steps, praise_step, step_time,
};
use crate::domain::period::CycleKind;
use crate::domain::program::Form;
use crate::domain::roster::Roster;

/// Words for the roles of recipients.
const ROLES: [(&str, Role); 9] = [
    ("liaison", Role::Liaison),
    ("head", Role::Head),
    ("leader", Role::Leader),
    ("coordinating", Role::Coordinating),
    ("office", Role::Office),
    ("office-head", Role::OfficeHead),
    ("group-head", Role::GroupHead),
    ("supervision", Role::Supervision),
    ("all-units", Role::AllUnits),
];

/// Kinds that a step can make; the others answer to something that happened.
const KINDS: [Kind; 13] = [
    Kind::Reminder,
    Kind::DueToday,
    Kind::FirstChase,
    Kind::SecondChase,
    Kind::Escalation,
    Kind::Report,
    Kind::Bulletin,
    Kind::Talk,
    Kind::Criticism,
    Kind::Target,
    Kind::Expiry,
    Kind::Consolidated,
    Kind::Praise,
];

/// Reads the ladder; the default one where no step is written.
pub fn read(
    root: &Section<'_>,
    forms: &[Form],
    targets: bool,
    (roster, kind): (&Roster, CycleKind),
) -> Ladder {
    let section = root.section("ladder");
    let approvals = [
        ("none", Approval::None),
        ("leaders", Approval::Leaders),
        ("all", Approval::All),
    ];
    let sections = section.sections("step");
    let mut ids = BTreeSet::new();
    let mut steps: Vec<Step> = sections.iter().map(|own| step(own, forms, &mut ids)).collect();
    // Beside what its own document says a programme may have the default ladder.
    let with_default = section.boolean("default").unwrap_or(false);
    if steps.is_empty() || with_default {
        let mut all = default_steps();
        all.retain(|step| targets || step.trigger != Trigger::Targets);
        all.retain(|step| !forms.is_empty() || step.kind != Kind::Consolidated);
        // Where the roster has no leaders nobody stands above the units.
        let above = |step: &Step| step.kind != Kind::Report && step.to == [Role::Leader];
        all.retain(|step| !(roster.leaders.is_empty() && above(step)));
        // A list that is kept on change has no result of a period.
        all.retain(|step| kind != CycleKind::OnChange || step.trigger != Trigger::Close);
        for own in &steps {
            if all.iter().any(|step| step.id == own.id) {
                let message = format!("步骤“{}”与默认的一步同名。", own.id);
                section.report(
                    "default",
                    message,
                    "换一个 id；要改默认的一步，把各步都写出来，不写 default。",
                );
            }
        }
        all.extend(steps);
        steps = all;
    }
    let flag = |key: &str| section.boolean(key).unwrap_or(false);
    let praise = flag("praise");
    if praise && steps.iter().all(|step| step.kind != Kind::Praise) {
        steps.push(praise_step());
    }
    Ladder {
        steps,
        approval: section.choice("approval", &approvals).unwrap_or(Approval::None),
        trial: root.boolean("trial").unwrap_or(false),
        receipts: flag("receipts"),
        praise,
        attach: flag("attach"),
    }
}

fn step(section: &Section<'_>, forms: &[Form], ids: &mut BTreeSet<String>) -> Step {
    let id = section.required_text("id", "first-chase");
    if !id.is_empty() && !ids.insert(id.clone()) {
        section.report("id", format!("步骤“{id}”写了两次。"), "各步的 id 各不相同。");
    }
    let kinds: Vec<(&str, Kind)> = KINDS.iter().map(|kind| (kind.as_str(), *kind)).collect();
    if !section.has("kind") {
        section.missing("kind", "\"first-chase\"");
    }
    let kind = section.choice("kind", &kinds).unwrap_or(Kind::Reminder);
    let mode = section.choice("mode", &modes()).unwrap_or(Mode::Auto);
    if kind.is_document() && mode == Mode::Auto && section.has("mode") {
        section.report(
            "mode",
            "情况报告、通报、约谈和通报批评的建议不能自动发出。",
            "写 mode = \"draft\"，由人核准后发出。",
        );
    }
    let trigger = trigger(section, forms);
    if kind == Kind::Praise && trigger != Trigger::Close {
        section.report(
            "when",
            "表扬只能在关期时作出：之前还不知道谁按时报送。",
            "写 when = \"close\"。",
        );
    }
    let to = roles(section, "to");
    if to.is_empty() && mode != Mode::Never {
        section.missing("to", "[\"liaison\"]");
    }
    Step {
        id,
        kind,
        trigger,
        time: section.time("time").unwrap_or_else(step_time),
        to,
        cc: roles(section, "cc"),
        mode,
    }
}

/// Words for how a letter goes out.
pub fn modes() -> [(&'static str, Mode); 3] {
    [
        ("auto", Mode::Auto),
        ("draft", Mode::Draft),
        ("never", Mode::Never),
    ]
}

/// Reads whom a step names.
pub fn roles(section: &Section<'_>, key: &str) -> Vec<Role> {
    let mut found = Vec::new();
    for word in section.texts(key).unwrap_or_default() {
        if let Some((_, role)) = ROLES.iter().find(|(own, _)| *own == word) {
            found.push(*role);
        } else {
            let all: Vec<&str> = ROLES.iter().map(|(own, _)| *own).collect();
            section.report(
                key,
                format!("“{word}”不是收件人。"),
                format!("可以写：{}。", all.join("、")),
            );
        }
    }
    found
}

#[derive(Clone, Copy, PartialEq)]
enum When {
    Before,
    On,
    After,
    Close,
    Missed,
    Value,
    Lagging,
    Targets,
}

fn trigger(section: &Section<'_>, forms: &[Form]) -> Trigger {
    let whens = [
        ("before", When::Before),
        ("on", When::On),
        ("after", When::After),
        ("close", When::Close),
        ("missed", When::Missed),
        ("value", When::Value),
        ("lagging", When::Lagging),
        ("targets", When::Targets),
    ];
    if !section.has("when") {
        section.missing("when", "\"after\"");
    }
    let when = section.choice("when", &whens).unwrap_or(When::On);
    let calendar = section.integer("calendar_days", 1..=400);
    if when != When::Before && section.has("calendar_days") {
        section.report(
            "calendar_days",
            "只有 before 才按日历天数。",
            "写 when = \"before\"，或改写 days（工作日）。",
        );
    } else if let Some(days) = calendar {
        return Trigger::Calendar(days);
    }
    let days = section.integer("days", 1..=250);
    if matches!(when, When::Before | When::After) && days.is_none() && !section.has("days") {
        section.missing("days", "3");
    } else if !matches!(when, When::Before | When::After) && section.has("days") {
        section.report("days", "只有 before 和 after 才写天数。", "删去 days。");
    }
    let days = days.and_then(|days| i32::try_from(days).ok()).unwrap_or(1);
    let periods = section.integer("periods", 1..=24);
    match when {
        When::Before => Trigger::Days(-days),
        When::On => Trigger::Days(0),
        When::After => Trigger::Days(days),
        When::Close => Trigger::Close,
        When::Missed => Trigger::Missed(periods.unwrap_or(2)),
        When::Targets => Trigger::Targets,
        When::Value | When::Lagging => {
            let column = section.required_text("column", "status");
            let known = forms
                .iter()
                .flat_map(|form| &form.sheets)
                .any(|sheet| sheet.column(&column).is_some());
            if !column.is_empty() && !known {
                section.report(
                    "column",
                    format!("表样没有 key 为“{column}”的列。"),
                    "写列的 key。",
                );
            }
            let value = section.required_text("value", "严重滞后");
            match when {
                When::Lagging => Trigger::Lagging {
                    column,
                    value,
                    periods: periods.unwrap_or(2),
                },
                _ => Trigger::Value { column, value },
            }
        }
    }
}
