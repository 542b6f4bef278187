//! Whose share it is: the sentinel is read before every look at the share,
//! bears our heartbeat while we work, and is given free when we stop.
//!
//! A clock that is wrong must not let two sites run. A heartbeat that looks
//! old is no proof, so whoever takes over from a silent owner first writes
//! its own name and then waits longer than any owner goes without looking:
//! one that lives all the same has found the new name by then, and stopped.
//! Only if the name still stands, work begins.

mod identity;

use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::clock::Clock;
use super::site::Site;
use crate::domain::actor::PROGRAM;
use crate::domain::sentinel::{Judgement, Own, Predecessor, Said, Sentinel, judge, parse, refusal};
use crate::inbox::{make_sentinel, read_sentinel, write_sentinel};
use crate::store::Entry;
pub(super) use identity::take_back;
pub use identity::{begin_anew, id, own, was_held};

/// How often the heartbeat is written.
const BEAT: Duration = Duration::from_mins(2);

/// How long the sentinel is trusted before it is read again.
const LOOK: Duration = Duration::from_secs(5);

/// The same where nobody, or one who has ended, was named: only somebody who
/// came at the same moment can be in the way.
const SHORT: u32 = 20;

/// What the sentinel of a share says; none while the share is away.
#[must_use]
pub fn read(root: &Path) -> Option<Said> {
    read_sentinel(root).ok().map(|text| parse(&text))
}

/// The site that the sentinel of a share names, if it is there and names one.
#[must_use]
pub fn owner(root: &Path) -> Option<Sentinel> {
    match read(root) {
        Some(Said::Owner(sentinel)) => Some(sentinel),
        _ => None,
    }
}

/// Sees to it that the share is ours, and writes the heartbeat when it is due.
/// Gives why not, if it is somebody else's: then nothing may be written there.
/// While the share is away it is nobody's, and nothing is done.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn hold(site: &Site) -> anyhow::Result<Option<String>> {
    let _turn = site.holding.turn.lock().await;
    look(site).await
}

/// As [`hold`], but trusts what was seen some seconds ago.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn still_held(site: &Site) -> anyhow::Result<Option<String>> {
    if site.holding.looked_within(LOOK) {
        return Ok(site.holding.refused());
    }
    hold(site).await
}

/// Whether the share is another site's, or may be: then nothing that lies there
/// tells about this one.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn is_anothers(site: &Site) -> anyhow::Result<bool> {
    Ok(matches!(
        judged(site).await?,
        Some((
            _,
            Judgement::RefusedBecause(_) | Judgement::ChangedByHand { repair: false, .. }
        ))
    ))
}

/// Whether somebody else has taken the share since a round looked at it, which
/// found it away or not.
#[must_use]
pub fn is_displaced(site: &Site, was_away: bool) -> bool {
    !was_away && site.holding.refused().is_some()
}

/// Names this site in a share that has no sentinel yet, without working there.
///
/// # Errors
/// The share or the database can't be written: say so, and begin again.
pub async fn begin(site: &Site) -> anyhow::Result<()> {
    let own = own(site).await?;
    let text = sentinel(site, &own, true).await?.to_text(site.clock.zone());
    make_sentinel(&site.options.watch, &text)?;
    Ok(())
}

/// Gives the share free, so that another place may take it at once. Only for
/// who held it; a fault costs the next one an hour, and is only named.
pub async fn release(site: &Site) {
    let _turn = site.holding.turn.lock().await;
    if let Err(error) = give_free(site).await {
        tracing::warn!(error = format!("{error:#}"), "共享文件夹的标志文件没有注明已停止");
    }
}

/// What a look at the sentinel says to who only wants to know.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn judged(site: &Site) -> anyhow::Result<Option<(Said, Judgement)>> {
    let Some(said) = read(&site.options.watch) else {
        return Ok(None);
    };
    let own = identity::seen(site, &said).await?;
    let judgement = judge(&said, &own, Clock::machine());
    Ok(Some((said, judgement)))
}

async fn look(site: &Site) -> anyhow::Result<Option<String>> {
    site.holding.look();
    let Some(said) = read(&site.options.watch) else {
        // Nobody's for now; the scan says that it is away.
        site.holding.accept();
        return Ok(None);
    };
    let now = Clock::machine();
    let own = identity::seen(site, &said).await?;
    match judge(&said, &own, now) {
        Judgement::Owned => {
            let resting = matches!(&said, Said::Owner(sentinel) if sentinel.stopped);
            if resting || own.wrote.is_none() || site.holding.beat_is_due(BEAT) {
                beat(site, &own).await?;
            }
            held(site, &own).await
        }
        Judgement::TakeOver { from } => take_over(site, own, from, now).await,
        Judgement::RefusedBecause(other) => {
            refuse(site, &own, refusal(&other, &own, now, site.clock.zone())).await
        }
        Judgement::ChangedByHand { reason, repair: true } => repair(site, &own, reason).await,
        Judgement::ChangedByHand { reason, .. } => {
            let words = format!(
                "共享文件夹的标志文件 .taizhang 被人改动（{reason}），看不出由哪一套程序使用，本套不动共享文件夹。\
                 确认没有另一套在运行后，把它的内容全部清空即可"
            );
            refuse(site, &own, words).await
        }
    }
}

/// Names a file that was changed by hand, and writes it anew at the next heartbeat.
async fn repair(site: &Site, own: &Own, reason: String) -> anyhow::Result<Option<String>> {
    if site.holding.set_changed(Some(reason.clone())) {
        tracing::warn!(reason, "共享文件夹的标志文件被人改动，不采用其内容");
    }
    if own.wrote.is_some() && !site.holding.beat_is_due(BEAT) {
        return Ok(site.holding.refused());
    }
    if beat(site, own).await? {
        let detail = format!("共享文件夹的标志文件 .taizhang 被人改动（{reason}），没有采用，已改回");
        log(site, "sentinel-repaired", &detail).await?;
        site.holding.set_changed(None);
    }
    held(site, own).await
}

