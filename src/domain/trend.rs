//! How units stood over several periods (走势): a mark for each unit and
//! period, and what they add up to.

use serde::Serialize;

use super::obligation::{Obligation, State, Tally};

/// How a unit stood in a period, in one sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// In, on time.
    OnTime,
    /// In, late.
    Late,
    /// Handed back and not corrected.
    Returned,
    /// Past the due date, nothing in.
    Missing,
    /// Nothing in, but a file of it waits for the office.
    Unconfirmed,
    /// Nothing in, and not due yet.
    Running,
    /// Needn't report.
    Exempt,
    /// Due before the programme went live, and nothing in: in no figure.
    Historic,
}

impl Mark {
    /// All of them, as a legend lists them.
    pub const ALL: [Self; 8] = [
        Self::OnTime,
        Self::Late,
        Self::Returned,
        Self::Missing,
        Self::Unconfirmed,
        Self::Running,
        Self::Exempt,
        Self::Historic,
    ];

    /// Of an obligation.
    #[must_use]
    pub fn of(own: &Obligation) -> Self {
        match own.state {
            State::Exempt => Self::Exempt,
            State::Historic => Self::Historic,
            State::Returned => Self::Returned,
            State::Accepted | State::AcceptedLate | State::Nil if own.late => Self::Late,
            State::Accepted | State::AcceptedLate | State::Nil => Self::OnTime,
            _ if own.unconfirmed.is_some() => Self::Unconfirmed,
            State::Overdue => Self::Missing,
            State::Upcoming | State::Due => Self::Running,
        }
    }
}

/// What marks add up to, as a period's [`Tally`] does: 应报 is the sum of 按时,
/// 迟报, 退回 and 未报.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// 应报.
    pub expected: u32,
    /// 按时.
    pub on_time: u32,
    /// 迟报.
    pub late: u32,
    /// 退回未更正.
    pub returned: u32,
    /// 未报.
    pub missing: u32,
    /// 免报.
    pub exempt: u32,
}

impl Counts {
    /// One mark more.
    pub fn add(&mut self, mark: Mark) {
        match mark {
            Mark::Exempt => return self.exempt += 1,
            Mark::Historic => return,
            Mark::OnTime => self.on_time += 1,
            Mark::Late => self.late += 1,
            Mark::Returned => self.returned += 1,
            Mark::Missing | Mark::Unconfirmed | Mark::Running => self.missing += 1,
        }
        self.expected += 1;
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            expected: self.expected + other.expected,
            on_time: self.on_time + other.on_time,
            late: self.late + other.late,
            returned: self.returned + other.returned,
            missing: self.missing + other.missing,
            exempt: self.exempt + other.exempt,
        }
    }
}

impl From<Tally> for Counts {
    fn from(own: Tally) -> Self {
        Self {
            expected: own.expected,
            on_time: own.on_time,
            late: own.late,
            returned: own.returned,
            missing: own.missing,
            exempt: own.exempt,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::obligation::{Unconfirmed, tally};

    fn obligation(state: State, late: bool, waits: bool) -> Obligation {
        Obligation {
            unit: "U01".parse().unwrap(),
            state,
            late,
            first_received: None,
            accepted_at: None,
            versions: 0,
            times_returned: 0,
            after_close: false,
            exempt_reason: None,
            unconfirmed: waits.then(|| Unconfirmed {
                submission: crate::domain::ids::SubmissionId::new(1),
                since: DateTime::UNIX_EPOCH,
                last: DateTime::UNIX_EPOCH,
                reason: String::new(),
            }),
        }
    }

    #[test]
    fn every_state_has_its_mark_and_is_counted_as_a_period_counts_it() {
        let mut all = Vec::new();
        for (state, late, waits, mark) in [
            (State::Accepted, false, false, Mark::OnTime),
            (State::AcceptedLate, true, false, Mark::Late),
            (State::Nil, false, false, Mark::OnTime),
            (State::Nil, true, false, Mark::Late),
            (State::Returned, false, false, Mark::Returned),
            (State::Returned, true, false, Mark::Returned),
            (State::Overdue, false, false, Mark::Missing),
            (State::Overdue, false, true, Mark::Unconfirmed),
            (State::Due, false, true, Mark::Unconfirmed),
            (State::Due, false, false, Mark::Running),
            (State::Upcoming, false, false, Mark::Running),
            (State::Exempt, false, false, Mark::Exempt),
            (State::Historic, false, false, Mark::Historic),
        ] {
            let own = obligation(state, late, waits);
            assert_eq!(Mark::of(&own), mark, "{state:?} {late} {waits}");
            all.push(own);
        }
        let mut counts = Counts::default();
        for own in &all {
            counts.add(Mark::of(own));
        }
        assert_eq!(counts, tally(&all).into());
        let sum = counts.on_time + counts.late + counts.returned + counts.missing;
        assert_eq!((counts.expected, counts.exempt), (sum, 1));
        assert_eq!(counts.plus(counts).expected, 2 * sum);
    }
}
