//! `[deadline]`: by when.

use chrono::NaiveTime;

use crate::domain::calendar::Roll;
use crate::domain::definition::Section;
use crate::domain::ids::ProgramId;
use crate::domain::period::{Cycle, CycleKind};
use crate::domain::program::{Deadline, DueRule};

/// The keys whose default holds when they are not written. No document fixes
/// a default, so these count as assumed.
pub const DEFAULTED: [&str; 5] = ["time", "roll", "close_after", "close_time", "grace"];

#[derive(Clone, Copy, PartialEq)]
enum Rule {
    AfterPeriod,
    InPeriod,
    OnDate,
    AfterProgram,
}

/// Reads the section.
pub fn read(root: &Section<'_>, cycle: &Cycle) -> Deadline {
    let section = root.section("deadline");
    let rolls = [
        ("postpone", Roll::Postpone),
        ("postpone-holiday-only", Roll::PostponeHolidayOnly),
        ("advance", Roll::Advance),
        ("none", Roll::None),
    ];
    let time = section.time("time").unwrap_or_else(end_of_work);
    Deadline {
        rule: rule(&section, cycle.kind),
        time,
        roll: section.choice("roll", &rolls).unwrap_or(Roll::Postpone),
        close_after: section.integer("close_after", 0..=250).unwrap_or(7),
        close_time: section.time("close_time").unwrap_or_else(end_of_work),
        grace: section.integer("grace", 0..=60).unwrap_or(3),
        first_within: first_within(&section, cycle.kind),
        after: after(&section),
    }
    .checked(&section)
}

impl Deadline {
    fn checked(self, section: &Section<'_>) -> Self {
        if self.close_after == 0 && self.close_time < self.time {
            section.report(
                "close_time",
                "关期时刻早于截止时刻。",
                "close_after = 0 时，close_time 应不早于 time。",
            );
        }
        self
    }
}

fn end_of_work() -> NaiveTime {
    NaiveTime::from_hms_opt(17, 30, 0).unwrap_or_default()
}

/// The programme that this one waits for.
fn after(section: &Section<'_>) -> Option<ProgramId> {
    let waits = section.text("rule").as_deref() == Some("after-program");
    let named = section.text("program").filter(|id| !id.is_empty());
    if waits && named.is_none() && !section.has("program") {
        section.missing("program", "\"xinhui-reports\"");
    } else if !waits && section.has("program") {
        let remedy = "写 rule = \"after-program\"，或删去 program。";
        section.report("program", "只有等下级报齐的才写 program。", remedy);
    }
    let id = ProgramId::new(&named?);
    if id.is_err() {
        section.report("program", "写的不是方案的编号。", "写另一个方案的 id。");
    }
    id.ok()
}

/// Working days from go-live within which the first list is due.
fn first_within(section: &Section<'_>, kind: CycleKind) -> u32 {
    let days = section.integer("first_within", 1..=250);
    if kind != CycleKind::OnChange && section.has("first_within") {
        let message = "只有变动即报的名单才有 first_within。";
        section.report("first_within", message, "删去这一行。");
    }
    days.unwrap_or(10)
}

fn rule(section: &Section<'_>, kind: CycleKind) -> DueRule {
    let rules = [
        ("day-after-period", Rule::AfterPeriod),
        ("day-in-period", Rule::InPeriod),
        ("on-date", Rule::OnDate),
        ("after-program", Rule::AfterProgram),
    ];
    let dated = matches!(kind, CycleKind::Once | CycleKind::Milestones);
    let written = section.choice("rule", &rules);
    let day = match written {
        Some(Rule::InPeriod) => section.integer("day", 1..=31),
        _ => section.integer("day", 1..=366),
    };
    if kind == CycleKind::OnChange {
        if section.has("rule") {
            section.report(
                "rule",
                "变动即报的名单一年确认一次，不写 rule。",
                "删去 rule；day 写当年第几日以前确认，例如 31（1月31日）。",
            );
        }
        return DueRule::DayOfYear(day.unwrap_or(31));
    }
    if written == Some(Rule::AfterProgram) {
        return DueRule::AfterProgram(day.unwrap_or(10));
    }
    match (written, dated) {
        (None, true) if !section.has("rule") => return DueRule::OnDate,
        (None, false) if !section.has("rule") => section.missing("rule", "\"day-after-period\""),
        (Some(Rule::AfterPeriod | Rule::InPeriod), true) => section.report(
            "rule",
            "一次性报送和按里程碑报送按写明的日期截止。",
            "写 rule = \"on-date\"，并删去 day。",
        ),
        (Some(Rule::OnDate), false) => section.report(
            "rule",
            "按期报送不能写 on-date。",
            "写 rule = \"day-after-period\"（期后第几日）或 \"day-in-period\"（期末当月几日）。",
        ),
        (Some(Rule::OnDate), true) if section.has("day") => {
            section.report("day", "写明日期的截止不用 day。", "删去 day。");
        }
        _ => {}
    }
    if !dated && !section.has("day") {
        section.missing("day", "5");
    }
    match written {
        Some(Rule::OnDate) => DueRule::OnDate,
        Some(Rule::InPeriod) => DueRule::DayInPeriod(day.unwrap_or(1)),
        _ => DueRule::DayAfterPeriod(day.unwrap_or(1)),
    }
}
