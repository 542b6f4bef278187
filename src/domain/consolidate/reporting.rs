//! 报送情况: who handed in, when, how often.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::summary::ReportingLine;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{Obligation, State};
use crate::domain::roster::Roster;

/// One line an obligation, in roster order.
pub(super) fn lines(
    roster: &Roster,
    obligations: &[Obligation],
    rows: &BTreeMap<UnitId, u32>,
    zone: Tz,
) -> Vec<ReportingLine> {
    let by_unit: BTreeMap<&str, &Obligation> = obligations
        .iter()
        .map(|obligation| (obligation.unit.as_str(), obligation))
        .collect();
    roster
        .units
        .iter()
        .filter_map(|unit| {
            let obligation = by_unit.get(unit.id.as_str())?;
            Some(ReportingLine {
                unit: unit.id.clone(),
                name: unit.display_name.clone(),
                state: obligation.state,
                expected: !matches!(obligation.state, State::Exempt | State::Historic),
                first_received: obligation.first_received.map(|at| at.with_timezone(&zone)),
                accepted_at: obligation.accepted_at.map(|at| at.with_timezone(&zone)),
                versions: obligation.versions,
                times_returned: obligation.times_returned,
                late: obligation.late,
                after_close: obligation.after_close,
                exempt_reason: obligation.exempt_reason.clone(),
                rows: rows.get(&unit.id).copied().unwrap_or(0),
            })
        })
        .collect()
}
