//! Steps of many places in one go. What they publish is written first and
//! flushed, then each gets its place, then the folders are flushed: a round
//! waits for the disk twice, however many files it brings.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::task::{JoinSet, spawn_blocking};

use super::carry_out::{Outcome, carry_out};
use super::lay::{Laid, lay};
use super::place::{self, Place};
use super::{Finished, put_off};
use crate::domain::ids::{Duty, SubmissionId};
use crate::domain::share_path::SharePath;
use crate::inbox::TOGETHER;
use crate::jobs::action::Action;
use crate::jobs::notes::Known;
use crate::jobs::site::Site;
use crate::platform::{self, FileSystem};
use crate::store::{Delivery, Placed};

/// Places worked in at the same time.
const AT_ONCE: usize = 4;

/// A step with what it says.
struct Step {
    delivery: Delivery,
    action: Action,
}

/// A step and what it is to publish.
type Written = (Step, anyhow::Result<Laid>);

/// Steps of a place, with what lies below the folders that they ask for.
type Standing = (HashMap<SharePath, Vec<Placed>>, Vec<Written>);

/// Carries out steps: those of one place one after the other, those of
/// different places beside each other.
pub(super) async fn carry_out_all(site: &Arc<Site>, waiting: Vec<Delivery>) -> anyhow::Result<Vec<Finished>> {
    let many = waiting.len() >= TOGETHER;
    let (places, about) = by_place(site, waiting).await?;
    let known = Known::of(site, &about).await?;
    // From here on it tells of what doesn't reach the disk.
    let later = many.then(|| FileSystem::of(site.share.root())).flatten();
    let later = later.map(Arc::new);
    let mut places = beside(places, {
        let (site, later) = (site.clone(), later.clone());
        move |steps| write(&site, &known, steps, later.as_deref())
    })
    .await?;
    if let Some(later) = later.clone() {
        places = spawn_blocking(move || flush(&later, places)).await?;
    }
    let places = with_what_lies_there(site, places).await?;
    let moved = beside(places, {
        let (site, alone) = (site.clone(), later.is_none());
        let handle = tokio::runtime::Handle::current();
        move |standing| handle.block_on(in_order(&site, standing, alone))
    });
    let mut done = Vec::new();
    for place in moved.await? {
        done.extend(place?);
    }
    if let Some(later) = later {
        let synced = spawn_blocking(move || later.sync().is_ok().then_some(later)).await?;
        done = lasting(site, done, synced.as_deref()).await?;
    }
    let mut finished: Vec<Finished> = done
        .into_iter()
        .map(|(delivery, outcome)| (delivery.id, delivery.submission, outcome))
        .collect();
    finished.sort_by_key(|(id, ..)| *id);
    Ok(finished)
}

/// Steps by place, and what their notes are about.
async fn by_place(site: &Site, waiting: Vec<Delivery>) -> anyhow::Result<(Vec<Vec<Step>>, BTreeSet<Duty>)> {
    let mut places: Vec<Vec<Step>> = Vec::new();
    let mut of_submission: HashMap<SubmissionId, usize> = HashMap::new();
    let mut of_folder: HashMap<SharePath, usize> = HashMap::new();
    let mut about: BTreeSet<Duty> = BTreeSet::new();
    let mut stuck = HashSet::new();
    for delivery in waiting {
        // Steps of one submission keep their order.
        if delivery.submission.is_some_and(|id| stuck.contains(&id)) {
            continue;
        }
        let action: Action = match serde_json::from_str(&delivery.action) {
            Ok(action) => action,
            Err(error) => {
                stuck.extend(delivery.submission);
                put_off(site, &delivery, &error.into()).await?;
                continue;
            }
        };
        about.extend(action.about());
        let known = delivery.submission.and_then(|id| of_submission.get(&id).copied());
        let place = known.unwrap_or_else(|| {
            let next = places.len();
            let place = *of_folder.entry(folder_of(site, &action)).or_insert(next);
            if let Some(id) = delivery.submission {
                of_submission.insert(id, place);
            }
            place
        });
        if place == places.len() {
            places.push(Vec::new());
        }
        places[place].push(Step { delivery, action });
    }
    Ok((places, about))
}

/// The unit's folder (or another folder of the programme) that a step works in.
pub(in crate::jobs) fn folder_of(site: &Site, action: &Action) -> SharePath {
    let path = match action {
        Action::Move { folder, .. }
        | Action::Put { folder, .. }
        | Action::Restore { folder, .. }
        | Action::Forget { folder, .. } => folder.clone(),
        Action::MoveOut { from, .. } => from.clone(),
        Action::Keep { path, .. } | Action::TakeAway { path } => path.clone(),
        Action::Receipt { program, unit, .. }
        | Action::Status { program, unit, .. }
        | Action::Form { program, unit, .. } => site
            .program(program)
            .map(|program| site.unit_folder(&program, unit))
            .unwrap_or_default(),
        Action::Note { .. } => SharePath::root(),
    };
    place::folder_of(&path)
}

