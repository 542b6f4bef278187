//! What pages show, kept as long as it is so: until the database says that it
//! has changed, a definition or the calendar is another, or an instant passes
//! at which it changes by itself.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Days, NaiveTime};
use chrono_tz::Tz;

use super::period::{PeriodAnswer, period};
use super::today::{Waiting, waiting};
use super::trend::{Trend, View, trend};
use crate::domain::calendar::Calendar;
use crate::domain::dates::civil;
use crate::domain::ids::ProgramId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::Revisions;

/// So many periods are kept whole, and so many trends.
const MOST: usize = 16;

/// What is kept of several kinds, by what it was asked for with.
type Shelf<K, T> = Mutex<HashMap<K, Kept<T>>>;

/// What was made when, and from what.
struct Kept<T> {
    /// The counts of changes that it was made at.
    revision: i64,
    /// When it was made, and when it is old by itself.
    lasts: (DateTime<Tz>, DateTime<Tz>),
    calendar: Arc<Calendar>,
    programs: Vec<Arc<Program>>,
    /// When it was asked for last, by count.
    asked: u64,
    what: Arc<T>,
}

/// What pages show.
#[derive(Default)]
pub struct Board {
    periods: Shelf<(ProgramId, Period), PeriodAnswer>,
    trends: Shelf<(ProgramId, View), Trend>,
    waiting: Mutex<Option<Kept<Waiting>>>,
    /// One page makes what several wait for.
    making: tokio::sync::Mutex<()>,
    count: AtomicU64,
}

impl<T> Kept<T> {
    fn holds(&self, now: &Now<'_>) -> bool {
        let (from, until) = self.lasts;
        self.revision == now.revision
            && from <= now.at
            && now.at < until
            && Arc::ptr_eq(&self.calendar, &now.calendar)
            && self.programs.len() == now.programs.len()
            && self
                .programs
                .iter()
                .zip(now.programs)
                .all(|(then, now)| Arc::ptr_eq(then, now))
    }
}

/// How things stand when something is asked for.
struct Now<'a> {
    at: DateTime<Tz>,
    revision: i64,
    calendar: Arc<Calendar>,
    programs: &'a [Arc<Program>],
}

impl<'a> Now<'a> {
    fn of(site: &Site, program: &'a Arc<Program>, revisions: &Revisions) -> Self {
        Self {
            at: site.clock.now(),
            revision: revisions.of_program(&program.id),
            calendar: site.calendar(),
            programs: std::slice::from_ref(program),
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
        let now = Now::of(site, program, revisions);
        self.kept(&self.periods, key, now, fresh).await
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
            Ok(Some((made, until)))
        };
        let key = (program.id.clone(), view);
        let now = Now::of(site, program, revisions);
        let made = self.kept(&self.trends, key, now, fresh).await?;
        made.ok_or_else(|| anyhow::anyhow!("走势没有算成"))
    }

    /// What is kept, or what is made of it now with the first instant at which
    /// it is old by itself.
    async fn kept<K: Hash + Eq + Clone, T>(
        &self,
        kind: &Shelf<K, T>,
        key: K,
        now: Now<'_>,
        fresh: impl Future<Output = anyhow::Result<Option<(T, DateTime<Tz>)>>>,
    ) -> anyhow::Result<Option<Arc<T>>> {
        if let Some(known) = self.known(kind, &key, &now) {
            return Ok(Some(known));
        }
        let _turn = self.making.lock().await;
        if let Some(known) = self.known(kind, &key, &now) {
            return Ok(Some(known));
        }
        let Some((made, until)) = fresh.await? else {
            return Ok(None);
        };
        let made = Arc::new(made);
        let mut all = lock(kind);
        if all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, kept)| kept.asked);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                all.remove(&oldest);
            }
        }
        all.insert(
            key,
            Kept {
                revision: now.revision,
                lasts: (now.at, until),
                calendar: now.calendar,
                programs: now.programs.to_vec(),
                asked: self.next(),
                what: made.clone(),
            },
        );
        Ok(Some(made))
    }

    fn known<K: Hash + Eq, T>(&self, kind: &Shelf<K, T>, key: &K, now: &Now<'_>) -> Option<Arc<T>> {
        let mut all = lock(kind);
        let kept = all.get_mut(key).filter(|kept| kept.holds(now))?;
        kept.asked = self.next();
        Some(kept.what.clone())
    }

    /// What waits for a person, of all programmes.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn waiting(&self, site: &Arc<Site>, revisions: &Revisions) -> anyhow::Result<Arc<Waiting>> {
        let programs = site.programs();
        let now = Now {
            at: site.clock.now(),
            revision: revisions.of_all(),
            calendar: site.calendar(),
            programs: &programs,
        };
        let known = || {
            let kept = lock(&self.waiting);
            kept.as_ref()
                .filter(|kept| kept.holds(&now))
                .map(|kept| kept.what.clone())
        };
        if let Some(known) = known() {
            return Ok(known);
        }
        let _turn = self.making.lock().await;
        if let Some(known) = known() {
            return Ok(known);
        }
        let made = Arc::new(waiting(site).await?);
        let mut kept = lock(&self.waiting);
        *kept = Some(Kept {
            revision: now.revision,
            lasts: (now.at, midnight(now.at)),
            calendar: now.calendar.clone(),
            programs: programs.clone(),
            asked: self.next(),
            what: made.clone(),
        });
        Ok(made)
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}

/// The counts of changes as they stand, asked for once a page.
///
/// # Errors
/// The database can't be read.
pub async fn revisions(site: &Site) -> anyhow::Result<Revisions> {
    Ok(site.store.revisions().await?)
}

fn lock<T>(own: &Mutex<T>) -> MutexGuard<'_, T> {
    own.lock().unwrap_or_else(PoisonError::into_inner)
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
        .chain(standing.units.iter().filter_map(|unit| unit.grace))
        .chain(answer.next.values().map(|next| next.at));
    // At the very instant it is as before, and another a moment later.
    let ahead = instants.filter(|at| *at >= now);
    ahead
        .min()
        .map_or(midnight(now), |first| first.min(midnight(now)))
}
