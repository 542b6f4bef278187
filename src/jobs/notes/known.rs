//! What notes are made from, asked of the database for many units together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::domain::finding::Finding;
use crate::domain::ids::{Duty, ProgramId, SubmissionId, UnitId};
use crate::domain::obligation::{Exemption, Undone};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::Ready;
use crate::domain::submission::Record;
use crate::jobs::lists;
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::store::Draft;

/// The facts that notes about some units and periods need.
#[derive(Debug, Default)]
pub struct Known {
    versions: HashMap<(ProgramId, Period), HashMap<UnitId, Vec<Record>>>,
    findings: HashMap<SubmissionId, Vec<Finding>>,
    settled: HashMap<ProgramId, HashMap<UnitId, Vec<Period>>>,
    gone_live: HashMap<ProgramId, Option<DateTime<Utc>>>,
    drafts: HashMap<Duty, Draft>,
    exemptions: HashMap<Duty, Exemption>,
    undone: HashMap<Duty, Undone>,
    ready: HashMap<Duty, Vec<Ready>>,
}

impl Known {
    /// Asks for everything that notes about these say.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, about: &BTreeSet<Duty>) -> anyhow::Result<Self> {
        let mut known = Self::default();
        let mut groups: BTreeMap<(&ProgramId, &Period), Vec<&UnitId>> = BTreeMap::new();
        let mut units: BTreeMap<&ProgramId, BTreeSet<&UnitId>> = BTreeMap::new();
        for one in about {
            groups
                .entry((&one.program, &one.period))
                .or_default()
                .push(&one.unit);
            units.entry(&one.program).or_default().insert(&one.unit);
        }
        for ((program, period), units) in groups {
            let versions = site.store.versions_of_units(program, period, &units).await?;
            known.versions.insert((program.clone(), period.clone()), versions);
            known.decisions(site, program, period).await?;
            known.ready(site, program, period, &units).await?;
            // Of several drafts the one saved last is spoken of.
            for draft in site.store.drafts(program, period).await? {
                let duty = Duty::of(program, &draft.file.unit, period);
                known.drafts.insert(duty, draft);
            }
        }
        for (program, units) in units {
            let units: Vec<&UnitId> = units.into_iter().collect();
            let settled = site.store.settled_periods(program, &units).await?;
            known.settled.insert(program.clone(), settled);
            let gone_live = site.store.gone_live(program).await?;
            known.gone_live.insert(program.clone(), gone_live);
        }
        let records = known.versions.values().flat_map(HashMap::values).flatten();
        let ids: Vec<SubmissionId> = records.map(|record| record.id).collect();
        known.findings = site.store.findings_told_of(&ids).await?;
        Ok(known)
    }

    /// Asks for what the office decided about units' duties for a period.
    async fn decisions(&mut self, site: &Site, program: &ProgramId, period: &Period) -> anyhow::Result<()> {
        let about = |unit: &UnitId| Duty::of(program, unit, period);
        let (exemptions, undone) = site.store.all_exemptions(program, period).await?;
        self.exemptions
            .extend(exemptions.into_iter().map(|own| (about(&own.unit), own)));
        self.undone
            .extend(undone.into_iter().map(|own| (about(&own.unit), own)));
        Ok(())
    }

    /// Asks for what stands ready on the forms of a register.
    async fn ready(
        &mut self,
        site: &Site,
        program: &ProgramId,
        period: &Period,
        units: &[&UnitId],
    ) -> anyhow::Result<()> {
        let prefilled = |own: &Arc<Program>| own.material.items().is_some() || lists::keeps_lists(own);
        let Some(register) = site.program(program).filter(prefilled) else {
            return Ok(());
        };
        let asked = register::Asked::with_lists(site, &register, period).await?;
        for unit in units {
            let ready = asked.ready(&register, period, unit, None);
            self.ready.insert(Duty::of(program, unit, period), ready);
        }
        Ok(())
    }

    /// The rows that stand ready on a unit's form.
    pub(in crate::jobs) fn ready_for(&self, about: &Duty) -> &[Ready] {
        self.ready.get(about).map_or(&[], Vec::as_slice)
    }

    /// A unit's exemption from a period, if it has one.
    pub(super) fn exemption(&self, about: &Duty) -> Option<&Exemption> {
        self.exemptions.get(about)
    }

    /// That a unit was exempted from a period and owes it after all.
    pub(super) fn undone(&self, about: &Duty) -> Option<&Undone> {
        self.undone.get(about)
    }

    /// The versions of a unit for a period, oldest first.
    pub(super) fn versions(&self, about: &Duty) -> &[Record] {
        self.versions
            .get(&(about.program.clone(), about.period.clone()))
            .and_then(|units| units.get(&about.unit))
            .map_or(&[], Vec::as_slice)
    }

    /// What a unit has saved for a period without handing it in.
    pub(super) fn draft(&self, about: &Duty) -> Option<&Draft> {
        self.drafts.get(about)
    }

    /// The findings of a submission that its unit is told of.
    pub(super) fn findings(&self, id: SubmissionId) -> &[Finding] {
        self.findings.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Periods for which a unit owes nothing more.
    pub(super) fn settled(&self, program: &ProgramId, unit: &UnitId) -> &[Period] {
        self.settled
            .get(program)
            .and_then(|units| units.get(unit))
            .map_or(&[], Vec::as_slice)
    }

    /// When a programme ran for the first time.
    pub(super) fn gone_live(&self, program: &ProgramId) -> Option<DateTime<Utc>> {
        self.gone_live.get(program).copied().flatten()
    }
}
