//! What the office decides by command: each writes to the database only, the
//! share follows by the recorded steps.

use std::sync::Arc;

use super::action::Action;
use super::forms::lies_ready;
use super::ingest::{self, NewFile, plan};
use super::notes;
use super::site::Site;
use crate::domain::finding::Verdict;
use crate::domain::identify::Origin;
use crate::domain::obligation::Exemption;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::counting;
use crate::domain::words::FolderWords;
use crate::inbox::{Found, Place, Stat, Zone};
use crate::store::{Body, Entry, NewSubmission, Record, RecordDetail, Role};
use crate::workbook::read::{Sniffed, sniff};

/// Exempts a unit from a period.
///
/// # Errors
/// The database is gone.
pub async fn exempt(site: &Site, program: &Program, exemption: &Exemption) -> anyhow::Result<()> {
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    site.store
        .exempt(&mut change, &program.id, exemption, now)
        .await?;
    let entry = Entry {
        by: &site.options.by,
        what: "exempted",
        program: Some(&program.id),
        unit: Some(&exemption.unit),
        period: Some(exemption.period.to_string()),
        submission: None,
        detail: exemption.reason.as_str().into(),
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    Ok(())
}

/// Accepts a returned ledger as it is.
///
/// # Errors
/// It isn't returned or has no rows to merge, or the database is gone.
pub async fn accept(site: &Site, record: &Record, reason: &str) -> anyhow::Result<()> {
    let submission = record.submission();
    anyhow::ensure!(
        submission
            .as_ref()
            .is_some_and(crate::domain::submission::Submission::is_returned),
        "“{}”（报送编号 {}）不是退回待更正的台账，不能这样接收；待确认的请用 claim",
        record.file_name,
        record.id
    );
    anyhow::ensure!(
        !record.detail.mismatch,
        "“{}”表内写的是别的单位，不能按原样接收；确属本单位的请用 claim 指明单位和报告期",
        record.file_name
    );
    let Some(program) = site.program(&record.program) else {
        anyhow::bail!("方案 {} 现在读不出来", record.program)
    };
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    site.store
        .accept(&mut change, record.id, &site.options.by, reason, now)
        .await?;
    let folder = FolderWords::of(program.language).accepted;
    follow(site, &mut change, &program, record, folder).await?;
    log(site, &mut change, record, "accepted-by-office", reason).await?;
    change.commit().await?;
    Ok(())
}

/// Takes a submission back; gives the version that counts now.
///
/// # Errors
/// It was withdrawn before or never made a version, or the database is gone.
pub async fn withdraw(site: &Site, record: &Record, reason: &str) -> anyhow::Result<Option<u32>> {
    anyhow::ensure!(record.withdrawn.is_none(), "报送编号 {} 已经撤回过了", record.id);
    let (Some(unit), Some(period), Some(_)) = (&record.unit, &record.period, record.version) else {
        anyhow::bail!(
            "“{}”（报送编号 {}）没有计入任何一期，不用撤回",
            record.file_name,
            record.id
        )
    };
    let Some(program) = site.program(&record.program) else {
        anyhow::bail!("方案 {} 现在读不出来", record.program)
    };
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    site.store
        .withdraw(&mut change, record.id, &site.options.by, reason, now)
        .await?;
    let folder = FolderWords::of(program.language).returned;
    follow(site, &mut change, &program, record, folder).await?;
    log(site, &mut change, record, "withdrawn", reason).await?;
    change.commit().await?;
    let records = site.store.versions(&program.id, unit, period).await?;
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    Ok(counting(&submissions).map(|submission| submission.version))
}

/// Gives an unclaimed (or wrongly placed) file to a unit and period; gives the verdict.
///
/// # Errors
/// It counts already, its archived copy is gone, or the database is.
pub async fn claim(
    site: &Site,
    program: &Arc<Program>,
    record: &Record,
    unit: &str,
    period: &Period,
) -> anyhow::Result<Verdict> {
    let takable = record.withdrawn.is_none()
        && (matches!(record.verdict, Verdict::Unclaimed | Verdict::Unreadable)
            || (record.verdict == Verdict::Returned && record.detail.mismatch));
    anyhow::ensure!(
        takable,
        "“{}”（报送编号 {}）不是待确认的文件；要换单位请先 withdraw",
        record.file_name,
        record.id
    );
    let original = site.archive.path_of(&record.sha256);
    anyhow::ensure!(
        original.exists(),
        "“{}”的存档不见了：{}",
        record.file_name,
        original.display()
    );
    let origin = Origin {
        file_name: record.file_name.clone(),
        claimed_unit: Some(unit.to_owned()),
        claimed_period: Some(period.clone()),
        ..Origin::default()
    };
    let standing = ingest::standing(site, &program.id).await?;
    let read = read_archived(site, &original).await?;
    let (mut examination, marked) = ingest::examine(site, program, &origin, &standing, read).await?;
    let content = ingest::content_digest(&examination);
    let marked = marked.map(|bytes| site.archive.prepare(&bytes)).transpose()?;
    let path = record.placed.clone().unwrap_or_else(|| record.origin.clone());
    let found = as_dropped(site, record, path);
    let verdict = examination.verdict;
    let file = NewFile {
        program,
        found: &found,
        sha256: &record.sha256,
        received: notes::moment(
            program.language,
            record.arrival.seen.with_timezone(&site.clock.zone()),
        ),
        verdict,
        examination: &examination,
        duplicate_of: None,
        marked,
        changed_original: None,
        untouched: false,
    };
    let (mut actions, _) = plan(site, &file)?;
    actions.push(Action::Forget {
        submission: record.id,
        folder: site.unclaimed_folder(program),
    });
    let new = NewSubmission {
        program: program.id.clone(),
        unit: examination.unit.clone(),
        period: examination.period.clone(),
        sha256: record.sha256.clone(),
        size: record.size,
        file_name: record.file_name.clone(),
        origin: record.origin.clone(),
        // The time of arrival is the file's, not the decision's.
        arrival: record.arrival,
        decided: site.clock.utc(),
        verdict,
        nil: examination.nil,
        row_count: examination.row_count,
        content,
        program_hash: program.hash.clone(),
        form_version: examination.form_version.clone(),
        duplicate_of: None,
        claimed_from: Some(record.id),
        rows: std::mem::take(&mut examination.rows),
        findings: std::mem::take(&mut examination.findings),
        detail: RecordDetail {
            evidence: std::mem::take(&mut examination.evidence),
            fill: std::mem::take(&mut examination.fill),
            correction: true,
            ..record.detail.clone()
        },
    };
    let mut change = site.store.begin().await?;
    let units = [unit];
    let versions = site
        .store
        .versions_of_units_within(&mut change, &program.id, period, &units)
        .await?;
    let version = ingest::next_version(&new, versions.get(unit).map_or(&[], Vec::as_slice));
    site.store
        .take_up(&mut change, &program.id, &record.sha256)
        .await?;
    let id = site.store.add_submission(&mut change, &new, version).await?;
    site.store.add_bodies(&mut change, &[Body::of(id, &new)]).await?;
    ingest::add_all(site, &mut change, Some(id), &actions).await?;
    let entry = Entry {
        by: &site.options.by,
        what: "claimed",
        program: Some(&program.id),
        unit: Some(unit),
        period: Some(period.to_string()),
        submission: Some(id),
        detail: record.file_name.as_str().into(),
    };
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    change.commit().await?;
    Ok(verdict)
}

/// A record's file as if it had just been dropped where it lies.
fn as_dropped(site: &Site, record: &Record, path: String) -> Found {
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
        Sniffed::Workbook(_) => site.reader.read(path).await?,
        Sniffed::Encrypted => Err(ReadFailure::Encrypted),
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
    change: &mut crate::store::Change,
    program: &Program,
    record: &Record,
    folder: &str,
) -> anyhow::Result<()> {
    let (Some(unit), Some(period)) = (&record.unit, &record.period) else {
        return Ok(());
    };
    let folder = format!("{}/{folder}/{period}", site.unit_folder(program, unit));
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
    ingest::add_all(site, change, Some(record.id), &actions).await
}

/// Moves a submission's file from where it lies, if it still lies there as we left it.
fn move_placed(site: &Site, record: &Record, folder: &str) -> Option<Action> {
    let from = record.placed.clone()?;
    let stat = site.share.stat(&from)?;
    let name = from.rsplit('/').next()?.to_owned();
    Some(Action::Move {
        from,
        stat,
        sha256: record.sha256.clone(),
        folder: folder.to_owned(),
        name,
        role: Role::Original,
    })
}

async fn log(
    site: &Site,
    change: &mut crate::store::Change,
    record: &Record,
    what: &str,
    detail: &str,
) -> anyhow::Result<()> {
    let entry = Entry {
        by: &site.options.by,
        what,
        program: Some(&record.program),
        unit: record.unit.as_deref(),
        period: record.period.as_ref().map(ToString::to_string),
        submission: Some(record.id),
        detail: detail.into(),
    };
    site.store.log(change, site.clock.utc(), &entry).await
}
