//! What was accepted of registers, from what the database knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::lists;
use super::site::{Origin, Site};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::{self, Duties, Handed, Past, Ready};
use crate::domain::submission::counting;

/// What of a register was accepted before a period; nothing where the
/// programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn past(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Arc<Past>> {
    let (Some(items), Some((start, _))) = (program.material.items(), program.cycle.span(period)) else {
        return Ok(Arc::default());
    };
    let first_day = |period: &Period| program.cycle.span(period).map(|span| span.0);
    let mut earlier = site.store.counting_of_all(&program.id).await?;
    earlier.retain(|(other, _)| first_day(other).is_some_and(|first| first < start));
    earlier.sort_by_key(|(other, _)| first_day(other));
    let mut origin = Origin::begin(&program.id, &program.hash);
    let mut past = Arc::<Past>::default();
    for (period, counting) in &earlier {
        origin = origin.and(period, counting);
        if let Some(known) = site.pasts.known(&origin) {
            past = known;
            continue;
        }
        let ids: Vec<SubmissionId> = counting.iter().map(|own| own.submission).collect();
        let mut rows = site.rows_of_each(program, period, &ids).await?;
        let mut next = Past::clone(&past);
        for counting in counting {
            let rows = rows.remove(&counting.submission).unwrap_or_default();
            next.add(items, &counting.unit, period, rows);
        }
        past = Arc::new(next);
        site.pasts.keep(origin.clone(), past.clone());
    }
    Ok(past)
}

/// What a register asks for in a period, and what was accepted of it before;
/// nothing where the programme is none.
pub struct Asked {
    /// Who owes rows of which items.
    pub duties: Duties,
    /// What was accepted of it before.
    pub past: Arc<Past>,
    /// Rows of each unit's list, where the programme keeps lists on change.
    lists: HashMap<UnitId, Vec<LedgerRow>>,
}

impl Asked {
    /// Asks the database, once for all units.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Self> {
        let past = past(site, program, period).await?;
        let duties = Duties::of(program, period, &past);
        Ok(Self {
            duties,
            past,
            lists: HashMap::new(),
        })
    }

    /// The same with the rows of lists that are kept on change, for their forms.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn with_lists(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Self> {
        let mut asked = Self::of(site, program, period).await?;
        asked.lists = lists::rows(site, program, period).await?;
        Ok(asked)
    }

    /// Rows that stand ready on a unit's form: all of its items, or these by
    /// their places in the table.
    #[must_use]
    pub fn ready(
        &self,
        program: &Program,
        period: &Period,
        unit: &UnitId,
        only: Option<&[usize]>,
    ) -> Vec<Ready> {
        if let Some(rows) = self.lists.get(unit) {
            return lists::ready(program, period, rows);
        }
        if lists::keeps_lists(program) {
            return lists::first(program, period, unit);
        }
        let places = only.unwrap_or_else(|| self.duties.on_form(unit));
        register::ready(program, period, unit, (&self.duties, &self.past), places)
    }
}

/// The ledger of each unit for a period: the one that counts, else the last one
/// that was handed back; none where the programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn handed(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<HashMap<UnitId, Handed>> {
    if program.material.items().is_none() {
        return Ok(HashMap::new());
    }
    let mut spoken_for: Vec<(&UnitId, SubmissionId, bool)> = Vec::new();
    for (unit, versions) in &standing.submissions {
        let counts = counting(versions);
        let latest = || versions.iter().rfind(|own| own.is_returned());
        let submission = counts.or_else(latest);
        spoken_for.extend(submission.map(|own| (unit, own.id, counts.is_some())));
    }
    let ids: Vec<SubmissionId> = spoken_for.iter().map(|(_, id, _)| *id).collect();
    let mut rows = site.rows_of_each(program, &standing.period, &ids).await?;
    let handed = spoken_for.into_iter().map(|(unit, id, accepted)| {
        let rows = rows.remove(&id).unwrap_or_default();
        (unit.clone(), Handed { accepted, rows })
    });
    Ok(handed.collect())
}
