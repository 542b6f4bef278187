//! Instants as machines read them: RFC 3339 with the site's offset.

use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

/// To the second.
#[must_use]
pub fn written(at: DateTime<Tz>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// To the second, for serde.
///
/// # Errors
/// What the serializer says.
pub(super) fn seconds<S: Serializer>(at: &DateTime<Tz>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&written(*at))
}

/// As [`seconds`], of an instant that may not be.
///
/// # Errors
/// What the serializer says.
// Serde gives the field by reference.
#[allow(clippy::ref_option)]
pub(super) fn perhaps_seconds<S: Serializer>(at: &Option<DateTime<Tz>>, out: S) -> Result<S::Ok, S::Error> {
    at.map(written).serialize(out)
}

/// As exactly as it is known, for serde.
///
/// # Errors
/// What the serializer says.
pub(super) fn instant<S: Serializer>(at: &DateTime<Tz>, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(&at.to_rfc3339())
}

/// As [`instant`], of one that may not be.
///
/// # Errors
/// What the serializer says.
// Serde gives the field by reference.
#[allow(clippy::ref_option)]
pub(super) fn perhaps<S: Serializer>(at: &Option<DateTime<Tz>>, out: S) -> Result<S::Ok, S::Error> {
    at.map(|at| at.to_rfc3339()).serialize(out)
}
