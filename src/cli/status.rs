//! `status`: who owes what.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::args::{Common, Status, TableFormat};
use super::{Exit, output, site};
use crate::desk::drafts::DraftStanding;
use crate::desk::named;
use crate::desk::standing::{ItemStanding, Lying, PeriodStanding, UnitStanding, periods, standings};
use crate::desk::times::written;
use crate::domain::dates::weekday;
use crate::domain::language::Language;
use crate::domain::obligation::State;
use crate::domain::program::Program;
use crate::jobs::notes::moment;

#[derive(Debug, Serialize)]
struct Report {
    program: String,
    period: String,
    due: String,
    /// The date before it was moved, `2026-04-05`.
    due_nominal: String,
    /// How the due date came about, in the programme's language.
    due_reason: String,
    provisional: bool,
    close: String,
    close_provisional: bool,
    expected: u32,
    received: u32,
    on_time: u32,
    late: u32,
    returned: u32,
    missing: u32,
    /// Of those missing: a file waits for the office to confirm it.
    unconfirmed: u32,
    exempt: u32,
    units: Vec<UnitLine>,
    /// Items of a register with each of those who owe rows of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemStanding>,
}

#[derive(Debug, Serialize)]
struct UnitLine {
    unit: String,
    state: State,
    first_received: Option<String>,
    accepted_at: Option<String>,
    versions: u32,
    times_returned: u32,
    /// Why a file of it has to be confirmed before it counts; none where none waits.
    unconfirmed: Option<String>,
    /// Why the state is what it is, in the programme's language.
    why: String,
    draft: Option<DraftStanding>,
}

/// Prints the standing.
///
/// # Errors
/// Unknown programme or period, or the database is gone.
pub async fn run(common: &Common, options: &Status) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let programs = match &options.program {
        Some(named) => vec![named::program(&site, Some(named))?],
        None => site.programs(),
    };
    let lying = Arc::new(Lying::of(&site).await?);
    let mut parts = Vec::new();
    for program in programs {
        let named = options.period.as_deref();
        let named = named.map(|named| named::period(&site, &program, Some(named)));
        let named = named.transpose()?;
        let (site, lying) = (site.clone(), lying.clone());
        // Programmes side by side, the periods of each in their order: each
        // goes on from what was accepted before it.
        parts.push(tokio::spawn(async move {
            let periods = match named {
                Some(period) => vec![period],
                None => periods(&site, &program, &lying).await?,
            };
            let found = standings(&site, &program, &periods, &lying).await?;
            anyhow::Ok((program, found))
        }));
    }
    let mut reports = Vec::new();
    let mut overdue = false;
    for part in parts {
        let (program, found) = part.await??;
        for found in found {
            overdue |= found.units.iter().any(|unit| unit.behind);
            match options.format {
                TableFormat::Table => output::text(&table(&program, &found)),
                TableFormat::Json => reports.push(Report::of(found)),
            }
        }
    }
    if options.format == TableFormat::Json {
        match (&options.period, reports.as_slice()) {
            (Some(_), [only]) => output::json(only)?,
            _ => output::json(&reports)?,
        }
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

impl Report {
    fn of(found: PeriodStanding) -> Self {
        let tally = found.tally;
        Self {
            program: found.program.to_string(),
            period: found.period.to_string(),
            due: written(found.due),
            due_nominal: found.due_nominal.to_string(),
            due_reason: found.due_reason,
            provisional: found.provisional,
            close: written(found.close),
            close_provisional: found.close_provisional,
            expected: tally.expected,
            received: tally.received,
            on_time: tally.on_time,
            late: tally.late,
            returned: tally.returned,
            missing: tally.missing,
            unconfirmed: tally.unconfirmed,
            exempt: tally.exempt,
            units: found.units.into_iter().map(UnitLine::of).collect(),
            items: found.items,
        }
    }
}

impl UnitLine {
    fn of(own: UnitStanding) -> Self {
        Self {
            unit: own.name,
            state: own.state,
            first_received: own.first_received.map(written),
            accepted_at: own.accepted_at.map(written),
            versions: own.versions,
            times_returned: own.times_returned,
            unconfirmed: own.unconfirmed,
            why: own.why,
            draft: own.draft,
        }
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
