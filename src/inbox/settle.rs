//! When a file has settled: unchanged over two looks, a settle time apart.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::scan::Found;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Arrival;

/// A file that has settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The file.
    pub found: Found,
    /// When it came.
    pub arrival: Arrival,
    /// How long it has been unchanged, as far as was seen.
    pub unchanged_for: Duration,
}

/// Remembers what was seen of each file that isn't ours yet.
#[derive(Debug)]
pub struct Settle {
    wait: Duration,
    editor_wait: Duration,
    files: HashMap<SharePath, Seen>,
}

#[derive(Debug, Clone)]
struct Seen {
    found: Found,
    since: Instant,
    arrival: Arrival,
    not_before: Option<Instant>,
}

impl Settle {
    /// `wait` is the time a file must stay unchanged; `editor_wait` the same
    /// while an editor's lock stands beside it (zero: locks are not waited for).
    #[must_use]
    pub fn new(wait: Duration, editor_wait: Duration) -> Self {
        Self {
            wait,
            editor_wait,
            files: HashMap::new(),
        }
    }

    /// Takes in what a scan found and gives the files that have settled.
    /// `last_scan` is the end of the last complete scan before this one.
    pub fn look(
        &mut self,
        found: Vec<Found>,
        last_scan: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        clock: Instant,
    ) -> Vec<Ready> {
        let mut before = std::mem::take(&mut self.files);
        let mut ready = Vec::new();
        for found in found {
            let seen = match before.remove(&found.path) {
                Some(seen) if seen.found.stat == found.stat => seen,
                Some(seen) => Seen {
                    found: found.clone(),
                    since: clock,
                    not_before: None,
                    ..seen
                },
                None => Seen {
                    found: found.clone(),
                    since: clock,
                    arrival: Arrival {
                        after: last_scan,
                        seen: now,
                    },
                    not_before: None,
                },
            };
            let unchanged_for = clock.saturating_duration_since(seen.since);
            let wait = if found.locked {
                self.wait.max(self.editor_wait)
            } else {
                self.wait
            };
            if unchanged_for >= wait && seen.not_before.is_none_or(|at| clock >= at) {
                ready.push(Ready {
                    found: found.clone(),
                    arrival: seen.arrival,
                    unchanged_for,
                });
            }
            self.files.insert(found.path, seen);
        }
        ready
    }

    /// The files that are waited for, as they were last seen.
    #[must_use]
    pub fn waiting(&self) -> Vec<Found> {
        self.files.values().map(|seen| seen.found.clone()).collect()
    }

    /// Leaves a file alone for a while, because it can't be taken yet.
    pub fn put_off(&mut self, path: &str, clock: Instant, wait: Duration) {
        if let Some(seen) = self.files.get_mut(path) {
            seen.not_before = Some(clock + wait);
        }
    }

    /// Forgets a file that was taken; should it change, it is new.
    pub fn taken(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// How long until some file may have settled; none if nothing is waited for.
    #[must_use]
    pub fn next(&self, clock: Instant) -> Option<Duration> {
        self.files
            .values()
            .map(|seen| {
                let at = (seen.since + self.wait).max(seen.not_before.unwrap_or(seen.since));
                at.saturating_duration_since(clock)
            })
            .min()
    }

    /// Whether anything is waited for.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        !self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbox::scan::{Place, Stat, Zone};

    fn found(size: u64, locked: bool) -> Found {
        Found {
            path: "p/a.xlsx".into(),
            name: "a.xlsx".into(),
            stat: Stat { size, modified: 1 },
            place: Place {
                program: "p".into(),
                unit: None,
                zone: Zone::Drop,
                period: None,
            },
            locked,
        }
    }

    #[test]
    fn a_growing_file_is_waited_for() {
        let mut settle = Settle::new(Duration::from_secs(2), Duration::from_mins(15));
        let (now, start) = (DateTime::UNIX_EPOCH, Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert!(settle.look(vec![found(1, false)], None, now, at(0)).is_empty());
        assert!(settle.look(vec![found(2, false)], None, now, at(2)).is_empty());
        assert_eq!(settle.look(vec![found(2, false)], None, now, at(4)).len(), 1);
        assert_eq!(settle.next(at(3)), Some(Duration::from_secs(1)));
    }

    #[test]
    fn a_fresh_lock_is_waited_for_and_an_old_one_blocks_nothing() {
        let mut settle = Settle::new(Duration::from_secs(2), Duration::from_mins(15));
        let (now, start) = (DateTime::UNIX_EPOCH, Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert!(settle.look(vec![found(1, true)], None, now, at(0)).is_empty());
        assert!(settle.look(vec![found(1, true)], None, now, at(10)).is_empty());
        assert_eq!(settle.look(vec![found(1, true)], None, now, at(900)).len(), 1);
    }

    #[test]
    fn the_first_sight_is_the_arrival() {
        let mut settle = Settle::new(Duration::from_secs(2), Duration::ZERO);
        let start = Instant::now();
        let first = DateTime::UNIX_EPOCH;
        settle.look(vec![found(1, false)], None, first, start);
        let later = first + chrono::TimeDelta::seconds(60);
        let ready = settle.look(
            vec![found(1, false)],
            Some(later),
            later,
            start + Duration::from_mins(1),
        );
        assert_eq!(
            ready[0].arrival,
            Arrival {
                after: None,
                seen: first
            }
        );
    }
}
