//! For how many periods in a row a unit handed in nothing, or lagged behind.

use std::collections::BTreeMap;

use chrono::DateTime;
use chrono_tz::Tz;

use super::gather::values;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Trigger;
use crate::domain::notices::{Run, Said, is_missed, is_unmet};
use crate::domain::obligation::Obligation;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::obligations::{self, Background};
use crate::jobs::site::Site;

/// The runs of each unit up to a period.
#[derive(Debug, Clone, Default)]
pub struct Runs {
    missed: BTreeMap<UnitId, u32>,
    /// By column and value.
    lagging: BTreeMap<(String, String), BTreeMap<UnitId, u32>>,
}

impl Runs {
    /// For how many periods in a row up to the one before a unit handed in nothing.
    #[must_use]
    pub fn missed(&self, unit: &UnitId) -> u32 {
        self.missed.get(unit).copied().unwrap_or(0)
    }

    /// For how many periods in a row, this one included, a unit lags behind:
    /// what counts of it says the value that a step speaks of, or nothing came.
    /// Before the close it is what would be, if nothing came in.
    #[must_use]
    pub fn lagging(
        &self,
        program: &Program,
        standing: &Standing,
        (obligation, said): (&Obligation, &[Said]),
        now: DateTime<Tz>,
    ) -> Vec<Run> {
        let waits = now < standing.due.close && is_unmet(obligation.state);
        let missed = waits || is_missed(obligation, &standing.due, now);
        let mut runs: Vec<Run> = Vec::new();
        for (column, value) in lagging_steps(program) {
            let says = said
                .iter()
                .any(|own| own.column == *column && own.value == *value);
            if !(says || missed) {
                continue;
            }
            let key = (column.to_owned(), value.to_owned());
            let before = self.lagging.get(&key).and_then(|own| own.get(&obligation.unit));
            runs.push(Run {
                column: key.0,
                value: key.1,
                periods: before.copied().unwrap_or(0) + 1,
            });
        }
        runs
    }

    /// The runs up to and with a period.
    #[must_use]
    pub fn with(
        &self,
        program: &Program,
        standing: &Standing,
        said: &BTreeMap<UnitId, Vec<Said>>,
        now: DateTime<Tz>,
    ) -> Self {
        let mut runs = Self::default();
        for own in &standing.obligations {
            if is_missed(own, &standing.due, now) {
                runs.missed.insert(own.unit.clone(), self.missed(&own.unit) + 1);
            }
            let said = said.get(&own.unit).map_or(&[][..], Vec::as_slice);
            for run in self.lagging(program, standing, (own, said), now) {
                let units = runs.lagging.entry((run.column, run.value)).or_default();
                units.insert(own.unit.clone(), run.periods);
            }
        }
        runs
    }
}

/// The runs of the periods before one that is chased no more itself, as far
/// back as the ladder looks; `periods` are those, oldest first.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn before(
    site: &Site,
    program: &Program,
    periods: &[Period],
    background: &Background,
    now: DateTime<Tz>,
) -> anyhow::Result<Runs> {
    let looks_back = longest(program).saturating_sub(1);
    let first = periods.len().saturating_sub(looks_back);
    let mut runs = Runs::default();
    for period in &periods[first..] {
        if let Some(standing) = obligations::standing_before(site, program, period, background).await? {
            let said = values(site, program, &standing).await?;
            runs = runs.with(program, &standing, &said, now);
        }
    }
    Ok(runs)
}

/// The most periods in a row that a step of the ladder speaks of.
fn longest(program: &Program) -> usize {
    let steps = program.ladder.steps.iter();
    let periods = steps.filter_map(|step| match step.trigger {
        Trigger::Missed(periods) | Trigger::Lagging { periods, .. } => Some(periods),
        _ => None,
    });
    usize::try_from(periods.max().unwrap_or(0)).unwrap_or(0)
}

/// Columns and values of the steps that speak of who lags behind, each once.
fn lagging_steps(program: &Program) -> Vec<(&str, &str)> {
    let steps = program.ladder.steps.iter();
    let mut found: Vec<(&str, &str)> = steps
        .filter_map(|step| match &step.trigger {
            Trigger::Lagging { column, value, .. } => Some((column.as_str(), value.as_str())),
            _ => None,
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}
