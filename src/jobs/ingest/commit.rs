//! Recording what was looked at: one transaction for many files.

use super::look::{Looked, Sight};
use super::plan::{Beside, NewFile, plan, plan_attachment};
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::program::Program;
use crate::domain::submission::{Arrival, counting};
use crate::inbox::Zone;
use crate::jobs::action::Action;
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::platform::halt_point;
use crate::store::{Change, Entry, NewDelivery, NewSubmission, Placed, Record, RecordDetail, Role};

/// Records a batch and gives the paths that were taken. Originals are archived
/// before, so that nothing is lost whatever happens to the files on the share.
///
/// # Errors
/// The database or the data folder can't be written; nothing was recorded then.
pub async fn commit(site: &Site, batch: Vec<Looked>) -> anyhow::Result<Vec<String>> {
    let mut taken_paths = Vec::new();
    let mut prepared = Vec::new();
    for mut looked in batch {
        let sha256 = looked.staged.sha256.clone();
        let classified = matches!(&looked.sight, Sight::Ledger(examination) if examination.verdict == Verdict::Quarantined);
        let marked = looked
            .marked
            .take()
            .map(|bytes| site.archive.prepare(&bytes))
            .transpose()?;
        let Looked {
            ready,
            staged,
            program,
            sight,
            content,
            ..
        } = looked;
        if !classified && !matches!(sight, Sight::Known) {
            site.archive.keep(staged)?;
        }
        prepared.push((ready, program, sight, content, sha256, marked));
    }
    halt_point("archived");
    let mut change = site.store.begin().await?;
    for (ready, program, sight, content, sha256, marked) in prepared {
        let found = &ready.found;
        taken_paths.push(found.path.clone());
        match sight {
            Sight::Known => {
                site.store
                    .place(&mut change, &as_it_lies(found, &sha256, Role::Original))
                    .await?;
            }
            Sight::Attachment => {
                let action = plan_attachment(site, &program, found, &sha256);
                add(site, &mut change, None, &action).await?;
                let entry = Entry {
                    by: "taizhang",
                    what: "attachment",
                    program: Some(&program.id),
                    unit: found.place.unit.as_deref(),
                    detail: &found.path,
                    ..Entry::default()
                };
                site.store.log(&mut change, site.clock.utc(), &entry).await?;
            }
            Sight::Ledger(examination) => {
                let taken = Taken {
                    ready: &ready,
                    program: &program,
                    content,
                    sha256: &sha256,
                    marked,
                };
                record(site, &mut change, taken, *examination).await?;
            }
        }
    }
    halt_point("before-commit");
    change.commit().await?;
    halt_point("committed");
    Ok(taken_paths)
}

struct Taken<'a> {
    ready: &'a crate::inbox::Ready,
    program: &'a Program,
    content: String,
    sha256: &'a str,
    marked: Option<String>,
}

async fn record(
    site: &Site,
    change: &mut Change,
    taken: Taken<'_>,
    mut examination: Examination,
) -> anyhow::Result<()> {
    let Taken {
        ready,
        program,
        content,
        sha256,
        marked,
    } = taken;
    let found = &ready.found;
    let now = site.clock.utc();
    let same = site.store.same_bytes_within(change, &program.id, sha256).await?;
    let claimed = claimed_from(&same, &examination);
    let versions = match (&examination.unit, &examination.period) {
        (Some(unit), Some(period)) => {
            site.store
                .versions_within(change, &program.id, unit, period)
                .await?
        }
        _ => Vec::new(),
    };
    let duplicate_of = duplicate(&same, &versions, &examination, &content).cloned();
    let verdict = if duplicate_of.is_some() {
        Verdict::Duplicate
    } else {
        examination.verdict
    };
    note_versions(site, program, &mut examination, verdict, &versions);
    if let Some(earlier) = &duplicate_of {
        // The duplicate goes where the first one went.
        examination.unit.clone_from(&earlier.unit);
        examination.period.clone_from(&earlier.period);
    }
    let arrival = claimed.map_or(ready.arrival, |earlier| earlier.arrival);
    let changed_original = match found.place.zone {
        Zone::Accepted => site
            .store
            .submission_at(&found.path)
            .await?
            .map(|record| record.sha256),
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
    };
    let (mut actions, beside) = plan(site, &file)?;
    actions.extend(claimed.map(|record| Action::Forget {
        submission: record.id,
        folder: site.unclaimed_folder(program),
    }));
    if let Some(beside) = beside {
        actions.push(lay(site, beside)?);
    }
    let quarantined = verdict == Verdict::Quarantined;
    let new = NewSubmission {
        program: program.id.clone(),
        unit: examination.unit.clone(),
        period: examination.period.clone(),
        sha256: sha256.to_owned(),
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
        claimed_from: claimed.map(|record| record.id),
        rows: if quarantined || verdict == Verdict::Duplicate {
            Vec::new()
        } else {
            std::mem::take(&mut examination.rows)
        },
        findings: std::mem::take(&mut examination.findings),
        detail: detail(&mut examination, verdict, arrival),
    };
    let unknown_name = examination.unknown_name.as_deref();
    write(site, change, program, &new, unknown_name, &actions).await
}

