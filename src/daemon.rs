//! The composition root: watcher, timers, jobs, shutdown.

mod mail;
mod terminate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::config::{Config, Poll};
use crate::inbox::{WatchMode, Watcher};
use crate::jobs::backup::{self, Daily};
use crate::jobs::clock_watch::ClockWatch;
use crate::jobs::deliver::deliver;
use crate::jobs::ingest::{Intake, Look, Round};
use crate::jobs::remind::{self as letters, Hold, remind};
use crate::jobs::site::{Options, Site, Times};
use crate::jobs::{consolidate, holidays, pass, running};
use crate::platform;
use crate::store::remedy;
use crate::workbook::read::Limits;
use terminate::Terminate;

/// How often the database is asked whether a command has written to it.
const COMMANDS: Duration = Duration::from_millis(500);

/// How often time alone may change a master, and 运行情况.txt is written.
const HOURLY: Duration = Duration::from_hours(1);

/// How often the definitions are looked at.
const DEFINITIONS: Duration = Duration::from_secs(10);

/// How long to wait after a fault before the share is looked at again.
const AFTER_FAULT: Duration = Duration::from_secs(10);

/// How long, at most, what lay there at the start or when the share came back
/// may take to settle before the ladder is walked.
const CATCH_UP: Duration = Duration::from_mins(1);

/// Bursts of events within this time count as one.
const BURST: Duration = Duration::from_millis(40);

/// After so long without a look the first event is acted on at once: most
/// often it is the only one.
const CALM: Duration = Duration::from_secs(1);

/// What a site is run with, from its configuration.
#[must_use]
pub fn options(config: &Config) -> Options {
    let (paths, watch, reading) = (&config.paths, &config.watch, &config.reading);
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    Options {
        watch: paths.watch.clone(),
        output: paths.output.clone(),
        data: paths.data.clone(),
        templates: paths.templates.clone(),
        database: config.database.path.clone(),
        daily: Daily {
            on: config.database.backup,
            keep: config.database.keep as usize,
        },
        settle: watch.settle,
        editor_wait: watch.editor_wait,
        incomplete_wait: watch.incomplete_wait,
        scan_local: watch.scan_local,
        scan_network: watch.scan_network,
        watch_mode: match watch.poll {
            Poll::Auto => WatchMode::Auto,
            Poll::Always => WatchMode::Poll,
            Poll::Never => WatchMode::Events,
        },
        ignore: watch.ignore.clone(),
        merge_quiet: config.merge.quiet,
        merge_ceiling: config.merge.ceiling,
        // Started from a relative path that is gone, children fail loudly later.
        reader: std::env::current_exe().unwrap_or_else(|_| "taizhang".into()),
        children: reading.children as usize,
        limits: Limits {
            address_space: u64::from(reading.address_space_mb) << 20,
            cpu: seconds(reading.cpu_seconds),
            wall: seconds(reading.wall_seconds),
            ratio: reading.ratio.into(),
            ratio_from: u64::from(reading.ratio_above_kb) * 1000,
            uncompressed: u64::from(reading.uncompressed_mb) * 1_000_000,
            entries: reading.entries.into(),
            sheets: reading.sheets as usize,
            cells: reading.cells.into(),
        },
        enabled: config.programs.enabled.clone(),
        mail: mail::options(config),
        by: platform::user_name(),
        hours: config.letters.hours,
        times: Times {
            walk: config.letters.walk.clone(),
            standing: config.letters.standing.clone(),
            master: config.letters.master.clone(),
        },
    }
}

/// Runs until it is told to stop. A fault on the way (a full disk, a database
/// that is locked) is named and tried again: nobody is there to restart it.
///
/// # Errors
/// The database or the data folder don't work at the start.
pub async fn run(site: Arc<Site>) -> anyhow::Result<()> {
    pass::prepare(&site).await?;
    let _backups = backup::beside(site.clone());
    let mut daemon = Daemon::new(site).await?;
    let mut terminate = Terminate::new()?;
    let mut hinted = true;
    let mut round = Round::default();
    loop {
        round = daemon.look(hinted, round).await;
        let scan_at = Instant::now() + daemon.next_look(&round);
        // Until the next look: commands, merges, the hour.
        hinted = loop {
            daemon.attend(&round).await;
            let left = scan_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break false;
            }
            tokio::select! {
                () = tokio::time::sleep(left.min(COMMANDS).min(daemon.merge.wait())) => {}
                () = daemon.watcher.hint() => break true,
                () = terminate.wait() => {
                    tracing::info!("停止运行");
                    return running::write(&daemon.site, &round, Some(daemon.started), daemon.hold).await;
                }
            }
        };
        if hinted && daemon.scanned.is_none_or(|at| at.elapsed() < CALM) {
            tokio::time::sleep(BURST).await;
        }
    }
}

