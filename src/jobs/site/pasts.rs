//! What was accepted of registers, kept while nothing of it changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::ids::ProgramId;
use crate::domain::period::Period;
use crate::domain::register::Past;
use crate::store::Counting;

/// What was gathered last, with what it was gathered from: everybody who looks
/// at a period asks, and the history of years stays the same.
#[derive(Default)]
pub struct Pasts(Mutex<HashMap<(ProgramId, Period), Gathered>>);

/// What was gathered, and from what.
pub struct Gathered {
    /// Hash of the definition by which rows were arranged.
    pub definition: String,
    /// The counting submissions of each earlier period.
    pub from: Vec<(Period, Vec<Counting>)>,
    /// What came of it.
    pub past: Arc<Past>,
}

impl Pasts {
    /// What was gathered from just this, if it was.
    pub fn known(
        &self,
        key: &(ProgramId, Period),
        definition: &str,
        from: &[(Period, Vec<Counting>)],
    ) -> Option<Arc<Past>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.get(key)?;
        (found.definition == definition && found.from == from).then(|| found.past.clone())
    }

    /// Keeps what was gathered.
    pub fn keep(&self, key: (ProgramId, Period), gathered: Gathered) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Few periods are looked at at a time; a walk through history isn't kept.
        if known.len() >= MOST_KEPT && !known.contains_key(&key) {
            known.clear();
        }
        known.insert(key, gathered);
    }
}

/// So many periods of registers are kept.
const MOST_KEPT: usize = 64;
