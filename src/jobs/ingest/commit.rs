//! Recording what was looked at: one transaction for many files.

use std::sync::Arc;

use anyhow::Context as _;

use super::beside::Beside;
use super::compete::{beside_others, corrected};
use super::drafts;
use super::earlier::Earlier;
use super::look::{Looked, Sight, archived};
use super::ours;
use super::plan::{NewFile, plan, plan_attachment};
use crate::domain::actor::Via;
use crate::domain::check::Examination;
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;
use crate::domain::intake::next_version;
use crate::domain::intake::repetition::claimed_from;
use crate::domain::intake::rivals::left_out;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Arrival, NewSubmission, Record, RecordDetail};
use crate::inbox::{Ready, Zone};
use crate::jobs::action::Action;
use crate::jobs::faults::Area;
use crate::jobs::notes;
use crate::jobs::queue::{add_all, delivery};
use crate::jobs::site::Site;
use crate::jobs::trial::allowed;
use crate::platform::halt_point;
use crate::store::{Body, Change, Entry, Role};

/// Records a batch and gives the paths that were taken. Originals are archived
/// first, so that nothing is lost whatever happens to the files on the share.
///
/// # Errors
/// The database or the data folder can't be written; nothing was recorded then.
pub async fn commit(site: &Site, batch: Vec<Looked>) -> anyhow::Result<Vec<SharePath>> {
    let mut taken_paths = Vec::new();
    let mut prepared = Vec::new();
    let mut batch = archived(site, batch).await?;
    let _until_recorded: Vec<_> = batch.iter_mut().map(|looked| looked.held.take()).collect();
    for mut looked in batch {
        let sha256 = looked.staged.sha256;
        let marked = looked
            .marked
            .take()
            .map(|bytes| site.archive.prepare(&bytes))
            .transpose()
            .context(Area::Data)?;
        let Looked {
            ready,
            program,
            sight,
            content,
            untouched,
            ..
        } = looked;
        prepared.push(Prepared {
            ready,
            program,
            sight,
            content,
            untouched,
            sha256,
            marked,
        });
    }
    halt_point("archived");
    let mut change = site.store.begin().await?;
    let earlier = Earlier::of(site, &mut change, &prepared).await?;
    let mut recorded = Vec::new();
    for own in prepared {
        let Prepared {
            ready,
            program,
            sight,
            content,
            untouched,
            sha256,
            marked,
        } = own;
        let found = &ready.found;
        taken_paths.push(found.path.clone());
        match sight {
            Sight::Draft(draft) => drafts::record(site, &mut change, &draft).await?,
            Sight::Known(own) => ours::record(site, &mut change, found, sha256, own).await?,
            Sight::Attachment => {
                drafts::dismiss(site, &mut change, found).await?;
                let action = plan_attachment(site, &program, found, sha256);
                add_all(site, &mut change, None, &[action]).await?;
                let entry = Entry {
                    by: crate::domain::actor::PROGRAM,
                    what: "attachment",
                    program: Some(&program.id),
                    unit: found.place.unit.as_ref(),
                    detail: found.path.as_str().into(),
                    ..Entry::default()
                };
                site.store.log(&mut change, site.clock.utc(), &entry).await?;
            }
            Sight::Ledger(examination) => {
                drafts::dismiss(site, &mut change, found).await?;
                let taken = Taken {
                    ready: &ready,
                    program: &program,
                    content,
                    untouched,
                    sha256,
                    marked,
                    same: earlier.same(&program, sha256),
                    versions: earlier.versions(&program, &examination),
                };
                recorded.push(record(site, &mut change, taken, *examination).await?);
            }
        }
    }
    write(site, &mut change, &recorded).await?;
    halt_point("before-commit");
    change.commit().await?;
    halt_point("committed");
    Ok(taken_paths)
}

/// A file of the batch whose bytes are safe.
pub(super) struct Prepared {
    pub(super) ready: Ready,
    pub(super) program: Arc<Program>,
    pub(super) sight: Sight,
    content: String,
    untouched: bool,
    pub(super) sha256: Sha256,
    /// SHA-256 of its marked-up copy.
    marked: Option<Sha256>,
}

struct Taken<'a> {
    ready: &'a Ready,
    program: &'a Program,
    content: String,
    untouched: bool,
    sha256: Sha256,
    marked: Option<Sha256>,
    /// Earlier submissions of the same bytes, newest first.
    same: &'a [Record],
    /// Earlier versions of the same unit and period, oldest first.
    versions: &'a [Record],
}

/// A submission as it was recorded, with what has to be done about it.
struct Recorded {
    id: SubmissionId,
    version: Option<u32>,
    new: NewSubmission,
    actions: Vec<Action>,
}

