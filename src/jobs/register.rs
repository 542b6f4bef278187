//! What was accepted of registers, from what the database knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::lists;
use super::site::{Origin, SharedRows, Site};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::{self, Duties, Handed, Past, Ready};
use crate::domain::submission::counting;
use crate::store::Counting;

/// The ledgers of a register that count, period by period in their order;
/// nothing where the programme is none.
pub struct History(Vec<(Period, Vec<Counting>)>);

impl History {
    /// Asks the database.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, program: &Program) -> anyhow::Result<Self> {
        if program.material.items().is_none() {
            return Ok(Self(Vec::new()));
        }
        let first_day = |period: &Period| program.cycle.span(period).map(|span| span.0);
        let mut all = site.store.counting_of_all(&program.id).await?;
        all.retain(|(period, _)| first_day(period).is_some());
        all.sort_by_key(|(period, _)| first_day(period));
        Ok(Self(all))
    }
}

/// What of a register was accepted before a period; nothing where the
/// programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn past(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Arc<Past>> {
    let history = History::of(site, program).await?;
    past_of(site, program, period, &history).await
}

async fn past_of(
    site: &Site,
    program: &Program,
    period: &Period,
    history: &History,
) -> anyhow::Result<Arc<Past>> {
    let (Some(items), Some((start, _))) = (program.material.items(), program.cycle.span(period)) else {
        return Ok(Arc::default());
    };
    let is_before = |other: &Period| program.cycle.span(other).is_some_and(|span| span.0 < start);
    let earlier = history.0.iter().take_while(|(other, _)| is_before(other));
    let mut origin = Origin::begin(&program.id, &program.hash);
    let mut past = Arc::<Past>::default();
    for (period, counting) in earlier {
        origin = origin.and(period, counting);
        if let Some(known) = site.pasts.known(&origin) {
            past = known;
            continue;
        }
        let judged: Vec<Judged> = counting.iter().map(|own| (own.submission, own.judged)).collect();
        let mut rows = rows_of_each(site, program, period, &judged).await?;
        let mut next = Past::clone(&past);
        for counting in counting {
            let rows = rows.remove(&counting.submission).unwrap_or_default();
            next.add(items, &counting.unit, period, &rows);
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
        let history = History::of(site, program).await?;
        Self::before(site, program, period, &history).await
    }

    /// The same for one of several periods of a register.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn before(
        site: &Site,
        program: &Program,
        period: &Period,
        history: &History,
    ) -> anyhow::Result<Self> {
        let past = past_of(site, program, period, history).await?;
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
    let mut spoken_for: Vec<(&UnitId, Judged, bool)> = Vec::new();
    for (unit, versions) in &standing.submissions {
        let counts = counting(versions);
        let latest = || versions.iter().rfind(|own| own.is_returned());
        let submission = counts.or_else(latest);
        spoken_for.extend(submission.map(|own| {
            let judged = (own.id, own.judged.timestamp_millis());
            (unit, judged, counts.is_some())
        }));
    }
    let judged: Vec<Judged> = spoken_for.iter().map(|(_, judged, _)| *judged).collect();
    let mut rows = rows_of_each(site, program, &standing.period, &judged).await?;
    let handed = spoken_for.into_iter().map(|(unit, (id, _), accepted)| {
        let rows = rows.remove(&id).unwrap_or_default();
        (unit.clone(), Handed { accepted, rows })
    });
    Ok(handed.collect())
}

/// A ledger by its number, and when it was judged last: its rows are the same
/// until that changes.
type Judged = (SubmissionId, i64);

/// Rows of some ledgers for a period; those that were read lately are at hand.
async fn rows_of_each(
    site: &Site,
    program: &Program,
    period: &Period,
    judged: &[Judged],
) -> anyhow::Result<HashMap<SubmissionId, SharedRows>> {
    let mut found = HashMap::new();
    let mut unread: HashMap<SubmissionId, i64> = HashMap::new();
    for (id, judged) in judged {
        match site.rows_read.known(*id, *judged, &program.hash) {
            Some(rows) => found.extend([(*id, rows)]),
            None => unread.extend([(*id, *judged)]),
        }
    }
    let ids: Vec<SubmissionId> = unread.keys().copied().collect();
    for (id, rows) in site.rows_of_each(program, period, &ids).await? {
        let rows: SharedRows = Arc::new(rows.into_iter().map(Arc::new).collect());
        if let Some(judged) = unread.get(&id) {
            site.rows_read.keep(id, *judged, &program.hash, &rows);
        }
        found.insert(id, rows);
    }
    Ok(found)
}
