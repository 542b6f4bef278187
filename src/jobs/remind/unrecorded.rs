//! What became of letters, while the database can't take it. Without this a
//! letter that went out while the disk was full would stay `attempting` until
//! a restart, and be uncertain after it although this process knows better.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::send::{Done, record};
use crate::domain::ids::LetterId;
use crate::jobs::site::Site;

/// Facts about letters that have yet to be recorded.
#[derive(Debug, Default)]
pub struct Unrecorded(Mutex<Facts>);

#[derive(Debug, Default)]
struct Facts {
    /// Handed over, or not taken.
    done: Vec<Done>,
    /// Letters that were to be marked as being sent, which the database said
    /// it couldn't, and so were never handed over. A power cut in between may
    /// bring the mark out all the same.
    kept_back: Vec<LetterId>,
}

impl Unrecorded {
    /// Whether nothing waits to be recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let facts = self.facts();
        facts.done.is_empty() && facts.kept_back.is_empty()
    }

    /// Keeps what became of letters.
    pub(super) fn keep(&self, done: Vec<Done>) {
        self.facts().done.extend(done);
    }

    /// Keeps which letters were not handed over after all.
    pub(super) fn keep_back(&self, ids: impl IntoIterator<Item = LetterId>) {
        self.facts().kept_back.extend(ids);
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Records what waits to be recorded; gives how many letters were sent.
///
/// # Errors
/// The database still can't take it; then it waits on.
pub(super) async fn record_kept(site: &Site) -> anyhow::Result<usize> {
    if site.unrecorded.is_empty() {
        return Ok(0);
    }
    let kept = std::mem::take(&mut *site.unrecorded.facts());
    let outcome = async {
        site.store.requeue_attempting(&kept.kept_back).await?;
        record(site, &kept.done).await
    };
    match outcome.await {
        Ok(sent) => Ok(sent),
        Err(error) => {
            site.unrecorded.keep_back(kept.kept_back);
            site.unrecorded.keep(kept.done);
            Err(error)
        }
    }
}
