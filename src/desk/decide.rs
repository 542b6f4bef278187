//! What the office decides. Each decision is read anew inside its own
//! transaction: who comes second is told ([`Refusal::Overtaken`]) and has
//! changed nothing. The share follows by the recorded steps.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use super::letters::known;
use super::{misuse, no_program, no_submission};
use crate::domain::actor::Actor;
use crate::domain::ids::{Duty, ItemId, LetterId, ProgramId, SubmissionId, UnitId};
use crate::domain::letters::LetterState;
use crate::domain::obligation::Exemption;
use crate::domain::period::Period;
use crate::domain::program::{Assignment, Due, Program};
use crate::domain::submission::Record;
use crate::jobs::site::Site;
use crate::jobs::{assign, clock_watch, decide, extend, holidays, recheck, remind};

pub use crate::domain::letters::decide::Decision;
pub use crate::jobs::clock_watch::Accepted;
pub use crate::jobs::decide::claim::Claimed;
pub use crate::jobs::extend::Whose;
pub use crate::jobs::holidays::Imported;
pub use crate::jobs::recheck::Difference;
pub use crate::jobs::refusal::Refusal;

/// Accepts a returned ledger as it is; gives it as it stood before. Where
/// somebody saw it at a page, only if it still stands as it was `seen`.
///
/// # Errors
/// There is no such submission ([`Misuse`]); it can't be accepted, or somebody
/// decided about it first ([`Refusal`]); the database can't be written.
pub async fn accept(
    site: &Site,
    by: &Actor,
    id: SubmissionId,
    reason: &str,
    seen: Option<&str>,
) -> anyhow::Result<Record> {
    let record = submission(site, id).await?;
    decide::still(site, &record, seen).await?;
    decide::accept(site, by, &record, reason).await?;
    Ok(record)
}

/// Hands a document back that was registered; gives it as it stood before.
///
/// # Errors
/// See [`accept`].
pub async fn reject(
    site: &Site,
    by: &Actor,
    id: SubmissionId,
    reason: &str,
    seen: Option<&str>,
) -> anyhow::Result<Record> {
    let record = submission(site, id).await?;
    decide::still(site, &record, seen).await?;
    decide::reject::reject(site, by, &record, reason).await?;
    Ok(record)
}

/// Takes a submission back; gives it as it stood before, and the version that counts now.
///
/// # Errors
/// See [`accept`].
pub async fn withdraw(
    site: &Site,
    by: &Actor,
    id: SubmissionId,
    reason: &str,
    seen: Option<&str>,
) -> anyhow::Result<(Record, Option<u32>)> {
    let record = submission(site, id).await?;
    decide::still(site, &record, seen).await?;
    let counts = decide::withdraw(site, by, &record, reason).await?;
    Ok((record, counts))
}

/// Gives a file to a unit and period of a programme.
///
/// # Errors
/// See [`accept`]; there is no such programme ([`Misuse`]).
pub async fn claim(
    site: &Site,
    by: &Actor,
    id: SubmissionId,
    duty: &Duty,
    seen: Option<&str>,
) -> anyhow::Result<Claimed> {
    let record = submission(site, id).await?;
    let program = program(site, &duty.program)?;
    if let Some(seen) = seen {
        let (unit, period) = (&duty.unit, &duty.period);
        return decide::claim::claim_as_seen(site, by, &program, (&record, seen), unit, period).await;
    }
    decide::claim::claim(site, by, &program, &record, &duty.unit, &duty.period).await
}

/// Exempts a unit from a period; gives the exemption whose reason it replaces.
///
/// # Errors
/// There is no such programme ([`Misuse`]); somebody exempted it meanwhile
/// ([`Refusal`]); the database can't be written.
pub async fn exempt(site: &Site, by: &Actor, duty: &Duty, reason: &str) -> anyhow::Result<Option<Exemption>> {
    let program = program(site, &duty.program)?;
    let exemption = Exemption {
        unit: duty.unit.clone(),
        period: duty.period.clone(),
        reason: reason.to_owned(),
        by: by.name().to_owned(),
        at: site.clock.utc(),
    };
    decide::exempt(site, by, &program, &exemption).await
}

/// Undoes a unit's exemption from a period, from now on; gives the exemption.
///
/// # Errors
/// There is no such programme ([`Misuse`]) or no exemption ([`Refusal`]); the
/// database can't be written.
pub async fn undo_exemption(site: &Site, by: &Actor, duty: &Duty, reason: &str) -> anyhow::Result<Exemption> {
    let program = program(site, &duty.program)?;
    decide::undo_exemption(site, by, &program, (&duty.unit, &duty.period), reason, None).await
}

