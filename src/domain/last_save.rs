//! When a workbook was last saved, as far as its own properties can be believed.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::table::FileTimes;

/// The last save that a workbook's properties tell. None where they prove
/// nothing: absent, equal to its creation (as in every form of ours), later
/// than its arrival, or before the period began. Times without a zone are those
/// of `zone`.
#[must_use]
pub fn last_save(
    times: &FileTimes,
    zone: Tz,
    period_start: Option<NaiveDate>,
    arrival: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let at = |text: &Option<String>| instant(text.as_deref()?, zone);
    let saved = at(&times.modified)?;
    let begun = period_start.is_none_or(|start| saved.with_timezone(&zone).date_naive() >= start);
    (at(&times.created) != Some(saved) && saved <= arrival && begun).then_some(saved)
}

fn instant(text: &str, zone: Tz) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    zone.from_local_datetime(&local)
        .earliest()
        .map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::plain(
        Some("2025-09-01T01:00:00Z"),
        Some("2025-10-08T03:00:00Z"),
        Some("2025-10-08T03:00:00Z")
    )]
    #[case::without_creation(None, Some("2025-10-08T03:00:00Z"), Some("2025-10-08T03:00:00Z"))]
    #[case::without_zone(None, Some("2025-10-08T11:00:00.12"), Some("2025-10-08T03:00:00.12Z"))]
    #[case::absent(Some("2025-09-01T01:00:00Z"), None, None)]
    #[case::as_created(Some("2025-10-08T03:00:00Z"), Some("2025-10-08T03:00:00Z"), None)]
    #[case::after_arrival(None, Some("2025-10-10T03:00:00Z"), None)]
    #[case::before_the_period(None, Some("2025-08-31T03:00:00Z"), None)]
    #[case::no_time(None, Some("昨天"), None)]
    fn only_a_believable_save_counts(
        #[case] created: Option<&str>,
        #[case] modified: Option<&str>,
        #[case] expected: Option<&str>,
    ) {
        let times = FileTimes {
            created: created.map(Into::into),
            modified: modified.map(Into::into),
        };
        let start = NaiveDate::from_ymd_opt(2025, 9, 1);
        let arrival = "2025-10-09T00:00:00Z".parse().unwrap();
        let found = last_save(&times, chrono_tz::Asia::Shanghai, start, arrival);
        assert_eq!(found, expected.map(|time| time.parse().unwrap()));
    }
}
