//! Programmes, units, periods and files as people name them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{Days, NaiveDate};

use super::{Misuse, misuse};
use crate::domain::definition::Problem;
use crate::domain::identify::read_period;
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::language::worded;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::submission::Record;
use crate::domain::text::printable;
use crate::domain::words::FolderWords;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// The programme that was named, or the only one.
///
/// # Errors
/// None of that name, or several and none named.
pub fn program(site: &Site, named: Option<&str>) -> anyhow::Result<Arc<Program>> {
    let programs = site.programs();
    let ids = || {
        programs
            .iter()
            .map(|program| program.id.clone())
            .collect::<Vec<_>>()
            .join("、")
    };
    match named {
        Some(named) => programs
            .iter()
            .find(|program| program.id == named || program.name == named || program.folder == named)
            .cloned()
            .ok_or_else(|| {
                let problems: Vec<String> = site.problems().iter().map(Problem::to_string).collect();
                let why = if problems.is_empty() {
                    String::new()
                } else {
                    format!("\n{}", problems.join("\n"))
                };
                Misuse(format!("没有方案“{named}”，现有：{}{why}", ids())).into()
            }),
        None => match programs.as_slice() {
            [only] => Ok(only.clone()),
            [] => {
                let problems: Vec<String> = site.problems().iter().map(Problem::to_string).collect();
                Err(Misuse(format!("没有可用的方案\n{}", problems.join("\n"))).into())
            }
            _ => Err(Misuse(format!("有多个方案，请用 --program 指明：{}", ids())).into()),
        },
    }
}

/// The unit that was named.
///
/// # Errors
/// The roster has none of that name.
pub fn unit<'a>(program: &'a Program, named: &str) -> anyhow::Result<&'a Unit> {
    program
        .roster
        .unit(named)
        .or_else(|| program.roster.find(named))
        .ok_or_else(|| {
            let known: Vec<&str> = program
                .roster
                .units
                .iter()
                .map(|unit| unit.name.as_str())
                .collect();
            let language = program.language;
            Misuse(worded!(
                language,
                "名册里没有单位“{named}”，现有：{}",
                "the roster has no unit “{named}”, but: {}",
                known.join(language.either("、", ", "))
            ))
            .into()
        })
}

/// The unit that somebody named as letters and pages do, or by its id or any
/// other name.
///
/// # Errors
/// The roster has none of that name, or several.
pub fn unit_shown(program: &Program, named: &str) -> anyhow::Result<UnitId> {
    let named = named.trim();
    let shown = program
        .roster
        .units
        .iter()
        .filter(|own| own.display_name == named);
    let shown: Vec<&UnitId> = shown.map(|own| &own.id).collect();
    match shown.as_slice() {
        [only] => Ok((*only).clone()),
        [] => Ok(unit(program, named)?.id.clone()),
        several => {
            let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
            let language = program.language;
            misuse!(
                language,
                "有几个单位都叫“{named}”，请写编号：{}",
                "several units are called “{named}”; write an id: {}",
                ids.join(language.either("、", ", "))
            )
        }
    }
}

/// As [`period`], within what the programme asks for: from its first period,
/// or what was collected before, to a year from now.
///
/// # Errors
/// It lies outside; the words say the range.
pub fn owed_period(site: &Site, program: &Program, named: Option<&str>) -> anyhow::Result<Period> {
    let period = period(site, program, named)?;
    let cycle = &program.cycle;
    let today = site.clock.now().date_naive();
    let latest = cycle.at(today + FURTHEST).filter(|latest| cycle.owes(latest));
    let latest = latest.or_else(|| cycle.last.clone());
    let start = |period: &Period| cycle.span(period).map(|span| span.0);
    let too_far = latest
        .as_ref()
        .is_some_and(|latest| start(&period) > start(latest));
    if cycle.owes(&period) && !too_far {
        return Ok(period);
    }
    let label = |period: &Period| period_label(program, period);
    let language = site.language();
    let range = match (&cycle.first, &latest) {
        _ if !cycle.milestones.is_empty() => {
            let ids: Vec<&str> = cycle.milestones.iter().map(|own| own.id.as_str()).collect();
            ids.join(language.either("、", ", "))
        }
        (Some(first), Some(latest)) => {
            worded!(language, "{}至{}", "{} to {}", label(first), label(latest))
        }
        (Some(first), None) => worded!(language, "{}起", "from {} on", label(first)),
        (None, Some(latest)) => worded!(language, "至{}", "up to {}", label(latest)),
        (None, None) => String::new(),
    };
    misuse!(
        language,
        "“{}”没有{}这一期，可用的报告期：{range}",
        "“{}” has no period {}; there are: {range}",
        program.matter,
        label(&period)
    )
}

/// How far ahead something can be decided of a period.
const FURTHEST: Days = Days::new(366);

/// The period that was named, as file names may say it (2024-11, 2024年11月,
/// 11月份), or the open one.
///
/// # Errors
/// The words say none, or the programme doesn't know it.
pub fn period(site: &Site, program: &Program, named: Option<&str>) -> anyhow::Result<Period> {
    let (now, language) = (site.clock.now(), site.language());
    let Some(named) = named else {
        let open = program.open_period(&site.calendar(), now);
        let Some(open) = open else {
            misuse!(
                language,
                "方案 {} 现在没有报告期",
                "the programme {} has no period at present",
                program.id
            )
        };
        return Ok(open);
    };
    named_period(program, named, now.date_naive()).ok_or_else(|| {
        let example = program.cycle.at(now.date_naive());
        let example = example.map_or_else(|| "2024-11".to_owned(), |period| period.to_string());
        Misuse(worded!(
            language,
            "方案 {} 没有“{}”这个报告期，应写成 {example} 这样的",
            "the programme {} has no period “{}”; write it as in {example}",
            program.id,
            printable(named)
        ))
        .into()
    })
}

