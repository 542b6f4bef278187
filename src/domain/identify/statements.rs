//! What the form itself says of the unit: fill lines and title.

use super::Clues;
use super::names::units_called;
use crate::domain::ledger::{FillValue, placeholder};
use crate::domain::program::FillRole;
use crate::domain::roster::Unit;
use crate::domain::text::tidy;

/// What one place in the form says of the unit.
pub(super) struct Statement<'a> {
    /// The fill line; none for the title.
    pub(super) fill: Option<&'a FillValue>,
    pub(super) text: String,
    pub(super) leader: bool,
    pub(super) units: Vec<String>,
}

/// What fill lines and title say, line by line.
pub(super) fn statements<'a>(clues: &Clues<'a>) -> Vec<Statement<'a>> {
    let roster = &clues.program.roster;
    let Some(reading) = clues.reading else {
        return Vec::new();
    };
    let mut statements: Vec<Statement<'_>> = Vec::new();
    for fill in &reading.fill {
        let role = role(clues, &fill.key);
        let leader = role == Some(FillRole::Leader);
        if !(leader || role == Some(FillRole::Unit))
            || fill.value.is_empty()
            || placeholder(&fill.value).is_some()
        {
            continue;
        }
        let mut units = ids(units_called(roster, &fill.value));
        if units.is_empty() {
            let parts = fill.value.split(['、', ',', '，', ';', '；', '/']);
            units = union(&ids(parts.flat_map(|part| units_called(roster, part))));
        }
        statements.push(Statement {
            fill: Some(fill),
            text: fill.value.clone(),
            leader,
            units,
        });
    }
    // A title may end with a name in brackets: …督查（黄景连）.
    if let Some(title) = &reading.title {
        let parts = title.text.split(['（', '(']).skip(1);
        for part in parts.filter_map(|part| part.split(['）', ')']).next()) {
            let units = ids(units_called(roster, part));
            if !units.is_empty() {
                statements.push(Statement {
                    fill: None,
                    text: tidy(part),
                    leader: false,
                    units,
                });
            }
        }
    }
    statements
}

/// The statements that count: those about known leaders; failing these about
/// known units; failing these the title's.
pub(super) fn form_says<'a, 'b>(statements: &'b [Statement<'a>]) -> Vec<&'b Statement<'a>> {
    let known = |wanted: fn(&Statement<'_>) -> bool| -> Vec<&'b Statement<'a>> {
        statements
            .iter()
            .filter(|own| !own.units.is_empty() && wanted(own))
            .collect()
    };
    let leaders = known(|own| own.leader);
    let units = known(|own| own.fill.is_some() && !own.leader);
    if leaders.is_empty() {
        return if units.is_empty() {
            known(|own| own.fill.is_none())
        } else {
            units
        };
    }
    // A leader with several units: the unit's own line says which.
    let narrower = |own: &&&Statement<'_>| {
        leaders
            .iter()
            .all(|leader| own.units.iter().all(|id| leader.units.contains(id)))
    };
    if leaders.iter().any(|leader| leader.units.len() > 1)
        && let Some(unit) = units.iter().find(narrower)
    {
        return vec![*unit];
    }
    leaders
}

/// A unit's name that the roster doesn't know: the unit's line first.
pub(super) fn unknown_name(statements: &[Statement<'_>]) -> Option<String> {
    let unknown = |leader: bool| {
        statements
            .iter()
            .find(|own| own.units.is_empty() && own.leader == leader && own.fill.is_some())
    };
    let leader_known = statements.iter().any(|own| !own.units.is_empty());
    unknown(false)
        .or_else(|| unknown(true).filter(|_| !leader_known))
        .map(|own| own.text.clone())
}

/// The role of a fill line, in whichever version of the form has it.
pub(super) fn role(clues: &Clues<'_>, key: &str) -> Option<FillRole> {
    let mut lines = clues.program.forms.iter().rev().flat_map(|form| &form.fill_lines);
    lines.find(|line| line.key == key).map(|line| line.role)
}

fn ids<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Vec<String> {
    units.into_iter().map(|unit| unit.id.clone()).collect()
}

/// Each once, in the order given.
pub(super) fn union<'a>(units: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for unit in units {
        if !all.contains(unit) {
            all.push(unit.clone());
        }
    }
    all
}
