//! What was gathered of ledgers that count, kept while nothing of it changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

use crate::domain::ids::{ProgramId, SubmissionId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::store::Counting;

/// From what a past was gathered: a definition, and what counted in each period
/// up to one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin([u8; 32]);

impl Origin {
    /// Of a programme by this definition, before anything was accepted.
    #[must_use]
    pub fn begin(program: &ProgramId, definition: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(program.as_str());
        hash.update([0]);
        hash.update(definition);
        Self(hash.finalize().into())
    }

    /// With what counted in the next period.
    #[must_use]
    pub fn and(&self, period: &Period, counting: &[Counting]) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(period.to_string());
        for own in counting {
            hash.update([0]);
            hash.update(own.unit.as_str());
            hash.update([0]);
            hash.update(own.submission.to_string());
            hash.update([0]);
            hash.update(own.judged.to_le_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// What was gathered last, by what it was gathered from: everybody who looks
/// at a period asks, and the history of years stays the same.
pub struct Kept<T>(Mutex<HashMap<Origin, Arc<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Kept<T> {
    /// What was gathered from just this, if it was.
    pub fn known(&self, origin: &Origin) -> Option<Arc<T>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(origin).cloned()
    }

    /// Keeps what was gathered.
    pub fn keep(&self, origin: Origin, gathered: Arc<T>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What changed since is never asked for again.
        if known.len() >= MOST_KEPT {
            known.clear();
        }
        known.insert(origin, gathered);
    }
}

/// So many periods are kept; those of registers share their rows.
const MOST_KEPT: usize = 256;

/// Rows of one ledger of a register; who speaks of one shares it.
pub type SharedRows = Arc<Vec<Arc<LedgerRow>>>;

/// Rows of registers that were read last: how a period stands and what the next
/// one goes on from are asked of the same ledgers.
#[derive(Default)]
pub struct RowsRead(Mutex<ReadOf>);

#[derive(Default)]
struct ReadOf {
    /// By number, when it was judged last, and the definition it was read by.
    ledgers: HashMap<(SubmissionId, i64, String), SharedRows>,
    rows: usize,
}

/// So many rows are kept; most of them stand in what was gathered as well.
const MOST_ROWS: usize = 10_000;

impl RowsRead {
    /// The rows of a ledger as it was judged then, if they were read.
    pub fn known(&self, id: SubmissionId, judged: i64, definition: &str) -> Option<SharedRows> {
        let read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        read.ledgers.get(&(id, judged, definition.to_owned())).cloned()
    }

    /// Keeps what was read.
    pub fn keep(&self, id: SubmissionId, judged: i64, definition: &str, rows: &SharedRows) {
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if read.rows + rows.len() > MOST_ROWS {
            *read = ReadOf::default();
        }
        if rows.len() <= MOST_ROWS {
            read.rows += rows.len();
            read.ledgers
                .insert((id, judged, definition.to_owned()), rows.clone());
        }
    }
}
