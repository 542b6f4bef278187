//! One pass over everything that is due.

use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::clock_watch::ClockWatch;
use super::deliver::deliver;
use super::ingest::{Intake, Look, Round};
use super::progress::Progress;
use super::remind::{self, Hold, Reminded, remind};
use super::running;
use super::site::Site;
use super::{backup, consolidate, forms, recover};
use crate::inbox::clear_leftovers;
use crate::platform;
use crate::store::Store;

/// Keeps a second daemon off the same data; released when dropped.
pub struct Running {
    _lock: File,
}

/// Becomes the one process that works on the share. `None`: another one runs.
///
/// # Errors
/// The lock file can't be made.
pub fn become_the_one(site: &Site) -> anyhow::Result<Option<Running>> {
    hold(&site.options.data)
}

/// As [`become_the_one`], for a data folder whose database can't be opened.
///
/// # Errors
/// The lock file can't be made.
pub fn hold(data: &Path) -> anyhow::Result<Option<Running>> {
    let path = data.join("taizhang.lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("锁文件 {} 建不了", path.display()))?;
    Ok(platform::lock_exclusively(&lock)?.then_some(Running { _lock: lock }))
}

/// Makes the share ready: a new site gets its folders; one that ran before
/// must show its sentinel first.
///
/// # Errors
/// The share can't be written, the database is gone.
pub async fn prepare(site: &Arc<Site>) -> anyhow::Result<()> {
    site.archive.clear_staging();
    clear_leftovers(&site.options.output);
    for program in site.programs() {
        clear_leftovers(&site.options.watch.join(&program.folder));
    }
    recover::begin(site).await?;
    make_share(site).await?;
    recover::lost::remember(site).await?;
    for program in site.programs() {
        site.store.go_live(&program.id, site.clock.utc()).await?;
    }
    remind::recover(site).await
}

/// Makes the folders of a share: one that never ran, or one whose sentinel stands.
///
/// # Errors
/// The share can't be written, the database is gone.
pub async fn make_share(site: &Site) -> anyhow::Result<()> {
    let new = site.store.last_scan().await?.is_none();
    if new {
        std::fs::create_dir_all(&site.options.watch)?;
    }
    if new || site.share_is_there() {
        site.make_folders()?;
    }
    Ok(())
}

/// Takes what has settled, carries out what was decided.
///
/// # Errors
/// The database, the data folder or the reading children don't work.
pub async fn take(site: &Arc<Site>, intake: &mut Intake, look: Look) -> anyhow::Result<Round> {
    if site.store.meta(Store::OLDER).await?.is_some() && !recover::begin(site).await? {
        let away = format!("共享文件夹 {} 不可用", site.options.watch.display());
        return Ok(Round {
            away: Some(away),
            ..Round::default()
        });
    }
    deliver(site).await?;
    let mut round = intake.round(site, look).await?;
    if round.taken + round.drafts > 0 {
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
    prepare(site).await?;
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
    backup::try_daily(site).await;
    Ok((round, reminded))
}

/// Ends a command: where no daemon runs, its steps are carried out at once;
/// otherwise the daemon does it within a second.
///
/// # Errors
/// The database is gone, a master can't be written.
pub async fn finish(site: &Arc<Site>) -> anyhow::Result<()> {
    let Some(_running) = become_the_one(site)? else {
        return Ok(());
    };
    if !site.share_is_there() {
        return Ok(());
    }
    site.take_extensions().await?;
    deliver(site).await?;
    consolidate::all(site).await
}
