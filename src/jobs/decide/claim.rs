//! `claim`: a file belongs to this unit and period. Where it counts elsewhere
//! it is moved; it never counts twice.

mod judged;
mod target;

use std::sync::Arc;

use super::overtaken::{as_seen, named, stands, who};
use crate::domain::actor::Actor;
use crate::domain::finding::Verdict;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::intake::next_version;
use crate::domain::language::worded;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::{NewSubmission, Record, counting};
use crate::jobs::action::Action;
use crate::jobs::ingest;
use crate::jobs::notes;
use crate::jobs::queue;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::jobs::site::Site;
use crate::store::{Body, Change, Claims, Entry};
use judged::{examined, judged, of_examination};
use target::{Target, owes, words};

/// What a claim did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The submission under the unit and period.
    pub id: SubmissionId,
    /// The verdict under the unit and period.
    pub verdict: Verdict,
    /// The version that it makes; none if it can't be read.
    pub version: Option<u32>,
    /// The version of the unit that counted before.
    pub replaces: Option<u32>,
    /// Where it stood before, if it counted or was returned elsewhere.
    pub moved: Option<Moved>,
    /// When the period had closed already, as people write it.
    pub closed: Option<String>,
}

/// Where a file was taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Unit and period, as people read them.
    pub from: String,
    /// The version that counts there now.
    pub counts: Option<u32>,
}

