//! Things of one kind that are kept, each by what it was asked for with.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::calendar::Calendar;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::Revisions;

/// Things of one kind.
pub(super) struct Shelf<K, T> {
    kept: Mutex<HashMap<K, Kept<T>>>,
    /// So many are kept.
    most: usize,
    /// One page makes what several wait for; nobody waits for things of another kind.
    making: tokio::sync::Mutex<()>,
    count: AtomicU64,
}

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

/// How things stand when something is asked for.
pub(super) struct Now<'a> {
    pub at: DateTime<Tz>,
    /// The count of changes of what it is made from.
    pub revision: i64,
    pub calendar: Arc<Calendar>,
    pub programs: &'a [Arc<Program>],
}

impl<'a> Now<'a> {
    /// For what is made from one programme.
    pub fn of(site: &Site, program: &'a Arc<Program>, revisions: &Revisions) -> Self {
        Self {
            at: site.clock.now(),
            revision: revisions.of_program(&program.id),
            calendar: site.calendar(),
            programs: std::slice::from_ref(program),
        }
    }

    /// For how the periods of one programme stand.
    pub fn of_standing(site: &Site, program: &'a Arc<Program>, revisions: &Revisions) -> Self {
        Self {
            revision: revisions.of_standing(&program.id),
            ..Self::of(site, program, revisions)
        }
    }

    /// For what is made from some programmes and all that was handed in and written.
    pub fn of_all(site: &Site, programs: &'a [Arc<Program>], revisions: &Revisions) -> Self {
        Self {
            at: site.clock.now(),
            revision: revisions.of_all(),
            calendar: site.calendar(),
            programs,
        }
    }
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

impl<K: Hash + Eq + Clone, T> Shelf<K, T> {
    /// An empty one for so many things.
    pub fn of(most: usize) -> Self {
        Self {
            kept: Mutex::default(),
            most,
            making: tokio::sync::Mutex::default(),
            count: AtomicU64::default(),
        }
    }

    /// What is kept, or what is made of it now with the first instant at which
    /// it is old by itself.
    ///
    /// # Errors
    /// It can't be made.
    pub async fn get(
        &self,
        key: K,
        now: Now<'_>,
        fresh: impl Future<Output = anyhow::Result<Option<(T, DateTime<Tz>)>>>,
    ) -> anyhow::Result<Option<Arc<T>>> {
        if let Some(known) = self.known(&key, &now) {
            return Ok(Some(known));
        }
        let _turn = self.making.lock().await;
        if let Some(known) = self.known(&key, &now) {
            return Ok(Some(known));
        }
        let Some((made, until)) = fresh.await? else {
            return Ok(None);
        };
        let made = Arc::new(made);
        let mut all = self.all();
        if all.len() >= self.most && !all.contains_key(&key) {
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

    /// The same of what can always be made.
    ///
    /// # Errors
    /// It can't be made after all.
    pub async fn sure(
        &self,
        key: K,
        now: Now<'_>,
        fresh: impl Future<Output = anyhow::Result<(T, DateTime<Tz>)>>,
    ) -> anyhow::Result<Arc<T>> {
        let made = self.get(key, now, async { Ok(Some(fresh.await?)) }).await?;
        made.ok_or_else(|| anyhow::anyhow!("网页的内容没有算成"))
    }

    fn known(&self, key: &K, now: &Now<'_>) -> Option<Arc<T>> {
        let mut all = self.all();
        let kept = all.get_mut(key).filter(|kept| kept.holds(now))?;
        kept.asked = self.next();
        Some(kept.what.clone())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<K, Kept<T>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> u64 {
        self.count.fetch_add(1, Ordering::Relaxed)
    }
}
