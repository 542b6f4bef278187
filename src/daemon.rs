//! The composition root: watcher, timers, jobs, shutdown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::signal;

use crate::config::{Config, Poll};
use crate::inbox::{WatchMode, Watcher};
use crate::jobs::ingest::{Intake, Round};
use crate::jobs::site::{Options, Site};
use crate::jobs::{consolidate, pass, running};
use crate::platform;
use crate::workbook::read::Limits;

/// How often the database is asked whether a command has written to it.
const COMMANDS: Duration = Duration::from_millis(500);

/// How often time alone may change a master, and 运行情况.txt is written.
const HOURLY: Duration = Duration::from_secs(3600);

/// How often the definitions are looked at.
const DEFINITIONS: Duration = Duration::from_secs(10);

/// Bursts of events within this time count as one.
const BURST: Duration = Duration::from_millis(40);

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
        by: platform::user_name(),
    }
}

/// Runs until it is told to stop.
///
/// # Errors
/// The database or the data folder don't work.
pub async fn run(site: Arc<Site>) -> anyhow::Result<()> {
    pass::prepare(&site).await?;
    let started = site.clock.utc();
    let mut watcher = Watcher::start(&site.options.watch, site.options.watch_mode);
    let interval = if watcher.polling {
        site.options.scan_network
    } else {
        site.options.scan_local
    };
    let mut intake = Intake::new(&site, false);
    let mut merge = Merge::new(&site);
    let mut state = State {
        seen: site.store.change_count().await?,
        hour: None,
        definitions: Instant::now(),
    };
    let mut terminate = Terminate::new()?;
    tracing::info!(
        watch = %site.options.watch.display(),
        polling = watcher.polling,
        programs = site.programs().len(),
        "开始运行"
    );
    loop {
        let mut round = pass::take(&site, &mut intake).await?;
        if round.taken > 0 {
            merge.mark();
        }
        let mut next = round.next.unwrap_or(interval).min(interval);
        let scan_at = Instant::now() + next.max(Duration::from_millis(20));
        // Until the next look: commands, merges, the hour.
        let hinted = loop {
            if state.commands(&site).await? {
                crate::jobs::deliver::deliver(&site).await?;
                merge.mark();
            }
            if site
                .store
                .next_delivery()
                .await?
                .is_some_and(|at| at <= site.clock.utc())
            {
                crate::jobs::deliver::deliver(&site).await?;
            }
            if merge.is_due() && round.away.is_none() {
                merge.done();
                consolidate::all(&site).await?;
            }
            if state.reload(&site) {
                site.make_folders()?;
                merge.mark();
            }
            if state.hour_passed() {
                if round.away.is_none() {
                    consolidate::all(&site).await?;
                }
                running::write(&site, &round, Some(started)).await?;
            }
            next = scan_at.saturating_duration_since(Instant::now());
            if next.is_zero() {
                break false;
            }
            tokio::select! {
                () = tokio::time::sleep(next.min(COMMANDS).min(merge.wait())) => {}
                () = watcher.hint() => break true,
                () = terminate.wait() => {
                    tracing::info!("停止运行");
                    return finish(&site, &mut round, started).await;
                }
            }
        };
        if hinted {
            tokio::time::sleep(BURST).await;
        }
    }
}

async fn finish(
    site: &Arc<Site>,
    round: &mut Round,
    started: chrono::DateTime<chrono::Utc>,
) -> anyhow::Result<()> {
    running::write(site, round, Some(started)).await
}

struct State {
    seen: i64,
    hour: Option<Instant>,
    definitions: Instant,
}

impl State {
    /// Whether a command has written since the last look.
    async fn commands(&mut self, site: &Site) -> anyhow::Result<bool> {
        let count = site.store.change_count().await?;
        Ok(std::mem::replace(&mut self.seen, count) != count)
    }

    fn hour_passed(&mut self) -> bool {
        let due = self.hour.is_none_or(|last| last.elapsed() >= HOURLY);
        if due {
            self.hour = Some(Instant::now());
        }
        due
    }

    /// Looks at the definitions again; a changed one changes masters too.
    fn reload(&mut self, site: &Site) -> bool {
        if self.definitions.elapsed() < DEFINITIONS {
            return false;
        }
        self.definitions = Instant::now();
        site.reload()
    }
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

/// Being told to stop: Ctrl-C, or SIGTERM where there is such a thing.
struct Terminate {
    #[cfg(unix)]
    signal: signal::unix::Signal,
}

impl Terminate {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signal: signal::unix::signal(signal::unix::SignalKind::terminate())?,
        })
    }

    async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.signal.recv() => {}
            _ = signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = signal::ctrl_c().await;
    }
}
