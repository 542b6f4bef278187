//! Turns at looking at files: some at the same time, a large one alone.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::platform::give_back;

/// Files that are copied, read and checked at the same time; more would only
/// take memory, as the reading children are fewer.
pub(super) const AT_ONCE: usize = 4;

/// Files that unfold to more bytes than this are looked at alone: one of them
/// may take two hundred megabytes, and four at once are more than a small
/// machine has.
const LARGE: u64 = 8 << 20;

/// A turn; it ends when dropped.
#[derive(Debug)]
pub struct Turn {
    turns: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    large: bool,
}

impl Turn {
    /// Waits for one of the turns.
    pub(super) async fn wait(turns: Arc<Semaphore>) -> anyhow::Result<Self> {
        let permit = Some(turns.clone().acquire_owned().await?);
        Ok(Self {
            turns,
            permit,
            large: false,
        })
    }

    /// For a file that unfolds to so many bytes: goes on, beside the others or
    /// when they have finished.
    pub(super) async fn for_bytes(&mut self, bytes: u64) -> anyhow::Result<()> {
        if bytes > LARGE {
            // Given back first: two large files would wait for each other.
            self.permit = None;
            let all = u32::try_from(AT_ONCE)?;
            self.permit = Some(self.turns.clone().acquire_many_owned(all).await?);
            self.large = true;
        }
        Ok(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if self.large {
            give_back();
        }
    }
}
