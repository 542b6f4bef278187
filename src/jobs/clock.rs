//! The present. Only `jobs` and `cli` read it; everything else is given it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// Where the present comes from.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: Tz,
    source: Source,
}

#[derive(Debug, Clone)]
enum Source {
    System,
    /// Milliseconds since 1970, set by hand: `--now` and tests.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system(zone: Tz) -> Self {
        Self {
            zone,
            source: Source::System,
        }
    }

    /// A clock that stands at an instant until it is set anew.
    #[must_use]
    pub fn standing(zone: Tz, at: DateTime<Utc>) -> Self {
        Self {
            zone,
            source: Source::Set(Arc::new(AtomicI64::new(at.timestamp_millis()))),
        }
    }

    /// Sets a standing clock; the machine's clock is left alone.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Source::Set(millis) = &self.source {
            millis.store(at.timestamp_millis(), Ordering::Relaxed);
        }
    }

    /// The present in the site's zone.
    #[must_use]
    pub fn now(&self) -> DateTime<Tz> {
        self.utc().with_timezone(&self.zone)
    }

    /// The present.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "this is where the clock is read")]
    pub fn utc(&self) -> DateTime<Utc> {
        match &self.source {
            Source::System => Utc::now(),
            Source::Set(millis) => {
                DateTime::from_timestamp_millis(millis.load(Ordering::Relaxed)).unwrap_or_default()
            }
        }
    }

    /// The machine's own time, whatever a rehearsal has set: what two machines
    /// say to each other must not hang on it.
    #[must_use]
    pub fn machine() -> DateTime<Utc> {
        Self::system(Tz::UTC).utc()
    }

    /// The site's zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Whether this is the machine's clock.
    #[must_use]
    pub fn is_system(&self) -> bool {
        matches!(self.source, Source::System)
    }
}
