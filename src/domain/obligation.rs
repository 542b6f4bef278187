//! Obligations (应报): what a unit owes for a period, and where it stands.
//!
//! States follow from facts alone; see domain/programs.md §0 of the
//! requirements: 按时＝首报≤截止且合格（或在更正宽限内合格）.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::period::Period;
use super::program::{Due, Program, civil};
use super::submission::{Submission, counting};

/// Where an obligation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Due before go-live: accepted if it comes, never chased.
    Historic,
    /// The period still runs.
    Upcoming,
    /// The period has ended, the due date is not past.
    Due,
    /// Past the due date, nothing received.
    Overdue,
    /// Handed back and not yet corrected.
    Returned,
    /// In, on time.
    Accepted,
    /// In, late.
    AcceptedLate,
    /// Declared, on time or late, that there was nothing to report.
    Nil,
    /// Needn't report.
    Exempt,
}

impl State {
    /// The word that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Historic => "历史",
            Self::Upcoming => "未到期",
            Self::Due => "待报",
            Self::Overdue => "逾期未报",
            Self::Returned => "退回待更正",
            Self::Accepted => "已通过",
            Self::AcceptedLate => "迟报（已通过）",
            Self::Nil => "零报告",
            Self::Exempt => "免报",
        }
    }
}

/// One unit's duty for one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// Unit id.
    pub unit: String,
    /// Where it stands.
    pub state: State,
    /// Late as a whole: the first arrival lies after the due date, or the
    /// correction came after its grace.
    pub late: bool,
    /// When the first file that counts as received came.
    pub first_received: Option<DateTime<Utc>>,
    /// When the ledger was accepted first.
    pub accepted_at: Option<DateTime<Utc>>,
    /// How many versions there are.
    pub versions: u32,
    /// How often it was handed back.
    pub times_returned: u32,
    /// Received after the close (补报).
    pub after_close: bool,
    /// Why it is exempt.
    pub exempt_reason: Option<String>,
}

/// Exemption of a unit from a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Unit id.
    pub unit: String,
    /// The period.
    pub period: Period,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub by: String,
}

/// The numbers of a period. `expected` leaves out the exempt, `received`
/// includes the returned, `missing` is the difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// 应报.
    pub expected: u32,
    /// 已报.
    pub received: u32,
    /// 按时.
    pub on_time: u32,
    /// 迟报.
    pub late: u32,
    /// 退回待更正.
    pub returned: u32,
    /// 未报.
    pub missing: u32,
    /// 免报.
    pub exempt: u32,
}

/// Judges one unit's duty from its submissions of the period.
#[must_use]
#[allow(
    clippy::too_many_arguments,
    reason = "each is a fact of its own that the judgement rests on; nothing else shares them"
)]
pub fn judge(
    program: &Program,
    period: &Period,
    due: &Due,
    unit: &str,
    submissions: &[Submission],
    exempt: Option<&Exemption>,
    calendar: &Calendar,
    go_live: Option<DateTime<Utc>>,
    now: DateTime<Tz>,
) -> Obligation {
    let standing: Vec<&Submission> = submissions
        .iter()
        .filter(|submission| !submission.withdrawn)
        .collect();
    let first = standing.iter().min_by_key(|submission| submission.arrival.seen);
    let accepted = standing
        .iter()
        .filter(|submission| submission.is_accepted())
        .min_by_key(|submission| submission.version);
    let first_returned = standing
        .iter()
        .filter(|submission| submission.verdict == super::finding::Verdict::Returned)
        .map(|submission| submission.decided)
        .min();
    let deadline = due.at.with_timezone(&Utc);
    let first_late = first.is_some_and(|submission| submission.arrival.is_after(deadline));
    let correction_until = first_returned.map_or(deadline, |returned| {
        let day = returned.with_timezone(&now.timezone()).date_naive();
        let end = calendar.add_working_days(day, program.deadline.grace.into());
        civil(now.timezone(), end, program.deadline.close_time)
            .with_timezone(&Utc)
            .max(deadline)
    });
    let late = first_late || accepted.is_some_and(|submission| submission.arrival.is_after(correction_until));
    let span = program.cycle.span(period);
    let state = if exempt.is_some() {
        State::Exempt
    } else if let Some(counts) = counting(submissions) {
        if counts.nil {
            State::Nil
        } else if late {
            State::AcceptedLate
        } else {
            State::Accepted
        }
    } else if standing.iter().any(|submission| submission.is_returned()) {
        State::Returned
    } else if go_live.is_some_and(|go_live| deadline < go_live) {
        State::Historic
    } else if span.is_some_and(|(_, end)| now.date_naive() <= end) {
        State::Upcoming
    } else if now <= due.at {
        State::Due
    } else {
        State::Overdue
    };
    Obligation {
        unit: unit.to_owned(),
        state,
        late,
        first_received: first.map(|submission| submission.arrival.seen),
        accepted_at: accepted.map(|submission| submission.decided),
        versions: u32::try_from(submissions.len()).unwrap_or(u32::MAX),
        times_returned: u32::try_from(
            submissions
                .iter()
                .filter(|submission| submission.verdict == super::finding::Verdict::Returned)
                .count(),
        )
        .unwrap_or(u32::MAX),
        after_close: first
            .is_some_and(|submission| submission.arrival.is_after(due.close.with_timezone(&Utc))),
        exempt_reason: exempt.map(|exemption| exemption.reason.clone()),
    }
}

/// Adds up a period's obligations.
#[must_use]
pub fn tally(obligations: &[Obligation]) -> Tally {
    let mut tally = Tally::default();
    for obligation in obligations {
        match obligation.state {
            State::Exempt => {
                tally.exempt += 1;
                continue;
            }
            State::Historic => continue,
            State::Returned => tally.returned += 1,
            State::Accepted | State::AcceptedLate | State::Nil => {}
            State::Upcoming | State::Due | State::Overdue => tally.missing += 1,
        }
        tally.expected += 1;
        if obligation.first_received.is_some() {
            tally.received += 1;
            if obligation.late {
                tally.late += 1;
            } else if obligation.accepted_at.is_some() {
                tally.on_time += 1;
            }
        }
    }
    tally
}
