//! How the service does: what fails at present, whether its clock is trusted.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::sha256::Sha256;
use crate::jobs::clock_watch;
use crate::jobs::site::Site;

/// How the service does.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceAnswer {
    /// The machine's time.
    pub now: DateTime<Tz>,
    /// What fails, since when, with what to do.
    pub faults: Vec<(DateTime<Tz>, String)>,
    /// What is wrong with definitions and the holiday table.
    pub problems: Vec<String>,
    /// Why letters are held because of the clock.
    pub held: Option<String>,
    /// What tells how that was seen.
    pub seen: Sha256,
}

/// How the service does.
///
/// # Errors
/// The database can't be read.
pub async fn service(site: &Site) -> anyhow::Result<ServiceAnswer> {
    let zone = site.clock.zone();
    let faults = site.faults.standing().into_iter();
    let held = clock_watch::held(site).await?.map(|held| held.why);
    Ok(ServiceAnswer {
        now: site.clock.now(),
        faults: faults
            .map(|fault| (fault.since.with_timezone(&zone), fault.words(zone)))
            .collect(),
        problems: site.problems().iter().map(ToString::to_string).collect(),
        seen: Sha256::of(["clock", held.as_deref().unwrap_or_default()]),
        held,
    })
}