/// Extends the deadline of a period to a day, for one unit or for all of them
/// (none); gives the new one. Where somebody saw how it stood (see
/// [`extend::as_seen`]), only if it still stands so.
///
/// # Errors
/// There is no such programme ([`Misuse`]); the period or the day can't be, or
/// somebody extended it meanwhile ([`Refusal`]); the database can't be written.
pub async fn extend_to(
    site: &Site,
    by: &Actor,
    program: &ProgramId,
    whose: Whose<'_>,
    (day, reason): (NaiveDate, &str),
    seen: Option<u32>,
) -> anyhow::Result<Due> {
    let program = self::program(site, program)?;
    extend::extend(site, by, &program, whose, (day, reason), seen).await
}

/// From a period on, an item of a register is led by these units.
///
/// # Errors
/// There is no such programme or item ([`Misuse`]); the period can't be
/// ([`Refusal`]); the database can't be written.
pub async fn assign_item(
    site: &Site,
    by: &Actor,
    (program, item): (&ProgramId, &ItemId),
    (leads, from): (&[UnitId], &Period),
    reason: &str,
    seen: Option<usize>,
) -> anyhow::Result<Assignment> {
    let program = self::program(site, program)?;
    let found = program.material.items().into_iter().flat_map(|items| &items.all);
    let Some(item) = found.into_iter().find(|own| own.id == *item) else {
        misuse!(
            site.language(),
            "{}没有编号为“{item}”的一项",
            "{} has no item “{item}”",
            program.id
        );
    };
    assign::assign(site, by, &program, item, (leads, from), reason, seen).await
}

/// What the submissions of a period would be by today's programme; applied by
/// somebody for a reason, they become it.
///
/// # Errors
/// There is no such programme ([`Misuse`]); somebody decided about one of them
/// meanwhile ([`Refusal`]); an archived original is gone; the database can't be written.
pub async fn recheck_of(
    site: &Arc<Site>,
    (program, period): (&ProgramId, &Period),
    applied: Option<(&Actor, &str)>,
) -> anyhow::Result<Vec<Difference>> {
    let program = self::program(site, program)?;
    recheck::recheck(site, &program, period, applied).await
}

/// What one submission would be by today's programme; applied by somebody for a
/// reason, it becomes that. None where nothing changes.
///
/// # Errors
/// See [`recheck_of`] and [`accept`].
pub async fn recheck_one(
    site: &Arc<Site>,
    id: SubmissionId,
    applied: Option<(&Actor, &str)>,
    seen: Option<&str>,
) -> anyhow::Result<Option<Difference>> {
    let record = submission(site, id).await?;
    decide::still(site, &record, seen).await?;
    let program = self::program(site, &record.program)?;
    recheck::again(site, &program, &record, applied).await
}

/// Decides about a letter; gives its state.
///
/// # Errors
/// There is none of that number ([`Misuse`]); its state allows it no more
/// ([`Refusal`]); the database can't be written.
pub async fn letter(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    decision: &Decision,
) -> anyhow::Result<LetterState> {
    known(site, id).await?;
    remind::decide(site, by, id, decision).await
}

/// Decides about a letter as it was seen at the page; gives its state.
///
/// # Errors
/// It isn't so any more ([`Refusal`]); see [`letter`].
pub async fn letter_as_seen(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    decision: &Decision,
    seen: &str,
) -> anyhow::Result<LetterState> {
    remind::decide_as_seen(site, by, id, decision, Some(seen)).await
}

/// Withdraws a letter: who got it gets a withdrawal, whose number is given; one
/// that hasn't gone is discarded.
///
/// # Errors
/// See [`letter`].
pub async fn withdraw_letter(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    reason: &str,
) -> anyhow::Result<Option<LetterId>> {
    known(site, id).await?;
    remind::withdraw(site, by, id, reason).await
}

/// Says that the machine's clock is right.
///
/// # Errors
/// Nothing is held because of it ([`Refusal`]); the database can't be written.
pub async fn accept_clock(site: &Site, by: &Actor, reason: &str) -> anyhow::Result<Accepted> {
    clock_watch::accept(site, by, reason).await
}

/// Takes a year's notice of days off.
///
/// # Errors
/// The file isn't one; the table can't be written.
pub async fn import_holidays(site: &Site, by: &Actor, file: &Path) -> anyhow::Result<Imported> {
    holidays::import(site, by, file).await
}

async fn submission(site: &Site, id: SubmissionId) -> anyhow::Result<Record> {
    let found = site.store.submission(id).await?;
    Ok(found.ok_or_else(|| no_submission(site, id))?)
}

fn program(site: &Site, id: &ProgramId) -> anyhow::Result<Arc<Program>> {
    let found = site.program(id);
    Ok(found.ok_or_else(|| no_program(site, id))?)
}
