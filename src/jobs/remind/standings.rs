//! What letters of one round have in common, asked for once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::watches;
use crate::domain::consolidate::Summary;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::letters::NoticeRecord;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::ItemLine;
use crate::jobs::consolidate;
use crate::jobs::obligations;
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::store::Draft;

/// Standings that letters of one round have in common.
#[derive(Debug, Default)]
pub struct Standings {
    of_period: HashMap<(ProgramId, Period), Option<Arc<Standing>>>,
    summaries: HashMap<(ProgramId, Period), Option<Arc<Summary>>>,
    drafts: HashMap<(ProgramId, Period), HashMap<UnitId, Draft>>,
    items: HashMap<(ProgramId, Period), Arc<Vec<ItemLine>>>,
    open: HashMap<ProgramId, BTreeSet<(UnitId, String)>>,
}

impl Standings {
    /// Everybody's standing for a period; none if the programme doesn't know it.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(
        &mut self,
        site: &Site,
        program: &Program,
        period: &Period,
    ) -> anyhow::Result<Option<Arc<Standing>>> {
        let key = (program.id.clone(), period.clone());
        if let Some(known) = self.of_period.get(&key) {
            return Ok(known.clone());
        }
        let standing = obligations::standing(site, program, period).await?.map(Arc::new);
        self.of_period.insert(key, standing.clone());
        Ok(standing)
    }

    /// What a unit has saved in its form for a period, the last one if there are several.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn draft(
        &mut self,
        site: &Site,
        program: &Program,
        period: &Period,
        unit: &UnitId,
    ) -> anyhow::Result<Option<&Draft>> {
        let key = (program.id.clone(), period.clone());
        if !self.drafts.contains_key(&key) {
            let drafts = site.store.drafts(&program.id, period).await?;
            let by_unit = drafts.into_iter().map(|draft| (draft.file.unit.clone(), draft));
            self.drafts.insert(key.clone(), by_unit.collect());
        }
        Ok(self.drafts.get(&key).and_then(|drafts| drafts.get(unit)))
    }

    /// Whether the row that a notice of what expires speaks of is still open,
    /// with the same date.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn is_open(
        &mut self,
        site: &Site,
        program: &Program,
        notice: &NoticeRecord,
    ) -> anyhow::Result<bool> {
        if !self.open.contains_key(&program.id) {
            let open = watches::open(site, program).await?;
            self.open.insert(program.id.clone(), open);
        }
        let open = self.open.get(&program.id);
        let own = notice.unit.clone().map(|unit| (unit, notice.key.step.clone()));
        Ok(own.is_some_and(|own| open.is_some_and(|open| open.contains(&own))))
    }

    /// How the items of a register stand, unit by unit; none of other programmes.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn items(
        &mut self,
        site: &Site,
        program: &Program,
        standing: &Standing,
    ) -> anyhow::Result<Arc<Vec<ItemLine>>> {
        let key = (program.id.clone(), standing.period.clone());
        if let Some(known) = self.items.get(&key) {
            return Ok(known.clone());
        }
        let handed = register::handed(site, program, standing).await?;
        let lines = Arc::new(standing.item_lines(program, &handed));
        self.items.insert(key, lines.clone());
        Ok(lines)
    }

    /// What a period's master says; it goes through every row of the year, so
    /// it is worked out once for all letters that speak of it.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn summary(
        &mut self,
        site: &Arc<Site>,
        program: &Arc<Program>,
        period: &Period,
    ) -> anyhow::Result<Option<Arc<Summary>>> {
        let key = (program.id.clone(), period.clone());
        if let Some(known) = self.summaries.get(&key) {
            return Ok(known.clone());
        }
        let summary = consolidate::summary(site, program, period).await?.map(Arc::new);
        self.summaries.insert(key, summary.clone());
        Ok(summary)
    }
}
