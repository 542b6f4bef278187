//! Who owes rows of which items.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::Past;
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::{Assignment, Item, Items, Joint, Party, Program, Requirement};

/// What a register asks for in a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Duties {
    /// One for each item, in the order of the table.
    pub items: Vec<Asked>,
    /// Places in [`Self::items`] of what stands on a unit's form, in the order
    /// of the table.
    forms: HashMap<UnitId, Vec<usize>>,
}

/// What is asked of an item in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Whether anything is, and if not, why.
    pub state: Asking,
    /// Something is required, and nobody knows yet who leads it (待明确).
    pub undecided: bool,
    /// When the office named the leads that hold, where it did: nobody is late
    /// for what was assigned later.
    pub assigned: Option<DateTime<Utc>>,
    /// Units that lead it or owe rows of it beside the leads, the first named
    /// first; nobody where that is to be decided.
    pub owers: Vec<Ower>,
}

/// Whether an item is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// It is: each of its owers owes a row.
    Due,
    /// It is, and of nobody that is known.
    Undecided,
    /// Nothing is required in the year.
    NotThisYear,
    /// Its deadline was over when the document was issued (历史期限).
    Historic,
}

/// A unit that owes rows of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ower {
    /// The unit.
    pub unit: UnitId,
    /// It leads the item; else it is of a class that the document names beside.
    pub leads: bool,
    /// The period in which its row was accepted as done: it owes no more.
    pub done: Option<Period>,
}

impl Duties {
    /// What a register asks for in a period, by what was accepted before;
    /// nothing where the programme is no register.
    #[must_use]
    pub fn of(program: &Program, period: &Period, past: &Past) -> Self {
        let (Some(items), Some(span)) = (program.material.items(), program.cycle.span(period)) else {
            return Self::default();
        };
        let mut duties = Self::default();
        for (place, item) in items.all.iter().enumerate() {
            let asked = match measured(items, item, &duties) {
                Some(measured) => of_measure(item, measured, span),
                None => asked(program, items, item, span, past),
            };
            // What is over stands on the form as given, like what is done.
            let stands = matches!(asked.state, Asking::Due | Asking::Historic);
            for ower in asked.owers.iter().filter(|_| stands) {
                duties.forms.entry(ower.unit.clone()).or_default().push(place);
            }
            duties.items.push(asked);
        }
        // What is done stands on the form as given; it is no reason for one.
        let items = &duties.items;
        duties
            .forms
            .retain(|unit, places| places.iter().any(|place| items[*place].owes(unit)));
        duties
    }

    /// Whether a unit owes anything.
    #[must_use]
    pub fn owes(&self, unit: &str) -> bool {
        self.forms.contains_key(unit)
    }

    /// Places in the table of what stands on a unit's form: what is due, and
    /// what is done or over and stands there as given. Nothing for a unit that owes nothing.
    #[must_use]
    pub fn on_form(&self, unit: &str) -> &[usize] {
        self.forms.get(unit).map_or(&[], Vec::as_slice)
    }

    /// Places in the table of the rows that a unit owes.
    pub fn due<'a>(&'a self, unit: &'a str) -> impl Iterator<Item = usize> + 'a {
        let places = self.on_form(unit).iter().copied();
        places.filter(move |place| self.items[*place].owes(unit))
    }

    /// When the last of the items that a unit owes was assigned to it by the
    /// office; none where all of them stand in the table.
    #[must_use]
    pub fn assigned(&self, unit: &str) -> Option<DateTime<Utc>> {
        self.due(unit)
            .filter_map(|place| self.items[place].assigned)
            .max()
    }

    /// Whether a row of an item may stand in a unit's ledger.
    #[must_use]
    pub fn is_of(&self, unit: &str, place: usize) -> bool {
        let owers = self.items.get(place).map_or(&[][..], |asked| &asked.owers);
        owers.iter().any(|ower| ower.unit == *unit)
    }
}

impl Asked {
    /// Whether a unit owes a row of it.
    #[must_use]
    pub fn owes(&self, unit: &str) -> bool {
        let mut owers = self.owers.iter();
        self.state == Asking::Due && owers.any(|ower| *ower.unit == *unit && ower.done.is_none())
    }
}

/// Whether a unit can come to owe anything at all: a unit that no item names
/// needs no folder.
#[must_use]
pub fn may_owe(program: &Program, unit: &UnitId) -> bool {
    let Some(items) = program.material.items() else {
        return true;
    };
    if items.everyone {
        return true;
    }
    let is = |party: &Party| match party {
        Party::Unit(own) => own == unit,
        Party::Group(group) => {
            let mut members = program.roster.members.iter();
            members.any(|member| member.group == *group && member.unit == *unit)
        }
    };
    let named = items
        .all
        .iter()
        .any(|item| item.leads.iter().chain(&item.also).any(is));
    named || program.assignments.iter().any(|own| own.leads.contains(unit))
}

