//! One pass over everything that is due.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::task::JoinHandle;

use super::clock_watch::ClockWatch;
use super::deliver::deliver;
use super::faults::{self, Area};
use super::ingest::{Intake, Look, Round};
use super::levels;
use super::progress::Progress;
use super::remind::{self, Reminded, remind};
use super::running;
use super::site::Site;
use super::{backup, consolidate, folders, forms, recover, sentinel, trial};
use crate::domain::letters::Hold;
use crate::inbox::clear_half_sentinels;
use crate::jobs::options::Options;
use crate::platform;
use crate::platform::durable::clear_leftovers;
use crate::store::Store;

/// Keeps a second daemon off the same data; released when dropped.
pub struct Running {
    _lock: File,
}

/// Becomes the one process that works on the share. `None`: another one runs.
///
/// # Errors
/// The lock file can't be made.
pub fn become_the_one(options: &Options) -> anyhow::Result<Option<Running>> {
    hold(&options.data)
}

/// As [`become_the_one`], for a data folder whose database can't be opened.
///
/// # Errors
/// The lock file can't be made.
pub fn hold(data: &Path) -> anyhow::Result<Option<Running>> {
    let path = data.join("taizhang.lock");
    let lock = platform::open_private(&path).with_context(|| format!("锁文件 {} 建不了", path.display()))?;
    Ok(platform::lock_exclusively(&lock)?.then_some(Running { _lock: lock }))
}

/// Takes hold of the share; tells why not, if it is another site's. A database
/// that is older than the share is brought up to what the share shows first:
/// our own heartbeat would hide how far the one before had come.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn take_hold(site: &Arc<Site>) -> anyhow::Result<Option<String>> {
    // Once, with the share there; what is another site's tells nothing about this one.
    let comparable = !site.holding.is_compared() && site.share_is_there();
    if comparable && !sentinel::is_anothers(site).await? && recover::begin(site).await? {
        site.holding.compare();
    }
    sentinel::hold(site).await
}

/// Makes the share ready: a new site gets its folders; one that ran before
/// must show its sentinel first. One that is somebody else's is left alone.
/// What an interrupted run left half-written on the share is cleared beside the
/// work, for which nobody has to wait: years of history are tens of thousands
/// of folders.
///
/// # Errors
/// The share can't be written, the database is gone.
pub async fn prepare(site: &Arc<Site>) -> anyhow::Result<JoinHandle<()>> {
    site.archive.clear_staging();
    clear_leftovers(&site.options.output);
    clear_leftovers(&site.options.templates);
    let mut clearing = tokio::spawn(async {});
    if take_hold(site).await?.is_none() {
        clear_half_sentinels(&site.options.watch);
        let share = site.share.clone();
        let folders: Vec<String> = site.programs().iter().map(|own| own.folder.clone()).collect();
        clearing = tokio::task::spawn_blocking(move || {
            for folder in folders.iter().filter(|folder| share.is_folder(folder)) {
                clear_leftovers(&share.path(folder));
            }
        });
        if let Err(error) = make_share(site).await {
            // A share that can't be written stops neither letters nor masters.
            match site.name_fault(Area::Share, "共享文件夹没有准备好，稍后再试", &error) {
                Some(Area::Share) => {}
                _ => return Err(error),
            }
        }
        sentinel::hold(site).await?;
    }
    recover::lost::remember(site).await?;
    trial::follow(site).await?;
    remind::recover(site).await?;
    Ok(clearing)
}

/// Makes the folders of a share: one that never ran, or one whose sentinel stands.
///
/// # Errors
/// The share can't be written, the database is gone.
pub async fn make_share(site: &Site) -> anyhow::Result<()> {
    let new = site.store.last_scan().await?.is_none() && !sentinel::was_held(site).await?;
    if new {
        std::fs::create_dir_all(&site.options.watch)?;
    }
    let there = site.share_is_there();
    match (new, there) {
        (true, _) => {
            folders::make(site)?;
            // Made when all folders stand.
            sentinel::begin(site).await
        }
        (false, true) => match folders::make(site) {
            Ok(made) => folders::tell(site, made).await,
            // What can't be made was named; what is there can be worked with.
            Err(_) => Ok(()),
        },
        (false, false) => Ok(()),
    }
}

