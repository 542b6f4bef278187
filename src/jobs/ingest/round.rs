//! One round of intake: scan, settle, look, record.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::task::JoinHandle;

use super::aside::try_again;
use super::bad_names::BadNames;
use super::batches::{Batches, Looking};
use super::commit::commit;
use super::last_saved::as_saved;
use super::look::{Looked, NotYet, Sight};
use super::seen::{Known, Seen, forget, see};
use super::turn::AT_ONCE;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::inbox::{Found, Marks, Ready, Scan, Settle};
use crate::jobs::deliver::deliver;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;

/// What remembers between rounds.
pub struct Intake {
    settle: Settle,
    marks: Marks,
    /// Files that another version of the program put aside were looked for.
    tried_again: bool,
    bad_names: BadNames,
    incomplete_wait: Duration,
    once: bool,
    progress: Progress,
}

/// How much of the share a round goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// All of it.
    All,
    /// Only the files that are waited for.
    Waiting,
}

/// What a round did and saw.
#[derive(Debug, Default)]
pub struct Round {
    /// How many files were taken.
    pub taken: usize,
    /// How many drafts were checked.
    pub drafts: usize,
    /// How many files of our own were looked at and left where they lie; masters
    /// link to those that were moved.
    pub ours: usize,
    /// When to look again, because something has yet to settle.
    pub next: Option<Duration>,
    /// Why the share is away.
    pub away: Option<String>,
    /// What the scan saw beside files that could be taken; none while the share
    /// is away, and after a look at waiting files only.
    pub scan: Option<Scan>,
    /// Files that can't be taken for now, with the reason.
    pub blocked: Vec<(SharePath, String)>,
}

impl Round {
    /// This round together with the one before it, of which it may have looked
    /// at less.
    #[must_use]
    pub fn after(self, before: Self) -> Self {
        Self {
            taken: self.taken + before.taken,
            drafts: self.drafts + before.drafts,
            scan: self.scan.or(before.scan.filter(|_| self.away.is_none())),
            ..self
        }
    }
}

impl Intake {
    /// For a daemon, or (`once`) for a single pass, which waits for nobody.
    #[must_use]
    pub fn new(site: &Site, once: bool) -> Self {
        let options = &site.options;
        let editor_wait = if once { Duration::ZERO } else { options.editor_wait };
        let incomplete_wait = if once {
            Duration::ZERO
        } else {
            options.incomplete_wait
        };
        Self {
            settle: Settle::new(options.settle, editor_wait),
            marks: Marks::open(&options.data),
            tried_again: false,
            bad_names: BadNames::default(),
            incomplete_wait,
            once,
            progress: Progress::default(),
        }
    }

    /// Has a listener told how far a round has come.
    #[must_use]
    pub fn with(mut self, progress: Progress) -> Self {
        self.progress = progress;
        self
    }