/// Steps of places, each with what we left there before.
async fn with_what_lies_there(site: &Site, places: Vec<Vec<Written>>) -> anyhow::Result<Vec<Standing>> {
    let folders: BTreeSet<SharePath> = places
        .iter()
        .flatten()
        .map(|(step, _)| folder_of(site, &step.action))
        .filter(|folder| !folder.is_empty())
        .collect();
    let asked: Vec<&str> = folders.iter().map(SharePath::as_str).collect();
    let mut below: HashMap<SharePath, Vec<Placed>> = folders
        .iter()
        .map(|folder| (folder.clone(), Vec::new()))
        .collect();
    for placed in site.store.placed_below_any(&asked).await? {
        if let Some(found) = below.get_mut(&place::folder_of(&placed.path)) {
            found.push(placed);
        }
    }
    let standing = places.into_iter().map(|steps| {
        let own = steps.iter().filter_map(|(step, _)| {
            let folder = folder_of(site, &step.action);
            below.remove_entry(&folder)
        });
        (own.collect(), steps)
    });
    Ok(standing.collect())
}

/// Does a piece of work for each place, some at the same time.
async fn beside<T, R>(places: Vec<T>, work: impl Fn(T) -> R + Send + Sync + 'static) -> anyhow::Result<Vec<R>>
where
    T: Send + 'static,
    R: Send + 'static,
{
    let at_once = AT_ONCE.min(places.len());
    let (queue, work) = (Arc::new(Mutex::new(places.into_iter())), Arc::new(work));
    let mut tasks = JoinSet::new();
    for _ in 0..at_once {
        let (queue, work) = (queue.clone(), work.clone());
        let next = move || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        tasks.spawn_blocking(move || {
            std::iter::from_fn(next)
                .map(|place| work(place))
                .collect::<Vec<R>>()
        });
    }
    let mut done = Vec::new();
    while let Some(task) = tasks.join_next().await {
        done.extend(task?);
    }
    Ok(done)
}

/// Writes what the steps of one place are to publish.
fn write(site: &Site, known: &Known, steps: Vec<Step>, later: Option<&FileSystem>) -> Vec<Written> {
    let laid = steps.into_iter().map(|step| {
        let laid = lay(site, known, &step.action, later);
        (step, laid)
    });
    laid.collect()
}

/// Sees to it that what was written is on disk, before any of it gets its name.
fn flush(file_system: &FileSystem, mut places: Vec<Vec<Written>>) -> Vec<Vec<Written>> {
    if file_system.sync().is_ok() {
        return places;
    }
    // Something failed, perhaps nothing of ours: each file tells for itself.
    for (_, laid) in places.iter_mut().flatten() {
        if let Ok(written) = laid
            && let Err(error) = written.flush()
        {
            *laid = Err(error.into());
        }
    }
    places
}

/// Carries out the steps of one place; `alone`: sees to it that their results last.
async fn in_order(
    site: &Site,
    (below, steps): Standing,
    alone: bool,
) -> anyhow::Result<Vec<(Delivery, Outcome)>> {
    let mut done = Vec::new();
    let mut stuck = HashSet::new();
    let mut place = Place::new(site, below);
    for (Step { delivery, action }, laid) in steps {
        // Steps of one submission keep their order.
        if delivery.submission.is_some_and(|id| stuck.contains(&id)) {
            continue;
        }
        let outcome = match laid {
            Ok(laid) => carry_out(&mut place, delivery.submission, action, laid).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(outcome) => {
                platform::halt_point("delivered");
                done.push((delivery, outcome));
            }
            Err(error) => {
                stuck.extend(delivery.submission);
                put_off(site, &delivery, &error).await?;
            }
        }
    }
    if alone {
        done = lasting(site, done, None).await?;
    }
    Ok(done)
}

/// Those of the steps whose results will outlast a power cut; the others are
/// taken again. What is on `synced` lasts already.
async fn lasting(
    site: &Site,
    steps: Vec<(Delivery, Outcome)>,
    synced: Option<&FileSystem>,
) -> anyhow::Result<Vec<(Delivery, Outcome)>> {
    let mut folders: HashMap<String, Result<(), Option<i32>>> = HashMap::new();
    let mut done = Vec::new();
    for (delivery, outcome) in steps {
        let mut wrong = None;
        for (left, _) in &outcome.left {
            let folder = left.path.folder_str();
            let result = folders.entry(folder.to_owned()).or_insert_with(|| {
                if synced.is_some_and(|synced| synced.holds(&site.share.path(folder))) {
                    return Ok(());
                }
                let result = site.share.make_lasting(folder);
                result.map_err(|error| error.raw_os_error())
            });
            if let Err(code) = result {
                wrong.get_or_insert((folder.to_owned(), *code));
            }
        }
        match wrong {
            Some((folder, code)) => {
                let error = code.map_or_else(|| ErrorKind::Other.into(), Error::from_raw_os_error);
                put_off(site, &delivery, &anyhow::Error::new(error).context(folder)).await?;
            }
            None => done.push((delivery, outcome)),
        }
    }
    Ok(done)
}
