//! Whether the service is well, in as few words as whoever watches it may know.

use std::time::Duration;

use crate::jobs::faults::Area;
use crate::jobs::site::Site;

/// How long the database may take to answer.
const WAIT: Duration = Duration::from_secs(2);

/// What fails at present, by its name; nothing while all is well.
pub async fn failing(site: &Site) -> Vec<&'static str> {
    let mut areas: Vec<Area> = site.faults.standing().iter().map(|own| own.area).collect();
    if site.pulse.is_away() {
        areas.push(Area::Share);
    }
    let asked = tokio::time::timeout(WAIT, site.store.revisions()).await;
    if !matches!(asked, Ok(Ok(_))) {
        areas.push(Area::Database);
    }
    areas.sort_unstable();
    areas.dedup();
    let mut names: Vec<&str> = areas.into_iter().map(Area::name).collect();
    if site.pulse.is_silent() {
        names.push("收文");
    }
    names
}