/// The period that words say; of one without a year the nearest to a day.
fn named_period(program: &Program, named: &str, near: NaiveDate) -> Option<Period> {
    let named = named.trim();
    let cycle = &program.cycle;
    let known = |period: &Period| cycle.span(period).is_some();
    let fits = |period: &Period| {
        known(period)
            && cycle
                .at(near)
                .is_none_or(|own| std::mem::discriminant(&own) == std::mem::discriminant(period))
    };
    let exact = named.parse().ok().filter(known);
    let milestone = || {
        let found = cycle.milestones.iter().find(|own| own.name == named);
        found.map(|own| Period::Milestone(own.id.clone()))
    };
    exact.or_else(milestone).or_else(|| {
        read_period(named, cycle, near)
            .map(|(period, _)| period)
            .filter(fits)
    })
}

/// The units of a name, with their programmes: of one programme, or of all.
///
/// # Errors
/// None bears it.
pub fn units_called(
    site: &Site,
    program: Option<&Program>,
    named: &str,
) -> anyhow::Result<BTreeSet<(ProgramId, UnitId)>> {
    of_programs(site, program, |program| Ok(unit(program, named)?.id.clone()))
}

/// The periods that words say, with their programmes: of one programme, or of all.
///
/// # Errors
/// They say none.
pub fn periods_called(
    site: &Site,
    program: Option<&Program>,
    named: &str,
) -> anyhow::Result<BTreeSet<(ProgramId, Period)>> {
    of_programs(site, program, |program| period(site, program, Some(named)))
}

/// What programmes give, with their ids; if none gives anything, why the first doesn't.
fn of_programs<I: Ord>(
    site: &Site,
    only: Option<&Program>,
    find: impl Fn(&Program) -> anyhow::Result<I>,
) -> anyhow::Result<BTreeSet<(ProgramId, I)>> {
    let mut found = BTreeSet::new();
    let mut fault = None;
    for program in site.programs() {
        if only.is_some_and(|only| only.id != program.id) {
            continue;
        }
        match find(&program) {
            Ok(id) => {
                found.insert((program.id.clone(), id));
            }
            Err(error) => fault = fault.or(Some(error)),
        }
    }
    match fault {
        Some(fault) if found.is_empty() => Err(fault),
        _ => Ok(found),
    }
}

/// The submission that was named by number, by path or by file name; the
/// newest where several fit.
///
/// # Errors
/// None fits, or the database is gone.
pub async fn submission(site: &Site, named: &str) -> anyhow::Result<Record> {
    if let Ok(id) = named.trim_start_matches('#').parse::<SubmissionId>()
        && let Some(record) = site.store.submission(id).await?
    {
        return Ok(record);
    }
    let relative = relative_to_share(site, Path::new(named));
    let records = site.store.all_submissions().await?;
    let by_path = records.iter().rev().find(|record| {
        relative.as_deref().is_some_and(|path| {
            record.placed.as_deref() == Some(path) || record.origin == path || marked_copy_of(record, path)
        })
    });
    let by_name = || {
        let name = Path::new(named).file_name()?.to_str()?;
        records.iter().rev().find(|record| {
            record.file_name == name
                || record
                    .placed
                    .as_deref()
                    .is_some_and(|path| path.rsplit('/').next() == Some(name))
                || marked_copy_of(record, name)
        })
    };
    by_path
        .or_else(by_name)
        .cloned()
        .ok_or_else(|| Misuse(format!("没有收到过“{named}”")).into())
}

/// Whether a path is the marked-up copy of a record's file.
fn marked_copy_of(record: &Record, path: &str) -> bool {
    let stem = |text: &str| {
        text.rsplit_once('.')
            .map_or(text.to_owned(), |(stem, _)| stem.to_owned())
    };
    FolderWords::marks().any(|mark| {
        stem(path).strip_suffix(mark).is_some_and(|original| {
            record.placed.as_deref().is_some_and(|placed| {
                let placed = stem(placed);
                placed == original || placed.rsplit('/').next() == Some(original)
            })
        })
    })
}

/// A path as the database knows it: relative to the watch root, with `/`.
#[must_use]
pub fn relative_to_share(site: &Site, path: &Path) -> Option<String> {
    let root = std::fs::canonicalize(&site.options.watch).ok()?;
    let full: PathBuf = match std::fs::canonicalize(path) {
        Ok(full) => full,
        // The file may have been moved already; its folder still tells.
        Err(_) if path.is_relative() && !path.starts_with(&site.options.watch) => root.join(path),
        Err(_) => std::fs::canonicalize(path.parent()?)
            .ok()?
            .join(path.file_name()?),
    };
    let relative = full.strip_prefix(&root).ok()?;
    Some(
        relative
            .iter()
            .map(|part| part.to_string_lossy())
            .collect::<Vec<_>>()
            .join("/"),
    )
}

/// Whether one of a programme is among those asked for; all are where none was named.
pub(super) fn among<I: PartialEq>(
    all: Option<&BTreeSet<(ProgramId, I)>>,
    program: Option<&ProgramId>,
    own: Option<&I>,
) -> bool {
    all.is_none_or(|all| {
        program
            .zip(own)
            .is_some_and(|(program, own)| all.iter().any(|(of, one)| (of, one) == (program, own)))
    })
}