struct Daemon {
    site: Arc<Site>,
    started: DateTime<Utc>,
    watcher: Watcher,
    intake: Intake,
    /// When all of the share was looked at last.
    scanned: Option<Instant>,
    merge: Merge,
    /// The last entry of the journal that was acted on.
    seen: i64,
    hour: Option<Instant>,
    /// When the ladder was walked last, and when it is walked next.
    walked: Option<DateTime<Tz>>,
    walk_at: Option<DateTime<Tz>>,
    /// Something was taken since the last walk: answers may be due.
    taken: bool,
    clock_watch: ClockWatch,
    hold: Hold,
    definitions: Instant,
    away: bool,
    /// When work began, or the share came back.
    back: Instant,
}

impl Daemon {
    async fn new(site: Arc<Site>) -> anyhow::Result<Self> {
        let watcher = Watcher::start(&site.options.watch, site.options.watch_mode);
        tracing::info!(
            watch = %site.options.watch.display(),
            polling = watcher.polling,
            programs = site.programs().len(),
            "开始运行"
        );
        Ok(Self {
            started: site.clock.utc(),
            watcher,
            intake: Intake::new(&site, false),
            scanned: None,
            merge: Merge::new(&site),
            seen: site.store.change_count().await?,
            hour: None,
            walked: None,
            walk_at: None,
            taken: false,
            clock_watch: ClockWatch::default(),
            hold: Hold::default(),
            definitions: Instant::now(),
            away: false,
            back: Instant::now(),
            site,
        })
    }

    /// One round of intake: all of the share after a hint and every so often,
    /// in between only what has yet to settle.
    async fn look(&mut self, hinted: bool, before: Round) -> Round {
        let due = self.scanned.is_none_or(|at| at.elapsed() >= self.regular());
        let look = if hinted || due || self.away {
            Look::All
        } else {
            Look::Waiting
        };
        let round = match pass::take(&self.site, &mut self.intake, look).await {
            Ok(round) => round,
            Err(error) => {
                named("收文没有完成，稍后再试", &error);
                // What the hint was about has not been seen.
                self.scanned = None;
                return Round {
                    next: Some(AFTER_FAULT),
                    ..Round::default()
                };
            }
        };
        if look == Look::All {
            self.scanned = Some(Instant::now());
        }
        if round.taken > 0 {
            self.merge.mark();
            self.taken = true;
        }
        match (&round.away, self.away) {
            (Some(reason), false) => tracing::error!(reason, "共享文件夹不可用"),
            (None, true) => {
                tracing::info!("共享文件夹恢复可用");
                self.back = Instant::now();
                // A watch doesn't survive the folder that it was set on.
                self.watcher = Watcher::start(&self.site.options.watch, self.site.options.watch_mode);
            }
            _ => {}
        }
        self.away = round.away.is_some();
        round.after(Round { taken: 0, ..before })
    }

    /// How often all of the share is looked at without a hint.
    fn regular(&self) -> Duration {
        let options = &self.site.options;
        if self.watcher.polling || self.away {
            options.scan_network
        } else {
            options.scan_local
        }
    }

    /// How long until the share is looked at again without a hint.
    fn next_look(&self, round: &Round) -> Duration {
        let regular = self.regular();
        let left = self
            .scanned
            .map_or(regular, |at| regular.saturating_sub(at.elapsed()));
        round
            .next
            .unwrap_or(left)
            .min(left)
            .max(Duration::from_millis(20))
    }

    /// Everything but intake that is due now.
    async fn attend(&mut self, round: &Round) {
        if let Err(error) = self.try_to_attend(round).await {
            named("一项工作没有完成，稍后再试", &error);
            self.merge.mark();
            tokio::time::sleep(COMMANDS).await;
        }
    }

