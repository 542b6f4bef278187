//! Whether the clock can be trusted. A wrong clock must not chase anybody.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::site::Site;
use crate::domain::actor::Actor;
use crate::jobs::refusal::refuse;
use crate::store::Entry;

/// Corrections smaller than this are everyday.
const EVERYDAY: TimeDelta = TimeDelta::minutes(5);

/// How long the clock has to go evenly after a jump before it is trusted again.
const EVEN_FOR: Duration = Duration::from_hours(1);

/// What a person does about a clock that isn't trusted.
pub const REMEDY: &str = "请核对本机日期和时间，无误后运行 taizhang clock accept --reason 原因";

/// Watches the wall clock against the monotonic one within this process, and
/// against the latest instant that was ever recorded. A machine that was off
/// is no fault: its clock went on.
#[derive(Debug, Default)]
pub struct ClockWatch {
    last: Option<(DateTime<Utc>, Instant)>,
    jumped: Option<Instant>,
    /// Whether the clock was looked at before, and the last word of the office then.
    looked: bool,
    accepted: Option<DateTime<Utc>>,
}

/// Why letters are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// In words.
    pub why: String,
}

/// What the office accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accepted {
    /// The machine's time, which holds from now on.
    pub now: DateTime<Utc>,
    /// The latest instant that was recorded before.
    pub latest: Option<DateTime<Utc>>,
    /// Letters that it had made and that hadn't gone.
    pub discarded: u64,
}

/// Whether letters are held because of the clock: as the daemon said it last,
/// or as the machine's time beside the one recorded tells.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn held(site: &Site) -> anyhow::Result<Option<Held>> {
    if !site.clock.is_system() {
        return Ok(None);
    }
    let memory = site.store.clock().await?;
    let earlier = too_early(site.clock.utc(), memory.latest);
    Ok(earlier.or(memory.fault).map(|why| Held { why }))
}

/// The office says that the machine's clock is right: letters go out again, on the record.
///
/// # Errors
/// They aren't held, or the database is gone.
pub async fn accept(site: &Site, by: &Actor, reason: &str) -> anyhow::Result<Accepted> {
    let Some(held) = held(site).await? else {
        refuse!(
            site.language(),
            "本机时间没有问题，催报没有因此暂停，不用认可",
            "there is nothing wrong with this machine's time and chases aren't held; there is nothing to accept"
        )
    };
    let now = site.clock.utc();
    let latest = site.store.clock().await?.latest;
    let mut change = site.store.begin().await?;
    site.store.accept_clock(&mut change, now).await?;
    let discarded = site.store.take_back_steps(&mut change, now).await?;
    let detail = format!("{reason}（{}）", held.why);
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "clock-accepted",
        detail: detail.as_str().into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    Ok(Accepted {
        now,
        latest,
        discarded,
    })
}

/// Why a time can't be right beside the latest one that was recorded, if so.
fn too_early(now: DateTime<Utc>, recorded: Option<DateTime<Utc>>) -> Option<String> {
    let recorded = recorded.filter(|recorded| now < *recorded - EVERYDAY)?;
    Some(format!(
        "现在的时间早于上次记录的 {}，可能被调回",
        recorded.format("%Y-%m-%d %H:%M UTC")
    ))
}

impl ClockWatch {
    /// Why the clock can't be trusted now, if so. The latest instant is
    /// remembered while it can.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn fault(&mut self, site: &Site, clock: Instant) -> anyhow::Result<Option<String>> {
        if !site.clock.is_system() {
            // A rehearsal sets its own time.
            return Ok(None);
        }
        let now = site.clock.utc();
        let memory = site.store.clock().await?;
        if self.looked && self.accepted != memory.accepted {
            // Whatever was seen of the clock before, its time is right now.
            self.jumped = None;
            self.last = None;
        }
        (self.looked, self.accepted) = (true, memory.accepted);
        let fault = self.judge(now, clock, memory.latest);
        if fault.is_none() && memory.latest.is_none_or(|latest| latest < now) {
            site.store.set_latest(now).await?;
        }
        if fault != memory.fault {
            site.store.set_clock_fault(fault.as_deref()).await?;
        }
        Ok(fault)
    }

    fn judge(
        &mut self,
        now: DateTime<Utc>,
        clock: Instant,
        recorded: Option<DateTime<Utc>>,
    ) -> Option<String> {
        if let Some((wall, monotonic)) = self.last {
            let passed = TimeDelta::from_std(clock.saturating_duration_since(monotonic));
            let passed = passed.unwrap_or(TimeDelta::MAX);
            if ((now - wall) - passed).abs() > EVERYDAY {
                self.jumped = Some(clock);
            }
        }
        self.last = Some((now, clock));
        if let Some(fault) = too_early(now, recorded) {
            return Some(fault);
        }
        let jumped = self.jumped?;
        if clock.saturating_duration_since(jumped) >= EVEN_FOR {
            self.jumped = None;
            return None;
        }
        Some("时间刚刚跳变，一小时内没有再变才恢复催报".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_733_450_000 + minutes * 60, 0).unwrap()
    }

    #[test]
    fn a_clock_that_goes_evenly_is_trusted() {
        let start = Instant::now();
        let mut watch = ClockWatch::default();
        for minute in 0..10_u32 {
            let clock = start + Duration::from_mins(minute.into());
            assert_eq!(
                watch.judge(at(minute.into()), clock, Some(at(i64::from(minute) - 1))),
                None
            );
        }
    }

    #[test]
    fn a_jump_holds_for_an_hour() {
        let start = Instant::now();
        let mut watch = ClockWatch::default();
        assert_eq!(watch.judge(at(0), start, None), None);
        let after = |minutes: u64| start + Duration::from_mins(minutes);
        assert!(watch.judge(at(600), after(1), None).is_some());
        assert!(watch.judge(at(630), after(31), None).is_some());
        assert_eq!(watch.judge(at(661), after(62), None), None);
    }

    #[test]
    fn earlier_than_recorded_is_a_fault_and_a_machine_that_was_off_is_none() {
        let start = Instant::now();
        assert!(ClockWatch::default().judge(at(0), start, Some(at(60))).is_some());
        assert_eq!(ClockWatch::default().judge(at(20_000), start, Some(at(60))), None);
    }
}
