//! Why an obligation stands where it stands, as data; `domain/reasons.rs` words it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{Exemption, Obligation, State, correction, first, first_accepted};
use crate::domain::calendar::Calendar;
use crate::domain::identify::read_file_name;
use crate::domain::period::Period;
use crate::domain::program::{Due, Program};
use crate::domain::submission::{Arrival, Submission, counting};

/// The facts that a judgement rests on.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The programme.
    pub program: &'a Program,
    /// The period.
    pub period: &'a Period,
    /// By when.
    pub due: &'a Due,
    /// The unit's versions for the period.
    pub submissions: &'a [Submission],
    /// Its exemption, if it has one.
    pub exempt: Option<&'a Exemption>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// When the programme first ran.
    pub go_live: Option<DateTime<Utc>>,
    /// The present.
    pub now: DateTime<Tz>,
}

/// How the first arrival lies to the due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived {
    /// Seen by the due date.
    InTime,
    /// Seen after it, but it may have come before: counts as on time.
    InDoubt,
    /// After it for certain.
    Late,
}

/// One reason; several together explain a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Needn't report.
    Exempt {
        /// What for.
        reason: String,
        /// Who granted it.
        by: String,
    },
    /// Due before the programme first ran.
    Historic {
        /// When it was due.
        due: DateTime<Utc>,
        /// When the programme first ran.
        go_live: DateTime<Utc>,
    },
    /// The period still runs.
    Running {
        /// Its last day.
        until: NaiveDate,
    },
    /// Nothing has come, and there is time yet.
    Awaited {
        /// Until when.
        due: DateTime<Utc>,
    },
    /// Nothing has come, and it is past due.
    Missing {
        /// When it was due.
        due: DateTime<Utc>,
    },
    /// The first file that counts as received.
    FirstArrival {
        /// When it came.
        arrival: Arrival,
        /// How that lies to the due date.
        arrived: Arrived,
        /// When it was due.
        due: DateTime<Utc>,
    },
    /// It came when the period was closed already (补报).
    AfterClose {
        /// When the period closed.
        close: DateTime<Utc>,
    },
    /// Handed back.
    Returned {
        /// The first time.
        at: DateTime<Utc>,
        /// How often.
        times: u32,
    },
    /// Until when a correction counts as on time.
    CorrectionOpen {
        /// The end of the grace.
        until: DateTime<Utc>,
        /// It hangs on a year without data.
        provisional: bool,
    },
    /// The grace is over, no correction has come.
    CorrectionPassed {
        /// The end of the grace.
        until: DateTime<Utc>,
    },
    /// Handed back, and corrected.
    Corrected {
        /// When the correction came.
        arrival: Arrival,
        /// The end of the grace.
        until: DateTime<Utc>,
        /// Within the grace, or perhaps so.
        in_time: bool,
    },
    /// The version that counts, as the checks accepted it.
    Accepted {
        /// Its number.
        version: u32,
        /// When.
        at: DateTime<Utc>,
    },
    /// The version that counts, as the office accepted it.
    AcceptedByOffice {
        /// Its number.
        version: u32,
        /// Who.
        by: String,
        /// What for.
        reason: String,
    },
    /// There was nothing to report, says the file.
    Nil {
        /// The file's name.
        file: String,
        /// The name says it, not a cell.
        by_name: bool,
    },
    /// A file waits for the office: nothing else came, or it may be the correction.
    Unconfirmed {
        /// Why it isn't certain.
        reason: String,
        /// A version was handed back before.
        returned: bool,
    },
    /// Versions that were taken back.
    Withdrawn {
        /// Their numbers.
        versions: Vec<u32>,
    },
}

