//! What fails at present, and since when: one entry for each area, gone when
//! work there succeeds again.
//!
//! Nobody watches the log of a county office, so a fault that lasts is said
//! where people look: in 运行情况.txt and by `doctor`. The same facts lie in a
//! file in the data folder, because `doctor` is another process.

mod area;
mod kept;
mod probe;

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::dates::moment;
use crate::domain::language::Language;
use crate::store::{in_words, remedy};

pub use area::{Area, area_of};
use kept::Kept;
pub use kept::read;
pub use probe::{folder_takes, in_data};

/// A fault that comes back within this time is the same one: what was tried in
/// between was too small to meet it.
const SAME: TimeDelta = TimeDelta::minutes(1);

/// A fault that lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What it concerns.
    pub area: Area,
    /// When it was first met.
    pub since: DateTime<Utc>,
    /// What the system said.
    pub what: String,
    /// What to do, if the cause tells.
    pub remedy: Option<String>,
}

impl Fault {
    /// The fault in one line, for people: where, since when, what, what to do.
    #[must_use]
    pub fn words(&self, zone: chrono_tz::Tz) -> String {
        let since = moment(Language::Chinese, self.since.with_timezone(&zone));
        let todo = self.remedy.as_deref().unwrap_or("请检查磁盘和权限");
        format!("{}从{since}起出错（{}）。{todo}", self.area.name(), self.what)
    }
}

/// The faults of a site at work.
#[derive(Debug, Default)]
pub struct Faults(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    standing: Vec<Lasting>,
    ended: Vec<(Fault, DateTime<Utc>)>,
    changes: u64,
    kept: Option<Kept>,
}

#[derive(Debug)]
struct Lasting {
    fault: Fault,
    /// The area takes writes again; the work has yet to show it.
    tried: bool,
}

impl Faults {
    /// Notes that work in an area failed. True if that is news.
    pub fn failed(&self, area: Area, error: &anyhow::Error, now: DateTime<Utc>) -> bool {
        self.failed_as(area, &in_words(error), remedy(error), now)
    }

    /// As [`Faults::failed`], of an error that is words already.
    pub fn failed_as(&self, area: Area, what: &str, remedy: Option<&str>, now: DateTime<Utc>) -> bool {
        let mut state = self.state();
        if let Some(known) = state.standing.iter_mut().find(|own| own.fault.area == area) {
            known.tried = false;
            return false;
        }
        let before = state
            .ended
            .iter()
            .find(|(fault, at)| fault.area == area && now - *at < SAME);
        let since = before.map_or(now, |(fault, _)| fault.since);
        state.standing.push(Lasting {
            fault: Fault {
                area,
                since,
                what: what.to_owned(),
                remedy: remedy.map(str::to_owned),
            },
            tried: false,
        });
        state.standing.sort_by_key(|own| own.fault.area);
        state.changed();
        true
    }

    /// Notes that an area takes writes again. The fault is over once the work
    /// that follows has met it no more: see [`Faults::confirm`].
    pub fn tried(&self, area: Area) {
        let mut state = self.state();
        for own in state.standing.iter_mut().filter(|own| own.fault.area == area) {
            own.tried = true;
        }
    }

    /// Ends the faults of areas that took writes again and have not failed
    /// since; gives them.
    pub fn confirm(&self, now: DateTime<Utc>) -> Vec<Fault> {
        let mut state = self.state();
        let (over, standing) = std::mem::take(&mut state.standing)
            .into_iter()
            .partition::<Vec<_>, _>(|own| own.tried);
        state.standing = standing;
        if over.is_empty() {
            return Vec::new();
        }
        let over: Vec<Fault> = over.into_iter().map(|own| own.fault).collect();
        state
            .ended
            .retain(|(fault, _)| !over.iter().any(|own| own.area == fault.area));
        state.ended.extend(over.iter().map(|fault| (fault.clone(), now)));
        state.changed();
        over
    }

    /// Ends the fault of an area; tells whether there was any.
    pub fn over(&self, area: Area, now: DateTime<Utc>) -> bool {
        let mut state = self.state();
        let at = state.standing.iter().position(|own| own.fault.area == area);
        let Some(at) = at else { return false };
        let fault = state.standing.remove(at).fault;
        state.ended.retain(|(own, _)| own.area != area);
        state.ended.push((fault, now));
        state.changed();
        true
    }

    /// The faults that last, by area.
    #[must_use]
    pub fn standing(&self) -> Vec<Fault> {
        self.state()
            .standing
            .iter()
            .map(|own| own.fault.clone())
            .collect()
    }

    /// Whether none lasts that work waits for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let state = self.state();
        state.standing.iter().all(|own| own.fault.area == Area::Page)
    }

    /// Changes whenever a fault begins or ends.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state().changes
    }

    /// Keeps the faults in a file in the data folder from now on, for other
    /// processes to read. It begins anew: what a former run left there is over.
    pub fn keep_in(&self, data: &Path) {
        let mut state = self.state();
        state.kept = Some(Kept::new(data));
        state.keep();
    }

    /// Writes the file again if it couldn't be written when something changed.
    pub fn keep(&self) {
        self.state().keep();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn changed(&mut self) {
        self.changes += 1;
        if let Some(kept) = &mut self.kept {
            kept.is_due = true;
        }
        self.keep();
    }

    fn keep(&mut self) {
        if let Some(kept) = &mut self.kept {
            kept.write(self.standing.iter().map(|own| &own.fault));
        }
    }
}

#[cfg(test)]
mod tests;
