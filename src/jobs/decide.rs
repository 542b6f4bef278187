//! What the office decides by command: each writes to the database only, the
//! share follows by the recorded steps.

pub mod claim;
pub mod exemption;
pub(super) mod overtaken;
pub mod reject;

pub use exemption::{exempt, exempt_as_seen, undo_exemption};
pub use overtaken::{as_seen, still};

use super::action::Action;
use super::forms::lies_ready;
use super::ingest;
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::finding::Verdict;
use crate::domain::placement;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, counting};
use crate::inbox::{Found, Place, Stat, Zone};
use crate::jobs::queue;
use crate::jobs::refusal::{refuse, refuse_unless};
use crate::store::{Change, Entry, Role};
use crate::workbook::read::{Sniffed, sniff};

/// Accepts a returned ledger as it is.
///
/// # Errors
/// It isn't returned or has no rows to merge, or the database can't be written: tell the person, who may ask again.
pub async fn accept(site: &Site, by: &Actor, record: &Record, reason: &str) -> anyhow::Result<()> {
    let language = site.language();
    let named = overtaken::named(language, record);
    if record.withdrawn.is_some() || record.accepted_by_office.is_some() {
        refuse!(
            language,
            "{named}{}，不用再接收",
            "{named}: {}; there is nothing to accept",
            overtaken::stands(site, record)
        );
    }
    let submission = record.submission();
    refuse_unless!(
        submission
            .as_ref()
            .is_some_and(crate::domain::submission::Submission::is_returned),
        language,
        "{named}不是退回待更正的台账，不能这样接收；待确认的请用 claim",
        "{named} isn't a returned ledger and can't be accepted so; claim a file that waits to be confirmed"
    );
    refuse_unless!(
        !record.detail.mismatch,
        language,
        "“{}”表内写的是别的单位，不能按原样接收；确属本单位的请用 claim 指明单位和报告期",
        "“{}” names another unit inside and can't be accepted as it is; if it is this unit's, claim it for the unit and period",
        record.file_name
    );
    let Some(program) = site.program(&record.program) else {
        return Err(overtaken::unreadable(site, record));
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
        return Err(overtaken::just_handled(language, &named));
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
            site.language(),
            "“{0}”是第{version}版，第{1}版（报送编号 {2}）已经通过并计入，接收第{version}版不起作用；确要用第{version}版，请先用 withdraw 撤回第{1}版",
            "“{0}” is version {version}, and version {1} (submission {2}) was accepted and counts, so that accepting version {version} has no effect; to use it, withdraw version {1} first",
            record.file_name,
            counts.version,
            counts.id
        );
    }
    Ok(())
}

/// Takes a submission back; gives the version that counts now.
///
/// # Errors
/// It was withdrawn before or never made a version, or the database can't be written: tell the person, who may ask again.
pub async fn withdraw(site: &Site, by: &Actor, record: &Record, reason: &str) -> anyhow::Result<Option<u32>> {
    let language = site.language();
    let named = overtaken::named(language, record);
    refuse_unless!(
        record.withdrawn.is_none(),
        language,
        "{named}{}，不用再撤回",
        "{named}: {}; there is nothing to withdraw",
        overtaken::stands(site, record)
    );
    let (Some(unit), Some(period), Some(_)) = (&record.unit, &record.period, record.version) else {
        refuse!(
            language,
            "{named}没有计入任何一期，不用撤回",
            "{named} counts for no period; there is nothing to withdraw"
        )
    };
    let Some(program) = site.program(&record.program) else {
        return Err(overtaken::unreadable(site, record));
    };
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    overtaken::unchanged(site, &mut change, record).await?;
    let won = site
        .store
        .withdraw(&mut change, record.id, by.name(), reason, now)
        .await?;
    if !won {
        return Err(overtaken::just_handled(language, &named));
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

/// Where a submission's original lies in the archive.
///
/// # Errors
/// It is gone: tell the person.
pub fn archived(site: &Site, record: &Record) -> anyhow::Result<std::path::PathBuf> {
    let original = site.archive.path_of(record.sha256);
    refuse_unless!(
        original.exists(),
        site.language(),
        "“{}”的存档不见了：{}",
        "the archived copy of “{}” is gone: {}",
        record.file_name,
        original.display()
    );
    Ok(original)
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
    if site
        .folder_of(program, Some(unit), &period.to_string(), place)
        .is_none()
    {
        return Ok(());
    }
    let moved = moves_to(site, program, record, place);
    let moved = moved.and_then(|(_, folder)| move_placed(site, record, &folder));
    let mut actions: Vec<Action> = moved.into_iter().collect();
    ingest::push_projections(&mut actions, program, unit, period, Verdict::Accepted);
    queue::add_all(site, change, Some(record.id), &actions).await
}

/// Where a submission's file lies, and the folder of its unit that it goes to
/// by a decision; none where it stays.
#[must_use]
pub fn moves_to(
    site: &Site,
    program: &Program,
    record: &Record,
    place: placement::Place,
) -> Option<(SharePath, SharePath)> {
    let (unit, period) = (record.unit.as_ref()?, record.period.as_ref()?);
    let folder = site.folder_of(program, Some(unit), &period.to_string(), place)?;
    let lies_at = record.placed.clone()?;
    (!lies_ready(program, &lies_at)).then_some((lies_at, folder))
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
        letter: None,
        detail: detail.into(),
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}
