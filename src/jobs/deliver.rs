//! Carrying out on the share what was decided.

use std::collections::{HashMap, HashSet};
use std::io;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::action::{Action, Outside};
use super::notes;
use super::site::Site;
use crate::inbox::{Left, Stat};
use crate::platform;
use crate::store::{Change, Delivery, Placed, Role};

/// Steps carried out in one go before others get their turn.
const BATCH: u32 = 512;

/// How often a failed step is tried each second, and from when only each minute.
const QUICK_TRIES: u32 = 60;

/// Carries out every waiting step whose time has come; gives how many were done.
///
/// # Errors
/// The database is gone. What fails on the share is put off, not an error.
pub async fn deliver(site: &Arc<Site>) -> anyhow::Result<usize> {
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
        for (id, submission, outcome) in &finished {
            record(site, &mut change, *submission, outcome).await?;
            site.store.finish_delivery(&mut change, *id).await?;
        }
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
const AT_ONCE: usize = 8;

/// A step that was carried out: its number, its submission, what it left behind.
type Finished = (i64, Option<i64>, Outcome);

/// Carries out steps: those of one place one after the other, those of
/// different places beside each other.
async fn carry_out_all(site: &Arc<Site>, waiting: Vec<Delivery>) -> anyhow::Result<Vec<Finished>> {
    let mut places: Vec<Vec<Delivery>> = Vec::new();
    let mut of_submission: HashMap<i64, usize> = HashMap::new();
    let mut of_folder: HashMap<String, usize> = HashMap::new();
    for delivery in waiting {
        let known = delivery.submission.and_then(|id| of_submission.get(&id).copied());
        let place = known.unwrap_or_else(|| {
            let next = places.len();
            let place = *of_folder.entry(folder_of(site, &delivery)).or_insert(next);
            if let Some(id) = delivery.submission {
                of_submission.insert(id, place);
            }
            place
        });
        if place == places.len() {
            places.push(Vec::new());
        }
        places[place].push(delivery);
    }
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for steps in places {
        let (site, turn) = (site.clone(), turns.clone().acquire_owned().await?);
        let handle = tokio::runtime::Handle::current();
        tasks.spawn_blocking(move || {
            let _turn = turn;
            handle.block_on(in_order(&site, &steps))
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
fn folder_of(site: &Site, delivery: &Delivery) -> String {
    let path = match serde_json::from_str(&delivery.action) {
        Ok(
            Action::Move { folder, .. }
            | Action::Put { folder, .. }
            | Action::Restore { folder, .. }
            | Action::Forget { folder, .. },
        ) => folder,
        Ok(Action::MoveOut { from, .. }) => from,
        Ok(Action::Keep { path, .. }) => path,
        Ok(Action::Receipt { program, unit, .. } | Action::Status { program, unit, .. }) => site
            .program(&program)
            .map(|program| site.unit_folder(&program, &unit))
            .unwrap_or_default(),
        Ok(Action::Note { .. }) | Err(_) => String::new(),
    };
    path.split('/').take(2).collect::<Vec<_>>().join("/")
}

/// Carries out the steps of one place.
async fn in_order(site: &Site, steps: &[Delivery]) -> anyhow::Result<Vec<Finished>> {
    let mut finished = Vec::new();
    let mut stuck = HashSet::new();
    for delivery in steps {
        // Steps of one submission keep their order.
        if delivery.submission.is_some_and(|id| stuck.contains(&id)) {
            continue;
        }
        match carry_out(site, delivery).await {
            Ok(outcome) => {
                platform::halt_point("delivered");
                finished.push((delivery.id, delivery.submission, outcome));
            }
            Err(error) => {
                stuck.extend(delivery.submission);
                put_off(site, delivery, &error).await?;
            }
        }
    }
    Ok(finished)
}

/// What a step left behind.
#[derive(Debug, Default)]
struct Outcome {
    left: Option<(Left, Role)>,
    gone: Vec<String>,
    submission_lies_at: Option<String>,
    prepared: Option<String>,
}

impl Outcome {
    fn left(left: Left, role: Role) -> Self {
        Self {
            left: Some((left, role)),
            ..Self::default()
        }
    }
}

async fn record(
    site: &Site,
    change: &mut Change,
    submission: Option<i64>,
    outcome: &Outcome,
) -> anyhow::Result<()> {
    for path in &outcome.gone {
        site.store.forget_placed(change, path).await?;
    }
    if let Some((left, role)) = &outcome.left {
        let placed = Placed {
            path: left.path.clone(),
            sha256: left.sha256.clone(),
            size: left.stat.size,
            modified: left.stat.modified,
            role: *role,
            submission,
        };
        site.store.place(change, &placed).await?;
    }
    if let (Some(id), Some(path)) = (submission, &outcome.submission_lies_at) {
        site.store.set_placed(change, id, path).await?;
    }
    Ok(())
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

async fn carry_out(site: &Site, delivery: &Delivery) -> anyhow::Result<Outcome> {
    let action: Action = serde_json::from_str(&delivery.action)?;
    match action {
        Action::Move {
            from,
            stat,
            sha256,
            folder,
            name,
            role,
        } => {
            let left = move_original(site, &from, stat, &sha256, &folder, &name)?;
            let lies_at = Some(left.path.clone());
            let gone = if left.path == from { Vec::new() } else { vec![from] };
            Ok(Outcome {
                gone,
                submission_lies_at: lies_at,
                ..Outcome::left(left, role)
            })
        }
        Action::MoveOut {
            from,
            stat,
            sha256,
            to,
            name,
        } => {
            let folder = match to {
                Outside::Quarantine => site.archive.quarantine(),
                Outside::Waiting => site.waiting_folder(),
            };
            let moved = match site.share.move_out(&from, stat, &folder, &name)? {
                Some(moved) => Some(moved),
                // It was moved before the crash that brought us here.
                None => find_outside(&folder, &name, &sha256),
            };
            Ok(Outcome {
                gone: vec![from],
                submission_lies_at: moved.map(|path| path.display().to_string()),
                ..Outcome::default()
            })
        }
        Action::Keep {
            path,
            stat,
            sha256,
            role,
        } => {
            let left = Left {
                path: path.clone(),
                sha256,
                stat,
            };
            Ok(Outcome {
                submission_lies_at: Some(path),
                ..Outcome::left(left, role)
            })
        }
        Action::Put {
            sha256,
            folder,
            name,
            role,
        } => put(site, sha256, &folder, &name, role).await,
        Action::Restore { sha256, folder, name } => {
            let bytes = std::fs::read(site.archive.path_of(&sha256))?;
            let left = match site.share.find(&folder, &name, &sha256) {
                Some(left) => left,
                None => site.share.publish(&folder, &name, &bytes, &[])?,
            };
            Ok(Outcome::left(left, Role::Original))
        }
        Action::Note { name, text } => {
            lay_note(site, &name, &text)?;
            Ok(Outcome::default())
        }
        Action::Receipt {
            program,
            unit,
            period,
        } => receipt(site, &program, &unit, &period).await,
        Action::Forget { submission, .. } => {
            let notes = site.store.notes_of(submission).await?;
            take_away(site, notes.into_iter().map(|note| note.path).collect()).await
        }
        Action::Status {
            program,
            unit,
            period,
        } => status(site, &program, &unit, &period).await,
    }
}

/// Writes the receipt anew, or takes it away when nothing counts any more.
async fn receipt(site: &Site, program: &str, unit: &str, period: &str) -> anyhow::Result<Outcome> {
    let Some(note) = notes::receipt(site, program, unit, period).await? else {
        // Nothing counts any more: a receipt would say what isn't so.
        let path = notes::receipt_path(site, program, unit, period);
        return take_away(site, path.into_iter().collect()).await;
    };
    let ours = ours(site, &note.folder, &note.name).await?;
    let left = site
        .share
        .publish(&note.folder, &note.name, note.text.as_bytes(), &ours)?;
    Ok(Outcome::left(left, Role::Note))
}

/// Removes notes of ours that nobody has changed.
async fn take_away(site: &Site, paths: Vec<String>) -> anyhow::Result<Outcome> {
    for path in &paths {
        for sha256 in site.store.placed_sha(path).await? {
            site.share.remove_ours(path, &sha256);
        }
    }
    Ok(Outcome {
        gone: paths,
        ..Outcome::default()
    })
}

/// Publishes a prepared file.
async fn put(site: &Site, sha256: String, folder: &str, name: &str, role: Role) -> anyhow::Result<Outcome> {
    let left = match std::fs::read(site.archive.prepared(&sha256)) {
        Ok(bytes) => {
            let ours = ours(site, folder, name).await?;
            site.share.publish(folder, name, &bytes, &ours)?
        }
        // It was published before the crash that brought us here.
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match site.share.find(folder, name, &sha256) {
                Some(left) => left,
                None => return Ok(Outcome::default()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    Ok(Outcome {
        prepared: Some(sha256),
        ..Outcome::left(left, role)
    })
}

/// Puts a note into the office's own folder, unless it lies there already.
fn lay_note(site: &Site, name: &str, text: &str) -> io::Result<()> {
    let folder = site.waiting_folder();
    std::fs::create_dir_all(&folder)?;
    let target = folder.join(name);
    if std::fs::read_to_string(&target).ok().as_deref() == Some(text) {
        return Ok(());
    }
    crate::inbox::write_whole(&target, text.as_bytes())
}

/// Moves an original. If it was moved before a crash, finds it; if a person
/// changed or removed it meanwhile, puts the archived copy there and leaves
/// theirs alone.
fn move_original(
    site: &Site,
    from: &str,
    stat: Stat,
    sha256: &str,
    folder: &str,
    name: &str,
) -> anyhow::Result<Left> {
    if let Some(left) = site.share.move_into(from, stat, sha256, folder, name)? {
        return Ok(left);
    }
    if let Some(left) = site.share.find(folder, name, sha256) {
        return Ok(left);
    }
    let bytes = std::fs::read(site.archive.path_of(sha256))?;
    Ok(site.share.publish(folder, name, &bytes, &[])?)
}

/// A file outside the share that has this content, under `name` or a name beside it.
fn find_outside(folder: &std::path::Path, name: &str, sha256: &str) -> Option<std::path::PathBuf> {
    crate::inbox::free_names(name)
        .map(|name| folder.join(name))
        .take_while(|path| path.exists())
        .find(|path| std::fs::read(path).is_ok_and(|bytes| crate::inbox::sha256(&bytes) == sha256))
}

/// Hashes of what we last put at a path, or beside it under the same name.
async fn ours(site: &Site, folder: &str, name: &str) -> anyhow::Result<Vec<String>> {
    site.store.placed_sha(&format!("{folder}/{name}")).await
}

/// Writes the status note and removes those that it replaces.
async fn status(site: &Site, program: &str, unit: &str, period: &str) -> anyhow::Result<Outcome> {
    let Some(note) = notes::status(site, program, unit, period).await? else {
        return Ok(Outcome::default());
    };
    let ours = ours(site, &note.folder, &note.name).await?;
    let left = site
        .share
        .publish(&note.folder, &note.name, note.text.as_bytes(), &ours)?;
    let mut gone = Vec::new();
    for old in site.store.status_notes(&note.folder, &note.prefix).await? {
        if old.path != left.path {
            site.share.remove_ours(&old.path, &old.sha256);
            gone.push(old.path);
        }
    }
    if let Some(folder) = &note.settles {
        for old in site.store.marked_copies(folder).await? {
            let name = old.path.rsplit('/').next().unwrap_or_default();
            if !site.share.is_locked(folder, name) {
                site.share.remove_ours(&old.path, &old.sha256);
                gone.push(old.path);
            }
        }
    }
    Ok(Outcome {
        gone,
        ..Outcome::left(left, Role::Status)
    })
}
