//! Which leader a row speaks for.

use chrono::NaiveDate;

use crate::domain::ledger::LedgerRow;
use crate::domain::program::{FillRole, Form, Program};
use crate::domain::roster::{Leader, Roster, Unit};
use crate::domain::submission::Submission;
use crate::domain::text::name_key;

/// The leader whose visit a row reports: the unit's only leader in office;
/// with several, the one that the fill line names, else the one to whom a
/// place of the row is assigned, else the first. `None` for a unit without
/// leaders. `end` stands in for the date of a row that has none.
#[must_use]
pub fn leader_of<'a>(
    program: &'a Program,
    form: Option<&Form>,
    unit: &Unit,
    submission: &Submission,
    row: &LedgerRow,
    end: NaiveDate,
) -> Option<&'a Leader> {
    let roster = &program.roster;
    if let [only] = unit.leaders.as_slice() {
        return roster.leader(only);
    }
    let visits = program.material.visits();
    let sheet = form.and_then(|form| form.sheets.get(row.form_sheet));
    let dates = sheet.and_then(|sheet| sheet.date_column(visits));
    let places = sheet.and_then(|sheet| sheet.place_column(visits));
    let places = places.map_or(&[][..], |(_, column)| row.places(&column.key));
    let date = dates.and_then(|(_, column)| row.dates(&column.key).first());
    let date = date.map_or(end, |span| span.from);
    let all: Vec<&Leader> = unit.leaders.iter().filter_map(|id| roster.leader(id)).collect();
    let mut leaders: Vec<&Leader> = all
        .iter()
        .copied()
        .filter(|leader| leader.valid.overlaps(period_of(program, date)))
        .collect();
    if leaders.is_empty() {
        leaders = all;
    }
    named(form, submission, &leaders)
        .or_else(|| {
            leaders
                .iter()
                .copied()
                .find(|leader| is_at_home(roster, leader, places, period_of(program, date)))
        })
        .or(leaders.first().copied())
}

/// The leader that the submission's fill line names.
fn named<'a>(form: Option<&Form>, submission: &Submission, leaders: &[&'a Leader]) -> Option<&'a Leader> {
    let line = form?
        .fill_lines
        .iter()
        .find(|line| line.role == FillRole::Leader)?;
    let (_, value) = submission.fill.iter().find(|(key, _)| *key == line.key)?;
    let wanted = name_key(value);
    leaders
        .iter()
        .copied()
        .find(|leader| name_key(&leader.name) == wanted)
}

/// The days of the period that a date belongs to.
pub fn period_of(program: &Program, date: NaiveDate) -> (NaiveDate, NaiveDate) {
    program
        .cycle
        .at(date)
        .and_then(|period| program.cycle.span(&period))
        .unwrap_or((date, date))
}

/// Whether a place of the row is assigned to the leader in that time.
fn is_at_home(roster: &Roster, leader: &Leader, places: &[String], time: (NaiveDate, NaiveDate)) -> bool {
    roster
        .links
        .iter()
        .any(|link| link.leader == leader.id && link.valid.overlaps(time) && places.contains(&link.place))
}
