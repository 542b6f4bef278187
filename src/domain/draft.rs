//! Forms (填报表) that are laid ready for a period, and drafts (草稿): what a
//! unit has saved in the folder of its forms and not handed in.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::calendar::Calendar;
use super::check::Examination;
use super::codes::Code;
use super::finding::{Finding, Verdict};
use super::period::{CycleKind, Period};
use super::program::Program;
use super::submission::Arrival;
use crate::domain::dates::civil;

/// When in the morning of its first working day a period's form is laid ready.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(9, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// The owed period that a day lies in.
#[must_use]
pub fn running_period(program: &Program, today: NaiveDate) -> Option<Period> {
    let period = program.cycle.at(today)?;
    let (start, end) = program.cycle.span(&period)?;
    (program.cycle.owes(&period) && start <= today && today <= end).then_some(period)
}

/// From when on a period's form lies ready: nine o'clock on its first working
/// day; on its first day if it has no working day at all.
#[must_use]
pub fn form_comes_at(
    program: &Program,
    period: &Period,
    calendar: &Calendar,
    zone: Tz,
) -> Option<DateTime<Tz>> {
    let (start, end) = program.cycle.span(period)?;
    let day = start
        .iter_days()
        .take_while(|day| *day <= end)
        .find(|day| calendar.is_working_day(*day))
        .unwrap_or(start);
    Some(civil(zone, day, MORNING))
}

/// When a sound draft counts as handed in: at the end of the period, or at the
/// due date if the ledger is due earlier (a milestone is due on its own day:
/// counted at midnight it would be late). None for a list that is kept on
/// change: saving it hands it in.
#[must_use]
pub fn counts_at(program: &Program, period: &Period, calendar: &Calendar, zone: Tz) -> Option<DateTime<Utc>> {
    if program.cycle.kind == CycleKind::OnChange {
        return None;
    }
    let (_, end) = program.cycle.span(period)?;
    let ends = civil(zone, end.succ_opt()?, NaiveTime::MIN);
    let due = program.due(period, calendar, zone).map_or(ends, |due| due.at);
    Some(ends.min(due).with_timezone(&Utc))
}

/// What is known of a file in the folder of forms when it has been checked.
#[derive(Debug)]
pub struct Saved<'a> {
    /// What the checks brought out.
    pub examination: &'a Examination,
    /// When these bytes were first seen.
    pub arrival: Arrival,
    /// Whether the same bytes were a draft before: nobody touched it since.
    pub untouched: bool,
    /// See [`counts_at`]; none for a programme that owes no period.
    pub counts_at: Option<DateTime<Utc>>,
    /// When ledgers of the same unit and period that were accepted came.
    pub accepted: &'a [DateTime<Utc>],
    /// The present.
    pub now: DateTime<Utc>,
}

/// What becomes of a file in the folder of forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A form that nobody has filled in.
    Blank,
    /// It is remembered with its faults and left alone.
    Draft,
    /// It counts as handed in, at this time.
    Submitted(Arrival),
}

/// Decides what becomes of a file in the folder of forms (design.md §3).
#[must_use]
pub fn fate(saved: &Saved<'_>) -> Fate {
    let Saved {
        examination,
        arrival,
        counts_at,
        now,
        ..
    } = *saved;
    if examination.verdict == Verdict::Quarantined {
        // A classified file must leave the share, whatever it was meant to be.
        return Fate::Submitted(arrival);
    }
    if is_blank(examination) {
        return Fate::Blank;
    }
    match counts_at {
        Some(at) if now < at => Fate::Draft,
        Some(at) if saved.untouched => {
            // A ledger that was handed in after the draft was saved is the newer word.
            let superseded = saved
                .accepted
                .iter()
                .any(|accepted| *accepted > arrival.seen && *accepted < at);
            if examination.verdict.is_accepted() && !superseded {
                Fate::Submitted(Arrival {
                    after: None,
                    seen: at,
                })
            } else {
                Fate::Draft
            }
        }
        _ => Fate::Submitted(arrival),
    }
}

/// How many places keep a draft from counting; a draft that doesn't count for
/// another reason has one.
#[must_use]
pub fn faults(verdict: Verdict, findings: &[Finding]) -> usize {
    let named = findings.iter().filter(|finding| finding.returns_ledger());
    let named: usize = named.map(|finding| finding.count() as usize).sum();
    if verdict.is_accepted() {
        named
    } else {
        named.max(1)
    }
}

/// Has the form's table, but no row in it, and doesn't say that there was nothing to report.
fn is_blank(examination: &Examination) -> bool {
    let table = !examination
        .findings
        .iter()
        .any(|finding| finding.code == Code::HeaderNotFound);
    examination.row_count == Some(0) && !examination.nil && !examination.register.unchanged && table
}

#[cfg(test)]
mod tests;
