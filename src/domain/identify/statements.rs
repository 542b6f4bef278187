//! What the form itself says of the unit: fill lines and title.

use super::Clues;
use super::names::{is_person, units_called};
use crate::domain::ids::UnitId;
use crate::domain::ledger::{SheetReading, placeholder};
use crate::domain::program::{FillLine, FillRole};
use crate::domain::roster::Unit;
use crate::domain::table::Pos;
use crate::domain::text::{name_key, tidy};

/// What one place in the form says of the unit.
pub(super) struct Statement<'a> {
    /// Its label or header as written in the form; none for the title.
    pub(super) label: Option<String>,
    /// Where it stands.
    pub(super) sheet: &'a str,
    pub(super) pos: Option<Pos>,
    pub(super) text: String,
    pub(super) leader: bool,
    pub(super) units: Vec<UnitId>,
    /// A fill line; a column or a title otherwise.
    pub(super) fill: bool,
}

impl Statement<'_> {
    /// The one unit that it names.
    fn sole(&self) -> Option<&UnitId> {
        match self.units.as_slice() {
            [unit] => Some(unit),
            _ => None,
        }
    }
}

/// What fill lines, columns and title say, line by line.
pub(super) fn statements<'a>(clues: &Clues<'a>) -> Vec<Statement<'a>> {
    let Some(reading) = clues.reading else {
        return Vec::new();
    };
    let mut statements: Vec<Statement<'_>> = Vec::new();
    for fill in &reading.fill {
        let Some((role, label)) = line(clues, |line| line.key == fill.key) else {
            continue;
        };
        if !fill.value.is_empty() && placeholder(&fill.value).is_none() {
            let leader = role == FillRole::Leader;
            statements.push(Statement {
                label: Some(label),
                sheet: &fill.sheet,
                pos: Some(fill.pos),
                text: fill.value.clone(),
                leader,
                units: units_meant(clues, &fill.value, leader),
                fill: true,
            });
        }
    }
    statements.extend(reading.sheets.iter().flat_map(|sheet| columns(clues, sheet)));
    // A title may end with a name in brackets: …督查（黄景连）.
    if let Some(title) = &reading.title {
        let parts = title.text.split(['（', '(']).skip(1);
        for part in parts.filter_map(|part| part.split(['）', ')']).next()) {
            let units = ids(units_called(&clues.program.roster, part));
            if !units.is_empty() {
                statements.push(Statement {
                    label: None,
                    sheet: &title.sheet,
                    pos: Some(title.pos),
                    text: tidy(part),
                    leader: false,
                    units,
                    fill: false,
                });
            }
        }
    }
    statements
}

/// Units that a value names. A department is that of all units for which it works.
fn units_meant(clues: &Clues<'_>, value: &str, leader: bool) -> Vec<UnitId> {
    let roster = &clues.program.roster;
    let mut units = ids(units_called(roster, value));
    if units.is_empty() {
        let parts = value.split(['、', ',', '，', ';', '；', '/']);
        units = union(&ids(parts.flat_map(|part| units_called(roster, part))));
    }
    let key = name_key(value);
    let works_for = |unit: &&Unit| !leader && !key.is_empty() && name_key(&unit.department) == key;
    let served = ids(roster.units.iter().filter(works_for));
    union(units.iter().chain(&served))
}

/// Columns of the table that name leader or unit: one statement where all
/// values mean the same, else the first two that differ.
fn columns<'a>(clues: &Clues<'_>, sheet: &'a SheetReading) -> Vec<Statement<'a>> {
    let mut statements = Vec::new();
    for (index, (column, header)) in sheet.header.extras.iter().enumerate() {
        let key = name_key(header);
        let called = |line: &FillLine| {
            let mut names = line.aliases.iter().chain([&line.label]);
            names.any(|name| name_key(name) == key)
        };
        let Some((role, label)) = line(clues, called) else {
            continue;
        };
        let leader = role == FillRole::Leader;
        let mut said: Vec<Statement<'_>> = Vec::new();
        for row in &sheet.rows {
            let value = row.extras.get(index).filter(|value| !value.is_empty());
            let Some(value) = value.filter(|value| placeholder(value).is_none()) else {
                continue;
            };
            let units = units_meant(clues, value, leader);
            let same = |own: &Statement<'_>| {
                let unknown = own.units.is_empty() && units.is_empty();
                if unknown {
                    name_key(&own.text) == name_key(value)
                } else {
                    own.units == units
                }
            };
            // Two that differ contradict each other; more say nothing new.
            if said.len() < 2 && !said.iter().any(same) {
                said.push(Statement {
                    label: Some(label.clone()),
                    sheet: &sheet.sheet,
                    pos: Some(Pos::new(row.row, *column)),
                    text: value.clone(),
                    leader,
                    units,
                    fill: false,
                });
            }
        }
        statements.extend(said);
    }
    statements
}

