//! `status`: who owes what.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::args::{Common, Status, TableFormat};
use super::{Exit, output, site};
use crate::domain::dates::weekday;
use crate::domain::obligation::{Obligation, State, tally};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::{moment, period_label};
use crate::jobs::obligations::{self, Standing};
use crate::jobs::site::Site;
use crate::store::Draft;

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
    let mut reports = Vec::new();
    let mut overdue = false;
    for program in &programs {
        let periods = match &options.period {
            Some(named) => vec![site::period(&site, program, Some(named))?],
            None => with_drafts(&site, program, obligations::periods(&site, program).await?).await?,
        };
        for period in periods {
            let Some(standing) = obligations::standing(&site, program, &period).await? else {
                continue;
            };
            overdue |= standing.obligations.iter().any(|own| own.state == State::Overdue);
            let drafts = drafts(&site, program, &standing).await?;
            if options.format == TableFormat::Table {
                print(&site, program, &standing, &drafts).await?;
            }
            reports.push(report(&site, program, &standing, &drafts));
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
) -> anyhow::Result<HashMap<String, Draft>> {
    let mut drafts: HashMap<String, Draft> = HashMap::new();
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

fn report(site: &Site, program: &Program, standing: &Standing, drafts: &HashMap<String, Draft>) -> Report {
    let tally = tally(&standing.obligations);
    let zone = site.clock.zone();
    let reasons = site.reasons(program.language);
    let written = |at: DateTime<Tz>| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
    let instant = |at: Option<DateTime<Utc>>| at.map(|at| written(at.with_timezone(&zone)));
    let due = &standing.due;
    Report {
        program: program.id.clone(),
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
                why: reasons.why(&standing.why(program, own), zone),
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

async fn print(
    site: &Site,
    program: &Program,
    standing: &Standing,
    drafts: &HashMap<String, Draft>,
) -> anyhow::Result<()> {
    let tally = tally(&standing.obligations);
    say!("{} {}", program.name, period_label(program, &standing.period));
    say!("  截止：{}", due_words(program, standing));
    say!(
        "  由来：{}",
        site.reasons(program.language)
            .due(program, &standing.due, &standing.calendar)
    );
    say!(
        "  应报{} 已报{} 按时{} 迟报{} 退回待更正{} 未报{} 免报{}",
        tally.expected,
        tally.received,
        tally.on_time,
        tally.late,
        tally.returned,
        tally.missing,
        tally.exempt
    );
    let zone = site.clock.zone();
    let time = |at: Option<DateTime<Utc>>| {
        at.map(|at| moment(program.language, at.with_timezone(&zone)))
            .unwrap_or_default()
    };
    let rows: Vec<Vec<String>> = standing
        .obligations
        .iter()
        .map(|own| {
            let versions = standing.submissions.get(&own.unit).map_or(&[][..], Vec::as_slice);
            let last = versions
                .last()
                .map(|last| format!("#{}", last.id))
                .unwrap_or_default();
            let mut why = vec![
                site.reasons(program.language)
                    .why(&standing.why(program, own), zone),
            ];
            why.extend(drafts.get(&own.unit).map(draft_words));
            let why = why.join("；");
            vec![
                format!("  {}", name(program, own)),
                own.state.label().to_owned(),
                time(own.first_received),
                time(own.accepted_at),
                own.versions.to_string(),
                own.times_returned.to_string(),
                last,
                why,
            ]
        })
        .collect();
    output::table(
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
    let waiting: Vec<_> = site
        .store
        .waiting()
        .await?
        .into_iter()
        .filter(|record| record.program == program.id)
        .collect();
    if !waiting.is_empty() {
        say!("  等待处理：");
        for record in waiting {
            let label = site.messages(program.language).verdict(record.verdict);
            say!(
                "    #{} {label} {}",
                record.id,
                record.placed.unwrap_or(record.origin)
            );
        }
    }
    say!();
    Ok(())
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
