//! When masters are written anew.

use std::time::{Duration, Instant};

use crate::jobs::site::Site;

/// When masters are written anew: after a quiet time, but not later than a ceiling.
pub(super) struct Merge {
    quiet: Duration,
    ceiling: Duration,
    first: Option<Instant>,
    last: Option<Instant>,
    /// Not before this: what they are written to has just failed.
    not_before: Option<Instant>,
}

impl Merge {
    pub fn new(site: &Site) -> Self {
        // What an interrupted run left undone is due at once.
        let now = Some(Instant::now());
        Self {
            quiet: site.options.merge_quiet,
            ceiling: site.options.merge_ceiling,
            first: now,
            last: now,
            not_before: None,
        }
    }

    pub fn mark(&mut self) {
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = Some(now);
    }

    pub fn done(&mut self) {
        self.first = None;
        self.last = None;
    }

    /// Something that is due failed: it's due again after a while.
    pub fn put_off(&mut self, wait: Duration) {
        self.mark();
        self.not_before = Some(Instant::now() + wait);
    }

    /// What it failed for is over: due at once, if anything is.
    pub fn hasten(&mut self) {
        self.not_before = None;
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = now.checked_sub(self.quiet).or(Some(now));
    }

    pub fn wait(&self) -> Duration {
        let (Some(first), Some(last)) = (self.first, self.last) else {
            return Duration::MAX;
        };
        let due = (last + self.quiet).min(first + self.ceiling);
        self.not_before
            .map_or(due, |not_before| due.max(not_before))
            .saturating_duration_since(Instant::now())
    }

    pub fn is_due(&self) -> bool {
        self.first.is_some() && self.wait().is_zero()
    }
}