/// What the form says: the statements that count, and two that contradict
/// each other.
pub(super) struct FormSays<'a, 'b> {
    pub(super) counted: Vec<&'b Statement<'a>>,
    pub(super) contradiction: Option<(&'b Statement<'a>, &'b Statement<'a>)>,
}

/// The statements that count: those about known leaders; failing these about
/// known units; failing fill lines the columns', then the title's.
pub(super) fn form_says<'a, 'b>(statements: &'b [Statement<'a>]) -> FormSays<'a, 'b> {
    let known = |wanted: fn(&Statement<'_>) -> bool| -> Vec<&'b Statement<'a>> {
        let known = statements.iter().filter(|own| !own.units.is_empty());
        known.filter(|own| wanted(own)).collect()
    };
    let mut said = known(|own| own.fill);
    if said.is_empty() {
        said = known(|own| own.label.is_some());
    }
    if said.is_empty() {
        let counted = known(|own| own.label.is_none());
        let contradiction = contradiction(&counted);
        return FormSays {
            counted,
            contradiction,
        };
    }
    let (leaders, units): (Vec<_>, Vec<_>) = said.iter().copied().partition(|own| own.leader);
    // A department that works for several units contradicts none of their leaders.
    let telling: Vec<_> = leaders
        .iter()
        .copied()
        .chain(
            units
                .iter()
                .copied()
                .filter(|own| leaders.is_empty() || own.sole().is_some()),
        )
        .collect();
    let contradiction = contradiction(&telling);
    // A leader with several units: the unit's own line says which.
    let narrower = |own: &&&Statement<'_>| {
        leaders
            .iter()
            .all(|leader| own.units.iter().all(|id| leader.units.contains(id)))
    };
    let counted = if leaders.is_empty() {
        units
    } else if leaders.iter().any(|leader| leader.units.len() > 1)
        && let Some(unit) = units.iter().find(narrower)
    {
        vec![*unit]
    } else {
        leaders
    };
    FormSays {
        counted,
        contradiction,
    }
}

/// The first two statements that have no unit in common.
fn contradiction<'a, 'b>(said: &[&'b Statement<'a>]) -> Option<(&'b Statement<'a>, &'b Statement<'a>)> {
    said.iter().enumerate().find_map(|(at, first)| {
        let apart = |other: &&&Statement<'_>| other.units.iter().all(|unit| !first.units.contains(unit));
        said[at + 1..].iter().find(apart).map(|other| (*first, *other))
    })
}

/// A name that the roster doesn't know, and where it stands: the unit's line first.
pub(super) fn unknown_name<'a, 'b>(statements: &'b [Statement<'a>]) -> Option<&'b Statement<'a>> {
    let unknown = |leader: bool| {
        statements
            .iter()
            .find(|own| own.units.is_empty() && own.leader == leader && own.label.is_some())
    };
    let leader_known = statements.iter().any(|own| !own.units.is_empty());
    unknown(false).or_else(|| unknown(true).filter(|_| !leader_known))
}

/// The name that villages don't overrule: an unknown leader's, or that of an
/// unknown person in the unit's line.
pub(super) fn unknown_person<'a, 'b>(statements: &'b [Statement<'a>]) -> Option<&'b Statement<'a>> {
    let known = |leader: bool| {
        statements
            .iter()
            .any(|own| own.leader == leader && !own.units.is_empty())
    };
    let mut unknown = statements
        .iter()
        .filter(|own| own.units.is_empty() && own.label.is_some());
    let leader = unknown.clone().find(|own| own.leader && !known(true));
    leader.or_else(|| unknown.find(|own| !own.leader && is_person(&own.text)))
}

/// Role and label of the line for leader or unit that answers a question, in
/// whichever version of the form has it.
fn line(clues: &Clues<'_>, wanted: impl Fn(&FillLine) -> bool) -> Option<(FillRole, String)> {
    let mut lines = clues
        .program
        .material
        .forms()
        .iter()
        .rev()
        .flat_map(|form| &form.fill_lines);
    lines
        .find(|line| matches!(line.role, FillRole::Leader | FillRole::Unit) && wanted(line))
        .map(|line| (line.role, line.label.clone()))
}

/// A fill line, in whichever version of the form has it.
pub(super) fn fill_line<'a>(clues: &Clues<'a>, key: &str) -> Option<&'a FillLine> {
    let mut lines = clues
        .program
        .material
        .forms()
        .iter()
        .rev()
        .flat_map(|form| &form.fill_lines);
    lines.find(|line| line.key == key)
}

fn ids<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Vec<UnitId> {
    units.into_iter().map(|unit| unit.id.clone()).collect()
}

/// Each once, in the order given.
pub(super) fn union<'a>(units: impl IntoIterator<Item = &'a UnitId>) -> Vec<UnitId> {
    let mut all: Vec<UnitId> = Vec::new();
    for unit in units {
        if !all.contains(unit) {
            all.push(unit.clone());
        }
    }
    all
}
