//! What `doctor` says about the clock.

use super::{Line, fail};
use crate::jobs::clock_watch;
use crate::jobs::site::Site;

/// That letters are held because of the clock, and how that is ended; nothing while they aren't.
///
/// # Errors
/// The database can't be read: tell the person, who may ask again.
pub async fn lines(site: &Site) -> anyhow::Result<Vec<Line>> {
    let held = clock_watch::held(site).await?;
    Ok(held
        .map(|held| fail("时间", format!("{}，催报暂停；{}", held.why, clock_watch::REMEDY)))
        .into_iter()
        .collect())
}
