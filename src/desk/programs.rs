//! The programmes of a site: which there are, what each asks of whom.

use chrono::NaiveDate;
use serde::Serialize;

use crate::domain::definition::Problem;
use crate::domain::documents::owes;
use crate::domain::ids::ProgramId;
use crate::domain::language::Language;
use crate::domain::period::{Cycle, CycleKind, Period};
use crate::domain::program::{Material, Program};
use crate::domain::register::{Duties, Past};
use crate::jobs::programs::{self, Chosen};
use crate::jobs::site::Site;

/// A programme in a list.
#[allow(
    clippy::struct_excessive_bools,
    reason = "what people tick off in a list, each by itself"
)]
#[derive(Debug, Clone, Serialize)]
pub struct ProgramLine {
    /// Its id.
    pub id: ProgramId,
    /// Its name.
    pub name: String,
    /// 台账、登记簿、材料.
    pub kind: &'static str,
    /// How often.
    pub cycle: &'static str,
    /// How many units owe its first period.
    pub owers: usize,
    /// Whether this site runs it.
    pub on: bool,
    /// Whether it runs on trial.
    pub trial: bool,
    /// A document orders it.
    pub ordered: bool,
    /// Its last period is over: it asks nobody for anything.
    pub over: bool,
}

/// What a register asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterCount {
    /// Items, parts not counted by themselves.
    pub items: usize,
    /// Rows of the table.
    pub rows: usize,
    /// Leads over all items.
    pub leads: usize,
    /// Numbers of items that nobody is known to lead.
    pub undecided: Vec<String>,
    /// Rows that are due in the first period, over all units.
    pub due: usize,
}

/// All programmes of the site's templates, those that are off included, with
/// what is wrong with them.
#[must_use]
pub fn list(site: &Site) -> (Vec<ProgramLine>, Vec<Problem>) {
    let read = |path: &std::path::Path| site.read_table(path);
    let loaded = programs::load(&site.options.templates, Chosen::ALL, &read);
    let lines = loaded.programs.iter().map(|program| line(site, program));
    (lines.collect(), loaded.problems)
}

/// What a list says of a programme.
#[must_use]
pub fn line(site: &Site, program: &Program) -> ProgramLine {
    ProgramLine {
        id: program.id.clone(),
        name: program.name.clone(),
        kind: kind(site.language(), program),
        cycle: cycle(site.language(), &program.cycle),
        owers: owers(program),
        on: site.program(&program.id).is_some(),
        trial: program.ladder.trial,
        ordered: program.ordered,
        over: is_over(program, site.clock.now().date_naive()),
    }
}

/// What a programme collects, in a word.
#[must_use]
pub fn kind(language: Language, program: &Program) -> &'static str {
    match program.material {
        Material::Log(_) => language.either("台账", "ledger"),
        Material::Register(_) => language.either("登记簿", "register"),
        Material::Document(_) => language.either("材料", "document"),
    }
}

/// How often, in a word.
#[must_use]
pub fn cycle(language: Language, cycle: &Cycle) -> &'static str {
    let (chinese, english) = match cycle.kind {
        CycleKind::Weekly => ("每周", "weekly"),
        CycleKind::HalfMonthly => ("每半月", "twice a month"),
        CycleKind::Monthly => ("每月", "monthly"),
        CycleKind::Quarterly => ("每季", "quarterly"),
        CycleKind::HalfYearly => ("每半年", "twice a year"),
        CycleKind::Yearly => ("每年", "yearly"),
        CycleKind::Once => ("一次", "once"),
        CycleKind::Milestones => ("按日期", "by dates"),
        CycleKind::OnChange => ("变动即报", "on change"),
    };
    language.either(chinese, english)
}

/// Whether the last period of a programme is over.
#[must_use]
pub fn is_over(program: &Program, today: NaiveDate) -> bool {
    let last = program
        .cycle
        .last
        .as_ref()
        .and_then(|last| program.cycle.span(last));
    let milestone = program.cycle.milestones.iter().map(|own| own.date).max();
    match program.cycle.kind {
        CycleKind::Once | CycleKind::Milestones => milestone.is_some_and(|last| last < today),
        _ => last.is_some_and(|(_, end)| end < today),
    }
}

/// The first period that a programme asks for.
#[must_use]
pub fn first_period(program: &Program) -> Option<Period> {
    let milestone = program.cycle.milestones.first();
    let milestone = milestone.map(|own| Period::Milestone(own.id.clone()));
    program.cycle.first.clone().or(milestone)
}

/// Units that owe the first period of a programme.
fn owers(program: &Program) -> usize {
    let Some(period) = first_period(program) else {
        return program.roster.units.len();
    };
    let Some(span) = program.cycle.span(&period) else {
        return program.roster.units.len();
    };
    if program.material.items().is_none() {
        let units = program.roster.units_in(span);
        return units.filter(|unit| owes(program, &period, &unit.id)).count();
    }
    let duties = Duties::of(program, &period, &Past::default());
    program
        .roster
        .units
        .iter()
        .filter(|unit| duties.owes(&unit.id))
        .count()
}

/// What a register asks for in its first period; none where it is none.
#[must_use]
pub fn register_count(program: &Program) -> Option<RegisterCount> {
    let items = program.material.items()?;
    let whole = items.tasks().filter(|item| item.of == item.id);
    let nobody = whole
        .clone()
        .filter(|item| item.leads.is_empty() && !items.everyone);
    let duties = first_period(program).map(|period| Duties::of(program, &period, &Past::default()));
    let due = duties.map_or(0, |duties| {
        let units = program.roster.units.iter();
        let tasks = |unit: &str| {
            let due = duties.due(unit);
            due.filter(|place| items.all[*place].measure.is_none()).count()
        };
        units.map(|unit| tasks(&unit.id)).sum()
    });
    Some(RegisterCount {
        items: whole.clone().count(),
        rows: items.tasks().count(),
        leads: whole.map(|item| item.leads.len()).sum(),
        undecided: nobody.map(|item| item.number.clone()).collect(),
        due,
    })
}
