//! What became of letters, while the database can't take it. Without this a
//! letter that went out while the disk was full would stay `attempting` until
//! a restart, and be uncertain after it although this process knows better.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::ids::LetterId;
use crate::domain::letters::Letter;
use crate::mail::Outcome;

/// A letter that was handed over or not taken, its Message-ID, what became of it.
pub type Done = (Letter, String, Outcome);

/// Facts about letters that have yet to be recorded.
#[derive(Debug, Default)]
pub struct Unrecorded(Mutex<Facts>);

#[derive(Debug, Default)]
pub(in crate::jobs) struct Facts {
    /// Handed over, or not taken.
    pub done: Vec<Done>,
    /// Letters that were to be marked as being sent, which the database said
    /// it couldn't, and so were never handed over. A power cut in between may
    /// bring the mark out all the same.
    pub kept_back: Vec<LetterId>,
}

impl Unrecorded {
    /// Whether nothing waits to be recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let facts = self.facts();
        facts.done.is_empty() && facts.kept_back.is_empty()
    }

    /// Keeps what became of letters.
    pub(in crate::jobs) fn keep(&self, done: Vec<Done>) {
        self.facts().done.extend(done);
    }

    /// Keeps which letters were not handed over after all.
    pub(in crate::jobs) fn keep_back(&self, ids: impl IntoIterator<Item = LetterId>) {
        self.facts().kept_back.extend(ids);
    }

    /// Takes out what waits.
    pub(in crate::jobs) fn take(&self) -> Facts {
        std::mem::take(&mut *self.facts())
    }

    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
