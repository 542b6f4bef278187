//! How a period stands: everybody's duty, and what it was judged by.

use std::collections::HashMap;
use std::hash::BuildHasher;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Circumstances, Exemption, Obligation, State, Unconfirmed, Undone, Why, judge, why};
use crate::domain::calendar::Calendar;
use crate::domain::dates::civil;
use crate::domain::documents;
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::{Due, Program};
use crate::domain::register::{self, Duties, Handed, ItemLine, Past};
use crate::domain::submission::Submission;

/// What is known of a period.
#[derive(Debug, Clone)]
pub struct Known {
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// When the programme first ran.
    pub go_live: Option<DateTime<Utc>>,
    /// All versions that came for it, those of one unit beside one another.
    pub submissions: Vec<Submission>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// Exemptions that were undone.
    pub undone: Vec<Undone>,
    /// Files of units that wait to be confirmed.
    pub unconfirmed: HashMap<UnitId, Unconfirmed>,
    /// What is asked of whom, where the programme is a register.
    pub duties: Duties,
    /// What was accepted of it before.
    pub past: Arc<Past>,
}

/// A period with everybody's standing.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Working days that it was judged by.
    pub calendar: Arc<Calendar>,
    /// When the programme first ran.
    pub go_live: Option<DateTime<Utc>>,
    /// When it was judged.
    pub now: DateTime<Tz>,
    /// The period.
    pub period: Period,
    /// By when.
    pub due: Due,
    /// One for each unit that owes it, in roster order.
    pub obligations: Vec<Obligation>,
    /// All versions by unit, without their fill lines.
    pub submissions: HashMap<UnitId, Vec<Submission>>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// Exemptions that were undone.
    pub undone: Vec<Undone>,
    /// What is asked of whom, where the programme is a register.
    pub duties: Duties,
    /// What was accepted of it before.
    pub past: Arc<Past>,
    /// Units that the office has given more time than the others.
    extended: HashMap<UnitId, Due>,
    /// Places in `obligations` by unit.
    place_of: HashMap<UnitId, usize>,
}

impl Standing {
    /// By when a unit owes it.
    #[must_use]
    pub fn due_of(&self, unit: &UnitId) -> &Due {
        self.extended.get(unit).unwrap_or(&self.due)
    }

    /// A unit's own later due date; none where it has as much time as the others.
    #[must_use]
    pub fn extended(&self, unit: &UnitId) -> Option<&Due> {
        self.extended.get(unit)
    }

    /// A unit's duty; none if it doesn't owe the period.
    #[must_use]
    pub fn of(&self, unit: &UnitId) -> Option<&Obligation> {
        self.obligations.get(*self.place_of.get(unit)?)
    }

    /// How each item stands, unit by unit, by what was handed in; none where the
    /// programme is no register.
    #[must_use]
    pub fn item_lines<S: BuildHasher>(
        &self,
        program: &Program,
        handed: &HashMap<UnitId, Handed, S>,
    ) -> Vec<ItemLine> {
        register::item_lines(program, &self.duties, &self.past, handed)
    }

    /// Why a unit stands where it stands.
    #[must_use]
    pub fn why(&self, program: &Program, obligation: &Obligation) -> Vec<Why> {
        let submissions = self.submissions.get(&obligation.unit);
        let facts = Circumstances {
            program,
            period: &self.period,
            due: self.due_of(&obligation.unit),
            submissions: submissions.map_or(&[], Vec::as_slice),
            exempt: self
                .exemptions
                .iter()
                .find(|exemption| exemption.unit == obligation.unit),
            calendar: &self.calendar,
            go_live: self.go_live,
            now: self.now,
        };
        why(&facts, obligation)
    }
}