    /// Whether something lies there that has yet to settle.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.settle.is_waiting()
    }

    /// Looks at the share and takes what has settled. `look` says whether to
    /// go through all of it.
    ///
    /// # Errors
    /// The database, the data folder or the reading children don't work.
    pub async fn round(&mut self, site: &Arc<Site>, look: Look) -> anyhow::Result<Round> {
        if !self.tried_again && site.share_is_there() {
            try_again(site, &mut self.marks).await?;
            self.tried_again = true;
        }
        let round = self.take(site, look).await;
        if round.is_err() {
            self.marks.break_off();
        }
        round
    }

    async fn take(&mut self, site: &Arc<Site>, look: Look) -> anyhow::Result<Round> {
        let began = site.clock.utc();
        let Seen {
            found,
            known,
            scan,
            looked,
        } = match see(site, &self.settle, look).await? {
            Ok(seen) => seen,
            Err(error) => {
                return Ok(Round {
                    away: Some(error.to_string()),
                    ..Round::default()
                });
            }
        };
        if let Some(scan) = &scan {
            let gone = known.gone(scan);
            if !gone.is_empty() {
                forget(site, &gone).await?;
                deliver(site).await?;
            }
            if self.bad_names.tell(site, scan).await? {
                deliver(site).await?;
            }
        }
        let ready = self.settled(site, found, &known, (began, looked)).await?;
        let mut round = Round {
            scan,
            ..Round::default()
        };
        let mut batches = Batches::new(site, known, ready, self.once, self.incomplete_wait);
        let all = batches.left();
        let mut ahead = batches.start(&mut self.marks).await?;
        // What was recorded while the batch ahead was being read.
        let mut meanwhile = Taken::default();
        let mut delivering: Option<JoinHandle<anyhow::Result<usize>>> = None;
        while !ahead.is_empty() {
            let (gathered, next) = self.gather(ahead, Some(&mut batches), &mut round).await?;
            ahead = next;
            let (batch, taken, again) = one_a_unit(gathered, &meanwhile);
            meanwhile = taken;
            if !again.is_empty() {
                // These come next, in their order, and see what is recorded now.
                let under_way = !ahead.is_empty();
                let (gathered, _) = self.gather(ahead, None, &mut round).await?;
                batches.put_back(gathered.into_iter().map(Gathered::into_ready));
                batches.put_back(again);
                if under_way {
                    self.marks.done_with_last()?;
                }
                ahead = Looking::new();
            }
            let count = |is: fn(&Sight) -> bool| batch.iter().filter(|one| is(&one.sight)).count();
            let drafts = count(|sight| matches!(sight, Sight::Draft(_)));
            let ours = count(|sight| matches!(sight, Sight::Known(_)));
            let recorded = commit(site, batch).await?;
            for path in &recorded {
                self.settle.taken(path);
                round.taken += 1;
                self.progress.tell(round.taken, all);
            }
            self.marks.done(&recorded)?;
            round.taken -= drafts + ours;
            round.drafts += drafts;
            round.ours += ours;
            // What was recorded is carried out beside reading what comes next;
            // one at a time, or a step would be taken twice.
            if delivering.as_ref().is_none_or(JoinHandle::is_finished) {
                if let Some(ended) = delivering.take() {
                    ended.await??;
                }
                let site = site.clone();
                delivering = Some(tokio::spawn(async move { deliver(&site).await }));
            }
            if ahead.is_empty() {
                if self.marks.any_suspect()
                    && let Some(ended) = delivering.take()
                {
                    // Nothing else may be under way that the process could die over.
                    ended.await??;
                }
                meanwhile = Taken::default();
                ahead = batches.start(&mut self.marks).await?;
            }
        }
        if let Some(delivering) = delivering {
            delivering.await??;
        }
        if round.scan.is_some() {
            site.store.set_last_scan(began).await?;
        }
        round.next = self.settle.next(Instant::now());
        Ok(round)
    }

    /// The files that have settled, in the order in which they are taken.
    async fn settled(
        &mut self,
        site: &Arc<Site>,
        found: Vec<Found>,
        known: &Known,
        (began, looked): (DateTime<Utc>, Instant),
    ) -> anyhow::Result<Vec<Ready>> {
        let candidates: Vec<Found> = found
            .into_iter()
            .filter(|found| known.is_new(site, found))
            .collect();
        let last_scan: Option<DateTime<Utc>> = site.store.last_scan().await?;
        let mut ready = self.settle.look(candidates, last_scan, began, looked);
        ready.retain(|one| {
            let waits = known.waits(&one.found);
            if waits {
                let wait = Duration::from_secs(1);
                self.settle.put_off(&one.found.path, Instant::now(), wait);
            }
            !waits
        });
        for ready in &mut ready {
            // A draft whose time has come was there before.
            if let Some(draft) = known.draft(&ready.found) {
                ready.arrival.seen = draft.saved;
            }
        }
        // What came first goes first; of what came together, the one saved
        // last goes last, and copies of equal standing behind the original.
        ready.sort_by(|a, b| {
            let key = |ready: &Ready| (ready.arrival.seen, is_copy_name(&ready.found.name));
            key(a).cmp(&key(b)).then_with(|| a.found.path.cmp(&b.found.path))
        });
        Ok(as_saved(site, ready).await)
    }

    /// Waits until a batch was looked at, and gives it in the order in which it
    /// lay there, whichever was read first. Begins with the next batch, if
    /// there is one to come, while the last files of this one are being read.
    async fn gather(
        &mut self,
        mut looking: Looking,
        mut batches: Option<&mut Batches>,
        round: &mut Round,
    ) -> anyhow::Result<(Vec<Gathered>, Looking)> {
        let mut next = Looking::new();
        let mut gathered: Vec<(usize, Gathered)> = Vec::new();
        while !looking.is_empty() {
            if looking.len() < AT_ONCE
                && let Some(batches) = batches.take()
            {
                next = batches.start(&mut self.marks).await?;
            }
            let Some(task) = looking.join_next().await else {
                break;
            };
            let (place, path, outcome) = task?;
            match outcome? {
                Ok(one) => gathered.push((place, Gathered::Looked(Box::new(one)))),
                Err(NotYet::NoRoom(ready)) => gathered.push((place, Gathered::NoRoom(ready))),
                Err(NotYet::Changing) => {
                    self.settle.put_off(&path, Instant::now(), Duration::from_secs(1));
                }
                Err(NotYet::Stumbled(reason, stat)) => {
                    tracing::error!(
                        file = path.as_str(),
                        reason,
                        "这个文件处理不下去，其他文件照常；三次以后搁置"
                    );
                    self.marks.stumbled(&path, stat)?;
                    self.settle.put_off(&path, Instant::now(), Duration::from_secs(5));
                    round.blocked.push((path, reason));
                }
                Err(NotYet::Blocked(reason)) => {
                    self.settle.put_off(&path, Instant::now(), Duration::from_secs(5));
                    round.blocked.push((path, reason));
                }
            }
        }
        gathered.sort_by_key(|(place, _)| *place);
        Ok((gathered.into_iter().map(|(_, one)| one).collect(), next))
    }
}

