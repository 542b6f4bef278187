//! Exempting units from a period (免报), and undoing that.

use super::overtaken::who;
use crate::domain::actor::Actor;
use crate::domain::finding::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::language::worded;
use crate::domain::obligation::{Exemption, Undone};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::jobs::ingest;
use crate::jobs::notes;
use crate::jobs::queue;
use crate::jobs::refusal::{overtaken, refuse};
use crate::jobs::site::Site;
use crate::store::{Change, Entry};

/// Exempts a unit from a period; gives the exemption whose reason it replaces.
///
/// # Errors
/// Somebody else exempted it meanwhile, or the database can't be written: tell the person, who may ask again.
pub async fn exempt(
    site: &Site,
    by: &Actor,
    program: &Program,
    exemption: &Exemption,
) -> anyhow::Result<Option<Exemption>> {
    let known = site.store.exemptions(&program.id, &exemption.period).await?;
    let before = known.iter().find(|known| known.unit == exemption.unit);
    exempt_as_seen(site, by, program, exemption, &as_seen(before)).await
}

/// What tells how a unit's exemption stood when somebody saw it.
#[must_use]
pub fn as_seen(stands: Option<&Exemption>) -> String {
    stands.map_or_else(String::new, |own| {
        let at = own.at.timestamp_millis().to_string();
        Sha256::of([own.by.as_str(), &own.reason, &at]).to_string()
    })
}

/// Exempts a unit from a period, if it still stands as somebody saw it (see
/// [`as_seen`]); gives the exemption whose reason it replaces.
///
/// # Errors
/// It stands so no more, or the database can't be written: tell the person, who may ask again.
pub async fn exempt_as_seen(
    site: &Site,
    by: &Actor,
    program: &Program,
    exemption: &Exemption,
    seen: &str,
) -> anyhow::Result<Option<Exemption>> {
    let (unit, period) = (&exemption.unit, &exemption.period);
    let mut change = site.store.begin().await?;
    let before = stands_as_seen(site, &mut change, program, (unit, period), Some(seen)).await?;
    site.store.exempt(&mut change, &program.id, exemption).await?;
    let why = ("exempted", exemption.reason.as_str());
    of_duty(site, by, &mut change, program, (unit, period), why).await?;
    change.commit().await?;
    Ok(before)
}

/// The exemption that stands, from within a change.
///
/// # Errors
/// It isn't the one that was seen; the words say who was first and what stands.
async fn stands_as_seen(
    site: &Site,
    change: &mut Change,
    program: &Program,
    (unit, period): (&UnitId, &Period),
    seen: Option<&str>,
) -> anyhow::Result<Option<Exemption>> {
    let stands = site
        .store
        .exemption_within(change, &program.id, unit, period)
        .await?;
    if seen.is_some_and(|seen| seen != as_seen(stands.as_ref())) {
        let what = if stands.is_some() {
            "exempted"
        } else {
            "exemption-undone"
        };
        let last = site
            .store
            .last_of_period(change, what, &program.id, Some(unit), period)
            .await?;
        let language = site.language();
        overtaken!(
            language,
            "{}{}现在{}。本次没有作任何更改",
            "{}: {}now {}. Nothing was changed",
            notes::period_label(program, period),
            who(site, last.as_ref()),
            stands.map_or_else(
                || language.either("没有免报", "not exempt").to_owned(),
                |stands| worded!(
                    language,
                    "免报，理由是“{}”",
                    "exempt, because “{}”",
                    stands.reason
                )
            )
        );
    }
    Ok(stands)
}

/// Undoes a unit's exemption from a period, from now on; gives the exemption.
/// Where somebody saw how it stands (see [`as_seen`]), only if it still does.
///
/// # Errors
/// There is none, it stands so no more, or the database can't be written: tell
/// the person, who may ask again.
pub async fn undo_exemption(
    site: &Site,
    by: &Actor,
    program: &Program,
    (unit, period): (&UnitId, &Period),
    reason: &str,
    seen: Option<&str>,
) -> anyhow::Result<Exemption> {
    let mut change = site.store.begin().await?;
    let stands = stands_as_seen(site, &mut change, program, (unit, period), seen).await?;
    let Some(stands) = stands else {
        refuse!(
            site.language(),
            "{}{}没有免报，不用取消",
            "{} isn't exempt from {}; there is nothing to undo",
            program
                .roster
                .unit(unit)
                .map_or(unit.as_str(), |unit| unit.display_name.as_str()),
            notes::period_label(program, period)
        )
    };
    let undone = Undone {
        unit: unit.clone(),
        reason: reason.to_owned(),
        at: site.clock.utc(),
    };
    site.store
        .undo_exemption(&mut change, &program.id, period, &undone, by.name())
        .await?;
    let why = ("exemption-undone", reason);
    of_duty(site, by, &mut change, program, (unit, period), why).await?;
    change.commit().await?;
    Ok(stands)
}

/// What follows a decision about a unit's duty: its status note, and the line in the journal.
async fn of_duty(
    site: &Site,
    by: &Actor,
    change: &mut Change,
    program: &Program,
    (unit, period): (&UnitId, &Period),
    (what, reason): (&str, &str),
) -> anyhow::Result<()> {
    let mut actions = Vec::new();
    ingest::push_projections(&mut actions, program, unit, period, Verdict::Returned);
    queue::add_all(site, change, None, &actions).await?;
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what,
        program: Some(&program.id),
        unit: Some(unit),
        period: Some(period.clone()),
        submission: None,
        letter: None,
        detail: reason.into(),
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}