async fn held(site: &Site, own: &Own) -> anyhow::Result<Option<String>> {
    if !own.held {
        identity::remember(site, true).await?;
    }
    site.holding.accept();
    Ok(None)
}

async fn refuse(site: &Site, own: &Own, reason: String) -> anyhow::Result<Option<String>> {
    if own.held {
        identity::remember(site, false).await?;
    }
    site.holding.refuse(reason.clone());
    Ok(Some(reason))
}

async fn take_over(
    site: &Site,
    mut own: Own,
    from: Predecessor,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<String>> {
    let detail = words(site, &from);
    if let Predecessor::Original(original) = &from
        && original.site == own.site
    {
        own = identity::renew(site).await?;
    }
    let wait = match &from {
        Predecessor::Silent(_) => site.holding.grace(),
        Predecessor::Stopped(_) => site.holding.grace() / SHORT,
        Predecessor::Nobody if own.wrote.is_none() => site.holding.grace() / SHORT,
        _ => Duration::ZERO,
    };
    if let Predecessor::Silent(_) = from {
        tracing::warn!(detail, "接管共享文件夹，先确认没有另一套在运行");
    }
    if !beat(site, &own).await? {
        let words = format!(
            "共享文件夹的标志文件 {} 写不进去，请检查权限和剩余空间",
            site.options.watch.join(crate::inbox::SENTINEL).display()
        );
        return refuse(site, &own, words).await;
    }
    if !wait.is_zero() {
        pause(wait).await;
        let said = read(&site.options.watch).unwrap_or(Said::Nobody);
        let own = Own {
            wrote: Some(now),
            ..own.clone()
        };
        if let Judgement::RefusedBecause(other) = judge(&said, &own, Clock::machine()) {
            return refuse(site, &own, refusal(&other, &own, now, site.clock.zone())).await;
        }
    }
    if let Some(detail) = detail {
        log(site, "share-taken-over", &detail).await?;
    }
    held(site, &own).await
}

/// What the journal says of a takeover; nothing where nobody was named.
fn words(site: &Site, from: &Predecessor) -> Option<String> {
    let zone = site.clock.zone();
    let at = |who: &Sentinel| who.heartbeat.with_timezone(&zone).format("%Y-%m-%d %H:%M");
    let place = |who: &Sentinel| format!("主机 {}，数据目录 {}", who.host, who.data);
    match from {
        Predecessor::Nobody => None,
        Predecessor::Stopped(who) => Some(format!(
            "共享文件夹原由另一处（{}）使用，已于 {} 停止，由本站点接管",
            place(who),
            at(who)
        )),
        Predecessor::Silent(who) => Some(format!(
            "共享文件夹原由另一处（{}）使用，最近心跳 {}，已停一小时以上，由本站点接管",
            place(who),
            at(who)
        )),
        Predecessor::SamePlace(who) => Some(format!(
            "共享文件夹的标志文件写的是同一位置的另一个站点编号（{}），数据库是新建的，改为本站点的编号",
            who.site
        )),
        Predecessor::Original(who) => Some(format!(
            "本站点连同共享文件夹是另一处（{}）的副本，使用自己的站点编号",
            place(who)
        )),
    }
}

/// Waits, in short steps: a machine that slept meanwhile has waited as well.
async fn pause(wait: Duration) {
    let began = Instant::now();
    while let Some(left) = wait.checked_sub(began.elapsed()) {
        tokio::time::sleep(left.min(Duration::from_millis(200)).max(Duration::from_millis(1))).await;
    }
}

/// Writes the heartbeat; whether that went well. What fails is named once.
async fn beat(site: &Site, own: &Own) -> anyhow::Result<bool> {
    let sentinel = sentinel(site, own, false).await?;
    match write_sentinel(&site.options.watch, &sentinel.to_text(site.clock.zone())) {
        Ok(()) => {
            site.holding.wrote(sentinel.heartbeat);
            Ok(true)
        }
        Err(error) => {
            if site.holding.failed() {
                tracing::warn!(%error, "共享文件夹的标志文件没有更新，稍后再试");
            }
            Ok(false)
        }
    }
}

async fn sentinel(site: &Site, own: &Own, stopped: bool) -> anyhow::Result<Sentinel> {
    let Own {
        site: id,
        host,
        data,
        watch,
        process,
        ..
    } = own.clone();
    let mark = identity::random();
    let seen = owner(&site.options.watch).map_or_else(String::new, |seen| seen.mark);
    // In the database first: what the share shows is never newer.
    site.store.turn_mark(&seen, &mark).await?;
    Ok(Sentinel {
        site: id,
        host,
        data,
        watch,
        heartbeat: Clock::machine(),
        entry: site.store.last_entry().await?,
        process,
        mark,
        stopped,
    })
}

async fn give_free(site: &Site) -> anyhow::Result<()> {
    let own = own(site).await?;
    let ours = owner(&site.options.watch).is_some_and(|seen| seen.process == own.process);
    if own.wrote.is_none() || !ours {
        return Ok(());
    }
    let text = sentinel(site, &own, true).await?.to_text(site.clock.zone());
    write_sentinel(&site.options.watch, &text)?;
    site.holding.rest();
    Ok(())
}

async fn log(site: &Site, what: &'static str, detail: &str) -> anyhow::Result<()> {
    tracing::warn!("{detail}");
    let entry = Entry {
        by: PROGRAM,
        what,
        detail: detail.into(),
        ..Entry::default()
    };
    let mut change = site.store.begin().await?;
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    change.commit().await?;
    Ok(())
}