async fn record(
    site: &Site,
    change: &mut Change,
    taken: Taken<'_>,
    mut examination: Examination,
) -> anyhow::Result<Recorded> {
    let Taken {
        ready,
        program,
        content,
        untouched,
        sha256,
        marked,
        same,
        versions,
    } = taken;
    let found = &ready.found;
    let now = site.clock.utc();
    let (duplicate_of, verdict) = beside_others(
        site,
        change,
        (program, ready),
        (same, versions),
        &content,
        &mut examination,
    )
    .await?;
    let claimed = claimed_from(same, &examination, untouched);
    if let Some(earlier) = &duplicate_of {
        // The duplicate goes where the first one went.
        examination.unit.clone_from(&earlier.unit);
        examination.period.clone_from(&earlier.period);
    }
    let arrival = claimed.map_or(ready.arrival, |earlier| earlier.arrival);
    let changed_original = match found.place.zone {
        Zone::Accepted => site.store.sha256_at_within(change, &found.path).await?,
        _ => None,
    };
    let file = NewFile {
        program,
        found,
        sha256,
        received: notes::moment(program.language, arrival.seen.with_timezone(&site.clock.zone())),
        verdict,
        examination: &examination,
        duplicate_of: duplicate_of.as_ref(),
        marked: marked.filter(|_| verdict == Verdict::Returned),
        changed_original,
        untouched,
    };
    let (mut actions, beside) = plan(site, &file)?;
    let corrected = corrected(site, change, program, found, (&examination, verdict)).await?;
    let replaces = claimed.map(|record| record.id).or(corrected);
    actions.extend(replaces.map(|submission| Action::Forget {
        submission,
        folder: site.unclaimed_folder(program),
    }));
    for beside in beside {
        actions.push(lay(site, beside)?);
    }
    let quarantined = verdict == Verdict::Quarantined;
    let new = NewSubmission {
        program: program.id.clone(),
        unit: examination.unit.clone(),
        period: examination.period.clone(),
        sha256,
        size: found.stat.size,
        file_name: found.name.clone(),
        origin: found.path.clone(),
        arrival,
        decided: now,
        verdict,
        nil: examination.nil && verdict != Verdict::Duplicate,
        row_count: examination.row_count,
        content,
        program_hash: program.hash.clone(),
        form_version: examination.form_version.clone(),
        duplicate_of: duplicate_of.as_ref().map(|record| record.id),
        claimed_from: replaces,
        rows: if quarantined || verdict == Verdict::Duplicate {
            Vec::new()
        } else {
            std::mem::take(&mut examination.rows)
        },
        picture: std::mem::take(&mut examination.picture),
        detail: detail(&mut examination, verdict, arrival),
        findings: std::mem::take(&mut examination.findings),
    };
    let version = next_version(&new, versions);
    let id = site.store.add_submission(change, &new, version).await?;
    if untouched {
        site.store.put_file_aside(change, id, now).await?;
    }
    if let Some(name) = &examination.unknown_name {
        site.store
            .offer_alias(change, &program.id, name, new.unit.as_ref(), now)
            .await?;
    }
    tell(program, &new);
    Ok(Recorded {
        id,
        version,
        new,
        actions,
    })
}

/// The parts of the record that nothing is searched by; of a classified file
/// nothing of its cells.
fn detail(examination: &mut Examination, verdict: Verdict, arrival: Arrival) -> RecordDetail {
    let mut detail = RecordDetail {
        candidates: examination.candidates.clone(),
        correction: examination.correction,
        during_downtime: in_downtime(arrival),
        mismatch: examination.mismatch,
        saved: examination.saved,
        left_out: left_out(&examination.findings),
        ..RecordDetail::default()
    };
    if verdict != Verdict::Quarantined {
        detail.evidence = std::mem::take(&mut examination.evidence);
        detail.fill = std::mem::take(&mut examination.fill);
    }
    detail
}

/// Prepares the note that is to lie beside a file.
fn lay(site: &Site, beside: Beside) -> anyhow::Result<Action> {
    Ok(match beside.folder {
        Some(folder) => Action::Put {
            sha256: site.archive.prepare(beside.text.as_bytes()).context(Area::Data)?,
            folder,
            name: beside.name,
            role: Role::Note,
        },
        None => Action::Note {
            name: beside.name,
            text: beside.text,
        },
    })
}

/// Writes what submissions bring, and what has to be done about them, into the change.
async fn write(site: &Site, change: &mut Change, recorded: &[Recorded]) -> anyhow::Result<()> {
    let bodies: Vec<Body<'_>> = recorded.iter().map(|own| Body::of(own.id, &own.new)).collect();
    site.store.add_bodies(change, &bodies).await?;
    let mut deliveries = Vec::new();
    let mut entries = Vec::new();
    for own in recorded {
        for action in own.actions.iter().filter_map(|action| allowed(site, action)) {
            deliveries.push(delivery(Some(own.id), &action)?);
        }
        let new = &own.new;
        entries.push(Entry {
            by: crate::domain::actor::PROGRAM,
            via: Via::Program,
            what: new.verdict.as_str(),
            program: Some(&new.program),
            unit: new.unit.as_ref(),
            period: new.period.clone(),
            submission: Some(own.id),
            letter: None,
            detail: match own.version {
                Some(version) => format!("v{version} {}", new.origin).into(),
                None => new.origin.as_str().into(),
            },
        });
    }
    site.store.add_deliveries(change, &deliveries).await?;
    Ok(site.store.log_all(change, site.clock.utc(), &entries).await?)
}

/// Names what was taken in the log.
fn tell(program: &crate::domain::program::Program, new: &NewSubmission) {
    let unit = new
        .unit
        .as_deref()
        .and_then(|id| program.roster.unit(id))
        .map_or("-", |unit| &unit.name);
    let period = new
        .period
        .as_ref()
        .map_or_else(|| "-".to_owned(), ToString::to_string);
    tracing::info!(
        file = new.origin.as_str(),
        verdict = new.verdict.as_str(),
        unit,
        period,
        "已收文"
    );
}

/// Arrival during a pause of the daemon: the interval is too wide to be one of its own scans.
fn in_downtime(arrival: Arrival) -> bool {
    arrival
        .after
        .is_some_and(|after| arrival.seen - after > chrono::TimeDelta::minutes(15))
}
