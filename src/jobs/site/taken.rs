//! What is decided or comes about while programmes run, taken up into them.

use std::sync::PoisonError;

use chrono::NaiveDate;

use super::Site;
use crate::domain::ids::ProgramId;
use crate::domain::obligation::{Obligation, State};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::obligations;

/// Periods of a programme that waits for another which are looked at.
const PERIODS: usize = 6;

impl Site {
    /// Takes up extended deadlines, who leads items by the office's decision,
    /// when programmes first ran, and how far those are that others wait for;
    /// tells whether any differs from before.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn take_up(&self) -> anyhow::Result<bool> {
        let extensions = self.store.extensions().await?;
        let assignments = self.store.assignments().await?;
        let begun = self.store.begun().await?;
        let mut changed = {
            let mut loaded = self.programs.write().unwrap_or_else(PoisonError::into_inner);
            let extended = loaded.extend(&extensions);
            let assigned = loaded.assign(&assignments);
            loaded.begin(&begun) || extended || assigned
        };
        // How far they are hangs on what was just taken up.
        let ended = self.ended_before().await?;
        if !ended.is_empty() {
            let mut loaded = self.programs.write().unwrap_or_else(PoisonError::into_inner);
            changed |= loaded.end(&ended);
        }
        Ok(changed)
    }

    /// For programmes that wait for another, by period: when that one was all
    /// in, or closed.
    async fn ended_before(&self) -> anyhow::Result<Vec<(ProgramId, (Period, NaiveDate))>> {
        let mut ended = Vec::new();
        for program in self.programs() {
            let before = program.deadline.after.as_deref().and_then(|id| self.program(id));
            let Some(before) = before else { continue };
            let today = self.clock.now().date_naive();
            for period in program.cycle.started_by(today, PERIODS) {
                let end = self.ended(&before, &period).await?;
                ended.extend(end.map(|end| (program.id.clone(), (period, end))));
            }
        }
        Ok(ended)
    }

    /// When a period was all in, or closed, whichever is first.
    async fn ended(&self, program: &Program, period: &Period) -> anyhow::Result<Option<NaiveDate>> {
        let Some(standing) = obligations::standing(self, program, period).await? else {
            return Ok(None);
        };
        let close = standing.due.close.date_naive();
        let owed = standing
            .obligations
            .iter()
            .filter(|own| !matches!(own.state, State::Exempt | State::Historic));
        let zone = standing.due.close.timezone();
        let accepted = |own: &Obligation| {
            let at = own.accepted_at?;
            Some(at.with_timezone(&zone).date_naive())
        };
        let all: Option<Vec<NaiveDate>> = owed.map(accepted).collect();
        let last = all.and_then(|days| days.into_iter().max());
        Ok(Some(last.map_or(close, |last| last.min(close))))
    }
}
