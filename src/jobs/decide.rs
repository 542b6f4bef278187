//! What the office decides by command: each writes to the database only, the
//! share follows by the recorded steps.

pub mod claim;
pub(super) mod overtaken;
pub mod reject;

use super::action::Action;
use super::forms::lies_ready;
use super::ingest;
use super::notes;
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::finding::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::obligation::{Exemption, Undone};
use crate::domain::period::Period;
use crate::domain::placement;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, counting};
use crate::inbox::{Found, Place, Stat, Zone};
use crate::jobs::queue;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::store::{Change, Entry, Role};
use crate::workbook::read::{Sniffed, sniff};

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
        overtaken!(
            "{}{}现在{}。本次没有作任何更改",
            notes::period_label(program, period),
            overtaken::who(site, last.as_ref()),
            stands.map_or_else(
                || "没有免报".to_owned(),
                |stands| format!("免报，理由是“{}”", stands.reason)
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
            "{}{}没有免报，不用取消",
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
        detail: reason.into(),
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}

/// Accepts a returned ledger as it is.
///
/// # Errors
/// It isn't returned or has no rows to merge, or the database can't be written: tell the person, who may ask again.
pub async fn accept(site: &Site, by: &Actor, record: &Record, reason: &str) -> anyhow::Result<()> {
    let named = format!("“{}”（报送编号 {}）", record.file_name, record.id);
    if record.withdrawn.is_some() || record.accepted_by_office.is_some() {
        refuse!("{named}{}，不用再接收", overtaken::stands(site, record));
    }
    let submission = record.submission();
    refuse_unless!(
        submission
            .as_ref()
            .is_some_and(crate::domain::submission::Submission::is_returned),
        "{named}不是退回待更正的台账，不能这样接收；待确认的请用 claim"
    );
    refuse_unless!(
        !record.detail.mismatch,
        "“{}”表内写的是别的单位，不能按原样接收；确属本单位的请用 claim 指明单位和报告期",
        record.file_name
    );
    let Some(program) = site.program(&record.program) else {
        refuse!("方案 {} 现在读不出来", record.program)
    };
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    overtaken::unchanged(site, &mut change, record).await?;
    not_superseded(site, &mut change, record).await?;
    let won = site
        .store
        .accept(&mut change, record.id, by.name(), reason, now)
        .await?;
    if !won {
        overtaken!("{named}刚才有人处理过，本次没有作任何更改，请核对后再决定");
    }
    follow(site, &mut change, &program, record, placement::settled(true)).await?;
    log(site, by, &mut change, record, "accepted-by-office", reason).await?;
    change.commit().await?;
    Ok(())
}

/// Refuses to accept a version after which another one was accepted: it would
/// be on the record as accepted and yet not count.
async fn not_superseded(site: &Site, change: &mut Change, record: &Record) -> anyhow::Result<()> {
    let (Some(unit), Some(period), Some(version)) = (&record.unit, &record.period, record.version) else {
        return Ok(());
    };
    let versions = site
        .store
        .versions_of_units_within(change, &record.program, period, &[unit])
        .await?;
    let submissions: Vec<_> = versions
        .values()
        .flatten()
        .filter_map(Record::submission)
        .collect();
    if let Some(counts) = counting(&submissions).filter(|counts| counts.version > version) {
        refuse!(
            "“{}”是第{version}版，第{}版（报送编号 {}）已经通过并计入，接收第{version}版不起作用；确要用第{version}版，请先用 withdraw 撤回第{}版",
            record.file_name,
            counts.version,
            counts.id,
            counts.version
        );
    }
    Ok(())
}

/// Takes a submission back; gives the version that counts now.
///
/// # Errors
/// It was withdrawn before or never made a version, or the database can't be written: tell the person, who may ask again.
pub async fn withdraw(site: &Site, by: &Actor, record: &Record, reason: &str) -> anyhow::Result<Option<u32>> {
    refuse_unless!(
        record.withdrawn.is_none(),
        "“{}”（报送编号 {}）{}，不用再撤回",
        record.file_name,
        record.id,
        overtaken::stands(site, record)
    );
    let (Some(unit), Some(period), Some(_)) = (&record.unit, &record.period, record.version) else {
        refuse!(
            "“{}”（报送编号 {}）没有计入任何一期，不用撤回",
            record.file_name,
            record.id
        )
    };
    let Some(program) = site.program(&record.program) else {
        refuse!("方案 {} 现在读不出来", record.program)
    };
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    overtaken::unchanged(site, &mut change, record).await?;
    let won = site
        .store
        .withdraw(&mut change, record.id, by.name(), reason, now)
        .await?;
    if !won {
        overtaken!(
            "“{}”（报送编号 {}）刚才有人处理过，本次没有作任何更改，请核对后再决定",
            record.file_name,
            record.id
        );
    }
    follow(site, &mut change, &program, record, placement::settled(false)).await?;
    log(site, by, &mut change, record, "withdrawn", reason).await?;
    change.commit().await?;
    let records = site.store.versions(&program.id, unit, period).await?;
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    Ok(counting(&submissions).map(|submission| submission.version))
}

/// A record's file as if it had just been dropped where it lies.
fn as_dropped(site: &Site, record: &Record, path: SharePath) -> Found {
    Found {
        name: record.file_name.clone(),
        stat: site.share.stat(&path).unwrap_or(Stat {
            size: record.size,
            modified: 0,
        }),
        place: Place {
            program: record.program.clone(),
            unit: None,
            zone: Zone::Drop,
            period: None,
        },
        path,
        locked: false,
    }
}

/// Reads an archived original.
///
/// # Errors
/// The reading children don't work, or the archive can't be read.
pub async fn read_archived(
    site: &Site,
    path: &std::path::Path,
) -> anyhow::Result<Result<crate::domain::table::Workbook, crate::workbook::read::ReadFailure>> {
    use crate::workbook::read::ReadFailure;
    Ok(match sniff(path)? {
        Sniffed::Workbook(_) | Sniffed::Encrypted => site.reader.read(path).await?,
        Sniffed::Enciphered => Err(ReadFailure::Enciphered),
        Sniffed::Unsupported(what) | Sniffed::Attachment(what) => {
            Err(ReadFailure::UnsupportedType(what.to_owned()))
        }
        Sniffed::Empty => Err(ReadFailure::Unreadable("文件是空的，没有内容".into())),
        Sniffed::Damaged(reason) => Err(ReadFailure::Unreadable(reason.to_owned())),
    })
}

/// What follows on the share when the office has changed what counts: the file
/// goes into another of the unit's folders, receipt and status note anew.
async fn follow(
    site: &Site,
    change: &mut Change,
    program: &Program,
    record: &Record,
    place: placement::Place,
) -> anyhow::Result<()> {
    let (Some(unit), Some(period)) = (&record.unit, &record.period) else {
        return Ok(());
    };
    let Some(folder) = site.folder_of(program, Some(unit), &period.to_string(), place) else {
        return Ok(());
    };
    let stays = record
        .placed
        .as_deref()
        .is_some_and(|path| lies_ready(program, path));
    let moved = if stays {
        None
    } else {
        move_placed(site, record, &folder)
    };
    let mut actions: Vec<Action> = moved.into_iter().collect();
    ingest::push_projections(&mut actions, program, unit, period, Verdict::Accepted);
    queue::add_all(site, change, Some(record.id), &actions).await
}

/// Moves a submission's file from where it lies, if it still lies there as we left it.
fn move_placed(site: &Site, record: &Record, folder: &SharePath) -> Option<Action> {
    let from = record.placed.clone()?;
    let stat = site.share.stat(&from)?;
    let name = from.name().to_owned();
    Some(Action::Move {
        from,
        stat,
        sha256: record.sha256,
        folder: folder.clone(),
        name,
        role: Role::Original,
    })
}

async fn log(
    site: &Site,
    by: &Actor,
    change: &mut Change,
    record: &Record,
    what: &str,
    detail: &str,
) -> anyhow::Result<()> {
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what,
        program: Some(&record.program),
        unit: record.unit.as_ref(),
        period: record.period.clone(),
        submission: Some(record.id),
        detail: detail.into(),
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}
