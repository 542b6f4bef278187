//! Whether the daemon's loop goes on, for whoever asks from beside it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A round with large workbooks takes minutes; a loop that says nothing for
/// longer stands still.
const LONGEST: Duration = Duration::from_mins(10);

/// What the loop said last.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Option<Beat>>);

#[derive(Debug, Clone, Copy)]
struct Beat {
    at: Instant,
    /// The shared folder isn't there.
    away: bool,
}

impl Pulse {
    /// The loop has come round.
    pub fn beat(&self, away: bool) {
        self.beat_at(Instant::now(), away);
    }

    fn beat_at(&self, at: Instant, away: bool) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Beat { at, away });
    }

    /// Whether it stands still. Where none was begun there is nothing to stand still.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.last().is_some_and(|own| own.at.elapsed() > LONGEST)
    }

    /// Whether it found the shared folder away.
    #[must_use]
    pub fn is_away(&self) -> bool {
        self.last().is_some_and(|own| own.away)
    }

    fn last(&self) -> Option<Beat> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_that_says_nothing_stands_still() {
        let pulse = Pulse::default();
        assert!(!pulse.is_silent() && !pulse.is_away());
        pulse.beat(true);
        assert!(!pulse.is_silent() && pulse.is_away());
        if let Some(then) = Instant::now().checked_sub(LONGEST + Duration::from_secs(1)) {
            pulse.beat_at(then, false);
            assert!(pulse.is_silent() && !pulse.is_away());
        }
        pulse.beat(false);
        assert!(!pulse.is_silent());
    }
}
