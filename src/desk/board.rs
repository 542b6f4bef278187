//! What pages show, kept as long as it is so: until the database says that it
//! has changed, a definition or the calendar is another, or an instant passes
//! at which it changes by itself.

mod letters;
mod shelf;

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveTime};
use chrono_tz::Tz;

use super::ahead::Ahead;
use super::drafting::Drafted;
use super::outbox::{Copies, Counts};
use super::period::{PeriodAnswer, period};
use super::today::{Waiting, waiting};
use super::trend::{Trend, View, trend};
use crate::domain::dates::civil;
use crate::domain::ids::{LetterId, ProgramId};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::Revisions;
use shelf::{Now, Shelf};

/// So many periods are kept whole, and so many trends and drafts.
const MOST: usize = 16;

/// Of so many programmes it is kept what goes next.
const PROGRAMS: usize = 64;

/// What pages show.
pub struct Board {
    periods: Shelf<(ProgramId, Period), PeriodAnswer>,
    trends: Shelf<(ProgramId, View), Trend>,
    waiting: Shelf<(), Waiting>,
    counts: Shelf<(), Counts>,
    copies: Shelf<(), Copies>,
    ahead: Shelf<ProgramId, Ahead>,
    drafted: Shelf<LetterId, Drafted>,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            periods: Shelf::of(MOST),
            trends: Shelf::of(MOST),
            waiting: Shelf::of(1),
            counts: Shelf::of(1),
            copies: Shelf::of(1),
            ahead: Shelf::of(PROGRAMS),
            drafted: Shelf::of(MOST),
        }
    }
}

impl Board {
    /// A period of a programme; none that the programme doesn't know.
    /// `revisions` were asked for with the page.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn period(
        &self,
        site: &Arc<Site>,
        program: &Arc<Program>,
        own: &Period,
        revisions: &Revisions,
    ) -> anyhow::Result<Option<Arc<PeriodAnswer>>> {
        let fresh = async {
            // What passes while it is made is ahead of it.
            let from = site.clock.now();
            let made = period(site, program, own).await?;
            Ok(made.map(|made| {
                let until = until(&made, from);
                (made, until)
            }))
        };
        let key = (program.id.clone(), own.clone());
        let now = Now::of_standing(site, program, revisions);
        self.periods.get(key, now, fresh).await
    }

    /// How the units of a programme stood. `revisions` were asked for with the page.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn trend(
        &self,
        site: &Arc<Site>,
        program: &Arc<Program>,
        view: View,
        revisions: &Revisions,
    ) -> anyhow::Result<Arc<Trend>> {
        let fresh = async {
            let end = midnight(site.clock.now());
            let made = trend(site, program, view).await?;
            let until = made.until.map_or(end, |until| until.min(end));
            Ok((made, until))
        };
        let key = (program.id.clone(), view);
        let now = Now::of(site, program, revisions);
        self.trends.sure(key, now, fresh).await
    }

    /// What waits for a person, of all programmes.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn waiting(&self, site: &Arc<Site>, revisions: &Revisions) -> anyhow::Result<Arc<Waiting>> {
        let programs = site.programs();
        let now = Now::of_all(site, &programs, revisions);
        let end = midnight(now.at);
        let fresh = async { Ok((waiting(site).await?, end)) };
        self.waiting.sure((), now, fresh).await
    }
}

/// The counts of changes as they stand, asked for once a page.
///
/// # Errors
/// The database can't be read.
pub async fn revisions(site: &Site) -> anyhow::Result<Revisions> {
    Ok(site.store.revisions().await?)
}

fn midnight(at: DateTime<Tz>) -> DateTime<Tz> {
    let day = at.date_naive();
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    civil(at.timezone(), next, NaiveTime::MIN)
}

/// The first instant at which a period's answer changes by itself.
fn until(answer: &PeriodAnswer, now: DateTime<Tz>) -> DateTime<Tz> {
    let standing = &answer.standing;
    let instants = [standing.due, standing.close]
        .into_iter()
        .chain(standing.units.iter().filter_map(|unit| unit.grace));
    // At the very instant it is as before, and another a moment later.
    let ahead = instants.filter(|at| *at >= now);
    ahead
        .min()
        .map_or(midnight(now), |first| first.min(midnight(now)))
}
