//! `status`: who owes what.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::args::{Common, Status, TableFormat};
use super::{Exit, output, site};
use crate::desk::drafts::DraftStanding;
use crate::desk::standing::{PeriodStanding, UnitStanding};
use crate::desk::status::{Asked, json, standing};
use crate::domain::dates::weekday;
use crate::domain::language::Language;
use crate::domain::program::Program;
use crate::jobs::notes::moment;

/// Prints the standing.
///
/// # Errors
/// Unknown programme or period, or the database is gone.
pub async fn run(common: &Common, options: &Status) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let asked = Asked {
        program: options.program.clone(),
        period: options.period.clone(),
    };
    let found = standing(&site, &asked).await?;
    let units = || found.iter().flat_map(|(_, found)| &found.units);
    let overdue = units().any(|unit| unit.behind);
    match options.format {
        TableFormat::Table => {
            for (program, found) in &found {
                output::text(&table(program, found));
            }
        }
        TableFormat::Json => output::text(&json(found.into_iter().map(|own| own.1), &asked)?),
    }
    for problem in site.problems() {
        eprintln!("{problem}");
    }
    Ok(if options.strict && overdue {
        Exit::NotWell
    } else {
        Exit::Well
    })
}

/// “草稿有3处问题，未报送”.
fn draft_words(draft: &DraftStanding) -> String {
    let what = if draft.nil {
        "草稿为零报告".to_owned()
    } else {
        format!("草稿{}行", draft.rows)
    };
    match draft.faults {
        0 => format!("{what}，未报送"),
        faults => format!("草稿有{faults}处问题，未报送"),
    }
}

/// A period as people read it.
fn table(program: &Program, found: &PeriodStanding) -> String {
    let tally = &found.tally;
    let mut text = format!(
        "{} {}\n  截止：{}\n  由来：{}\n  应报{} 已报{} 按时{} 迟报{} 退回待更正{} 未报{}{} 免报{}\n",
        found.name,
        found.label,
        due_words(program.language, found),
        found.due_reason,
        tally.expected,
        tally.received,
        tally.on_time,
        tally.late,
        tally.returned,
        tally.missing,
        match tally.unconfirmed {
            0 => String::new(),
            some => format!("（其中待确认{some}）"),
        },
        tally.exempt
    );
    text += &undecided(found);
    let rows: Vec<Vec<String>> = found.units.iter().map(|own| row(program.language, own)).collect();
    text += &output::table_text(
        &[
            "  单位",
            "状态",
            "首次收到",
            "通过",
            "版本",
            "退回",
            "编号",
            "说明",
        ],
        &rows,
    );
    if !found.waiting.is_empty() {
        text += "  等待处理：\n";
    }
    for file in &found.waiting {
        // Writing to a text can't fail.
        let _ = writeln!(text, "    #{} {} {}", file.id, file.verdict, file.lies_at);
    }
    text.push('\n');
    text
}

/// Items that nobody is known to lead.
fn undecided(found: &PeriodStanding) -> String {
    match found.undecided.len() {
        0 => String::new(),
        count => format!("  待明确{count}项：第{}项\n", found.undecided.join("、")),
    }
}

/// A unit's line in the table.
fn row(language: Language, own: &UnitStanding) -> Vec<String> {
    let time = |at: Option<DateTime<Tz>>| at.map(|at| moment(language, at)).unwrap_or_default();
    let draft = own.draft.as_ref().map(draft_words);
    vec![
        format!("  {}", own.name),
        own.state.label().to_owned(),
        time(own.first_received),
        time(own.accepted_at),
        own.versions.to_string(),
        own.times_returned.to_string(),
        own.last.map(|last| format!("#{last}")).unwrap_or_default(),
        {
            let parts = [Some(own.why.clone()), draft, own.items.clone()];
            parts.into_iter().flatten().collect::<Vec<_>>().join("；")
        },
    ]
}

/// The due date and the close, each with its weekday; 暂定 where it may still move.
fn due_words(language: Language, found: &PeriodStanding) -> String {
    let words = |at: DateTime<Tz>, provisional: bool| {
        format!(
            "{}（{}{}）",
            moment(language, at),
            weekday(language, at.date_naive()),
            if provisional { "，暂定" } else { "" }
        )
    };
    format!(
        "{}；{}关期",
        words(found.due, found.provisional),
        words(found.close, found.close_provisional)
    )
}
