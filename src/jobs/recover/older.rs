//! Whether the database is older than what the share shows: restored from a
//! backup, by this program or by copying files.

use std::sync::Arc;

use super::rebuild;
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::recover::{read_note, status_name};
use crate::domain::sentinel::Sentinel;
use crate::jobs::sentinel;
use crate::jobs::site::Site;
use crate::store::Store;

/// Where it is remembered which entry of the sentinel was dealt with.
const DEALT_WITH: &str = "older_entry";

/// Brings an older database up to what the share shows, before anything is
/// taken or sent. Tells whether it may go on: not while the share is away.
///
/// # Errors
/// See [`rebuild`].
pub async fn begin(site: &Arc<Site>) -> anyhow::Result<bool> {
    if !is_older(site).await? {
        return Ok(true);
    }
    if !site.share_is_there() {
        site.store.set_meta(Store::OLDER, "restored").await?;
        return Ok(false);
    }
    tracing::warn!("数据库是较早的状态，先对照共享文件夹补登");
    let entry = sentinel::owner(&site.options.watch).map_or(0, |owner| owner.entry);
    let report = rebuild(site).await?;
    site.store.set_meta(DEALT_WITH, &entry.to_string()).await?;
    tracing::warn!(report = %report.path.display(), added = report.added, "数据库已对照共享文件夹补登，说不清的请看恢复情况");
    Ok(true)
}

async fn is_older(site: &Site) -> anyhow::Result<bool> {
    if site.store.meta(Store::OLDER).await?.is_some() {
        return Ok(true);
    }
    let own = site.store.meta(Store::SITE_ID).await?;
    match sentinel::owner(&site.options.watch).filter(|owner| own.as_ref() == Some(&owner.site)) {
        Some(owner) if !owner.mark.is_empty() && !site.store.knows_mark(&owner.mark).await? => Ok(true),
        Some(owner) if is_ahead(site, &owner).await? => Ok(true),
        Some(owner) if owner.stopped => Ok(false),
        // One that was not given free may lag behind by a heartbeat; what isn't
        // ours says nothing: the notes have to do.
        _ => share_is_ahead(site).await,
    }
}

/// Whether the sentinel was written by this site when its journal was longer.
async fn is_ahead(site: &Site, owner: &Sentinel) -> anyhow::Result<bool> {
    let dealt_with = site.store.meta(DEALT_WITH).await?;
    let dealt_with: i64 = dealt_with.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(owner.entry > dealt_with.max(site.store.last_entry().await?))
}

/// Whether a status note speaks of a version that the database doesn't have.
/// Only the units' own folders are listed.
async fn share_is_ahead(site: &Site) -> anyhow::Result<bool> {
    if !site.share_is_there() {
        return Ok(false);
    }
    for program in site.programs() {
        let latest = site.store.latest_versions(&program.id).await?;
        for note in status_notes(site, &program) {
            let known = latest
                .get(&note.unit)
                .and_then(|periods| periods.get(&note.period));
            // What a person wrote under such a name has no check code of ours;
            // what lies there as we left it says nothing new.
            let ours = || {
                std::fs::read_to_string(site.share.path(&note.path))
                    .is_ok_and(|text| read_note(&text).is_some())
            };
            if note.version > known.copied().unwrap_or(0)
                && site.store.placed_at(&[&note.path]).await?.is_empty()
                && ours()
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A status note, by its name.
struct StatusNote {
    unit: UnitId,
    period: Period,
    version: u32,
    path: String,
}

fn status_notes(site: &Site, program: &Program) -> Vec<StatusNote> {
    let mut notes = Vec::new();
    for unit in &program.roster.units {
        let folder = site.unit_folder(program, &unit.id);
        let entries = std::fs::read_dir(site.share.path(&folder));
        for entry in entries.into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let read = status_name(&name).and_then(|read| Some((read.period.parse().ok()?, read.version)));
            let Some((period, version)) = read else { continue };
            if program.cycle.span(&period).is_some() {
                notes.push(StatusNote {
                    unit: unit.id.clone(),
                    period,
                    version,
                    path: format!("{folder}/{name}"),
                });
            }
        }
    }
    notes
}
