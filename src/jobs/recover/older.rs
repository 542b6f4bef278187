//! Whether the database is older than what the share shows: restored from a
//! backup, by this program or by copying files.

use std::sync::Arc;

use super::{lost, rebuild};
use crate::domain::period::Period;
use crate::domain::recover::status_name;
use crate::inbox::{Zone, scan};
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
    let entry = lost::owner(&site.options.watch).map_or(0, |owner| owner.entry);
    let report = rebuild(site).await?;
    site.store.set_meta(DEALT_WITH, &entry.to_string()).await?;
    tracing::warn!(report = %report.path.display(), added = report.added, "数据库已对照共享文件夹补登，说不清的请看恢复情况");
    Ok(true)
}

async fn is_older(site: &Site) -> anyhow::Result<bool> {
    if site.store.meta(Store::OLDER).await?.is_some() {
        return Ok(true);
    }
    Ok(sentinel_is_ahead(site).await? || share_is_ahead(site).await?)
}

/// Whether the sentinel was written by this site when its journal was longer.
async fn sentinel_is_ahead(site: &Site) -> anyhow::Result<bool> {
    let Some(owner) = lost::owner(&site.options.watch) else {
        return Ok(false);
    };
    let own = site.store.meta("site_id").await?;
    let dealt_with = site.store.meta(DEALT_WITH).await?;
    let dealt_with: i64 = dealt_with.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(own.is_some_and(|own| owner.is(&own)) && owner.entry > dealt_with.max(site.store.last_entry().await?))
}

/// Whether a status note speaks of a version that the database doesn't have.
async fn share_is_ahead(site: &Site) -> anyhow::Result<bool> {
    let (root, layout) = (site.options.watch.clone(), site.layout());
    // While the share is away nothing can be concluded.
    let Ok(scan) = tokio::task::spawn_blocking(move || scan(&root, &layout)).await? else {
        return Ok(false);
    };
    for found in scan.found.iter().filter(|found| found.place.zone == Zone::Drop) {
        let (Some(unit), Some(name)) = (&found.place.unit, status_name(&found.name)) else {
            continue;
        };
        if !site.store.placed_at(&[&found.path]).await?.is_empty() {
            continue;
        }
        let (Some(program), Ok(period)) = (site.program(&found.place.program), name.period.parse::<Period>())
        else {
            continue;
        };
        let versions = site.store.versions(&program.id, unit, &period).await?;
        let latest = versions.iter().filter_map(|own| own.version).max().unwrap_or(0);
        let ours = std::fs::read_to_string(site.share.path(&found.path))
            .is_ok_and(|text| crate::domain::recover::read_note(&text).is_some());
        if ours && name.version > latest && program.cycle.span(&period).is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
