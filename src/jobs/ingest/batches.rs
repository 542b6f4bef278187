//! Files on their way into the database: a queue that is looked at some at a time.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::look::{Accepted, Looked, NotYet, look, standing};
use super::seen::Known;
use crate::inbox::Ready;
use crate::jobs::site::Site;

/// Files that go into one commit at most.
const MOST_FILES: usize = 48;

/// Bytes of files that go into one commit at most; what they unfold to has to fit into memory.
const MOST_BYTES: u64 = 1 << 20;

/// Files that are copied, read and checked at the same time; more would only
/// take memory, as the reading children are fewer.
pub(super) const AT_ONCE: usize = 4;

/// Files that are being looked at: place in the batch, path, outcome.
pub(super) type Looking = JoinSet<(usize, String, anyhow::Result<Result<Looked, NotYet>>)>;

/// What waits to be looked at in a round.
pub(super) struct Batches {
    site: Arc<Site>,
    known: Arc<Known>,
    queue: VecDeque<Ready>,
    turns: Arc<Semaphore>,
    once: bool,
    incomplete_wait: Duration,
}

impl Batches {
    /// A single pass (`once`) waits for no file to become complete, a daemon so long.
    pub fn new(
        site: &Arc<Site>,
        known: Known,
        queue: Vec<Ready>,
        once: bool,
        incomplete_wait: Duration,
    ) -> Self {
        Self {
            site: site.clone(),
            known: Arc::new(known),
            queue: queue.into(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            once,
            incomplete_wait,
        }
    }

    /// How many files wait.
    pub fn left(&self) -> usize {
        self.queue.len()
    }

    /// Has files come next, in this order.
    pub fn put_back(&mut self, files: impl IntoIterator<Item = Ready, IntoIter: DoubleEndedIterator>) {
        for file in files.into_iter().rev() {
            self.queue.push_front(file);
        }
    }

    /// Begins to look at the next files; each is looked at beside the others
    /// and beside whoever called, against what is recorded by now.
    pub async fn start(&mut self) -> anyhow::Result<Looking> {
        let mut looking = JoinSet::new();
        let mut standings: HashMap<String, Arc<Accepted>> = HashMap::new();
        for (place, ready) in self.next().into_iter().enumerate() {
            let program = &ready.found.place.program;
            let known = if let Some(known) = standings.get(program) {
                known.clone()
            } else {
                let fresh = Arc::new(standing(&self.site, program).await?);
                standings.insert(program.clone(), fresh.clone());
                fresh
            };
            let (site, seen, turns) = (self.site.clone(), self.known.clone(), self.turns.clone());
            let complete = self.once || ready.unchanged_for >= self.incomplete_wait;
            looking.spawn(async move {
                let path = ready.found.path.clone();
                let (left, checked) = (seen.placed.get(&path), seen.checked.get(&path));
                let outcome = match turns.acquire().await {
                    Ok(_turn) => look(&site, ready, left, checked, &known, complete).await,
                    Err(error) => Err(error.into()),
                };
                (place, path, outcome)
            });
        }
        Ok(looking)
    }

    fn next(&mut self) -> Vec<Ready> {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(ready) = self.queue.front() {
            bytes += ready.found.stat.size;
            if !batch.is_empty() && (batch.len() >= MOST_FILES || bytes > MOST_BYTES) {
                break;
            }
            batch.extend(self.queue.pop_front());
        }
        batch
    }
}
