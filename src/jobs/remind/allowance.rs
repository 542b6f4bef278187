//! What the mail server's limits leave.

use chrono::TimeDelta;

use crate::domain::dates::civil;
use crate::jobs::site::Site;

/// How many letters the mail server's limits leave for now.
pub(super) async fn allowance(site: &Site) -> anyhow::Result<u32> {
    if !site.transport.sends_for_real() {
        return Ok(u32::MAX);
    }
    let now = site.clock.now();
    let mail = &site.options.mail;
    let minute = site
        .store
        .handed_over_since(now.to_utc() - TimeDelta::minutes(1))
        .await?;
    let midnight = civil(now.timezone(), now.date_naive(), chrono::NaiveTime::MIN);
    let day = site.store.handed_over_since(midnight.to_utc()).await?;
    let left = |rate: u32, used: u32| {
        if rate == 0 {
            u32::MAX
        } else {
            rate.saturating_sub(used)
        }
    };
    Ok(left(mail.rate_per_minute, minute).min(left(mail.rate_per_day, day)))
}
