//! Carrying out on the share what was decided.

mod carry_out;
mod form;
mod lay;
mod place;
mod round;
mod strayed;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;

use super::faults::{Area, area_of};
use super::sentinel;
use super::site::Site;
use crate::domain::ids::{DeliveryId, SubmissionId};
use crate::domain::share_path::SharePath;
use crate::platform;
use crate::store::{Change, Delivery, Placed, in_words};

use carry_out::Outcome;
pub(super) use place::folder_of;
use round::carry_out_all;
pub(super) use round::folder_of as place_of;

/// Steps carried out in one go before others get their turn.
const BATCH: u32 = 512;

/// How often a failed step is tried each second, and from when only each minute.
const QUICK_TRIES: u32 = 60;

/// Carries out every waiting step whose time has come; gives how many were done.
///
/// # Errors
/// The database can't be read or written: give this round up; the next one goes
/// on where it ended. What fails on the share is put off, not an error.
pub async fn deliver(site: &Arc<Site>) -> anyhow::Result<usize> {
    // Two at once would carry out the same steps.
    let _turn = site.delivering.lock().await;
    let mut done = 0;
    loop {
        if sentinel::still_held(site).await?.is_some() {
            // Somebody else works on the share; the steps wait.
            return Ok(done);
        }
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
                site.archive.discard_prepared(*sha256);
            }
        }
    }
}

/// A step that was carried out: its number, its submission, what it left behind.
type Finished = (DeliveryId, Option<SubmissionId>, Outcome);

/// Records what steps left behind, in their order: the last word on a path counts.
async fn record(site: &Site, change: &mut Change, finished: &[Finished]) -> anyhow::Result<()> {
    let mut paths: Vec<(SharePath, Option<Placed>)> = Vec::new();
    let mut known: HashMap<SharePath, usize> = HashMap::new();
    let mut say = |path: &SharePath, placed: Option<Placed>| {
        if let Some(at) = known.get(path) {
            paths[*at].1 = placed;
        } else {
            known.insert(path.clone(), paths.len());
            paths.push((path.clone(), placed));
        }
    };
    let mut lies_at: HashMap<SubmissionId, &str> = HashMap::new();
    for (_, submission, outcome) in finished {
        for path in &outcome.gone {
            say(path, None);
        }
        for (left, role) in &outcome.left {
            let placed = Placed {
                path: left.path.clone(),
                sha256: left.sha256,
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
    let done: Vec<DeliveryId> = finished.iter().map(|(id, ..)| *id).collect();
    let lies_at: Vec<(SubmissionId, &str)> = lies_at.into_iter().collect();
    Ok(site.store.finish_deliveries(change, &done, &lies_at).await?)
}

async fn put_off(site: &Site, delivery: &Delivery, error: &anyhow::Error) -> anyhow::Result<()> {
    let fault = area_of(error, Area::Share);
    // For a minute a step is tried every second: most files are closed by
    // then. After that a minute apart, for as long as it takes. Where a whole
    // place fails, it is tried as soon as the place takes writes again.
    let wait = if fault.is_none() && delivery.tries < QUICK_TRIES {
        1
    } else {
        60
    };
    if let Some(area) = fault {
        // One fault, however many steps meet it.
        site.name_fault(area, "共享文件夹中的操作没有完成，稍后再试", error);
    } else if delivery.tries.is_multiple_of(QUICK_TRIES) {
        tracing::warn!(
            error = in_words(error),
            "共享文件夹中的一步操作没有完成，稍后再试"
        );
    }
    let until = site.clock.utc() + TimeDelta::seconds(wait);
    Ok(site
        .store
        .postpone_delivery(delivery.id, until, &in_words(error))
        .await?)
}