    async fn try_to_attend(&mut self, round: &Round) -> anyhow::Result<()> {
        let site = &self.site;
        let count = site.store.change_count().await?;
        let told = std::mem::replace(&mut self.seen, count) != count;
        let definitions = self.definitions.elapsed() >= DEFINITIONS;
        // What is delivered next may name a due date.
        if (told || definitions) && holidays::refresh(site).await? {
            self.merge.mark();
        }
        if definitions {
            self.definitions = Instant::now();
            if site.reload() && round.away.is_none() {
                site.make_folders()?;
                self.merge.mark();
            }
        }
        if (told || definitions) && site.take_extensions().await? {
            self.merge.mark();
        }
        let waiting = site.store.next_delivery().await?;
        if told || waiting.is_some_and(|at| at <= site.clock.utc()) {
            deliver(site).await?;
        }
        if told {
            self.merge.mark();
        }
        let hour = self.hour.is_none_or(|last| last.elapsed() >= HOURLY);
        if (self.merge.is_due() || hour) && round.away.is_none() {
            self.merge.done();
            consolidate::all(site).await?;
        }
        let held = self.hold;
        let turned = held.share_away != self.away;
        if self.is_catching_up() {
            // Nobody is chased whose ledger lies there and has yet to settle.
            self.taken |= told;
        } else if told || self.taken || turned || self.is_walk_due(site.clock.now()) {
            self.taken = false;
            self.walked = Some(site.clock.now());
            self.walk_at = site.options.times.walk.after(site.clock.now());
            let fault = self.clock_watch.fault(site, Instant::now()).await?;
            if let (Some(fault), false) = (&fault, self.hold.clock_fault) {
                tracing::error!(fault, "本机时间不对，催报暂停");
            }
            self.hold = Hold {
                share_away: self.away,
                clock_fault: fault.is_some(),
            };
            let reminded = remind(site, self.hold).await?;
            if reminded.walked.letters > 0 || reminded.sent > 0 {
                tracing::info!(letters = reminded.walked.letters, sent = reminded.sent, "信函");
            }
            if reminded.walked.held > 0 {
                tracing::warn!(held = reminded.walked.held, "催报暂停");
            }
        } else if !self.hold.clock_fault
            && letters::next(site)
                .await?
                .is_some_and(|at| at <= site.clock.utc())
        {
            letters::send(site).await?;
        }
        // That chases are held, and no longer, is said at once.
        if hour || self.hold != held {
            self.hour = Some(Instant::now());
            running::write(site, round, Some(self.started), self.hold).await?;
        }
        Ok(())
    }

    /// Whether something that may have come while nobody looked has yet to be taken.
    fn is_catching_up(&self) -> bool {
        self.intake.is_waiting() && self.back.elapsed() < CATCH_UP
    }

    /// Whether the ladder is walked at an instant: when its time has come, or
    /// when the clock was set back, for then that time may be far ahead.
    fn is_walk_due(&self, now: DateTime<Tz>) -> bool {
        self.walk_at.is_none_or(|at| at <= now) || self.walked.is_some_and(|walked| now < walked)
    }
}

/// Names a fault once where it is handled.
fn named(what: &'static str, error: &anyhow::Error) {
    let remedy = remedy(error).map_or_else(String::new, |remedy| format!("：{remedy}"));
    tracing::error!(error = format!("{error:#}"), "{what}{remedy}");
}

/// When masters are written anew: after a quiet time, but not later than a ceiling.
struct Merge {
    quiet: Duration,
    ceiling: Duration,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Merge {
    fn new(site: &Site) -> Self {
        // What an interrupted run left undone is due at once.
        let now = Some(Instant::now());
        Self {
            quiet: site.options.merge_quiet,
            ceiling: site.options.merge_ceiling,
            first: now,
            last: now,
        }
    }

    fn mark(&mut self) {
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    fn done(&mut self) {
        self.first = None;
        self.last = None;
    }

    fn wait(&self) -> Duration {
        match (self.first, self.last) {
            (Some(first), Some(last)) => (last + self.quiet)
                .min(first + self.ceiling)
                .saturating_duration_since(Instant::now()),
            _ => Duration::MAX,
        }
    }

    fn is_due(&self) -> bool {
        self.first.is_some() && self.wait().is_zero()
    }
}
