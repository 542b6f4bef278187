//! Drafts (草稿): what units have saved without handing it in.

use std::collections::HashMap;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::finding::FindingAnswer;
use super::times::instant;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::obligation::State;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::jobs::obligations;
use crate::jobs::site::Site;
use crate::store::Draft;

/// What a unit has saved for a period without handing it in.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DraftStanding {
    /// Rows with data.
    pub rows: u32,
    /// It says that there is nothing to report.
    pub nil: bool,
    /// Faults that would be returned.
    pub faults: u32,
}

/// A draft.
#[derive(Debug, Clone, Serialize)]
pub struct DraftAnswer {
    /// The programme.
    pub program: ProgramId,
    /// The unit.
    pub unit: UnitId,
    /// The unit's display name, or its id where it has left the roster.
    pub unit_shown: String,
    /// The period.
    pub period: Period,
    /// Where it lies on the share.
    pub path: SharePath,
    /// When these bytes were first seen.
    #[serde(serialize_with = "instant")]
    pub saved: DateTime<Tz>,
    /// How it stands.
    #[serde(flatten)]
    pub standing: DraftStanding,
    /// What the checks say, identity numbers masked.
    pub findings: Vec<FindingAnswer>,
}

impl DraftStanding {
    pub(super) fn of(draft: &Draft) -> Self {
        Self {
            rows: draft.rows,
            nil: draft.nil,
            faults: draft.faults,
        }
    }
}

/// What units that still owe a period have saved for it, in the order of the
/// roster; none for a period that the programme doesn't know.
///
/// # Errors
/// The database can't be read.
pub async fn drafts(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Vec<DraftAnswer>> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(Vec::new());
    };
    let mut owed = owed(site, program, &standing).await?;
    let messages = site.messages(program.language);
    let units = standing.obligations.iter();
    let answer = |draft: Draft| {
        let unit = program.roster.unit(&draft.file.unit);
        DraftAnswer {
            standing: DraftStanding::of(&draft),
            unit_shown: unit.map_or_else(|| draft.file.unit.to_string(), |own| own.display_name.clone()),
            findings: draft
                .findings
                .iter()
                .map(|finding| FindingAnswer::of(finding, messages))
                .collect(),
            saved: draft.file.saved.with_timezone(&site.clock.zone()),
            program: draft.file.program,
            unit: draft.file.unit,
            period: draft.file.period,
            path: draft.file.path,
        }
    };
    Ok(units
        .filter_map(|own| owed.remove(&own.unit))
        .map(answer)
        .collect())
}

/// Drafts of units that still owe the period, by unit: the one saved last, as
/// long as nothing was handed in since.
///
/// # Errors
/// The database can't be read.
pub(super) async fn owed(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<HashMap<UnitId, Draft>> {
    let mut drafts: HashMap<UnitId, Draft> = HashMap::new();
    for draft in site.store.drafts(&program.id, &standing.period).await? {
        drafts.insert(draft.file.unit.clone(), draft);
    }
    drafts.retain(|unit, _| {
        let own = standing.of(unit);
        own.is_some_and(|own| {
            !matches!(
                own.state,
                State::Accepted | State::AcceptedLate | State::Nil | State::Exempt
            )
        })
    });
    Ok(drafts)
}
