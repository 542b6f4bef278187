//! Naming who leads an item of a register (明确牵头单位), from a period on.

use super::notes;
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::ids::UnitId;
use crate::domain::language::worded;
use crate::domain::period::Period;
use crate::domain::program::{Assignment, Item, Program};
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::store::Entry;

/// Records who leads an item from a period on; over the table, which stays as
/// it is. Untouched forms are written anew, and nobody is late for it.
///
/// # Errors
/// The programme is no register, the period isn't reported or has closed, or
/// nobody is named; somebody named others since it was `seen`; or the database
/// is gone.
pub async fn assign(
    site: &Site,
    by: &Actor,
    program: &Program,
    item: &Item,
    (leads, from): (&[UnitId], &Period),
    reason: &str,
    seen: Option<usize>,
) -> anyhow::Result<Assignment> {
    let assignment = assigned(site, program, item, (leads, from), (by.name(), reason))?;
    let now = site.clock.now();
    let (names, language) = (named(program, leads), site.language());
    let detail = worded!(
        language,
        "第{}项由{names}牵头：{reason}",
        "no. {} is led by {names}: {reason}",
        item.number
    );
    let mut change = site.store.begin().await?;
    let before = site
        .store
        .assignments_within(&mut change, &program.id, &item.id)
        .await?;
    if let Some(last) = before
        .last()
        .filter(|_| seen.is_some_and(|seen| seen != before.len()))
    {
        overtaken!(
            language,
            "第{}项刚才已由{}于{}定为从{}起由{}牵头，理由是“{}”。本次没有作任何更改",
            "for no. {} {} has just decided on {} that from {} on it is led by {}, because “{}”. Nothing was changed",
            item.number,
            last.by,
            notes::moment(program.language, last.at.with_timezone(&now.timezone())),
            notes::period_label(program, &last.from),
            named(program, &last.leads),
            last.reason
        );
    }
    site.store.assign(&mut change, &program.id, &assignment).await?;
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "assigned",
        program: Some(&program.id),
        period: Some(from.clone()),
        detail: detail.as_str().into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now.to_utc(), &entry).await?;
    change.commit().await?;
    site.take_decisions().await?;
    Ok(assignment)
}

/// How often somebody has named the leads of an item: what tells how it stood
/// when it was seen.
#[must_use]
pub fn as_seen(program: &Program, item: &Item) -> usize {
    let own = program.assignments.iter().filter(|own| own.item == item.id);
    own.count()
}

fn named(program: &Program, leads: &[UnitId]) -> String {
    let names = leads.iter().filter_map(|id| program.roster.unit(id));
    let names: Vec<&str> = names.map(|unit| unit.name.as_str()).collect();
    names.join("、")
}

/// The leads of an item from a period on, as they would be recorded; nothing is
/// written.
///
/// # Errors
/// The period isn't reported or has closed, or nobody is named.
pub fn assigned(
    site: &Site,
    program: &Program,
    item: &Item,
    (leads, from): (&[UnitId], &Period),
    (by, reason): (&str, &str),
) -> anyhow::Result<Assignment> {
    let (now, language) = (site.clock.now(), site.language());
    let label = notes::period_label(program, from);
    let due = program
        .due(from, &site.calendar(), now.timezone())
        .filter(|_| program.cycle.owes(from));
    let Some(due) = due else {
        refuse!(
            language,
            "“{}”没有要报送的报告期{from}",
            "“{}” has no period {from} to report",
            program.matter
        )
    };
    refuse_unless!(
        now < due.close,
        language,
        "{label}已于{}关期，从已经关期的一期起改不了牵头单位，请从以后的一期起",
        "{label} closed on {}; the lead can't be changed from a closed period on, only from a later one",
        notes::moment(program.language, due.close)
    );
    refuse_unless!(
        !leads.is_empty(),
        language,
        "没有写牵头单位",
        "no lead unit is named"
    );
    Ok(Assignment {
        item: item.id.clone(),
        leads: leads.to_vec(),
        from: from.clone(),
        reason: reason.to_owned(),
        by: by.to_owned(),
        at: now.to_utc(),
    })
}
