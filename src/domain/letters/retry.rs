//! When a letter that couldn't be handed over is tried again.

use chrono::TimeDelta;

/// The first wait after a temporary failure, and the longest.
pub const FIRST_WAIT: TimeDelta = TimeDelta::minutes(5);
/// See [`FIRST_WAIT`].
pub const LONGEST_WAIT: TimeDelta = TimeDelta::hours(4);

/// The wait after our own disk couldn't take a letter as a file: it is no
/// server that has to be spared.
pub const DISK_WAIT: TimeDelta = TimeDelta::seconds(10);

/// The wait after so many tries: doubles with each, and is up to a quarter
/// longer by `jitter`, which each letter has of its own, so that letters which
/// failed together don't come back together.
#[must_use]
pub fn wait(attempts: u32, jitter: u8) -> TimeDelta {
    let doubled = FIRST_WAIT * 2_i32.pow(attempts.min(6));
    let whole = doubled.min(LONGEST_WAIT);
    whole + whole * i32::from(jitter) / (4 * 255)
}
