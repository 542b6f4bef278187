//! While a fault lasts: whether the place takes writes again, and if so, the
//! work that it kept up, at once. The fault is over when that work succeeded.

use std::time::Instant;

use super::{AFTER_FAULT, Daemon};
use crate::jobs::faults::Area;
use crate::jobs::site::Site;

/// How far mending has come.
#[derive(Debug)]
pub(super) struct Mending {
    /// When it was last looked whether faults are over.
    at: Option<Instant>,
    /// The work that will show it is under way.
    pub trying: bool,
    /// The folders on the share have yet to be made.
    pub unready: bool,
}

impl Mending {
    /// At the start, at which the share may have failed already.
    pub fn of(site: &Site) -> Self {
        Self {
            at: None,
            trying: false,
            unready: !site.faults.is_empty(),
        }
    }
}

impl Daemon {
    /// Asks the places that failed whether they take writes again; what waits
    /// for one that does is due now.
    pub(super) async fn mend(&mut self) {
        let site = &self.site;
        let soon = self.mending.at.is_some_and(|at| at.elapsed() < AFTER_FAULT);
        if site.faults.is_empty() || self.mending.trying || soon {
            return;
        }
        let standing = site.faults.standing().into_iter();
        for fault in standing.filter(|own| own.area != Area::Page) {
            match site.takes(fault.area).await {
                Ok(()) => {
                    site.faults.tried(fault.area);
                    self.mending.trying = true;
                }
                Err(error) => tracing::debug!(error = format!("{error:#}"), "故障还没有消除"),
            }
        }
        self.mending.at = Some(Instant::now());
        if !self.mending.trying {
            return;
        }
        self.scanned = None;
        self.page.again();
        self.merge.hasten();
        if let Err(error) = site.store.hasten_deliveries(site.clock.utc()).await {
            site.name_fault(Area::Database, "等待的操作没有提前", &error.into());
        }
    }

    /// After the work: ends the faults that it has met no more.
    pub(super) fn confirm(&mut self) {
        let due = self.merge.is_due() && !self.away;
        let under_way = due || self.masters.is_out() || self.letters.is_out();
        if !under_way && std::mem::take(&mut self.mending.trying) {
            for fault in self.site.faults.confirm(self.site.clock.utc()) {
                tracing::info!(since = %fault.since, "{}恢复正常", fault.area.name());
            }
        }
    }
}
