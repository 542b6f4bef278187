//! What a process knows of its hold on the share.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use crate::domain::sentinel::Own;

/// How long who takes over from a silent owner waits before it begins: some
/// looks of an owner that lives all the same, by its own monotonic clock.
const GRACE: Duration = Duration::from_secs(20);

/// A site's hold on its share, as this process has it.
#[derive(Debug)]
pub struct Holding {
    /// Held while the sentinel is read and written.
    pub(in crate::jobs) turn: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    own: Option<Own>,
    grace: Duration,
    looked: Option<Instant>,
    wrote: Option<DateTime<Utc>>,
    beat: Option<Instant>,
    failing: bool,
    refused: Option<String>,
    changed: Option<String>,
    news: bool,
    /// The database was compared with the share.
    compared: bool,
    /// What was in the way on the share at the last full scan.
    obstacles: BTreeSet<String>,
}

impl Default for Holding {
    fn default() -> Self {
        Self {
            turn: tokio::sync::Mutex::default(),
            state: Mutex::new(State {
                own: None,
                grace: GRACE,
                looked: None,
                wrote: None,
                beat: None,
                failing: false,
                refused: None,
                changed: None,
                news: false,
                compared: false,
                obstacles: BTreeSet::new(),
            }),
        }
    }
}

impl Holding {
    /// Why the share is somebody else's, as it was seen last.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.state().refused.clone()
    }

    /// What is wrong with the sentinel that a person changed and that has yet
    /// to be written anew.
    #[must_use]
    pub fn changed_by_hand(&self) -> Option<String> {
        self.state().changed.clone()
    }

    /// Whether the database was compared with the share since the start.
    #[must_use]
    pub(in crate::jobs) fn is_compared(&self) -> bool {
        self.state().compared
    }

    /// It was compared.
    pub(in crate::jobs) fn compare(&self) {
        self.state().compared = true;
    }

    /// Whether there is something to tell since this was asked last.
    #[must_use]
    pub fn take_news(&self) -> bool {
        std::mem::take(&mut self.state().news)
    }

    /// There is something to tell.
    pub(in crate::jobs) fn tell(&self) {
        self.state().news = true;
    }

    /// Takes up what is in the way on the share, each in words; gives what
    /// wasn't before.
    pub(in crate::jobs) fn set_obstacles(&self, obstacles: BTreeSet<String>) -> Vec<String> {
        let mut state = self.state();
        let new: Vec<String> = obstacles.difference(&state.obstacles).cloned().collect();
        // That something is gone is told as well.
        state.news |= obstacles != state.obstacles;
        state.obstacles = obstacles;
        new
    }

    /// Sets how long to wait after writing one's name over a silent owner's.
    /// Shorter only where nobody else can be: in a test.
    pub fn set_grace(&self, grace: Duration) {
        self.state().grace = grace;
    }

    pub(in crate::jobs) fn grace(&self) -> Duration {
        self.state().grace
    }

    pub(in crate::jobs) fn own(&self) -> Option<Own> {
        let state = self.state();
        state.own.clone().map(|own| Own {
            wrote: state.wrote,
            ..own
        })
    }

    pub(in crate::jobs) fn set_own(&self, own: Option<Own>) {
        self.state().own = own;
    }

    pub(in crate::jobs) fn looked_within(&self, time: Duration) -> bool {
        self.state().looked.is_some_and(|at| at.elapsed() < time)
    }

    pub(in crate::jobs) fn look(&self) {
        self.state().looked = Some(Instant::now());
    }

    pub(in crate::jobs) fn beat_is_due(&self, every: Duration) -> bool {
        self.state().beat.is_none_or(|at| at.elapsed() >= every)
    }

    pub(in crate::jobs) fn wrote(&self, heartbeat: DateTime<Utc>) {
        let mut state = self.state();
        state.wrote = Some(heartbeat);
        state.beat = Some(Instant::now());
        state.failing = false;
    }

    /// A heartbeat failed; whether it is the first.
    pub(in crate::jobs) fn failed(&self) -> bool {
        let mut state = self.state();
        state.beat = Some(Instant::now());
        !std::mem::replace(&mut state.failing, true)
    }

    /// The share was given free.
    pub(in crate::jobs) fn rest(&self) {
        let mut state = self.state();
        state.wrote = None;
        state.beat = None;
    }

    pub(in crate::jobs) fn accept(&self) {
        let mut state = self.state();
        state.news |= state.refused.take().is_some();
    }

    pub(in crate::jobs) fn refuse(&self, reason: String) {
        let mut state = self.state();
        state.news |= state.refused.is_none();
        state.refused = Some(reason);
    }

    /// Whether that is new.
    pub(in crate::jobs) fn set_changed(&self, reason: Option<String>) -> bool {
        let mut state = self.state();
        let new = state.changed != reason;
        state.news |= new;
        state.changed = reason;
        new
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
