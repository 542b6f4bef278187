//! Files on their way into the database: a queue that is looked at some at a time.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::accepted::{Accepted, standing};
use super::look::{Looked, Manner, NotYet, look};
use super::seen::Known;
use super::turn::{AT_ONCE, Turn, Unrecorded};
use super::unharmed::unharmed;
use crate::domain::identify::read_file_name;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::share_path::SharePath;
use crate::inbox::{Found, Marks, Ready, Zone};
use crate::jobs::site::Site;

/// Files that go into one commit at most.
const MOST_FILES: usize = 48;

/// Bytes of files that go into one commit at most; what they unfold to has to fit into memory.
const MOST_BYTES: u64 = 1 << 20;

/// Bytes of rows, findings and marked-up copies that a batch may bring, after
/// which no further file of it is looked at: files of equal size differ a
/// hundredfold in what they hold.
const MOST_HELD: usize = 32 << 20;

/// How often the process may die while it handles a file, and no other one,
/// before the file is put aside.
const MOST_DEATHS: u32 = 3;

/// Files that are being looked at: place in the batch, path, outcome.
pub(super) type Looking = JoinSet<(usize, SharePath, anyhow::Result<Result<Looked, NotYet>>)>;

/// Programme and unit that a file is known to be of before it is opened; no
/// unit: it may be anybody's.
type Whose = (ProgramId, Option<UnitId>);

/// What waits to be looked at in a round.
pub(super) struct Batches {
    site: Arc<Site>,
    known: Arc<Known>,
    queue: VecDeque<Ready>,
    turns: Arc<Semaphore>,
    unrecorded: Unrecorded,
    once: bool,
    incomplete_wait: Duration,
    /// Whose files are in the batch that was begun last. They come before
    /// those that are begun next, which have to see what was recorded of them.
    begun: HashSet<Whose>,
    /// The batch that was begun last is one suspect file.
    alone: bool,
}

impl Batches {
    /// A single pass (`once`) waits for no file to become complete, a daemon so long.
    pub fn new(
        site: &Arc<Site>,
        known: Known,
        queue: Vec<Ready>,
        once: bool,
        incomplete_wait: Duration,
    ) -> Self {
        Self {
            site: site.clone(),
            known: Arc::new(known),
            queue: queue.into(),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            unrecorded: Unrecorded::default(),
            once,
            incomplete_wait,
            begun: HashSet::new(),
            alone: false,
        }
    }

    /// How many files wait.
    pub fn left(&self) -> usize {
        self.queue.len()
    }

    /// Has files come next, in this order. No batch is under way then.
    pub fn put_back(&mut self, files: impl IntoIterator<Item = Ready, IntoIter: DoubleEndedIterator>) {
        for file in files.into_iter().rev() {
            self.queue.push_front(file);
        }
        self.begun.clear();
        self.alone = false;
    }

    /// Begins to look at the next files; each is looked at beside the others
    /// and beside whoever called, against what is recorded by now. None may
    /// come yet while files of the same units are under way.
    pub async fn start(&mut self, marks: &mut Marks) -> anyhow::Result<Looking> {
        let mut looking = JoinSet::new();
        let mut standings: HashMap<ProgramId, Arc<Accepted>> = HashMap::new();
        let batch = self.next(marks);
        if !batch.is_empty() {
            marks.begin(batch.iter().map(|ready| &ready.found))?;
        }
        self.unrecorded = self.unrecorded.of_next_batch();
        for (place, ready) in batch.into_iter().enumerate() {
            let program = &ready.found.place.program;
            let known = if let Some(known) = standings.get(program) {
                known.clone()
            } else {
                let fresh = Arc::new(standing(&self.site, program).await?);
                standings.insert(program.clone(), fresh.clone());
                fresh
            };
            let (site, seen, turns) = (self.site.clone(), self.known.clone(), self.turns.clone());
            let manner = Manner {
                complete: self.once || ready.unchanged_for >= self.incomplete_wait,
                put_aside: marks
                    .deaths(&ready.found)
                    .is_some_and(|deaths| deaths >= MOST_DEATHS),
                in_forms: ready.found.place.zone == Zone::Forms,
            };
            let unrecorded = self.unrecorded.clone();
            looking.spawn(async move {
                let (path, stat) = (ready.found.path.clone(), ready.found.stat);
                let (left, checked) = (seen.placed.get(&path), seen.checked.get(&path));
                let outcome = match Turn::wait(turns, unrecorded.clone()).await {
                    Ok(_) if unrecorded.own() > MOST_HELD => Ok(Err(NotYet::NoRoom(ready))),
                    Ok(turn) => {
                        let looking = look(&site, ready, turn, (left, checked), &known, manner);
                        unharmed(looking, stat).await
                    }
                    Err(error) => Err(error),
                };
                (place, path, outcome)
            });
        }
        Ok(looking)
    }

    /// The files of the next batch: of each unit one, as what comes after it
    /// has to see what was recorded of it; and of those that may be anybody's
    /// one, before which nothing may be passed over.
    fn next(&mut self, marks: &Marks) -> Vec<Ready> {
        let under_way = std::mem::take(&mut self.begun);
        if std::mem::take(&mut self.alone) {
            return Vec::new();
        }
        let mut batch: Vec<Ready> = Vec::new();
        let mut waiting: HashSet<Whose> = HashSet::new();
        let mut bytes = 0;
        let mut at = 0;
        while let Some(ready) = self.queue.get(at) {
            let suspect = marks.deaths(&ready.found).is_some();
            if suspect && (at > 0 || !under_way.is_empty()) {
                // It is handled when everything before it is done with.
                break;
            }
            let whose = self.whose(&ready.found);
            let comes_later = under_way.contains(&whose) || waiting.contains(&whose);
            if whose.1.is_none() && (comes_later || !waiting.is_empty()) {
                // It may be of one of those that wait, and comes after them.
                break;
            }
            if comes_later || self.begun.contains(&whose) {
                if whose.1.is_none() {
                    break;
                }
                waiting.insert(whose);
                at += 1;
                continue;
            }
            bytes += ready.found.stat.size;
            if !batch.is_empty() && (batch.len() >= MOST_FILES || bytes > MOST_BYTES) {
                break;
            }
            self.begun.insert(whose);
            batch.extend(self.queue.remove(at));
            if suspect {
                self.alone = true;
                break;
            }
        }
        batch
    }

    /// Whose a file is by its folder, or by its name where that doesn't tell.
    fn whose(&self, found: &Found) -> Whose {
        let unit = found.place.unit.clone().or_else(|| {
            let program = self.site.program(&found.place.program)?;
            let today = self.site.clock.now().date_naive();
            read_file_name(&found.name, &program.roster, &program.cycle, today).unit
        });
        (found.place.program.clone(), unit)
    }
}