impl Standing {
    /// Judges every unit's duty for a period. A period that isn't owed (before
    /// the first one, or of a cycle on change) is nobody's debt: only what came
    /// for it stands there.
    #[must_use]
    pub fn judged(program: &Program, period: &Period, due: Due, known: Known, now: DateTime<Tz>) -> Self {
        let Known {
            calendar,
            go_live,
            submissions: all,
            exemptions,
            undone,
            mut unconfirmed,
            duties,
            past,
        } = known;
        let mut submissions: HashMap<UnitId, Vec<Submission>> = HashMap::new();
        for submission in all {
            // Most units have one version, and its key is there.
            match submissions.get_mut(&submission.unit) {
                Some(own) => own.push(submission),
                None => {
                    submissions.insert(submission.unit.clone(), vec![submission]);
                }
            }
        }
        let register = program.material.items().is_some();
        let owed = program.cycle.owes(period);
        // A unit that leads nothing that is due owes nothing.
        let asked = |unit: &UnitId| {
            owed && documents::owes(program, period, unit) && (!register || duties.owes(unit))
        };
        let span = program.cycle.span(period).unwrap_or((due.nominal, due.nominal));
        let extended = program.extensions.iter().filter_map(|own| own.unit.as_ref());
        let extended: HashMap<UnitId, Due> = extended
            .filter_map(|unit| Some((unit.clone(), program.own_extension(unit, period, &due)?)))
            .collect();
        let mut obligations: Vec<Obligation> = program
            .roster
            .units_in(span)
            .filter(|unit| asked(&unit.id) || submissions.contains_key(&unit.id))
            .map(|unit| {
                judge(
                    program,
                    period,
                    &own_due(
                        program,
                        period,
                        extended.get(&unit.id).unwrap_or(&due),
                        &duties,
                        &unit.id,
                        &calendar,
                    ),
                    &unit.id,
                    &documents::handed_in(program, submissions.get(&unit.id).map_or(&[], Vec::as_slice)),
                    exemptions.iter().find(|exemption| exemption.unit == unit.id),
                    &calendar,
                    go_live,
                    now,
                )
            })
            .collect();
        for own in &mut obligations {
            let versions = submissions.get(&own.unit).map_or(&[][..], Vec::as_slice);
            own.unconfirmed = unconfirmed
                .remove(&own.unit)
                .filter(|waits| spares(own.state, waits, versions));
        }
        let places = obligations.iter().enumerate();
        let place_of = places.map(|(at, own)| (own.unit.clone(), at)).collect();
        Self {
            calendar,
            go_live,
            now,
            period: period.clone(),
            due,
            obligations,
            submissions,
            exemptions,
            undone,
            duties,
            past,
            extended,
            place_of,
        }
    }
}

/// A unit's own due date: nobody is late for items that the office assigned
/// later. It has as many days from then on as everybody has: from the end of the
/// period, or from its start where it is due before the end; and the period
/// closes for it no sooner.
#[must_use]
pub fn own_due(
    program: &Program,
    period: &Period,
    due: &Due,
    duties: &Duties,
    unit: &UnitId,
    calendar: &Calendar,
) -> Due {
    let zone = due.at.timezone();
    let (Some(assigned), Some((start, end))) = (duties.assigned(unit), program.cycle.span(period)) else {
        return due.clone();
    };
    let assigned = assigned.with_timezone(&zone).date_naive();
    let from = if due.nominal > end { end } else { start };
    let days = (due.nominal - from).max(TimeDelta::zero());
    let day = calendar.roll(assigned + days, program.deadline.roll);
    let at = civil(zone, day, program.deadline.time);
    if assigned <= from || at <= due.at {
        return due.clone();
    }
    Due {
        at,
        close: due.close.max(at),
        ..due.clone()
    }
}

/// Whether a file that waits to be confirmed may be what a unit in a state owes.
fn spares(state: State, waits: &Unconfirmed, versions: &[Submission]) -> bool {
    match state {
        State::Upcoming | State::Due | State::Overdue => true,
        // It may be the correction.
        State::Returned => versions
            .iter()
            .map(|own| own.arrival.seen)
            .max()
            .is_none_or(|seen| seen < waits.last),
        _ => false,
    }
}
