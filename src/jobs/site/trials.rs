//! Which programmes are on trial, as this process knows it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::ids::ProgramId;

/// Which programmes were on trial when it was looked last.
#[derive(Debug, Default)]
pub struct Trials(Mutex<BTreeMap<ProgramId, bool>>);

impl Trials {
    pub(in crate::jobs) fn are_as_known(&self, now: &BTreeMap<ProgramId, bool>) -> bool {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) == *now
    }

    pub(in crate::jobs) fn remember(&self, now: BTreeMap<ProgramId, bool>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}