fn asked(program: &Program, items: &Items, item: &Item, span: (NaiveDate, NaiveDate), past: &Past) -> Asked {
    let named = named(program, item, span).filter(|_| !items.everyone);
    let leads: Vec<UnitId> = match named {
        Some(named) => named.leads.clone(),
        None if items.everyone => program
            .roster
            .units_in(span)
            .map(|unit| unit.id.clone())
            .collect(),
        None => units(program, &item.leads, span),
    };
    let undecided = leads.is_empty();
    let also = units(program, &item.also, span);
    let mut owers: Vec<Ower> = Vec::new();
    let classes = also.into_iter().map(|unit| (unit, false));
    for (unit, leads) in leads.into_iter().map(|unit| (unit, true)).chain(classes) {
        if owers.iter().all(|ower| ower.unit != unit) {
            let done = done(items, item, &unit, past);
            owers.push(Ower { unit, leads, done });
        }
    }
    if items.joint == Joint::Either
        && let Some(done) = owers.iter().find_map(|ower| ower.done.clone())
    {
        // What one of them has ended is ended.
        for ower in &mut owers {
            ower.done = Some(done.clone());
        }
    }
    let (state, undecided) = match requirement(program, items, item, span) {
        Required::Nothing => (Asking::NotThisYear, false),
        Required::Historic => (Asking::Historic, false),
        Required::Something if owers.is_empty() => (Asking::Undecided, true),
        Required::Something => (Asking::Due, undecided),
    };
    Asked {
        state,
        undecided,
        assigned: named.map(|named| named.at),
        owers,
    }
}

/// What is asked of the item that a figure measures.
fn measured<'d>(items: &Items, item: &Item, duties: &'d Duties) -> Option<&'d Asked> {
    let place = items.place(&item.measure.as_ref()?.of)?;
    duties.items.get(place)
}

/// A figure is asked of whoever owes what it measures, in the years that want
/// something of it; one that no year wants anything of, in all (未分解到年).
fn of_measure(item: &Item, measured: &Asked, span: (NaiveDate, NaiveDate)) -> Asked {
    let wants = |year: &Requirement| !year.text.is_empty();
    let wanted = item.years.get(&span.1.year()).is_some_and(wants) || !item.years.values().any(wants);
    let state = match measured.state {
        Asking::Due | Asking::Undecided if !wanted => Asking::NotThisYear,
        state => state,
    };
    Asked {
        state,
        undecided: measured.undecided && state != Asking::NotThisYear,
        // Classes that are named beside the leads report on the item, not on its figures.
        owers: measured.owers.iter().filter(|ower| ower.leads).cloned().collect(),
        assigned: measured.assigned,
    }
}

enum Required {
    Something,
    Nothing,
    Historic,
}

fn requirement(program: &Program, items: &Items, item: &Item, span: (NaiveDate, NaiveDate)) -> Required {
    if !items.by_year {
        return Required::Something;
    }
    let Some(year) = item
        .years
        .get(&span.1.year())
        .filter(|year| !year.text.is_empty())
    else {
        return Required::Nothing;
    };
    let issued = program.basis.date.or(program.basis.effective);
    match (year.by, issued) {
        (Some(by), Some(issued)) if by <= issued => Required::Historic,
        _ => Required::Something,
    }
}

/// What the office has decided of an item last for a period not later; the
/// table where it has decided nothing.
fn named<'p>(program: &'p Program, item: &Item, span: (NaiveDate, NaiveDate)) -> Option<&'p Assignment> {
    let start = |period: &Period| program.cycle.span(period).map(|span| span.0);
    program
        .assignments
        .iter()
        .filter(|own| own.item == item.id || own.item == item.of)
        .filter(|own| start(&own.from).is_some_and(|from| from <= span.0))
        .max_by_key(|own| (start(&own.from), own.at))
}

/// The units that parties stand for in a span, each once.
fn units(program: &Program, parties: &[Party], span: (NaiveDate, NaiveDate)) -> Vec<UnitId> {
    let mut found: Vec<UnitId> = Vec::new();
    let mut add = |unit: &UnitId| {
        if !found.contains(unit) {
            found.push(unit.clone());
        }
    };
    for party in parties {
        match party {
            Party::Unit(unit) => {
                let known = program.roster.unit(unit);
                if known.is_some_and(|unit| unit.valid.overlaps(span)) {
                    add(unit);
                }
            }
            Party::Group(group) => {
                let members = program.roster.members_in(group, span);
                members
                    .filter(|unit| unit.valid.overlaps(span))
                    .for_each(|unit| add(&unit.id));
            }
        }
    }
    found
}

fn done(items: &Items, item: &Item, unit: &UnitId, past: &Past) -> Option<Period> {
    let status = items.status.as_ref()?;
    let before = past.of(unit, &item.id)?;
    let said = before.row.text(&status.column);
    status
        .done
        .iter()
        .any(|done| done == said)
        .then(|| before.period.clone())
}
