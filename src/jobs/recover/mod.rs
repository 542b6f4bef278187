//! A lost database is rebuilt from what lies on the share, in the archive and
//! in the output folder; an older one is brought up to what the share shows.
//! Both go the same way: gather, decide, write in one transaction, then count
//! what came due before as sent. Done again, it adds nothing.

mod evidence;
mod examine;
mod gather;
mod look;
pub mod lost;
mod masters;
mod older;
mod record;
mod report;
pub mod restore;
mod steps;
mod strays;
mod write;

use std::sync::Arc;

use super::remind;
use super::site::Site;
use crate::platform::halt_point;
use crate::store::Store;

pub use older::begin;
pub use report::Report;

/// Rebuilds, or brings up to date, what the database says.
///
/// # Errors
/// The share is away, the reading children don't work, the database or the
/// output folder can't be written. What was begun is finished the next time.
pub async fn rebuild(site: &Arc<Site>) -> anyhow::Result<Report> {
    let begun = site.store.meta(Store::OLDER).await?.is_some() || site.store.is_blank().await?;
    // Nothing is sent before the end is reached, whatever happens on the way.
    site.store.set_meta(Store::OLDER, "recovering").await?;
    lost::keep_identity(site).await?;
    let evidence = gather::gather(site).await?;
    for (path, sha256) in &evidence.unarchived {
        let bytes = std::fs::read(site.share.path(path))?;
        anyhow::ensure!(
            site.archive.keep_bytes(&bytes)? == *sha256,
            "{path} 刚刚有改动，请再运行一次"
        );
    }
    let whole = record::decide(site, &evidence).await?;
    let masters = masters::read_all(site).await?;
    halt_point("recover-decided");
    let written = write::write(site, &evidence, &whole, &masters, begun).await?;
    halt_point("recover-written");
    if begun || written.is_anything() {
        remind::close_off(site).await?;
    } else {
        // The database was right all along: its letters go on as they were.
        site.store.forget_meta(Store::OLDER).await?;
    }
    lost::remember(site).await?;
    report::write(site, &evidence, &whole, &masters, written).await
}
