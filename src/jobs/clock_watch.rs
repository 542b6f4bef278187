//! Whether the clock can be trusted. A wrong clock must not chase anybody.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::site::Site;

/// Corrections smaller than this are everyday.
const EVERYDAY: TimeDelta = TimeDelta::minutes(5);

/// How long the clock has to go evenly after a jump before it is trusted again.
const EVEN_FOR: Duration = Duration::from_hours(1);

/// The key under which the latest instant seen is remembered.
const LATEST: &str = "latest_instant";

/// Watches the wall clock against the monotonic one within this process, and
/// against the latest instant that was ever recorded. A machine that was off
/// is no fault: its clock went on.
#[derive(Debug, Default)]
pub struct ClockWatch {
    last: Option<(DateTime<Utc>, Instant)>,
    jumped: Option<Instant>,
}

impl ClockWatch {
    /// Why the clock can't be trusted now, if so. The latest instant is
    /// remembered while it can.
    ///
    /// # Errors
    /// The database is gone.
    pub async fn fault(&mut self, site: &Site, clock: Instant) -> anyhow::Result<Option<String>> {
        if !site.clock.is_system() {
            // A rehearsal sets its own time.
            return Ok(None);
        }
        let now = site.clock.utc();
        let recorded = site.store.meta(LATEST).await?;
        let recorded = recorded
            .and_then(|text| text.parse().ok())
            .and_then(DateTime::from_timestamp_millis);
        let fault = self.judge(now, clock, recorded);
        if fault.is_none() && recorded.is_none_or(|recorded| recorded < now) {
            site.store
                .set_meta(LATEST, &now.timestamp_millis().to_string())
                .await?;
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
        if let Some(recorded) = recorded.filter(|recorded| now < *recorded - EVERYDAY) {
            return Some(format!(
                "现在的时间早于上次记录的 {}，可能被调回",
                recorded.format("%Y-%m-%d %H:%M UTC")
            ));
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
