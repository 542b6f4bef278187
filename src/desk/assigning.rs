//! Naming who leads an item of a register at the page (明确牵头单位).

use std::sync::Arc;

use serde::Serialize;

use super::consequence::{Consequence, Supposed, consequence};
use super::{decide, misuse, named};
use crate::domain::actor::Actor;
use crate::domain::ids::{ItemId, ProgramId, UnitId};
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::{Item, Program};
use crate::jobs::assign::{as_seen, assigned};
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// Whose leads are named, from which period on.
#[derive(Debug, Clone, Copy)]
pub struct Which<'a> {
    /// The programme.
    pub program: &'a Arc<Program>,
    /// The first period for which it holds.
    pub from: &'a Period,
    /// The item.
    pub item: &'a ItemId,
}

/// What is shown before.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The period as people say it.
    pub label: String,
    /// The item's number and name.
    pub number: String,
    /// Its name.
    pub name: String,
    /// Who leads it by the office's last word; none where nobody said anything.
    pub stands: Option<String>,
    /// What tells how that stood when it was shown.
    pub seen: usize,
    /// Names of units to choose from.
    pub units: Vec<String>,
    /// The last reasons given, each once, the latest first.
    pub reasons: Vec<String>,
    /// What would follow; none where no units are named yet.
    pub consequence: Option<Consequence>,
}

/// So many reasons, and units, are offered.
const REASONS: usize = 5;
const UNITS: usize = 300;

/// The units that somebody wrote, one behind the other with 、 or a comma between.
///
/// # Errors
/// One isn't on the roster ([`super::Misuse`]).
pub fn leads(program: &Program, text: &str) -> anyhow::Result<Vec<UnitId>> {
    let mut found = Vec::new();
    let parts = text.split(['、', '，', ',', '；', ';']).map(str::trim);
    for part in parts.filter(|part| !part.is_empty()) {
        let id = named::unit_shown(program, part)?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn item<'a>(language: Language, program: &'a Program, id: &ItemId) -> anyhow::Result<&'a Item> {
    let all = program.material.items().into_iter().flat_map(|items| &items.all);
    let own = all.into_iter().find(|own| own.id == *id);
    let Some(own) = own else {
        misuse!(
            language,
            "{}没有编号为“{id}”的一项",
            "{} has no item “{id}”",
            program.name
        )
    };
    Ok(own)
}

/// How an item stands, and what would follow if these units led it.
///
/// # Errors
/// There is no such item ([`super::Misuse`]); the period can't be
/// ([`super::is_refused`]); the database can't be read.
pub async fn before(site: &Arc<Site>, which: Which<'_>, leads: &[UnitId]) -> anyhow::Result<Before> {
    let Which {
        program,
        from,
        item: id,
    } = which;
    let own = item(site.language(), program, id)?;
    let follows = if leads.is_empty() {
        None
    } else {
        let mut then = Program::clone(program);
        then.assignments
            .push(assigned(site, program, own, (leads, from), ("", ""))?);
        Some(consequence(site, (program, &Arc::new(then)), &Supposed::default()).await?)
    };
    let last = program.assignments.iter().rev().find(|known| known.item == *id);
    let shown = |id: &UnitId| {
        let unit = program.roster.unit(id);
        unit.map_or_else(|| id.to_string(), |unit| unit.display_name.clone())
    };
    Ok(Before {
        label: period_label(program, from),
        number: own.number.clone(),
        name: own.name.clone(),
        stands: last.map(|last| last.leads.iter().map(shown).collect::<Vec<_>>().join("、")),
        seen: as_seen(program, own),
        units: program
            .roster
            .units
            .iter()
            .take(UNITS)
            .map(|own| own.display_name.clone())
            .collect(),
        reasons: site.store.last_reasons(&program.id, REASONS).await?,
        consequence: follows,
    })
}

/// Names the leads, if nobody has since it was seen.
///
/// # Errors
/// Somebody has, or the period can't be ([`super::is_refused`]); the database
/// can't be written.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    which: Which<'_>,
    (leads, reason): (&[UnitId], &str),
    seen: usize,
) -> anyhow::Result<()> {
    let program: &ProgramId = &which.program.id;
    let decided = decide::assign_item(
        site,
        by,
        (program, which.item),
        (leads, which.from),
        reason,
        Some(seen),
    );
    decided.await.map(drop)
}
