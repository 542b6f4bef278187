//! `status`: who owes what.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::args::{Common, Status, TableFormat};
use super::{Exit, output, site};
use crate::domain::dates::weekday;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{Obligation, State, grace, tally};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::{moment, period_label};
use crate::jobs::obligations::{self, Standing};
use crate::jobs::site::Site;
use crate::store::{Draft, Record};

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
    draft: Option<DraftLine>,
}

/// What a unit has saved for the period without handing it in.
#[derive(Debug, Serialize)]
struct DraftLine {
    rows: u32,
    nil: bool,
    faults: u32,
}

/// Prints the standing.
///
/// # Errors
/// Unknown programme or period, or the database is gone.
pub async fn run(common: &Common, options: &Status) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let programs = match &options.program {
        Some(named) => vec![site::program(&site, Some(named))?],
        None => site.programs(),
    };
    // Once for all periods: it speaks of files that nobody could place.
    let waiting = Arc::new(site.store.waiting().await?);
    let mut parts = Vec::new();
    for program in &programs {
        let periods = match &options.period {
            Some(named) => vec![site::period(&site, program, Some(named))?],
            None => with_drafts(&site, program, obligations::periods(&site, program).await?).await?,
        };
        // A long history has dozens of periods; they are worked out side by side.
        parts.extend(periods.into_iter().map(|period| {
            let (site, program, waiting) = (site.clone(), program.clone(), waiting.clone());
            let format = options.format;
            tokio::spawn(async move { part(&site, &program, &period, &waiting, format).await })
        }));
    }
    let mut reports = Vec::new();
    let mut overdue = false;
    for part in parts {
        let Some(part) = part.await?? else {
            continue;
        };
        overdue |= part.overdue;
        match part.said {
            Said::Table(text) => output::text(&text),
            Said::Report(report) => reports.push(*report),
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

/// What is said about a period.
struct Part {
    overdue: bool,
    said: Said,
}

enum Said {
    Table(String),
    Report(Box<Report>),
}

/// Works out a period; none for one that the programme doesn't know.
async fn part(
    site: &Site,
    program: &Program,
    period: &Period,
    waiting: &[Record],
    format: TableFormat,
) -> anyhow::Result<Option<Part>> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(None);
    };
    let drafts = drafts(site, program, &standing).await?;
    Ok(Some(Part {
        overdue: standing
            .obligations
            .iter()
            .any(|own| is_behind(program, &standing, own)),
        said: match format {
            TableFormat::Table => Said::Table(table(site, program, &standing, &drafts, waiting)),
            TableFormat::Json => Said::Report(Box::new(report(site, program, &standing, &drafts))),
        },
    }))
}

/// Whether a unit is behind: nothing has come, or what came back to it wasn't
/// corrected within its grace.
fn is_behind(program: &Program, standing: &Standing, own: &Obligation) -> bool {
    let versions = standing.submissions.get(&own.unit).map_or(&[][..], Vec::as_slice);
    match own.state {
        State::Overdue => true,
        State::Returned => {
            let grace = grace(program, &standing.due, versions, &standing.calendar);
            grace.is_none_or(|grace| grace.until < standing.now.to_utc())
        }
        _ => false,
    }
}

/// The periods, with those for which units have saved something, oldest first.
async fn with_drafts(
    site: &Site,
    program: &Program,
    mut periods: Vec<Period>,
) -> anyhow::Result<Vec<Period>> {
    for saved in site.store.all_checked().await? {
        if saved.filled && saved.program == program.id && !periods.contains(&saved.period) {
            periods.push(saved.period);
        }
    }
    periods.sort_by_key(|period| program.cycle.span(period).map(|span| span.0));
    Ok(periods)
}