/// What became of a file of a batch.
enum Gathered {
    /// It was looked at.
    Looked(Box<Looked>),
    /// It has to wait for those before it.
    NoRoom(Ready),
}

impl Gathered {
    fn into_ready(self) -> Ready {
        match self {
            Self::Looked(looked) => looked.ready,
            Self::NoRoom(ready) => ready,
        }
    }
}

/// What a batch brings that the next one's files may have to know of.
#[derive(Debug, Default)]
struct Taken {
    /// Programme and unit.
    units: HashSet<(ProgramId, UnitId)>,
    /// SHA-256 of the files.
    contents: HashSet<Sha256>,
}

/// Parts a batch: files to be recorded with what they bring, and files to be
/// looked at again, because something of the same unit or with the same
/// content goes before them; so does everything after a file that found no room.
fn one_a_unit(gathered: Vec<Gathered>, meanwhile: &Taken) -> (Vec<Looked>, Taken, Vec<Ready>) {
    let mut batch = Vec::new();
    let mut taken = Taken::default();
    let mut again = Vec::new();
    // Units of which something waits: what came after it must not go before it.
    let mut waiting: HashSet<(ProgramId, UnitId)> = HashSet::new();
    let mut full = false;
    for one in gathered {
        let one = match one {
            Gathered::Looked(looked) if !full => *looked,
            other => {
                full = true;
                again.push(other.into_ready());
                continue;
            }
        };
        let unit = match &one.sight {
            Sight::Ledger(examination) => examination.unit.clone(),
            Sight::Attachment | Sight::Draft(_) | Sight::Known(_) => None,
        };
        let key = unit.map(|unit| (one.program.id.clone(), unit));
        let known = |taken: &Taken| taken.contents.contains(&one.staged.sha256);
        let seen_before = known(meanwhile) || known(&taken);
        let before_it = |key: &(ProgramId, UnitId)| {
            meanwhile.units.contains(key) || taken.units.contains(key) || waiting.contains(key)
        };
        if seen_before || key.as_ref().is_some_and(before_it) {
            waiting.extend(key);
            again.push(one.ready);
            continue;
        }
        taken.units.extend(key);
        taken.contents.insert(one.staged.sha256);
        batch.push(one);
    }
    (batch, taken, again)
}

/// Whether a name is one that systems give to copies.
pub(super) fn is_copy_name(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem).trim_end();
    let numbered = stem
        .strip_suffix([')', '）'])
        .is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    numbered || name.contains("副本") || stem.ends_with(" - Copy")
}
