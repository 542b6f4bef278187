//! Records what became of letters while the database failed.

use super::send::record;
use crate::jobs::site::Site;

/// Records what waits to be recorded; gives how many letters were sent.
///
/// # Errors
/// The database still can't take it; then it waits on.
pub(super) async fn record_kept(site: &Site) -> anyhow::Result<usize> {
    if site.unrecorded.is_empty() {
        return Ok(0);
    }
    let kept = site.unrecorded.take();
    let outcome = async {
        site.store.requeue_attempting(&kept.kept_back).await?;
        record(site, &kept.done).await
    };
    match outcome.await {
        Ok(sent) => Ok(sent),
        Err(error) => {
            site.unrecorded.keep_back(kept.kept_back);
            site.unrecorded.keep(kept.done);
            Err(error)
        }
    }
}
