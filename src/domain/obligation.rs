//! Obligations (应报): what a unit owes for a period, and where it stands.
//!
//! States follow from facts alone; see domain/programs.md §0 of the
//! requirements: 按时＝首报≤截止且合格（或在更正宽限内合格）.

pub mod standing;
mod why;
mod words;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::documents::{self, is_history};
use super::finding::Verdict;
use super::period::{CycleKind, Period};
use super::program::{Due, Program};
use super::submission::{Submission, counting};
use crate::domain::dates::civil;
use crate::domain::ids::{SubmissionId, UnitId};

pub use why::{Arrived, Circumstances, Why, why};

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

/// One unit's duty for one period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Obligation {
    /// Unit id.
    pub unit: UnitId,
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
    /// Nothing counts yet, but a file of the unit waits for the office to confirm it.
    pub unconfirmed: Option<Unconfirmed>,
}

/// A file of a unit that the office has to confirm before it counts (已收到，待办公室确认).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unconfirmed {
    /// The file that waits.
    pub submission: SubmissionId,
    /// When the first such file of the period came, settled or not: the unit
    /// isn't chased for some days from then on, once a period.
    pub since: DateTime<Utc>,
    /// When the one that waits came.
    pub last: DateTime<Utc>,
    /// Why it isn't certain, in words.
    pub reason: String,
}

/// So many working days a unit isn't chased while its file waits for the office.
const UNCONFIRMED_DAYS: i64 = 3;

impl Unconfirmed {
    /// Until when the unit isn't chased.
    #[must_use]
    pub fn until(&self, calendar: &Calendar, zone: Tz) -> DateTime<Tz> {
        let since = self.since.with_timezone(&zone);
        let day = calendar.add_working_days(since.date_naive(), UNCONFIRMED_DAYS);
        civil(zone, day, since.time())
    }
}

/// Exemption of a unit from a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Unit id.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
    /// Why.
    pub reason: String,
    /// Who granted it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// That an exemption was undone: the unit owes the period from then on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Unit id.
    pub unit: UnitId,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Exemptions from a period: those that stand, and those that were undone.
pub type Exemptions = (Vec<Exemption>, Vec<Undone>);

/// The numbers of a period. `expected` leaves out the exempt, `received`
/// includes the returned, `missing` is the difference; every unit stands in one
/// of `on_time`, `late`, `returned` and `missing`.
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
    /// 其中待确认: a file is there, and the office has to confirm it.
    pub unconfirmed: u32,
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
    unit: &UnitId,
    submissions: &[Submission],
    exempt: Option<&Exemption>,
    calendar: &Calendar,
    go_live: Option<DateTime<Utc>>,
    now: DateTime<Tz>,
) -> Obligation {
    let (first, accepted) = (first(submissions), first_accepted(submissions));
    let deadline = due.at.with_timezone(&Utc);
    let first_late = first.is_some_and(|submission| submission.arrival.is_after(deadline));
    let correction = correction(program, due, submissions, calendar);
    let corrected_late = accepted.is_some_and(|submission| submission.arrival.is_after(correction.until));
    let late = first_late || corrected_late || was_late(program, due, submissions, calendar);
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
    } else if submissions.iter().any(Submission::is_returned) {
        State::Returned
    } else if go_live.is_some_and(|go_live| deadline < go_live) || is_history(program, period) {
        State::Historic
    } else if now > due.at {
        // Also while the period still runs, where it is due before its end.
        State::Overdue
    } else if span.is_some_and(|(_, end)| now.date_naive() <= end)
        // A list is asked for as soon as its year begins.
        && program.cycle.kind != CycleKind::OnChange
    {
        State::Upcoming
    } else {
        State::Due
    };
    Obligation {
        unit: unit.clone(),
        state,
        late,
        first_received: first.map(|submission| submission.arrival.seen),
        accepted_at: accepted.map(|submission| submission.decided),
        versions: u32::try_from(submissions.len()).unwrap_or(u32::MAX),
        times_returned: u32::try_from(
            submissions
                .iter()
                .filter(|submission| submission.verdict == Verdict::Returned)
                .count(),
        )
        .unwrap_or(u32::MAX),
        after_close: first
            .is_some_and(|submission| submission.arrival.is_after(due.close.with_timezone(&Utc))),
        exempt_reason: exempt.map(|exemption| exemption.reason.clone()),
        unconfirmed: None,
    }
}

/// The standing version that came first, of those that set an arrival: what
/// couldn't be read is no ledger, however early it came.
fn first(submissions: &[Submission]) -> Option<&Submission> {
    submissions
        .iter()
        .filter(|submission| submission.withdrawn.is_none())
        .filter(|submission| submission.is_accepted() || submission.is_returned())
        .min_by_key(|submission| (submission.arrival.seen, submission.version))
}

