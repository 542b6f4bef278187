//! What a file is beside those that came before it: in which order files of one
//! unit are taken, which repeat another, which would displace a better one.

pub mod order;
pub mod repetition;
pub mod rivals;

#[cfg(test)]
mod tests;

use super::finding::Verdict;
use super::submission::{NewSubmission, Record, counting};

/// The version that counts among those of a unit and period.
#[must_use]
pub fn counted(versions: &[Record]) -> Option<&Record> {
    let submissions: Vec<_> = versions.iter().filter_map(Record::submission).collect();
    let id = counting(&submissions)?.id;
    versions.iter().find(|record| record.id == id)
}

/// The number of the version that a submission makes after those before it;
/// none if it makes no version.
#[must_use]
pub fn next_version(new: &NewSubmission, before: &[Record]) -> Option<u32> {
    let counts = matches!(
        new.verdict,
        Verdict::Accepted | Verdict::AcceptedWithWarnings | Verdict::Returned
    );
    let last = before.iter().filter_map(|record| record.version).max();
    (counts && new.unit.is_some() && new.period.is_some()).then(|| last.unwrap_or(0) + 1)
}