/// The parts of the record that nothing is searched by; of a classified file
/// nothing of its cells.
fn detail(examination: &mut Examination, verdict: Verdict, arrival: Arrival) -> RecordDetail {
    let mut detail = RecordDetail {
        candidates: examination.candidates.clone(),
        correction: examination.correction,
        during_downtime: in_downtime(arrival),
        mismatch: examination.mismatch,
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
            sha256: site.archive.prepare(beside.text.as_bytes())?,
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

/// Writes a submission, and what has to be done about it, into the change.
async fn write(
    site: &Site,
    change: &mut Change,
    program: &Program,
    new: &NewSubmission,
    unknown_name: Option<&str>,
    actions: &[Action],
) -> anyhow::Result<()> {
    let (id, version) = site.store.add_submission(change, new).await?;
    if let Some(name) = unknown_name {
        site.store
            .offer_alias(change, &program.id, name, new.unit.as_deref(), new.decided)
            .await?;
    }
    for action in actions {
        add(site, change, Some(id), action).await?;
    }
    let detail = version.map_or_else(
        || new.origin.clone(),
        |version| format!("v{version} {}", new.origin),
    );
    let entry = Entry {
        by: "taizhang",
        what: new.verdict.as_str(),
        program: Some(&program.id),
        unit: new.unit.as_deref(),
        period: new.period.as_ref().map(ToString::to_string),
        submission: Some(id),
        detail: &detail,
    };
    site.store.log(change, new.decided, &entry).await?;
    tell(program, new);
    Ok(())
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
        file = new.origin,
        verdict = new.verdict.as_str(),
        unit,
        period,
        "已收文"
    );
}

/// The unclaimed submission of the same bytes whose place this one takes.
fn claimed_from<'a>(same: &'a [Record], examination: &Examination) -> Option<&'a Record> {
    examination.unit.as_ref()?;
    if examination.verdict == Verdict::Unclaimed {
        return None;
    }
    same.iter()
        .rev()
        .find(|record| record.verdict == Verdict::Unclaimed)
}

/// The submission that the file repeats: the same bytes for the same unit and
/// period, or the same rows and fill lines as the version that counts.
fn duplicate<'a>(
    same: &'a [Record],
    versions: &'a [Record],
    examination: &Examination,
    content: &str,
) -> Option<&'a Record> {
    if matches!(examination.verdict, Verdict::Quarantined | Verdict::Unreadable) || examination.mismatch {
        return None;
    }
    let by_bytes = same.iter().find(|record| match record.verdict {
        Verdict::Accepted | Verdict::AcceptedWithWarnings | Verdict::Returned => {
            (examination.unit.is_none() || record.unit == examination.unit)
                && (examination.period.is_none() || record.period == examination.period)
        }
        Verdict::Unclaimed => examination.verdict == Verdict::Unclaimed,
        _ => false,
    });
    by_bytes.or_else(|| {
        let submissions: Vec<_> = versions.iter().filter_map(Record::submission).collect();
        let counts = counting(&submissions)?;
        let record = versions.iter().find(|record| record.id == counts.id)?;
        (!content.is_empty() && record.content == content && examination.verdict != Verdict::Unclaimed)
            .then_some(record)
    })
}

fn note_versions(
    site: &Site,
    program: &Program,
    examination: &mut Examination,
    verdict: Verdict,
    versions: &[Record],
) {
    let finding = if verdict == Verdict::Duplicate {
        Some(Finding::new(Code::DuplicateFile))
    } else {
        versions.last().map(|last| {
            let received = last.arrival.seen.with_timezone(&site.clock.zone());
            Finding::new(Code::Resubmission)
                .with("n", versions.len() + 1)
                .with("time", notes::moment(program.language, received))
        })
    };
    if let Some(mut finding) = finding {
        site.messages(program.language).word(&mut finding);
        examination.findings.push(finding);
    }
}

/// Arrival during a pause of the daemon: the interval is too wide to be one of its own scans.
fn in_downtime(arrival: Arrival) -> bool {
    arrival
        .after
        .is_some_and(|after| arrival.seen - after > chrono::TimeDelta::minutes(15))
}

fn as_it_lies(found: &crate::inbox::Found, sha256: &str, role: Role) -> Placed {
    Placed {
        path: found.path.clone(),
        sha256: sha256.to_owned(),
        size: found.stat.size,
        modified: found.stat.modified,
        role,
        submission: None,
    }
}

/// Records an action to be carried out.
///
/// # Errors
/// The database is gone.
pub async fn add(
    site: &Site,
    change: &mut Change,
    submission: Option<i64>,
    action: &Action,
) -> anyhow::Result<()> {
    let delivery = NewDelivery {
        submission,
        action: serde_json::to_string(action)?,
        source: action.source().map(|(path, _)| path.to_owned()),
    };
    site.store.add_delivery(change, &delivery).await
}
