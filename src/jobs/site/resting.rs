//! Forms of which every unit has its own, remembered while nothing changes that
//! decides on them.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::store::Counting;

/// What decides who is given a form for a period, and what stands ready in it.
pub struct Resting {
    /// The programme as it was understood.
    pub program: Arc<Program>,
    /// What stood ready in the forms that units were given.
    pub given: HashMap<UnitId, String>,
    /// Units that owe nothing.
    pub exempt: BTreeSet<UnitId>,
    /// What counts in each period, where forms say what was reported before.
    pub counting: Vec<(Period, Vec<Counting>)>,
}

/// Periods in which nobody was without a form, with what that was decided by.
#[derive(Default)]
pub struct Rests(Mutex<HashMap<(ProgramId, Period), Resting>>);

impl Rests {
    /// Whether nobody was without a form by just this.
    pub fn rests(&self, period: &Period, now: &Resting) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |then: &Resting| {
            Arc::ptr_eq(&then.program, &now.program)
                && then.given == now.given
                && then.exempt == now.exempt
                && then.counting == now.counting
        };
        known
            .get(&(now.program.id.clone(), period.clone()))
            .is_some_and(same)
    }

    /// Remembers that nobody is without a form.
    pub fn keep(&self, period: &Period, now: Resting) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.insert((now.program.id.clone(), period.clone()), now);
    }
}

/// So many periods are remembered; one that is over is asked for no more.
const MOST_KEPT: usize = 256;
