//! Obligations of a period, from what the database knows.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::register;
use super::site::Site;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::notices::Notice;
use crate::domain::obligation::standing::{Known, Standing};
use crate::domain::obligation::{
    Exemption, Exemptions, Grace, Obligation, State, Unconfirmed, Undone, grace,
};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::Submission;

/// What the database knows of a programme's periods beside what was handed in
/// for each: little, so that it is asked for once however many are judged.
pub struct Background {
    exemptions: HashMap<Period, Exemptions>,
    unconfirmed: HashMap<Period, HashMap<UnitId, Unconfirmed>>,
    go_live: Option<DateTime<Utc>>,
    counting: register::History,
    supposed: Supposed,
}

/// Decisions that aren't made, to see what would follow from them.
#[derive(Debug, Clone, Default)]
pub struct Supposed {
    /// Units that count as having reported for every period.
    pub received: BTreeSet<UnitId>,
    /// Exemptions, beside those that stand.
    pub exempt: Vec<Exemption>,
    /// Exemptions from a period that are undone.
    pub owed: Vec<(Period, Undone)>,
    /// Submissions as they would be, and those that would come.
    pub submissions: Vec<Submission>,
    /// Files that would no longer wait to be confirmed.
    pub confirmed: BTreeSet<SubmissionId>,
    /// What units would be asked beside the ladder.
    pub nudges: Vec<Notice>,
    /// When the programme ran for the first time.
    pub begun: Option<DateTime<Utc>>,
}

impl Supposed {
    /// The exemptions of a period, as they would stand.
    fn exempting(&self, period: &Period, (mut stand, mut undone): Exemptions) -> Exemptions {
        for (_, own) in self.owed.iter().filter(|own| own.0 == *period) {
            stand.retain(|before| before.unit != own.unit);
            undone.retain(|before| before.unit != own.unit);
            undone.push(own.clone());
        }
        for own in self.exempt.iter().filter(|own| own.period == *period) {
            stand.retain(|before| before.unit != own.unit);
            undone.retain(|before| before.unit != own.unit);
            stand.push(own.clone());
        }
        (stand, undone)
    }

    /// What came for a period, as it would stand.
    fn of_period(&self, period: &Period, mut came: Vec<Submission>) -> Vec<Submission> {
        for own in self.submissions.iter().filter(|own| own.period == *period) {
            match came.iter_mut().find(|known| known.id == own.id) {
                Some(known) => known.clone_from(own),
                None => came.push(own.clone()),
            }
        }
        came
    }

    /// Whose files would still wait.
    fn waiting(&self, mut all: HashMap<UnitId, Unconfirmed>) -> HashMap<UnitId, Unconfirmed> {
        all.retain(|_, own| !self.confirmed.contains(&own.submission));
        all
    }
}

impl Background {
    /// Of all periods of a programme.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, program: &Program) -> anyhow::Result<Self> {
        Self::read(site, program, None).await
    }

    /// When the programme first ran.
    #[must_use]
    pub fn go_live(&self) -> Option<DateTime<Utc>> {
        self.go_live
    }

    async fn read(site: &Site, program: &Program, only: Option<&Period>) -> anyhow::Result<Self> {
        Ok(Self {
            exemptions: site.store.exemptions_of(&program.id, only).await?,
            unconfirmed: site.store.unconfirmed(&program.id, only).await?,
            go_live: site.store.gone_live(&program.id).await?,
            counting: register::History::of(site, program).await?,
            supposed: Supposed::default(),
        })
    }

    /// The same, as if something were decided.
    #[must_use]
    pub fn supposing(self, supposed: &Supposed) -> Self {
        Self {
            supposed: supposed.clone(),
            go_live: supposed.begun.or(self.go_live),
            ..self
        }
    }
}

/// Judges every unit's duty for a period; `None` for a period that the programme doesn't know.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Option<Standing>> {
    let background = Background::read(site, program, Some(period)).await?;
    standing_before(site, program, period, &background).await
}

/// The same for one of several periods of a programme.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing_before(
    site: &Site,
    program: &Program,
    period: &Period,
    background: &Background,
) -> anyhow::Result<Option<Standing>> {
    let now = site.clock.now();
    if program.cycle.span(period).is_none() {
        return Ok(None);
    }
    let calendar = site.calendar();
    let Some(due) = program.due(period, &calendar, now.timezone()) else {
        return Ok(None);
    };
    let asked = register::Asked::before(site, program, period, &background.counting).await?;
    let decided = background.exemptions.get(period).cloned().unwrap_or_default();
    let (exemptions, undone) = background.supposed.exempting(period, decided);
    let supposed = &background.supposed;
    let unconfirmed = background.unconfirmed.get(period).cloned().unwrap_or_default();
    let came = site.store.facts_of(&program.id, period).await?;
    let known = Known {
        submissions: supposed.of_period(period, came),
        exemptions,
        undone,
        go_live: background.go_live,
        unconfirmed: supposed.waiting(unconfirmed),
        duties: asked.duties,
        past: asked.past,
        calendar,
    };
    let mut standing = Standing::judged(program, period, due, known, now);
    let received = |own: &&mut Obligation| supposed.received.contains(&own.unit);
    for own in standing.obligations.iter_mut().filter(received) {
        own.state = State::Accepted;
    }
    Ok(Some(standing))
}

/// Periods of a programme that people look at: the open one, the running one,
/// and every one for which something was received; oldest first.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
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
    let unit = &submissions.first()?.unit;
    let due = program.due_of(unit, period, &calendar, site.clock.zone())?;
    grace(program, &due, submissions, &calendar).filter(|grace| grace.until > site.clock.utc())
}
