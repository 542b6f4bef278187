//! Carrying out on the share what was decided.

mod carry_out;
mod form;
mod place;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::action::Action;
use super::notes::{About, Known};
use super::site::Site;
use crate::platform;
use crate::store::{Change, Delivery, Placed};

use carry_out::{Outcome, carry_out};
use place::Place;

/// Steps carried out in one go before others get their turn.
const BATCH: u32 = 512;

/// How often a failed step is tried each second, and from when only each minute.
const QUICK_TRIES: u32 = 60;

/// Carries out every waiting step whose time has come; gives how many were done.
///
/// # Errors
/// The database is gone. What fails on the share is put off, not an error.
pub async fn deliver(site: &Arc<Site>) -> anyhow::Result<usize> {
    // Two at once would carry out the same steps.
    let _turn = site.delivering.lock().await;
    let mut done = 0;
    loop {
        let waiting = site.store.pending_deliveries(site.clock.utc(), BATCH).await?;
        if waiting.is_empty() {
            return Ok(done);
        }
        let finished = carry_out_all(site, waiting).await?;
        if finished.is_empty() {
            return Ok(done);
        }
        done += finished.len();
        let mut change = site.store.begin().await?;
        record(site, &mut change, &finished).await?;
        change.commit().await?;
        platform::halt_point("delivery-recorded");
        for (_, _, outcome) in &finished {
            if let Some(sha256) = &outcome.prepared {
                site.archive.discard_prepared(sha256);
            }
        }
    }
}

/// Units whose steps are carried out at the same time: each step waits for
/// the disk several times.
const AT_ONCE: usize = 4;

/// A step that was carried out: its number, its submission, what it left behind.
type Finished = (i64, Option<i64>, Outcome);

/// A step with what it says.
struct Step {
    delivery: Delivery,
    action: Action,
}

/// Carries out steps: those of one place one after the other, those of
/// different places beside each other.
async fn carry_out_all(site: &Arc<Site>, waiting: Vec<Delivery>) -> anyhow::Result<Vec<Finished>> {
    let mut places: Vec<Vec<Step>> = Vec::new();
    let mut of_submission: HashMap<i64, usize> = HashMap::new();
    let mut of_folder: HashMap<String, usize> = HashMap::new();
    let mut about: BTreeSet<About> = BTreeSet::new();
    for delivery in waiting {
        let action: Action = match serde_json::from_str(&delivery.action) {
            Ok(action) => action,
            Err(error) => {
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
    let known = Arc::new(Known::of(site, &about).await?);
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for steps in places {
        let (site, known, turn) = (site.clone(), known.clone(), turns.clone().acquire_owned().await?);
        let handle = tokio::runtime::Handle::current();
        tasks.spawn_blocking(move || {
            let _turn = turn;
            handle.block_on(in_order(&site, &known, steps))
        });
    }
    let mut finished = Vec::new();
    while let Some(task) = tasks.join_next().await {
        finished.extend(task??);
    }
    finished.sort_by_key(|(id, ..)| *id);
    Ok(finished)
}

/// The unit's folder (or another folder of the programme) that a step works in.
fn folder_of(site: &Site, action: &Action) -> String {
    let path = match action {
        Action::Move { folder, .. }
        | Action::Put { folder, .. }
        | Action::Restore { folder, .. }
        | Action::Forget { folder, .. } => folder.clone(),
        Action::MoveOut { from, .. } => from.clone(),
        Action::Keep { path, .. } => path.clone(),
        Action::Receipt { program, unit, .. }
        | Action::Status { program, unit, .. }
        | Action::Form { program, unit, .. } => site
            .program(program)
            .map(|program| site.unit_folder(&program, unit))
            .unwrap_or_default(),
        Action::Note { .. } => String::new(),
    };
    path.split('/').take(2).collect::<Vec<_>>().join("/")
}

/// Carries out the steps of one place.
async fn in_order(site: &Site, known: &Known, steps: Vec<Step>) -> anyhow::Result<Vec<Finished>> {
    let mut finished = Vec::new();
    let mut stuck = HashSet::new();
    let mut place = Place::new(site);
    for Step { delivery, action } in steps {
        // Steps of one submission keep their order.
        if delivery.submission.is_some_and(|id| stuck.contains(&id)) {
            continue;
        }
        match carry_out(&mut place, known, action).await {
            Ok(outcome) => {
                platform::halt_point("delivered");
                finished.push((delivery, outcome));
            }
            Err(error) => {
                stuck.extend(delivery.submission);
                put_off(site, &delivery, &error).await?;
            }
        }
    }
    lasting(site, finished).await
}

/// Those of the steps whose results will outlast a power cut; the others are
/// taken again.
async fn lasting(site: &Site, steps: Vec<(Delivery, Outcome)>) -> anyhow::Result<Vec<Finished>> {
    let mut folders: HashMap<String, Result<(), String>> = HashMap::new();
    let mut finished = Vec::new();
    for (delivery, outcome) in steps {
        let mut wrong = None;
        for (left, _) in &outcome.left {
            let folder = left.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let result = folders.entry(folder.to_owned()).or_insert_with(|| {
                let result = site.share.make_lasting(folder);
                result.map_err(|error| format!("{folder}：{error}"))
            });
            wrong = wrong.or_else(|| result.as_ref().err().cloned());
        }
        match wrong {
            Some(reason) => put_off(site, &delivery, &anyhow::Error::msg(reason)).await?,
            None => finished.push((delivery.id, delivery.submission, outcome)),
        }
    }
    Ok(finished)
}

/// Records what steps left behind, in their order: the last word on a path counts.
async fn record(site: &Site, change: &mut Change, finished: &[Finished]) -> anyhow::Result<()> {
    let mut paths: Vec<(String, Option<Placed>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut say = |path: &str, placed: Option<Placed>| {
        if let Some(at) = known.get(path) {
            paths[*at].1 = placed;
        } else {
            known.insert(path.to_owned(), paths.len());
            paths.push((path.to_owned(), placed));
        }
    };
    let mut lies_at: HashMap<i64, &str> = HashMap::new();
    for (_, submission, outcome) in finished {
        for path in &outcome.gone {
            say(path, None);
        }
        for (left, role) in &outcome.left {
            let placed = Placed {
                path: left.path.clone(),
                sha256: left.sha256.clone(),
                size: left.stat.size,
                modified: left.stat.modified,
                role: *role,
                submission: *submission,
            };
            say(&left.path, Some(placed));
        }
        if let (Some(id), Some(path)) = (submission, &outcome.submission_lies_at) {
            lies_at.insert(*id, path);
        }
    }
    site.store.place_all(change, &paths).await?;
    let done: Vec<i64> = finished.iter().map(|(id, ..)| *id).collect();
    let lies_at: Vec<(i64, &str)> = lies_at.into_iter().collect();
    site.store.finish_deliveries(change, &done, &lies_at).await
}

async fn put_off(site: &Site, delivery: &Delivery, error: &anyhow::Error) -> anyhow::Result<()> {
    // For a minute a step is tried every second: most files are closed by
    // then. After that a minute apart, for as long as it takes.
    let wait = if delivery.tries < QUICK_TRIES { 1 } else { 60 };
    if delivery.tries.is_multiple_of(QUICK_TRIES) {
        tracing::warn!(
            error = format!("{error:#}"),
            "共享文件夹中的一步操作没有完成，稍后再试"
        );
    }
    let until = site.clock.utc() + TimeDelta::seconds(wait);
    site.store
        .postpone_delivery(delivery.id, until, &format!("{error:#}"))
        .await
}