/// Takes what has settled, carries out what was decided.
///
/// # Errors
/// The database, the data folder or the reading children don't work.
pub async fn take(site: &Arc<Site>, intake: &mut Intake, look: Look) -> anyhow::Result<Round> {
    if let Some(reason) = take_hold(site).await? {
        // To this site the share is as good as away.
        return Ok(Round {
            away: Some(reason),
            ..Round::default()
        });
    }
    if site.store.meta(Store::OLDER).await?.is_some() && !recover::begin(site).await? {
        let away = format!("共享文件夹 {} 不可用", site.options.watch.display());
        return Ok(Round {
            away: Some(away),
            ..Round::default()
        });
    }
    trial::follow(site).await?;
    deliver(site).await?;
    let mut round = intake.round(site, look).await?;
    if round.taken > 0 {
        trial::write(site).await;
    }
    if let (Some(scan), None) = (&round.scan, &round.away) {
        folders::make_again(site, scan).await?;
    }
    if round.taken + round.drafts + round.ours > 0 {
        deliver(site).await?;
    }
    // What came goes first; forms follow some at a time.
    if round.away.is_none() && forms::give(site).await? > 0 {
        deliver(site).await?;
        round.next = Some(Duration::ZERO);
    }
    Ok(round)
}

/// A single pass: looks twice, a settle time apart, if something new lies
/// there; then brings every master up to date.
///
/// # Errors
/// See [`take`].
pub async fn once(site: &Arc<Site>, progress: &Progress) -> anyhow::Result<(Round, Reminded)> {
    let outcome = once_through(site, progress).await;
    if let Err(error) = &outcome
        && let Some(area) = faults::area_of(error, Area::Data)
    {
        // Nobody reads what cron prints: the page says it, where it can be written.
        site.faults.failed(area, error, site.clock.utc());
        running::write(site, &Round::default(), None, Hold::default())
            .await
            .ok();
    }
    outcome
}

async fn once_through(site: &Arc<Site>, progress: &Progress) -> anyhow::Result<(Round, Reminded)> {
    let clearing = prepare(site).await?;
    let mut intake = Intake::new(site, true).with(progress.clone());
    let mut round = take(site, &mut intake, Look::All).await?;
    if intake.is_waiting() {
        tokio::time::sleep(site.options.settle + Duration::from_millis(5)).await;
        round = take(site, &mut intake, Look::Waiting).await?.after(round);
    }
    while round.away.is_none() && forms::give(site).await? > 0 {
        deliver(site).await?;
    }
    if round.away.is_none() {
        consolidate::all(site).await?;
    }
    let fault = ClockWatch::default().fault(site, Instant::now()).await?;
    if let Some(fault) = &fault {
        tracing::error!(fault, "本机时间不对，催报暂停");
    }
    let hold = Hold {
        share_away: round.away.is_some(),
        clock_fault: fault.is_some(),
    };
    let reminded = remind(site, hold).await?;
    running::write(site, &round, None, hold).await?;
    clearing.await?;
    backup::try_daily(site).await;
    Ok((round, reminded))
}

/// How often a command that has left steps looks whether it may carry them out.
const AGAIN: Duration = Duration::from_millis(50);

/// Looks of a command whose steps another process may carry out: two seconds.
const LOOKS: u32 = 40;

/// Ends a command: where no daemon runs, its steps are carried out at once;
/// otherwise the daemon does it within a second. Another command that is just
/// ending may have looked for steps before these were there, so it is waited for.
///
/// # Errors
/// The database or the disk can't take it: what isn't finished is done by the next
/// round.
pub async fn finish(site: &Arc<Site>) -> anyhow::Result<()> {
    let mut running = become_the_one(&site.options)?;
    for _ in 0..LOOKS {
        let waiting = site.store.next_delivery().await?;
        if running.is_some() || waiting.is_none_or(|at| at > site.clock.utc()) {
            break;
        }
        tokio::time::sleep(AGAIN).await;
        running = become_the_one(&site.options)?;
    }
    if running.is_none() {
        return Ok(());
    }
    if !site.share_is_there() {
        return Ok(());
    }
    if let Some(reason) = take_hold(site).await? {
        tracing::warn!(reason, "已经记录，共享文件夹上的步骤留待以后");
        return Ok(());
    }
    carry_out(site).await
}

async fn carry_out(site: &Arc<Site>) -> anyhow::Result<()> {
    levels::take_up(site).await?;
    deliver(site).await?;
    consolidate::all(site).await?;
    trial::write(site).await;
    Ok(())
}
