//! `status`: who owes what, of the periods that were named.

use std::sync::Arc;

use serde::Serialize;

use super::drafts::DraftStanding;
use super::json::{Array, text};
use super::named;
use super::standing::{ItemStanding, Lying, PeriodStanding, UnitStanding, periods, standings};
use super::times::written;
use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// What is asked for; what isn't named is all of it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Programme.
    pub program: Option<String>,
    /// Period.
    pub period: Option<String>,
}

/// A programme with the periods of it that are asked for.
type Of = (Arc<Program>, Option<Period>);

/// The programmes that are asked for, and the period of each where one is named.
fn wanted(site: &Site, asked: &Asked) -> anyhow::Result<Vec<Of>> {
    let programs = match &asked.program {
        Some(named) => vec![named::program(site, Some(named))?],
        None => site.programs(),
    };
    let named = asked.period.as_deref();
    let with_period = |program: Arc<Program>| {
        let period = named.map(|named| named::period(site, &program, Some(named)));
        Ok((program, period.transpose()?))
    };
    programs.into_iter().map(with_period).collect()
}

async fn standings_of(
    site: &Site,
    lying: &Lying,
    (program, named): &Of,
) -> anyhow::Result<Vec<PeriodStanding>> {
    let periods = match named {
        Some(period) => vec![period.clone()],
        None => periods(site, program, lying).await?,
    };
    standings(site, program, &periods, lying).await
}

/// How the periods stand that are asked for, programme by programme, oldest first.
///
/// # Errors
/// There is no such programme or period ([`Misuse`](super::Misuse)); the
/// database can't be read.
pub async fn standing(
    site: &Arc<Site>,
    asked: &Asked,
) -> anyhow::Result<Vec<(Arc<Program>, PeriodStanding)>> {
    let lying = Arc::new(Lying::of(site).await?);
    let mut parts = Vec::new();
    for own in wanted(site, asked)? {
        let (site, lying) = (site.clone(), lying.clone());
        // Programmes side by side, the periods of each in their order: each
        // goes on from what was accepted before it.
        parts.push(tokio::spawn(async move {
            let found = standings_of(&site, &lying, &own).await?;
            anyhow::Ok((own.0, found))
        }));
    }
    let mut all = Vec::new();
    for part in parts {
        let (program, found) = part.await??;
        all.extend(found.into_iter().map(|own| (program.clone(), own)));
    }
    Ok(all)
}

/// The same as JSON, one programme at a time: what is kept meanwhile is text.
///
/// # Errors
/// See [`standing`].
pub async fn in_json(site: &Arc<Site>, asked: &Asked) -> anyhow::Result<String> {
    let lying = Lying::of(site).await?;
    let wanted = wanted(site, asked)?;
    if asked.period.is_some() {
        let mut all = Vec::new();
        for own in &wanted {
            all.extend(standings_of(site, &lying, own).await?);
        }
        return json(all, asked);
    }
    let mut array = Array::default();
    for own in &wanted {
        for found in standings_of(site, &lying, own).await? {
            array.add(&Report::of(found))?;
        }
    }
    Ok(array.text())
}

/// Periods as JSON: one by itself where one was named, else an array.
///
/// # Errors
/// They can't be said in JSON.
pub fn json(found: impl IntoIterator<Item = PeriodStanding>, asked: &Asked) -> anyhow::Result<String> {
    let reports: Vec<Report> = found.into_iter().map(Report::of).collect();
    match (&asked.period, reports.as_slice()) {
        (Some(_), [only]) => text(only),
        _ => text(&reports),
    }
}

/// A period as JSON.
#[derive(Debug, Serialize)]
struct Report {
    program: String,
    period: String,
    due: String,
    /// The date before it was moved, `2026-04-05`.
    due_nominal: String,
    /// How the due date came about, in the programme's language.
    due_reason: String,
    provisional: bool,
    close: String,
    close_provisional: bool,
    expected: u32,
    received: u32,
    on_time: u32,
    late: u32,
    returned: u32,
    missing: u32,
    /// Of those missing: a file waits for the office to confirm it.
    unconfirmed: u32,
    exempt: u32,
    units: Vec<UnitLine>,
    /// Items of a register with each of those who owe rows of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemStanding>,
}

#[derive(Debug, Serialize)]
struct UnitLine {
    unit: String,
    state: State,
    first_received: Option<String>,
    accepted_at: Option<String>,
    versions: u32,
    times_returned: u32,
    /// Why a file of it has to be confirmed before it counts; none where none waits.
    unconfirmed: Option<String>,
    /// Why the state is what it is, in the programme's language.
    why: String,
    draft: Option<DraftStanding>,
}

impl Report {
    fn of(found: PeriodStanding) -> Self {
        let tally = found.tally;
        Self {
            program: found.program.to_string(),
            period: found.period.to_string(),
            due: written(found.due),
            due_nominal: found.due_nominal.to_string(),
            due_reason: found.due_reason,
            provisional: found.provisional,
            close: written(found.close),
            close_provisional: found.close_provisional,
            expected: tally.expected,
            received: tally.received,
            on_time: tally.on_time,
            late: tally.late,
            returned: tally.returned,
            missing: tally.missing,
            unconfirmed: tally.unconfirmed,
            exempt: tally.exempt,
            units: found.units.into_iter().map(UnitLine::of).collect(),
            items: found.items,
        }
    }
}

impl UnitLine {
    fn of(own: UnitStanding) -> Self {
        Self {
            unit: own.name,
            state: own.state,
            first_received: own.first_received.map(written),
            accepted_at: own.accepted_at.map(written),
            versions: own.versions,
            times_returned: own.times_returned,
            unconfirmed: own.unconfirmed,
            why: own.why,
            draft: own.draft,
        }
    }
}
