//! Several files of one unit that came together: the one saved last goes last,
//! so that it is the one that counts.

use chrono::{DateTime, Utc};

/// What is known of a file before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// When it was last saved, as its own properties say; none where they prove nothing.
    pub by_itself: Option<DateTime<Utc>>,
    /// When the share says that it was changed, in nanoseconds since 1970.
    pub modified: i64,
    /// Its size in bytes.
    pub size: u64,
}

/// The order in which files are taken, by their places: as they were saved, if
/// each of them tells; the file's time breaks a tie, and stands in where one
/// doesn't. None where they are copies of one file, most likely, and the
/// original is to be the one that counts.
#[must_use]
pub fn in_order(files: &[Saved]) -> Option<Vec<usize>> {
    let all_tell = files.iter().all(|own| own.by_itself.is_some());
    let same_size = files.windows(2).all(|pair| pair[0].size == pair[1].size);
    if !all_tell && same_size {
        return None;
    }
    let mut order: Vec<usize> = (0..files.len()).collect();
    order.sort_by_key(|place| {
        let own = files[*place];
        (own.by_itself.filter(|_| all_tell), own.modified)
    });
    Some(order)
}
