//! Turns at looking at files: some at the same time, a large one alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::give_back;

/// Files that are copied, read and checked at the same time; more would only
/// take memory, as the reading children are fewer.
pub(super) const AT_ONCE: usize = 4;

/// Files that unfold to more bytes than this are looked at alone: one of them
/// may take two hundred megabytes, and four at once are more than a small
/// machine has.
const LARGE: u64 = 8 << 20;

/// Bytes that may be held of the batch before while a large file is looked at;
/// more are recorded first.
const MOST_BESIDE: usize = 4 << 20;

/// Bytes that are held of a batch's files which were looked at and aren't
/// recorded yet, and of those of the batch before it.
#[derive(Debug, Clone, Default)]
pub(super) struct Unrecorded {
    own: Arc<AtomicUsize>,
    before: Arc<AtomicUsize>,
}

impl Unrecorded {
    /// Those of the next batch.
    pub(super) fn of_next_batch(&self) -> Self {
        Self {
            own: Arc::default(),
            before: self.own.clone(),
        }
    }

    /// Bytes that are held of this batch.
    pub(super) fn own(&self) -> usize {
        self.own.load(Ordering::Relaxed)
    }

    /// What one file adds to them, until it is dropped.
    fn hold(&self, bytes: usize) -> Held {
        self.own.fetch_add(bytes, Ordering::Relaxed);
        Held {
            all: self.own.clone(),
            bytes,
        }
    }
}

/// What one file holds.
#[derive(Debug)]
pub struct Held {
    all: Arc<AtomicUsize>,
    bytes: usize,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// A turn; it ends when dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Arc<Semaphore>,
    unrecorded: Unrecorded,
    permit: Option<OwnedSemaphorePermit>,
    large: bool,
}

impl Turn {
    /// Waits for one of the turns.
    pub(super) async fn wait(turns: Arc<Semaphore>, unrecorded: Unrecorded) -> anyhow::Result<Self> {
        let permit = Some(turns.clone().acquire_owned().await?);
        Ok(Self {
            turns,
            unrecorded,
            permit,
            large: false,
        })
    }

    /// For a file that unfolds to so many bytes: goes on, beside the others or
    /// when they have finished. False where too much of the batch before has yet
    /// to be recorded: the turn comes later. (Only what comes before counts: two
    /// that each waited for the other would wait for ever.)
    pub(super) async fn for_bytes(&mut self, bytes: u64) -> anyhow::Result<bool> {
        if bytes > LARGE {
            // Given back first: two large files would wait for each other.
            self.permit = None;
            let all = u32::try_from(AT_ONCE)?;
            self.permit = Some(self.turns.clone().acquire_many_owned(all).await?);
            self.large = true;
            return Ok(self.unrecorded.before.load(Ordering::Relaxed) <= MOST_BESIDE);
        }
        Ok(true)
    }

    /// What was looked at in this turn brought so many bytes.
    pub(super) fn brought(&self, bytes: usize) -> Held {
        self.unrecorded.hold(bytes)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.large {
            give_back();
        }
    }
}
