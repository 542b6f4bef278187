//! From the text of a definition to a [`Program`].
//!
//! The format is explained key by key in
//! `templates/programs/wutang-visits/program.toml`. Every reader below gives a
//! value even where something is wrong, so that all faults are found in one go;
//! the programme is handed out only if there was none.

mod assumed;
mod column;
mod cycle;
mod deadline;
mod document;
mod form;
mod groups;
mod head;
mod ladder;
mod leaders;
mod list;
mod measures;
mod names;
mod places;
mod register;
mod roster;
mod rows_check;
mod rule;
mod table;
#[cfg(test)]
mod tests;
mod units;
mod watch;

use super::{Form, Log, Material, Program, ProgramSource, Register, RosterTable};
use crate::domain::definition::Problem;
use crate::domain::definition::{Definition, Section, with_value};
use crate::domain::ids::ProgramId;
use crate::domain::roster::Roster;

pub use table::{Field, date, split};

/// Understands a definition.
///
/// # Errors
/// Everything that is wrong with it, with file, line and remedy.
pub fn parse(source: &ProgramSource) -> Result<Program, Vec<Problem>> {
    let definition = Definition::read(&source.path, &source.definition);
    if definition.is_broken() {
        return Err(definition.into_problems());
    }
    let mut tables = table::Tables::new(source);
    let program = understand(&definition, source, &mut tables);
    let mut problems = definition.into_problems();
    problems.extend(tables.into_problems());
    if problems.is_empty() {
        Ok(program)
    } else {
        Err(problems)
    }
}

/// The tables that a definition names, so that only these are read and hashed.
#[must_use]
pub fn table_names(definition: &str) -> Vec<String> {
    let definition = Definition::read("", definition);
    let (roster, register) = (
        definition.root().section("roster"),
        definition.root().section("register"),
    );
    ["units", "leaders", "places", "groups", "senders"]
        .iter()
        .filter_map(|key| roster.text(key))
        .chain(register.text("file"))
        .chain(register.text("groups"))
        .chain(register.section("measures").text("file"))
        .chain(definition.root().section("list").text("file"))
        .filter(|name| !name.is_empty())
        .collect()
}

/// The file of a roster's table beside a definition; none where the programme
/// has no such table.
#[must_use]
pub fn roster_file(definition: &str, table: RosterTable) -> Option<String> {
    let definition = Definition::read("", definition);
    let name = definition.root().section("roster").text(table.as_str());
    name.filter(|name| !name.is_empty())
}

/// The columns that a roster's table may have.
pub(super) fn roster_fields(table: RosterTable) -> &'static [Field] {
    match table {
        RosterTable::Units => units::FIELDS,
        RosterTable::Leaders => leaders::FIELDS,
        RosterTable::Places => places::FIELDS,
    }
}

/// The definition with its trial begun or ended, else letter by letter as it
/// was; none where it says nothing of a trial.
#[must_use]
pub fn with_trial(definition: &str, trial: bool) -> Option<String> {
    with_value(definition, &["trial"], &trial.to_string())
}

fn understand(
    definition: &Definition<'_>,
    source: &ProgramSource,
    tables: &mut table::Tables<'_>,
) -> Program {
    let root = definition.root();
    let head = head::read(&root, source);
    let cycle = cycle::read(&root.section("cycle"));
    let deadline = deadline::read(&root, &cycle);
    let roster = roster::read(&root.section("roster"), tables);
    let forms = form::read(&root, &head, &cycle, &roster);
    let material = material(&root, head.kind, forms, &roster, tables);
    let listed = list::read(&root, cycle.kind, (material.forms(), &roster), tables);
    let ladder = ladder::read(
        &root,
        material.forms(),
        material.targets().is_some(),
        (&roster, cycle.kind),
    );
    let watches = watch::read(&root, cycle.kind, material.forms());
    let assumed = assumed::read(&root, definition, tables);
    Program {
        id: ProgramId::new(&head.id).unwrap_or_else(|_| ProgramId::unread()),
        name: head.name,
        matter: head.matter,
        folder: head.folder,
        language: head.language,
        intake: head.intake,
        ordered: head.ordered,
        contacts: head.contacts,
        basis: head.basis,
        office: head.office,
        cycle,
        deadline,
        roster,
        material,
        supervision: head.supervision,
        watches,
        listed,
        extensions: Vec::new(),
        begun: None,
        ended_before: Vec::new(),
        assignments: Vec::new(),
        ladder,
        assumed,
        hash: source.hash.clone(),
    }
}

fn material(
    root: &Section<'_>,
    kind: Kind,
    mut forms: Vec<Form>,
    roster: &Roster,
    tables: &mut table::Tables<'_>,
) -> Material {
    let items = register::read(root, kind, &mut forms, roster, tables);
    let visits = measures::visits(root, kind, &forms, roster);
    let aggregates = measures::aggregates(root, &forms);
    match kind {
        Kind::Log => Material::Log(Log {
            forms,
            visits,
            aggregates,
        }),
        Kind::Register => Material::Register(Box::new(Register {
            forms,
            items: items.unwrap_or_default(),
            aggregates,
        })),
        Kind::Document => Material::Document(document::read(root, roster)),
    }
}

/// Which kind of material a definition says that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Log,
    Register,
    Document,
}
