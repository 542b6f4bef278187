//! output/运行情况.txt: whether the daemon lives, and what waits for a person.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::clock_watch;
use super::faults::Area;
use super::folders::Told;
use super::ingest::Round;
use super::notes::moment;
use super::site::Site;
use crate::domain::finding::Verdict;
use crate::domain::language::Language;
use crate::domain::letters::Hold;
use crate::domain::letters::LetterState;
use crate::domain::share_path::SharePath;
use crate::domain::text::printable;
use crate::platform::durable::write_whole;

#[derive(Debug, Default, Serialize)]
struct Values {
    since: Option<String>,
    now: String,
    /// What fails at present, a line each.
    faults: Vec<String>,
    /// The database can't be asked: nothing is said of what waits.
    unknown: bool,
    last_scan: Option<String>,
    away: Option<String>,
    clock_fault: Option<String>,
    /// Chases wait until share and clock are well again.
    chases_held: bool,
    letters: Letters,
    at_root: Vec<String>,
    unknown_folders: Vec<String>,
    refused: Vec<SharePath>,
    unreadable: Vec<String>,
    folders: Told,
    blocked: Vec<String>,
    backlog: u32,
    backlog_error: Option<String>,
    unclaimed: Vec<String>,
    not_read: Vec<String>,
    quarantined: u32,
    problems: Vec<String>,
    aliases: Vec<String>,
    /// Masters that a person had edited, as they were kept aside.
    edited: Vec<String>,
}

/// Why a file that was put aside isn't read, and what to do.
pub const PUT_ASIDE: &str = "程序三次处理到它时都中断，已搁置，原文件未动并已存档；改好重交或更新程序后会再试，也可用 taizhang claim 让程序再试";

/// What the outbox says.
#[derive(Debug, Default, Serialize)]
struct Letters {
    last_sent: Option<String>,
    drafts: u32,
    by_hand: u32,
    failed: u32,
    uncertain: u32,
    queued: u32,
}

impl Letters {
    async fn of(site: &Site) -> anyhow::Result<Self> {
        let zone = site.clock.zone();
        let (counts, last) = site.store.letter_counts().await?;
        let count = |state: LetterState| counts.get(&state).copied().unwrap_or(0);
        Ok(Self {
            last_sent: last.map(|at| moment(Language::Chinese, at.with_timezone(&zone))),
            drafts: count(LetterState::Draft),
            by_hand: count(LetterState::ByHand),
            failed: count(LetterState::Failed),
            uncertain: count(LetterState::Uncertain),
            queued: count(LetterState::Queued),
        })
    }
}

/// Writes the page. Where the database can't be asked, it says that and what
/// is known without it: just then somebody has to be told.
///
/// # Errors
/// The output folder can't be written.
pub async fn write(
    site: &Arc<Site>,
    round: &Round,
    since: Option<DateTime<Utc>>,
    hold: Hold,
) -> anyhow::Result<()> {
    let known = what_waits(site, round).await.unwrap_or_else(|error| {
        site.name_fault(Area::Database, "运行情况中写不出待办事项", &error);
        Values {
            unknown: true,
            ..Values::default()
        }
    });
    let values = without_asking(site, known, round, since, hold);
    let output = &site.options.output;
    std::fs::create_dir_all(output)
        .with_context(|| format!("输出文件夹 {} 建不了，如有同名的文件请移走", output.display()))?;
    let text = site.notes.render("zh-CN/running.txt.j2", &values)?;
    write_whole(&site.options.output.join("运行情况.txt"), text.as_bytes())?;
    Ok(())
}

/// What the database knows.
async fn what_waits(site: &Site, round: &Round) -> anyhow::Result<Values> {
    let zone = site.clock.zone();
    let waiting = site.store.waiting().await?;
    let aside = site.store.put_aside_submissions().await?;
    let of = |verdict: Verdict| {
        waiting
            .iter()
            .filter(|record| record.verdict == verdict)
            .map(|record| {
                let path = printable(record.placed.as_deref().unwrap_or(&record.origin));
                if aside.contains(&record.id) {
                    format!("{path}（{PUT_ASIDE}）")
                } else {
                    path
                }
            })
            .collect::<Vec<_>>()
    };
    let (backlog, backlog_error) = site.store.delivery_backlog().await?;
    let last_scan = site.store.last_scan().await?;
    let scan = round.scan.clone().unwrap_or_default();
    Ok(Values {
        folders: Told::of(site, &scan).await?,
        last_scan: last_scan.map(|at| moment(Language::Chinese, at.with_timezone(&zone))),
        letters: Letters::of(site).await?,
        backlog,
        backlog_error,
        unclaimed: of(Verdict::Unclaimed),
        not_read: of(Verdict::Unreadable),
        quarantined: u32::try_from(of(Verdict::Quarantined).len()).unwrap_or(u32::MAX),
        edited: super::consolidate::kept_aside(site).await?,
        aliases: site
            .store
            .alias_offers()
            .await?
            .into_iter()
            .map(|(_, name, unit)| match unit {
                Some(unit) => format!("{}（按{unit}收）", printable(&name)),
                None => printable(&name),
            })
            .collect(),
        ..Values::default()
    })
}

/// With what is known without the database.
fn without_asking(
    site: &Site,
    known: Values,
    round: &Round,
    since: Option<DateTime<Utc>>,
    hold: Hold,
) -> Values {
    let zone = site.clock.zone();
    let word = |at: DateTime<Utc>| moment(Language::Chinese, at.with_timezone(&zone));
    let faults = site.faults.standing();
    let scan = round.scan.clone().unwrap_or_default();
    Values {
        since: since.map(word),
        now: word(site.clock.utc()),
        faults: faults.iter().map(|fault| fault.words(zone)).collect(),
        away: round.away.clone(),
        clock_fault: hold
            .clock_fault
            .then(|| format!("可能被调过，催报暂停；{}", clock_watch::REMEDY)),
        chases_held: hold.chases(),
        at_root: scan.at_root.iter().map(|name| printable(name)).collect(),
        unknown_folders: scan.unknown_folders,
        refused: scan.refused,
        unreadable: scan
            .unreadable
            .iter()
            .map(|(path, reason)| format!("{path}（{reason}）"))
            .collect(),
        blocked: round
            .blocked
            .iter()
            .map(|(path, reason)| format!("{path}（{reason}）"))
            .collect(),
        problems: site.problems().iter().map(ToString::to_string).collect(),
        ..known
    }
}
