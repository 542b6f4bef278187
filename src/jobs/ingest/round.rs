//! One round of intake: scan, settle, look, record.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

use super::commit::commit;
use super::look::{Looked, NotYet, look};
use crate::inbox::{Found, Ready, Scan, ScanError, Settle, Stat, Zone, scan};
use crate::jobs::action::Action;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;
use crate::store::Placed;

/// Files that go into one commit at most.
const BATCH_FILES: usize = 64;

/// Bytes of files that go into one commit at most; what they unfold to has to fit into memory.
const BATCH_BYTES: u64 = 4 << 20;

/// What remembers between rounds.
pub struct Intake {
    settle: Settle,
    incomplete_wait: Duration,
    once: bool,
    progress: Progress,
}

/// What a round did and saw.
#[derive(Debug, Default)]
pub struct Round {
    /// How many files were taken.
    pub taken: usize,
    /// When to look again, because something has yet to settle.
    pub next: Option<Duration>,
    /// Why the share is away.
    pub away: Option<String>,
    /// What the scan saw; none while the share is away.
    pub scan: Option<Scan>,
    /// Files that can't be taken for now, with the reason.
    pub blocked: Vec<(String, String)>,
}

impl Intake {
    /// For a daemon, or (`once`) for a single pass, which waits for nobody.
    #[must_use]
    pub fn new(site: &Site, once: bool) -> Self {
        let options = &site.options;
        let editor_wait = if once { Duration::ZERO } else { options.editor_wait };
        let incomplete_wait = if once {
            Duration::ZERO
        } else {
            options.incomplete_wait
        };
        Self {
            settle: Settle::new(options.settle, editor_wait),
            incomplete_wait,
            once,
            progress: Progress::default(),
        }
    }

    /// Has a listener told how far a round has come.
    #[must_use]
    pub fn with(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Whether something lies there that has yet to settle.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.settle.is_waiting()
    }

    /// Looks at the share and takes what has settled.
    ///
    /// # Errors
    /// The database, the data folder or the reading children don't work.
    pub async fn round(&mut self, site: &Arc<Site>) -> anyhow::Result<Round> {
        let (root, layout) = (site.options.watch.clone(), site.layout());
        let began = site.clock.utc();
        let seen = match tokio::task::spawn_blocking(move || scan(&root, &layout)).await? {
            Ok(seen) => seen,
            Err(error @ (ScanError::Away(..) | ScanError::NoSentinel(_))) => {
                return Ok(Round {
                    away: Some(error.to_string()),
                    ..Round::default()
                });
            }
        };
        let placed: HashMap<String, Placed> = site
            .store
            .placed()
            .await?
            .into_iter()
            .map(|placed| (placed.path.clone(), placed))
            .collect();
        let spoken_for = spoken_for(site).await?;
        let candidates: Vec<Found> = seen
            .found
            .iter()
            .filter(|found| is_new(found, &placed, &spoken_for))
            .cloned()
            .collect();
        let last_scan: Option<DateTime<Utc>> = site.store.last_scan().await?;
        let mut ready = self.settle.look(candidates, last_scan, began, Instant::now());
        // What came first goes first; of what came together, copies go last,
        // so that the original is the one that counts.
        ready.sort_by(|a, b| {
            let key = |ready: &Ready| (ready.arrival.seen, is_copy_name(&ready.found.name));
            key(a).cmp(&key(b)).then_with(|| a.found.path.cmp(&b.found.path))
        });
        let mut round = Round {
            scan: Some(seen),
            ..Round::default()
        };
        let mut queue: std::collections::VecDeque<Ready> = ready.into();
        let all = queue.len();
        while !queue.is_empty() {
            self.progress.tell(all - queue.len(), all);
            let batch = next_batch(&mut queue);
            let again = self.take(site, &placed, batch, &mut round).await?;
            for ready in again.into_iter().rev() {
                queue.push_front(ready);
            }
        }
        site.store.set_last_scan(began).await?;
        round.next = self.settle.next(Instant::now());
        Ok(round)
    }

    async fn take(
        &mut self,
        site: &Arc<Site>,
        placed: &HashMap<String, Placed>,
        batch: Vec<Ready>,
        round: &mut Round,
    ) -> anyhow::Result<Vec<Ready>> {
        let by_path: HashMap<String, Ready> = batch
            .iter()
            .map(|ready| (ready.found.path.clone(), ready.clone()))
            .collect();
        let mut tasks = JoinSet::new();
        for (place, ready) in batch.into_iter().enumerate() {
            let site = site.clone();
            let known = placed.get(&ready.found.path).cloned();
            let complete = self.once || ready.unchanged_for >= self.incomplete_wait;
            tasks.spawn(async move {
                let path = ready.found.path.clone();
                (place, path, look(&site, ready, known.as_ref(), complete).await)
            });
        }
        let mut looked: Vec<(usize, Looked)> = Vec::new();
        while let Some(task) = tasks.join_next().await {
            let (place, path, outcome) = task?;
            match outcome? {
                Ok(one) => looked.push((place, one)),
                Err(NotYet::Changing) => {
                    self.settle.put_off(&path, Instant::now(), Duration::from_secs(1));
                }
                Err(NotYet::Blocked(reason)) => {
                    self.settle.put_off(&path, Instant::now(), Duration::from_secs(5));
                    round.blocked.push((path, reason));
                }
            }
        }
        // In the order in which they lay there, whichever was read first.
        looked.sort_by_key(|(place, _)| *place);
        let committed = commit(site, looked.into_iter().map(|(_, looked)| looked).collect()).await?;
        for path in &committed.taken {
            self.settle.taken(path);
        }
        round.taken += committed.taken.len();
        Ok(committed
            .again
            .iter()
            .filter_map(|path| by_path.get(path).cloned())
            .collect())
    }
}

/// Whether a name is one that systems give to copies.
fn is_copy_name(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim_end();
    let numbered = stem
        .strip_suffix([')', '）'])
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    numbered || name.contains("副本") || stem.ends_with(" - Copy")
}

fn next_batch(queue: &mut std::collections::VecDeque<Ready>) -> Vec<Ready> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    while let Some(ready) = queue.front() {
        bytes += ready.found.stat.size;
        if !batch.is_empty() && (batch.len() >= BATCH_FILES || bytes > BATCH_BYTES) {
            break;
        }
        batch.extend(queue.pop_front());
    }
    batch
}

/// Paths that recorded steps are about to move, as they were when taken.
async fn spoken_for(site: &Site) -> anyhow::Result<HashMap<String, Stat>> {
    Ok(site
        .store
        .spoken_for()
        .await?
        .into_iter()
        .filter_map(|(path, action)| {
            let action: Action = serde_json::from_str(&action).ok()?;
            let stat = action.source()?.1;
            Some((path, stat))
        })
        .collect())
}

/// Whether a file has to be looked at: not ours as we left it, not taken already.
fn is_new(found: &Found, placed: &HashMap<String, Placed>, spoken_for: &HashMap<String, Stat>) -> bool {
    if found.place.zone == Zone::Forms || spoken_for.get(&found.path) == Some(&found.stat) {
        return false;
    }
    placed.get(&found.path).is_none_or(|placed| {
        Stat {
            size: placed.size,
            modified: placed.modified,
        } != found.stat
    })
}