/// Drafts of units that still owe the period, by unit: the one saved last, as
/// long as nothing was handed in since.
async fn drafts(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<HashMap<UnitId, Draft>> {
    let mut drafts: HashMap<UnitId, Draft> = HashMap::new();
    for draft in site.store.drafts(&program.id, &standing.period).await? {
        drafts.insert(draft.file.unit.clone(), draft);
    }
    drafts.retain(|unit, _| {
        let own = standing.of(unit);
        own.is_some_and(|own| {
            !matches!(
                own.state,
                State::Accepted | State::AcceptedLate | State::Nil | State::Exempt
            )
        })
    });
    Ok(drafts)
}

/// Why a unit stands where it stands.
fn why(site: &Site, program: &Program, standing: &Standing, own: &Obligation) -> String {
    let reasons = site.reasons(program.language);
    reasons.why(&standing.why(program, own), site.clock.zone())
}

/// “草稿有3处问题，未报送”.
fn draft_words(draft: &Draft) -> String {
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

fn report(site: &Site, program: &Program, standing: &Standing, drafts: &HashMap<UnitId, Draft>) -> Report {
    let tally = tally(&standing.obligations);
    let zone = site.clock.zone();
    let reasons = site.reasons(program.language);
    let written = |at: DateTime<Tz>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
    let instant = |at: Option<DateTime<Utc>>| at.map(|at| written(at.with_timezone(&zone)));
    let due = &standing.due;
    Report {
        program: program.id.to_string(),
        period: standing.period.to_string(),
        due: written(due.at),
        due_nominal: due.nominal.to_string(),
        due_reason: reasons.due(program, due, &standing.calendar),
        provisional: due.provisional,
        close: written(due.close),
        close_provisional: due.close_provisional,
        expected: tally.expected,
        received: tally.received,
        on_time: tally.on_time,
        late: tally.late,
        returned: tally.returned,
        missing: tally.missing,
        unconfirmed: tally.unconfirmed,
        exempt: tally.exempt,
        units: standing
            .obligations
            .iter()
            .map(|own| UnitLine {
                unit: name(program, own).to_owned(),
                state: own.state,
                first_received: instant(own.first_received),
                accepted_at: instant(own.accepted_at),
                versions: own.versions,
                times_returned: own.times_returned,
                unconfirmed: own.unconfirmed.as_ref().map(|own| own.reason.clone()),
                why: why(site, program, standing, own),
                draft: drafts.get(&own.unit).map(|draft| DraftLine {
                    rows: draft.rows,
                    nil: draft.nil,
                    faults: draft.faults,
                }),
            })
            .collect(),
    }
}

fn name<'a>(program: &'a Program, obligation: &'a Obligation) -> &'a str {
    program
        .roster
        .unit(&obligation.unit)
        .map_or(obligation.unit.as_str(), |unit| unit.name.as_str())
}

/// A period as people read it.
fn table(
    site: &Site,
    program: &Program,
    standing: &Standing,
    drafts: &HashMap<UnitId, Draft>,
    waiting: &[Record],
) -> String {
    let tally = tally(&standing.obligations);
    let reasons = site.reasons(program.language);
    let mut text = format!(
        "{} {}\n  截止：{}\n  由来：{}\n  应报{} 已报{} 按时{} 迟报{} 退回待更正{} 未报{}{} 免报{}\n",
        program.name,
        period_label(program, &standing.period),
        due_words(program, standing),
        reasons.due(program, &standing.due, &standing.calendar),
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
    let rows: Vec<Vec<String>> = standing
        .obligations
        .iter()
        .map(|own| row(site, program, standing, drafts, own))
        .collect();
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
    let mut waiting = waiting
        .iter()
        .filter(|record| record.program == program.id)
        .peekable();
    if waiting.peek().is_some() {
        text += "  等待处理：\n";
    }
    for record in waiting {
        let label = site.messages(program.language).verdict(record.verdict);
        let lies_at = record.placed.as_ref().unwrap_or(&record.origin);
        // Writing to a text can't fail.
        let _ = writeln!(text, "    #{} {label} {lies_at}", record.id);
    }
    text.push('\n');
    text
}

/// A unit's line in the table.
fn row(
    site: &Site,
    program: &Program,
    standing: &Standing,
    drafts: &HashMap<UnitId, Draft>,
    own: &Obligation,
) -> Vec<String> {
    let zone = site.clock.zone();
    let time = |at: Option<DateTime<Utc>>| {
        at.map(|at| moment(program.language, at.with_timezone(&zone)))
            .unwrap_or_default()
    };
    let versions = standing.submissions.get(&own.unit).map_or(&[][..], Vec::as_slice);
    let last = versions.last();
    let mut why = why(site, program, standing, own);
    if let Some(draft) = drafts.get(&own.unit) {
        why = format!("{why}；{}", draft_words(draft));
    }
    vec![
        format!("  {}", name(program, own)),
        own.state.label().to_owned(),
        time(own.first_received),
        time(own.accepted_at),
        own.versions.to_string(),
        own.times_returned.to_string(),
        last.map(|last| format!("#{}", last.id)).unwrap_or_default(),
        why,
    ]
}

/// The due date and the close, each with its weekday; 暂定 where it may still move.
fn due_words(program: &Program, standing: &Standing) -> String {
    let due = &standing.due;
    let words = |at: DateTime<Tz>, provisional: bool| {
        format!(
            "{}（{}{}）",
            moment(program.language, at),
            weekday(program.language, at.date_naive()),
            if provisional { "，暂定" } else { "" }
        )
    };
    format!(
        "{}；{}关期",
        words(due.at, due.provisional),
        words(due.close, due.close_provisional)
    )
}
