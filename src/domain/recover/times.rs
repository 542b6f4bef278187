//! Whether the times of the archive's copies tell when files came.

use chrono::{DateTime, TimeDelta, Utc};

/// How long after it was seen a file is archived at most: it has to settle,
/// also while an editor's lock stands beside it.
const LATEST: TimeDelta = TimeDelta::minutes(30);

/// Whether copies were made when the notes say that their files came. `pairs`
/// hold both times of the files that notes speak of. Copies that were copied
/// themselves (from a backup, onto a new machine) all bear a time of that
/// day: then none is believed, nor where there is nothing to compare with.
#[must_use]
pub fn believable(pairs: &[(DateTime<Utc>, DateTime<Utc>)]) -> bool {
    let fits = pairs
        .iter()
        .filter(|(noted, copied)| {
            // Notes tell the minute only.
            *copied >= *noted - TimeDelta::minutes(1) && *copied <= *noted + LATEST
        })
        .count();
    // One or two may have been replaced after a power cut, or handed in as drafts.
    !pairs.is_empty() && fits * 10 >= pairs.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_believed_where_notes_bear_them_out() {
        let at = |minute: i64| DateTime::from_timestamp(1_733_000_000 + 60 * minute, 0).unwrap();
        assert!(!believable(&[]));
        assert!(believable(&[(at(0), at(1)), (at(500), at(515))]));
        assert!(!believable(&[(at(0), at(9000)), (at(500), at(9000))]));
        assert!(!believable(&[(at(10), at(0))]));
    }
}
