//! The composition root: watcher, timers, jobs, shutdown.

mod attend;
mod errands;
mod mail;
mod mend;
mod merge;
mod page;
mod rescue;
mod terminate;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::config::{Config, Poll};
use crate::domain::check;
use crate::domain::letters::Hold;
use crate::inbox::{WatchMode, Watcher};
use crate::jobs::backup;
use crate::jobs::clock_watch::ClockWatch;
use crate::jobs::faults::Area;
use crate::jobs::ingest::{Intake, Look, Round};
use crate::jobs::options::{Daily, Options, Times};
use crate::jobs::remind::Reminded;
use crate::jobs::site::Site;
use crate::jobs::{pass, running, sentinel};
use crate::store::may_pass;
use crate::web;
use crate::workbook::read::Limits;
use attend::Page;
use errands::Errand;
use mend::Mending;
use merge::Merge;
pub use page::page_options;
pub use terminate::Terminate;

/// How often the database is asked whether a command has written to it.
const COMMANDS: Duration = Duration::from_millis(500);

/// How often time alone may change a master, and 运行情况.txt is written.
const HOURLY: Duration = Duration::from_hours(1);

/// How often the definitions are looked at.
const DEFINITIONS: Duration = Duration::from_secs(10);

/// How long to wait after a fault before what failed is tried again.
const AFTER_FAULT: Duration = Duration::from_secs(5);

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
            filled: reading.filled.into(),
        },
        checks: check::Limits {
            rows: reading.rows as usize,
            findings: reading.findings as usize,
        },
        note_size: reading.note_kb as usize * 1000,
        marked_size: reading.marked_mb as usize * 1_000_000,
        enabled: config.programs.enabled.clone(),
        locale: config.site.locale,
        mail: mail::options(config),
        hours: config.letters.hours,
        times: Times {
            walk: config.letters.walk.clone(),
            standing: config.letters.standing.clone(),
            master: config.letters.master.clone(),
        },
    }
}

/// Runs until it is told to stop, which `terminate` has listened for since before
/// the share was taken hold of. A fault on the way (a full disk, a database
/// that is locked) is named and tried again: nobody is there to restart it.
///
/// # Errors
/// The database or the data folder don't work at the start.
pub async fn run(site: Arc<Site>, page: web::Options, mut terminate: Terminate) -> anyhow::Result<()> {
    site.faults.keep_in(&site.options.data);
    let mut daemon = loop {
        let error = match Daemon::begin(&site).await {
            Ok(daemon) => break daemon,
            Err(error) => error,
        };
        // Back after a power cut, on a disk that is still full.
        if !may_pass(&error) {
            return Err(error);
        }
        site.name_fault(Area::Database, "还不能开始，稍后再试", &error);
        tokio::select! {
            () = tokio::time::sleep(AFTER_FAULT) => {}
            () = terminate.wait() => return Ok(()),
        }
    };
    let _page = page::Page::open(&site, page);
    let _backups = backup::beside(site);
    let mut hinted = true;
    let mut round = Round::default();
    loop {
        daemon.mend().await;
        round = daemon.look(hinted, round).await;
        let looked = Instant::now();
        let scan_at = looked + daemon.next_look(&round);
        // Until the next look: commands, merges, the hour.
        hinted = loop {
            if !daemon.site.store.is_in_place() {
                return Err(rescue::rescue(&daemon.site, &mut terminate).await);
            }
            daemon.attend(&round).await;
            if round.next != Some(AFTER_FAULT) && sentinel::is_displaced(&daemon.site, round.away.is_some()) {
                break true;
            }
            // What goes on beside may have met a fault since.
            let scan_at = if daemon.site.faults.is_empty() {
                scan_at
            } else {
                scan_at.min(looked + AFTER_FAULT)
            };
            let left = scan_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break false;
            }
            let rest = left.min(COMMANDS).min(daemon.merge.wait());
            let Daemon {
                watcher,
                masters,
                letters,
                ..
            } = &mut daemon;
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                () = watcher.hint() => break true,
                () = masters.ended() => {}
                () = letters.ended() => {}
                () = terminate.wait() => {
                    tracing::info!("停止运行");
                    daemon.come_home().await;
                    sentinel::release(&daemon.site).await;
                    let written = running::write(&daemon.site, &round, Some(daemon.started), daemon.hold).await;
                    if let Err(error) = written {
                        daemon.site.name_fault(Area::Output, "运行情况没有写成", &error);
                    }
                    return Ok(());
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
    /// Masters being compared and written; whether one has to wait.
    masters: Errand<bool>,
    /// Letters being walked for and sent.
    letters: Errand<Reminded>,
    /// The last entry of the journal that was seen.
    seen: i64,
    /// A person has changed something that has yet to be acted on.
    told: bool,
    hour: Option<Instant>,
    page: Page,
    mending: Mending,
    /// When the ladder was walked last, and when it is walked next.
    walked: Option<DateTime<Tz>>,
    walk_at: Option<DateTime<Tz>>,
    /// Something was taken since the last walk: answers may be due.
    taken: bool,
    clock_watch: ClockWatch,
    hold: Hold,
    definitions: Instant,
    /// How often definitions had changed when that was acted on last.
    read: u64,
    away: bool,
    /// When work began, or the share came back.
    back: Instant,
}

impl Daemon {
    async fn begin(site: &Arc<Site>) -> anyhow::Result<Self> {
        site.pulse.beat(false);
        site.store.keep_hold().await?;
        pass::prepare(site).await?;
        Self::new(site.clone()).await
    }

    async fn new(site: Arc<Site>) -> anyhow::Result<Self> {
        let watcher = Watcher::start(&site.options.watch, site.options.watch_mode);
        tracing::info!(
            watch = %site.options.watch.display(),
            polling = watcher.is_polling(),
            programs = site.programs().len(),
            "开始运行"
        );
        Ok(Self {
            started: site.clock.utc(),
            watcher,
            intake: Intake::new(&site, false),
            scanned: None,
            merge: Merge::new(&site),
            masters: Errand::AtHome,
            letters: Errand::AtHome,
            seen: site.store.change_count().await?,
            told: false,
            hour: None,
            page: Page::default(),
            mending: Mending::of(&site),
            walked: None,
            walk_at: None,
            taken: false,
            clock_watch: ClockWatch::default(),
            hold: Hold::default(),
            definitions: Instant::now(),
            read: site.definitions(),
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
                self.site.name_fault(Area::Data, "收文没有完成，稍后再试", &error);
                // What the hint was about has not been seen, and what came
                // before the failure was taken all the same.
                self.scanned = None;
                self.merge.mark();
                self.taken = true;
                return Round {
                    next: Some(AFTER_FAULT),
                    scan: before.scan,
                    ..Round::default()
                };
            }
        };
        if look == Look::All {
            self.scanned = Some(Instant::now());
        }
        if round.taken + round.ours > 0 {
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
        if self.watcher.is_polling() || self.away {
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
        // While a fault lasts it is looked every so often whether it is over.
        let left = if self.site.faults.is_empty() {
            left
        } else {
            left.min(AFTER_FAULT)
        };
        round
            .next
            .unwrap_or(left)
            .min(left)
            .max(Duration::from_millis(20))
    }
}
