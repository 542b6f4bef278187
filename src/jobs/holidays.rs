//! The holiday table of a site: loaded, read again when it changes, imported.

mod import;
mod moved;

use super::site::Site;

pub use import::{Imported, Refused, import, import_text, preview};
pub use moved::{Moved, coming_provisional};

/// Takes up a table that has changed; tells whether it had. Receipts and
/// status notes of periods whose due date moved are written anew.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn refresh(site: &Site) -> anyhow::Result<bool> {
    let before = site.calendar();
    if !site.reload_calendar() {
        return Ok(false);
    }
    let actions = moved::projections(site, &moved::all(site, &before, &site.calendar()).await?).await?;
    if !actions.is_empty() {
        let mut change = site.store.begin().await?;
        super::queue::add_all(site, &mut change, None, &actions).await?;
        change.commit().await?;
    }
    tracing::info!("节假日表有变动，已按新表推算");
    Ok(true)
}