/// Gives a file to a unit and period. `record` names it: the submission that
/// came first or any that took its place.
///
/// # Errors
/// It counts there already, was withdrawn, is a duplicate or classified; the
/// unit doesn't report that period; somebody else decided meanwhile; its
/// archived copy is gone: tell the person. Or the database can't be written: the
/// person may ask again.
pub async fn claim(
    site: &Site,
    by: &Actor,
    program: &Arc<Program>,
    record: &Record,
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<Claimed> {
    let seen = look(site, record).await?;
    claim_seen(site, by, program, &seen, unit, period).await
}

/// As [`claim`], if the file still stands as somebody saw it (see
/// [`super::as_seen`]).
///
/// # Errors
/// See [`claim`].
pub async fn claim_as_seen(
    site: &Site,
    by: &Actor,
    program: &Arc<Program>,
    (record, seen): (&Record, &str),
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<Claimed> {
    let now = look(site, record).await?;
    if as_seen(&now.0) != seen {
        let mut change = site.store.begin().await?;
        return told(site, &mut change, &now, record).await;
    }
    claim_seen(site, by, program, &now, unit, period).await
}

/// What a file would be as the ledger of a unit and period, with what was
/// recorded of that unit and period before; nothing is written.
///
/// # Errors
/// See [`claim`].
pub async fn preview(
    site: &Site,
    program: &Arc<Program>,
    seen: &Claims,
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<(NewSubmission, Vec<Record>)> {
    owes(site, program, unit, period)?;
    let target = Target {
        program,
        unit,
        period,
    };
    let record = takable(site, seen, &target)?;
    let (mut examination, _) = judged(site, &target, record).await?;
    let before = site.store.versions(&program.id, unit, period).await?;
    Ok((of_examination(site, program, record, &mut examination), before))
}

/// Gives a file to a unit and period as long as it stands as it was seen.
///
/// # Errors
/// See [`claim`].
pub async fn claim_seen(
    site: &Site,
    by: &Actor,
    program: &Arc<Program>,
    seen: &Claims,
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<Claimed> {
    owes(site, program, unit, period)?;
    let target = Target {
        program,
        unit,
        period,
    };
    let standing = takable(site, seen, &target)?.clone();
    let (mut new, mut actions) = examined(site, &target, seen, &standing).await?;
    let first = seen.0.first().map_or(standing.id, |first| first.id);
    for record in &seen.0 {
        if record.version.is_none() {
            let own = site.program(&record.program);
            actions.push(Action::Forget {
                submission: record.id,
                folder: site.unclaimed_folder(own.as_ref().unwrap_or(program)),
            });
        }
    }
    new.claimed_from = Some(first);
    let mut change = site.store.begin().await?;
    same(site, &mut change, seen, &standing).await?;
    let moved = take_away(site, by, &mut change, seen, &target).await?;
    record_claim(site, by, change, &target, (&new, &actions), moved).await
}

/// What stands on record about the file of a submission.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn look(site: &Site, record: &Record) -> anyhow::Result<Claims> {
    Ok(site.store.claims_now(record.id).await?)
}

/// The submission that stands for the file, if the file may be given away.
fn takable<'a>(site: &Site, seen: &'a Claims, target: &Target<'_>) -> anyhow::Result<&'a Record> {
    let Some(record) = seen.standing() else {
        let withdrawn = seen.0.last();
        let name = withdrawn.map_or("", |record| record.file_name.as_str());
        let state = withdrawn.map_or_else(String::new, |record| stands(site, record));
        refuse!(
            site.language(),
            "“{name}”{state}，不能再认领；要重新计入，请把文件再放进 {}",
            "“{name}”: {state}; it can't be claimed any more; to count it again, put the file into {}",
            site.unit_folder(target.program, target.unit)
        )
    };
    let language = site.language();
    let named = named(language, record);
    match record.verdict {
        Verdict::Quarantined => {
            refuse!(
                language,
                "{named}带有密级标志，已经隔离，不能认领；请按保密规定处理",
                "{named} bears a mark of classification, lies apart and can't be claimed; handle it by the rules of secrecy"
            )
        }
        Verdict::Duplicate => refuse!(
            language,
            "{named}与已经收到的文件相同，不另计；要改归别的单位，请对原来那份（报送编号 {}）用 claim",
            "{named} is the same as a file that came before and doesn't count; to give that to another unit, claim submission {}",
            record.duplicate_of.unwrap_or(record.id)
        ),
        _ => {}
    }
    // A form that names another unit is returned; only the office says that it is right.
    let mismatch = record.verdict == Verdict::Returned && record.detail.mismatch;
    refuse_unless!(
        record.version.is_none() || mismatch || !target.holds(record),
        language,
        "{named}已经{}，不用再认领",
        "{named} is already {}; there is nothing to claim",
        stands(site, record)
    );
    Ok(record)
}

/// Makes sure that nobody has decided about the file since it was looked at.
async fn same(site: &Site, change: &mut Change, seen: &Claims, standing: &Record) -> anyhow::Result<()> {
    let now = site.store.claims(change, standing.id).await?;
    // Where it lies may change at any time; that decides nothing.
    let decided = |claims: &Claims| -> Vec<_> {
        let records = claims.0.iter();
        records
            .map(|own| {
                (
                    own.id,
                    own.verdict,
                    own.withdrawn.clone(),
                    own.accepted_by_office.clone(),
                )
            })
            .collect()
    };
    if decided(&now) == decided(seen) {
        return Ok(());
    }
    told(site, change, &now, standing).await
}

/// Says who came first and how the file stands now.
async fn told<T>(site: &Site, change: &mut Change, now: &Claims, standing: &Record) -> anyhow::Result<T> {
    let id = now.0.last().map_or(standing.id, |newest| newest.id);
    let last = site.store.last_about(change, id).await?;
    let language = site.language();
    let nowhere = language.either("没有计入任何单位", "it counts for no unit");
    let state = now
        .standing()
        .map_or_else(|| nowhere.to_owned(), |own| stands(site, own));
    overtaken!(
        language,
        "“{}”{}现在{state}。本次没有作任何更改；仍要改归别处的，请核对后再执行一次 claim",
        "“{}”: {}now {state}. Nothing was changed; to move it all the same, look again and claim it once more",
        standing.file_name,
        who(site, last.as_ref())
    )
}

/// Takes the file away from wherever it counts or was returned, on the record:
/// those units get their notes back to what counted before.
async fn take_away(
    site: &Site,
    by: &Actor,
    change: &mut Change,
    seen: &Claims,
    target: &Target<'_>,
) -> anyhow::Result<Option<Moved>> {
    let now = site.clock.utc();
    let mut moved = None;
    for record in &seen.0 {
        let (Some(unit), Some(period), Some(_)) = (&record.unit, &record.period, record.version) else {
            continue;
        };
        if record.withdrawn.is_some() || target.holds(record) {
            continue;
        }
        let why = worded!(site.language(), "改归{}", "moved to {}", target.words());
        site.store
            .withdraw(change, record.id, by.name(), &why, now)
            .await?;
        site.store.let_go(change, record.id).await?;
        let entry = Entry {
            by: by.name(),
            via: by.via(),
            what: "moved",
            program: Some(&record.program),
            unit: Some(unit),
            period: Some(period.clone()),
            submission: Some(record.id),
            letter: None,
            detail: why.as_str().into(),
        };
        site.store.log(change, now, &entry).await?;
        let Some(program) = site.program(&record.program) else {
            continue;
        };
        let mut actions = vec![Action::Forget {
            submission: record.id,
            folder: site.unit_folder(&program, unit),
        }];
        ingest::push_projections(&mut actions, &program, unit, period, Verdict::Accepted);
        queue::add_all(site, change, Some(record.id), &actions).await?;
        let units = [unit];
        let versions = site
            .store
            .versions_of_units_within(change, &program.id, period, &units)
            .await?;
        moved = Some(Moved {
            from: words(&program, unit, period),
            counts: counted(versions.get(unit.as_str())),
        });
    }
    Ok(moved)
}

/// The version that counts among a unit's.
fn counted(versions: Option<&Vec<Record>>) -> Option<u32> {
    let submissions: Vec<_> = versions
        .into_iter()
        .flatten()
        .filter_map(Record::submission)
        .collect();
    counting(&submissions).map(|own| own.version)
}

/// Records the submission under its new unit and period.
async fn record_claim(
    site: &Site,
    by: &Actor,
    mut change: Change,
    target: &Target<'_>,
    (new, actions): (&NewSubmission, &[Action]),
    moved: Option<Moved>,
) -> anyhow::Result<Claimed> {
    let Target {
        program,
        unit,
        period,
    } = target;
    let versions = site
        .store
        .versions_of_units_within(&mut change, &program.id, period, &[unit])
        .await?;
    let before = versions.get(*unit);
    let version = next_version(new, before.map_or(&[], Vec::as_slice));
    site.store.take_up(&mut change, &program.id, new.sha256).await?;
    let id = site.store.add_submission(&mut change, new, version).await?;
    site.store.add_bodies(&mut change, &[Body::of(id, new)]).await?;
    queue::add_all(site, &mut change, Some(id), actions).await?;
    let now = site.clock.now();
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "claimed",
        program: Some(&program.id),
        unit: Some(unit),
        period: Some((*period).clone()),
        submission: Some(id),
        letter: None,
        detail: new.file_name.as_str().into(),
    };
    site.store.log(&mut change, now.to_utc(), &entry).await?;
    change.commit().await?;
    let close = program
        .due(period, &site.calendar(), now.timezone())
        .map(|due| due.close);
    Ok(Claimed {
        id,
        verdict: new.verdict,
        version,
        replaces: counted(before).filter(|_| new.verdict.is_accepted()),
        moved,
        closed: close
            .filter(|close| *close <= now)
            .map(|close| notes::moment(program.language, close)),
    })
}
