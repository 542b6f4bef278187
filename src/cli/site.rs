//! Opening the site that a command works on.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::Days;

use super::Misuse;
use super::args::Common;
use crate::config::Config;
use crate::domain::period::{CycleKind, Period};
use crate::domain::program::{Problem, Program};
use crate::domain::roster::Unit;
use crate::domain::words::FolderWords;
use crate::jobs::clock::Clock;
use crate::jobs::notes::period_label;
use crate::jobs::recover::lost;
use crate::jobs::site::{Options, Site};
use crate::store::{DAEMON, Record, Store};

/// Reads the configuration and opens the site.
///
/// # Errors
/// Wrong configuration, or the site can't be opened, or its database was lost.
pub async fn open(common: &Common) -> anyhow::Result<Arc<Site>> {
    let site = open_as_it_is(common).await?;
    match lost::in_words(&site).await? {
        Some(words) => Err(Misuse(words).into()),
        None => Ok(site),
    }
}

/// As [`open`], for a command that decides something: not on a database that
/// was restored and has yet to be compared with the share.
///
/// # Errors
/// See [`open`]; the database is older than the share, as far as is known.
pub async fn open_to_act(common: &Common) -> anyhow::Result<Arc<Site>> {
    let site = open(common).await?;
    if site.options.by.is_empty() {
        let words = "不知道是谁在操作（系统没有给出登录名），请加 --by 姓名";
        return Err(Misuse(words.into()).into());
    }
    if site.store.meta(Store::OLDER).await?.is_some() {
        let words = "数据库刚从备份恢复，还没有对照共享文件夹补登，现在作的决定可能落在旧的记录上。\
                     请先运行 taizhang run（或 run --once），看过 output/恢复情况.txt 再办";
        return Err(Misuse(words.into()).into());
    }
    Ok(site)
}

/// As [`open`], also where the database was lost.
///
/// # Errors
/// Wrong configuration, or the site can't be opened.
pub async fn open_as_it_is(common: &Common) -> anyhow::Result<Arc<Site>> {
    let (options, clock) = options(common)?;
    Ok(opened(Site::open(options, clock).await?))
}

/// The databases that this command has opened.
static OPENED: Mutex<Vec<Store>> = Mutex::new(Vec::new());

/// How long what is still under way may keep a database open at the end.
const CLOSING: Duration = Duration::from_secs(5);

/// A site whose database is closed when the command ends.
pub fn opened(site: Site) -> Arc<Site> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.push(site.store.clone());
    Arc::new(site)
}

/// Closes what this command has opened, so that one file is all there is of a
/// database when nobody works with it: who copies it by hand copies all of it.
pub async fn close() {
    let opened = std::mem::take(&mut *OPENED.lock().unwrap_or_else(PoisonError::into_inner));
    for store in opened {
        // What is left open is read from the log beside the file next time.
        let _ = tokio::time::timeout(CLOSING, store.close()).await;
    }
}

/// What the site is run with and the clock that it goes by, without opening it.
///
/// # Errors
/// Wrong configuration.
pub fn options(common: &Common) -> anyhow::Result<(Options, Clock)> {
    let config = load(&common.config)?;
    let zone = config.site.zone;
    let mut options = crate::daemon::options(&config);
    if let Some(by) = &common.by {
        options.by.clone_from(by);
    }
    options.by = options.by.trim().to_owned();
    if options.by == DAEMON {
        // A user of that name; entries under the bare name are the daemon's own.
        options.by.push_str("（命令）");
    }
    let clock = match common.now {
        Some(now) => Clock::standing(zone, now.to_utc()),
        None => Clock::system(zone),
    };
    Ok((options, clock))
}

/// As [`open`], but leaves nothing behind where no site has run yet.
///
/// # Errors
/// See [`open`].
pub async fn open_to_look(common: &Common) -> anyhow::Result<(Arc<Site>, Option<tempfile::TempDir>)> {
    let config = load(&common.config)?;
    let zone = config.site.zone;
    let mut options: Options = crate::daemon::options(&config);
    let mut scratch = None;
    if !options.database.exists() {
        if let Some(words) = lost::without_database(&options, zone) {
            return Err(Misuse(words).into());
        }
        let folder = tempfile::tempdir()?;
        options.data = folder.path().into();
        options.database = folder.path().join("taizhang.sqlite3");
        scratch = Some(folder);
    }
    let clock = match common.now {
        Some(now) => Clock::standing(zone, now.to_utc()),
        None => Clock::system(zone),
    };
    let site = opened(Site::open(options, clock).await?);
    if scratch.is_none()
        && let Some(words) = lost::in_words(&site).await?
    {
        return Err(Misuse(words).into());
    }
    Ok((site, scratch))
}

fn load(path: &Path) -> anyhow::Result<Config> {
    Config::load(path).map_err(|error| Misuse(error.to_string()).into())
}

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
            Misuse(format!("名册里没有单位“{named}”，现有：{}", known.join("、"))).into()
        })
}

/// As [`period`], within what the programme asks for: from its first period,
/// or what was collected before, to a year from now.
///
/// # Errors
/// It lies outside; the words say the range.
pub fn owed_period(site: &Site, program: &Program, named: Option<&Period>) -> anyhow::Result<Period> {
    let period = period(site, program, named)?;
    let cycle = &program.cycle;
    let today = site.clock.now().date_naive();
    let latest = cycle.at(today + FURTHEST).filter(|latest| cycle.owes(latest));
    let latest = latest.or_else(|| cycle.last.clone());
    let start = |period: &Period| cycle.span(period).map(|span| span.0);
    let too_far = latest
        .as_ref()
        .is_some_and(|latest| start(&period) > start(latest));
    if cycle.kind == CycleKind::OnChange || (cycle.owes(&period) && !too_far) {
        return Ok(period);
    }
    let label = |period: &Period| period_label(program, period);
    let range = match (&cycle.first, &latest) {
        _ if !cycle.milestones.is_empty() => {
            let ids: Vec<&str> = cycle.milestones.iter().map(|own| own.id.as_str()).collect();
            ids.join("、")
        }
        (Some(first), Some(latest)) => format!("{}至{}", label(first), label(latest)),
        (Some(first), None) => format!("{}起", label(first)),
        (None, Some(latest)) => format!("至{}", label(latest)),
        (None, None) => String::new(),
    };
    Err(Misuse(format!(
        "“{}”没有{}这一期，可用的报告期：{range}",
        program.matter,
        label(&period)
    ))
    .into())
}

/// How far ahead something can be decided of a period.
const FURTHEST: Days = Days::new(366);

/// The period that was named, or the open one.
///
/// # Errors
/// The programme doesn't know it.
pub fn period(site: &Site, program: &Program, named: Option<&Period>) -> anyhow::Result<Period> {
    let period = match named {
        Some(period) => Some(period.clone()),
        None => program.open_period(&site.calendar(), site.clock.now()),
    };
    period
        .filter(|period| program.cycle.span(period).is_some())
        .ok_or_else(|| Misuse(format!("方案 {} 没有这个报告期", program.id)).into())
}

/// The submission that was named by number, by path or by file name; the
/// newest where several fit.
///
/// # Errors
/// None fits, or the database is gone.
pub async fn submission(site: &Site, named: &str) -> anyhow::Result<Record> {
    if let Ok(id) = named.trim_start_matches('#').parse::<i64>()
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