/// The reasons for an obligation's state, in the order in which one tells them.
#[must_use]
pub fn why(facts: &Circumstances<'_>, obligation: &Obligation) -> Vec<Why> {
    let due = facts.due.at.with_timezone(&Utc);
    let mut reasons = Vec::new();
    let returned = obligation.state == State::Returned;
    let mut waits = obligation.unconfirmed.iter().map(|own| Why::Unconfirmed {
        reason: own.reason.trim_end_matches(['。', '.']).to_owned(),
        returned,
    });
    if !returned {
        reasons.extend(waits.by_ref());
    }
    match (obligation.state, facts.exempt) {
        _ if !reasons.is_empty() => {}
        (State::Exempt, Some(exemption)) => reasons.push(Why::Exempt {
            reason: exemption.reason.clone(),
            by: exemption.by.clone(),
        }),
        (State::Historic, _) => reasons.extend(facts.go_live.map(|go_live| Why::Historic { due, go_live })),
        (State::Upcoming, _) => {
            let span = facts.program.cycle.span(facts.period);
            reasons.extend(span.map(|(_, until)| Why::Running { until }));
        }
        (State::Due, _) => reasons.push(Why::Awaited { due }),
        (State::Overdue, _) => reasons.push(Why::Missing { due }),
        _ => {}
    }
    if let Some(first) = first(facts.submissions) {
        arrival(facts, first, &mut reasons);
        correcting(facts, obligation, first, &mut reasons);
    }
    if let Some(counts) = counting(facts.submissions) {
        accepted(facts, counts, &mut reasons);
    }
    reasons.extend(waits);
    let withdrawn = facts.submissions.iter().filter(|own| own.withdrawn.is_some());
    let versions: Vec<u32> = withdrawn.map(|own| own.version).collect();
    if !versions.is_empty() {
        reasons.push(Why::Withdrawn { versions });
    }
    reasons
}

fn arrival(facts: &Circumstances<'_>, first: &Submission, reasons: &mut Vec<Why>) {
    let due = facts.due.at.with_timezone(&Utc);
    let close = facts.due.close.with_timezone(&Utc);
    let arrived = if first.arrival.is_after(due) {
        Arrived::Late
    } else if first.arrival.seen > due {
        Arrived::InDoubt
    } else {
        Arrived::InTime
    };
    reasons.push(Why::FirstArrival {
        arrival: first.arrival,
        arrived,
        due,
    });
    if first.arrival.is_after(close) {
        reasons.push(Why::AfterClose { close });
    }
}

/// What came of a return. Where the first file was late already, a correction
/// mends nothing, and its grace is not spoken of.
fn correcting(
    facts: &Circumstances<'_>,
    obligation: &Obligation,
    first: &Submission,
    reasons: &mut Vec<Why>,
) {
    let correction = correction(facts.program, facts.due, facts.submissions, facts.calendar);
    let Some(at) = correction.returned else {
        return;
    };
    let times = obligation.times_returned;
    reasons.push(Why::Returned { at, times });
    if first.arrival.is_after(facts.due.at.with_timezone(&Utc)) {
        return;
    }
    let until = correction.until;
    let provisional = correction.provisional;
    match first_accepted(facts.submissions) {
        // Accepted by the office as it was: nothing was corrected.
        Some(accepted) if accepted.accepted_by_office.is_some() => {}
        Some(accepted) if accepted.decided >= at => reasons.push(Why::Corrected {
            arrival: accepted.arrival,
            until,
            in_time: !accepted.arrival.is_after(until),
        }),
        Some(_) => {}
        None if facts.now.with_timezone(&Utc) <= until => {
            reasons.push(Why::CorrectionOpen { until, provisional });
        }
        None => reasons.push(Why::CorrectionPassed { until }),
    }
}

fn accepted(facts: &Circumstances<'_>, counts: &Submission, reasons: &mut Vec<Why>) {
    let version = counts.version;
    if let Some((by, reason)) = &counts.accepted_by_office {
        reasons.push(Why::AcceptedByOffice {
            version,
            by: by.clone(),
            reason: reason.clone(),
        });
    } else if counts.nil {
        let Program { roster, cycle, .. } = facts.program;
        let name = read_file_name(&counts.file_name, roster, cycle, facts.now.date_naive());
        reasons.push(Why::Nil {
            file: counts.file_name.clone(),
            by_name: name.nil,
        });
    } else {
        let at = counts.decided;
        reasons.push(Why::Accepted { version, at });
    }
}
