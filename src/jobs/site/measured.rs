//! Who is behind a target, kept while nothing of it changes: to measure goes
//! through every row of the year.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::pasts::Origin;
use crate::domain::ids::ProgramId;
use crate::domain::notices::Behind;
use crate::domain::period::Period;

/// So many periods are kept.
const MOST_KEPT: usize = 64;

/// What was measured last of each period, and from what.
type Kept = HashMap<(ProgramId, Period), (Origin, Arc<Vec<Behind>>)>;

/// What was measured last.
#[derive(Default)]
pub struct Measured(Mutex<Kept>);

impl Measured {
    /// What was measured of a period from just this, if it was.
    pub fn known(&self, program: &ProgramId, period: &Period, from: &Origin) -> Option<Arc<Vec<Behind>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (origin, behind) = known.get(&(program.clone(), period.clone()))?;
        (origin == from).then(|| behind.clone())
    }

    /// Keeps what was measured.
    pub fn keep(&self, program: &ProgramId, period: &Period, from: Origin, behind: Arc<Vec<Behind>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.insert((program.clone(), period.clone()), (from, behind));
    }
}
