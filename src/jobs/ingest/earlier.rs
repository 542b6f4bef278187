//! What was recorded before a batch, asked of the database for all of it together.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::commit::Prepared;
use super::look::Sight;
use crate::domain::check::Examination;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::submission::Record;
use crate::jobs::site::Site;
use crate::store::Change;

/// Earlier submissions of the same bytes, and earlier versions for the same
/// units and periods.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    /// By programme and SHA-256.
    same: HashMap<ProgramId, HashMap<Sha256, Vec<Record>>>,
    /// By programme and period, then unit.
    versions: HashMap<(ProgramId, Period), HashMap<UnitId, Vec<Record>>>,
}

impl Earlier {
    pub(super) async fn of(site: &Site, change: &mut Change, batch: &[Prepared]) -> anyhow::Result<Self> {
        let mut contents: BTreeMap<&ProgramId, Vec<Sha256>> = BTreeMap::new();
        let mut units: BTreeMap<(&ProgramId, &Period), Vec<&UnitId>> = BTreeMap::new();
        for prepared in batch {
            let program: &Arc<Program> = &prepared.program;
            let Sight::Ledger(examination) = &prepared.sight else {
                continue;
            };
            contents.entry(&program.id).or_default().push(prepared.sha256);
            if let (Some(unit), Some(period)) = (&examination.unit, &examination.period) {
                units.entry((&program.id, period)).or_default().push(unit);
            }
        }
        let mut earlier = Self::default();
        for (program, contents) in contents {
            let same = site.store.same_bytes_of(change, program, &contents).await?;
            earlier.same.insert(program.clone(), same);
        }
        for ((program, period), units) in units {
            let versions = site
                .store
                .versions_of_units_within(change, program, period, &units)
                .await?;
            earlier
                .versions
                .insert((program.to_owned(), period.clone()), versions);
        }
        Ok(earlier)
    }

    /// Earlier submissions of the same bytes, newest first.
    pub(super) fn same(&self, program: &Program, sha256: Sha256) -> &[Record] {
        self.same
            .get(&program.id)
            .and_then(|contents| contents.get(&sha256))
            .map_or(&[], Vec::as_slice)
    }

    /// Earlier versions of the unit's ledger for the period, oldest first.
    pub(super) fn versions(&self, program: &Program, examination: &Examination) -> &[Record] {
        let (Some(unit), Some(period)) = (&examination.unit, &examination.period) else {
            return &[];
        };
        self.versions
            .get(&(program.id.clone(), period.clone()))
            .and_then(|units| units.get(unit))
            .map_or(&[], Vec::as_slice)
    }
}
