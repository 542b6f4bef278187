//! Obligations of a period, from what the database knows.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::site::Site;
use crate::domain::calendar::Calendar;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{
    Circumstances, Exemption, Grace, Obligation, State, Undone, Why, grace, judge, why,
};
use crate::domain::period::Period;
use crate::domain::program::{Due, Program};
use crate::domain::submission::Submission;

/// A period with everybody's standing.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Working days that it was judged by.
    pub calendar: Arc<Calendar>,
    /// When the programme first ran.
    pub go_live: Option<DateTime<Utc>>,
    /// When it was judged.
    pub now: DateTime<Tz>,
    /// The period.
    pub period: Period,
    /// By when.
    pub due: Due,
    /// One for each unit that owes it, in roster order.
    pub obligations: Vec<Obligation>,
    /// All versions by unit, without their fill lines.
    pub submissions: HashMap<UnitId, Vec<Submission>>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// Exemptions that were undone.
    pub undone: Vec<Undone>,
    /// Places in `obligations` by unit.
    place_of: HashMap<UnitId, usize>,
}

impl Standing {
    /// A unit's duty; none if it doesn't owe the period.
    #[must_use]
    pub fn of(&self, unit: &str) -> Option<&Obligation> {
        self.obligations.get(*self.place_of.get(unit)?)
    }

    /// Why a unit stands where it stands.
    #[must_use]
    pub fn why(&self, program: &Program, obligation: &Obligation) -> Vec<Why> {
        let submissions = self.submissions.get(&obligation.unit);
        let facts = Circumstances {
            program,
            period: &self.period,
            due: &self.due,
            submissions: submissions.map_or(&[], Vec::as_slice),
            exempt: self
                .exemptions
                .iter()
                .find(|exemption| exemption.unit == obligation.unit),
            calendar: &self.calendar,
            go_live: self.go_live,
            now: self.now,
        };
        why(&facts, obligation)
    }
}

/// Judges every unit's duty for a period; `None` for a period that the programme doesn't know.
///
/// # Errors
/// The database is gone.
pub async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Option<Standing>> {
    let now = site.clock.now();
    let Some(span) = program.cycle.span(period) else {
        return Ok(None);
    };
    let calendar = site.calendar();
    let Some(due) = program.due(period, &calendar, now.timezone()) else {
        return Ok(None);
    };
    let facts = site.store.facts_of(&program.id, period).await?;
    let exemptions = site.store.exemptions(&program.id, period).await?;
    let undone = site.store.undone(&program.id, period).await?;
    let go_live: Option<DateTime<Utc>> = site.store.gone_live(&program.id).await?;
    let mut submissions: HashMap<UnitId, Vec<Submission>> = HashMap::new();
    for submission in facts {
        // They come by unit: most have one version, and its key is there.
        match submissions.get_mut(&submission.unit) {
            Some(own) => own.push(submission),
            None => {
                submissions.insert(submission.unit.clone(), vec![submission]);
            }
        }
    }
    // A period that isn't owed (before the first one, or of a cycle on change)
    // is nobody's debt: only what came for it stands there.
    let owed = program.cycle.owes(period);
    let mut unconfirmed = site.store.unconfirmed(&program.id, period).await?;
    let mut obligations: Vec<Obligation> = program
        .roster
        .units_in(span)
        .filter(|unit| owed || submissions.contains_key(&unit.id))
        .map(|unit| {
            judge(
                program,
                period,
                &due,
                &unit.id,
                submissions.get(&unit.id).map_or(&[], Vec::as_slice),
                exemptions.iter().find(|exemption| exemption.unit == unit.id),
                &calendar,
                go_live,
                now,
            )
        })
        .collect();
    for own in &mut obligations {
        own.unconfirmed = unconfirmed.remove(&own.unit).filter(|waits| match own.state {
            State::Upcoming | State::Due | State::Overdue => true,
            // It may be the correction.
            State::Returned => submissions
                .get(&own.unit)
                .and_then(|versions| versions.iter().map(|own| own.arrival.seen).max())
                .is_none_or(|seen| seen < waits.last),
            _ => false,
        });
    }
    let places = obligations.iter().enumerate();
    let place_of = places.map(|(at, own)| (own.unit.clone(), at)).collect();
    Ok(Some(Standing {
        calendar,
        go_live,
        now,
        period: period.clone(),
        due,
        obligations,
        submissions,
        exemptions,
        undone,
        place_of,
    }))
}

/// Periods of a programme that people look at: the open one, the running one,
/// and every one for which something was received; oldest first.
///
/// # Errors
/// The database is gone.
pub async fn periods(site: &Site, program: &Program) -> anyhow::Result<Vec<Period>> {
    let now = site.clock.now();
    let mut periods = site.store.periods_of(&program.id).await?;
    if let Some(open) = program.open_period(&site.calendar(), now)
        && program.cycle.owes(&open)
        && !periods.contains(&open)
    {
        periods.push(open);
    }
    periods.sort_by_key(|period| program.cycle.span(period).map(|span| span.0));
    Ok(periods)
}

/// Periods that have begun and are not closed.
#[must_use]
pub fn open_periods(site: &Site, program: &Program) -> Vec<Period> {
    let (now, calendar) = (site.clock.now(), site.calendar());
    let mut periods = program.cycle.started_by(now.date_naive(), 24);
    periods.retain(|period| {
        program
            .due(period, &calendar, now.timezone())
            .is_some_and(|due| now < due.close)
    });
    periods
}

/// The grace of a unit's ledger that was handed back, while it lasts.
#[must_use]
pub fn grace_now(
    site: &Site,
    program: &Program,
    period: &Period,
    submissions: &[Submission],
) -> Option<Grace> {
    let calendar = site.calendar();
    let due = program.due(period, &calendar, site.clock.zone())?;
    grace(program, &due, submissions, &calendar).filter(|grace| grace.until > site.clock.utc())
}