fn first_accepted(submissions: &[Submission]) -> Option<&Submission> {
    submissions
        .iter()
        .filter(|submission| submission.is_accepted())
        .min_by_key(|submission| submission.version)
}

/// Until when a returned ledger may be corrected and still count as on time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Correction {
    /// When it was handed back: the first time, or, where an acceptance was
    /// reopened, then. None if it never was.
    pub returned: Option<DateTime<Utc>>,
    /// The end of the grace, never before the due date.
    pub until: DateTime<Utc>,
    /// Working days of a year without data were counted.
    pub provisional: bool,
}

/// The grace that the first return of a unit's ledger gives it: some working
/// days, up to the time of day at which periods close (更正宽限). A recheck that
/// hands back what was accepted gives one of its own.
#[must_use]
pub fn correction(
    program: &Program,
    due: &Due,
    submissions: &[Submission],
    calendar: &Calendar,
) -> Correction {
    let reopened = reopenings(submissions).map(|(_, at)| at).max();
    let returned = reopened.or_else(|| returns(submissions).min());
    correction_of(program, due, returned, calendar)
}

/// When versions that stand were handed back, those of a recheck apart.
fn returns(submissions: &[Submission]) -> impl Iterator<Item = DateTime<Utc>> {
    let own = submissions
        .iter()
        .filter(|own| own.withdrawn.is_none() && own.verdict == Verdict::Returned && own.reopened.is_none());
    own.map(|own| own.judged)
}

/// Versions that were accepted and then handed back by a recheck, and when.
fn reopenings(submissions: &[Submission]) -> impl Iterator<Item = (&Submission, DateTime<Utc>)> {
    let standing = submissions.iter().filter(|own| own.withdrawn.is_none());
    standing.filter_map(|own| Some((own, own.reopened.as_ref()?.at)))
}

/// Whether what a recheck handed back had been a late correction already: the
/// grace of the recheck doesn't mend that.
fn was_late(program: &Program, due: &Due, submissions: &[Submission], calendar: &Calendar) -> bool {
    let Some((accepted, at)) = reopenings(submissions).min_by_key(|(own, _)| own.version) else {
        return false;
    };
    let returned = returns(submissions).filter(|returned| *returned < at).min();
    let until = correction_of(program, due, returned, calendar).until;
    accepted.arrival.is_after(until)
}

fn correction_of(
    program: &Program,
    due: &Due,
    returned: Option<DateTime<Utc>>,
    calendar: &Calendar,
) -> Correction {
    let deadline = due.at.with_timezone(&Utc);
    let Some(at) = returned else {
        return Correction {
            returned,
            until: deadline,
            provisional: due.provisional,
        };
    };
    let zone = due.at.timezone();
    let day = at.with_timezone(&zone).date_naive();
    let end = calendar.add_working_days(day, program.deadline.grace.into());
    let until = civil(zone, end, program.deadline.close_time).with_timezone(&Utc);
    Correction {
        returned,
        until: until.max(deadline),
        provisional: !calendar.knows_between(day, end) || (until <= deadline && due.provisional),
    }
}

/// The grace of a ledger that was handed back and isn't corrected yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grace {
    /// Its end.
    pub until: DateTime<Utc>,
    /// What is corrected by then counts as on time: the first file came so.
    pub in_time: bool,
}

/// The grace of a unit's ledger; none if something counts or nothing was
/// handed back. It may be over.
#[must_use]
pub fn grace(program: &Program, due: &Due, submissions: &[Submission], calendar: &Calendar) -> Option<Grace> {
    let submissions = &*documents::handed_in(program, submissions);
    let uncorrected = counting(submissions).is_none() && submissions.iter().any(Submission::is_returned);
    let correction = correction(program, due, submissions, calendar);
    let first = first(submissions).filter(|_| uncorrected)?;
    correction.returned?;
    Some(Grace {
        until: correction.until,
        in_time: !first.arrival.is_after(due.at.with_timezone(&Utc))
            && !was_late(program, due, submissions, calendar),
    })
}

/// Adds up a period's obligations. By construction `expected` is the sum of
/// `on_time`, `late`, `returned` and `missing`, and `received` lacks only the
/// last of them: whoever adds up what stands in a bulletin finds the sum.
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
            State::Accepted | State::AcceptedLate | State::Nil if obligation.late => tally.late += 1,
            State::Accepted | State::AcceptedLate | State::Nil => tally.on_time += 1,
            State::Upcoming | State::Due | State::Overdue => {
                tally.missing += 1;
                tally.unconfirmed += u32::from(obligation.unconfirmed.is_some());
            }
        }
        tally.expected += 1;
    }
    tally.received = tally.expected - tally.missing;
    tally
}

#[cfg(test)]
mod tests;
