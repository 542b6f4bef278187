//! From evidence to what is written into the database.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::evidence::{Evidence, Files, as_it_lies};
use super::examine::{Counting, Whose, examine};
use super::report::whose;
use super::strays::{aside, loose, other, unclaimed};
use crate::domain::check::Examination;
use crate::domain::finding::Verdict;
use crate::domain::ids::{Duty, ProgramId, SubmissionId};
use crate::domain::program::Program;
use crate::domain::recover::{
    Doubt, Group, Lies, Original, Planned, Settled, Stands, Version, lies_as, plan, settle,
};
use crate::domain::sha256::Sha256;
use crate::domain::submission::{NewSubmission, RecordDetail};
use crate::inbox::Found;
use crate::jobs::ingest;
use crate::jobs::site::Site;
use crate::store::{Placed, Role};

/// A submission that is to be recorded.
pub(super) struct New {
    pub(super) taken: NewSubmission,
    pub(super) version: Option<u32>,
    pub(super) by_office: Option<String>,
    pub(super) withdrawn: Option<String>,
    /// As its file lies on the share; none where only the archive has it.
    pub(super) placed: Option<Placed>,
    /// The process died over it: it is not opened any more.
    pub(super) aside: bool,
}

/// What is to be written about one unit and period, or about files of no unit.
#[derive(Default)]
pub(super) struct Share {
    pub(super) new: Vec<New>,
    /// Submissions that stand otherwise by now: number, and why the office
    /// accepted or took it back.
    pub(super) accepted: Vec<(SubmissionId, String)>,
    pub(super) withdrawn: Vec<(SubmissionId, String)>,
    /// Files of known submissions, as they lie now.
    pub(super) moved: Vec<(SubmissionId, Placed)>,
    pub(super) doubts: Vec<Doubt>,
}

/// Everything that is to be written.
#[derive(Default)]
pub(super) struct Whole {
    /// By unit and period, oldest period first.
    pub(super) shares: Vec<(Duty, Share)>,
    /// Files that nobody could place, by programme.
    pub(super) unclaimed: Vec<New>,
    /// Files over which the process died.
    pub(super) aside: Vec<New>,
    /// What originals of the archive seem to be that nothing on the share is.
    pub(super) loose: Vec<String>,
    /// When each programme was first at work, as far as notes tell.
    pub(super) began: BTreeMap<ProgramId, DateTime<Utc>>,
}

/// Decides what is to be written; reads every original again.
///
/// # Errors
/// The reading children don't work, the database is gone.
pub(super) async fn decide(site: &Arc<Site>, evidence: &Evidence) -> anyhow::Result<Whole> {
    let mut whole = Whole::default();
    let mut counting = Counting::default();
    // What waited for a person in an older database may have been claimed since.
    let waiting: HashMap<(ProgramId, Sha256), SubmissionId> = site
        .store
        .waiting()
        .await?
        .into_iter()
        .filter(|own| own.verdict == Verdict::Unclaimed)
        .map(|own| ((own.program, own.sha256), own.id))
        .collect();
    let loose = loose(site, evidence).await?;
    let mut used: BTreeSet<Sha256> = BTreeSet::new();
    let mut keys: Vec<(&Duty, &Files)> = evidence.groups.iter().collect();
    keys.sort_by_key(
        |(
            Duty {
                program,
                unit,
                period,
            },
            _,
        )| {
            let program = site.program(program);
            let span = program.and_then(|program| program.cycle.span(period));
            (span, unit.clone())
        },
    );
    for (key, files) in keys {
        let Some(program) = site.program(&key.program) else {
            continue;
        };
        let candidates = loose.get(key).map_or(&[][..], Vec::as_slice);
        let (share, archive_used) =
            one(site, &program, key, files, candidates, &mut counting, &waiting).await?;
        used.extend(archive_used);
        let unknown = site.store.gone_live(&key.program).await?.is_none();
        let arrivals = share.new.iter().filter(|own| unknown && own.version.is_some());
        for at in arrivals.map(|own| own.taken.arrival.seen) {
            let began = whole.began.entry(key.program.clone()).or_insert(at);
            *began = (*began).min(at);
        }
        whole.shares.push((key.clone(), share));
    }
    for (found, sha256, note) in &evidence.unclaimed {
        let received = note.as_ref().and_then(|note| note.received);
        if let Some(new) = unclaimed(site, found, *sha256, received).await? {
            whole.unclaimed.push(new);
        }
    }
    let set_aside = evidence.aside.iter().filter_map(|own| aside(site, own));
    whole.aside.extend(set_aside);
    for (key, candidates) in &loose {
        for candidate in candidates.iter().filter(|own| !used.contains(&own.sha256)) {
            whole.loose.push(in_words(site, key, candidate.sha256));
        }
    }
    Ok(whole)
}

fn in_words(site: &Site, duty: &Duty, sha256: Sha256) -> String {
    format!(
        "{}：{}",
        whose(site, duty),
        site.archive.path_of(sha256).display()
    )
}

async fn one(
    site: &Arc<Site>,
    program: &Arc<Program>,
    Duty { unit, period, .. }: &Duty,
    files: &Files,
    candidates: &[Original],
    counting: &mut Counting,
    waiting: &HashMap<(ProgramId, Sha256), SubmissionId>,
) -> anyhow::Result<(Share, Vec<Sha256>)> {
    let zone = site.clock.zone();
    let due = program.due_of(unit, period, &site.calendar(), zone);
    let last_known = files.known.iter().filter_map(|own| own.version).max();
    let mut originals = files.originals.clone();
    let group = Group {
        originals: &[],
        receipt: files.receipt.as_ref(),
        status: files.status.as_ref(),
        due: due.as_ref().map(|due| due.at.to_utc()),
        zone,
        last_known: last_known.unwrap_or(0),
        now: site.clock.utc(),
    };
    let planned_of = |originals: &[Original]| plan(&Group { originals, ..group });
    let mut planned = planned_of(&originals);
    let gone = |planned: &Planned| {
        planned
            .doubts
            .iter()
            .any(|doubt| matches!(doubt, Doubt::VersionGone { .. }))
    };
    if gone(&planned) && !candidates.is_empty() {
        originals.extend_from_slice(candidates);
        planned = planned_of(&originals);
    }
    let mut share = Share {
        doubts: std::mem::take(&mut planned.doubts),
        ..Share::default()
    };
    let mut used = Vec::new();
    let whose = Whose {
        program,
        unit,
        period,
    };
    for (place, version) in &planned.versions {
        let original = &originals[*place];
        let found = files.found.get(*place).and_then(Option::as_ref);
        if original.lies == Lies::ArchiveOnly {
            used.push(original.sha256);
        }
        if let Some(record) = files
            .known
            .iter()
            .find(|own| own.version == original.known && own.version.is_some())
        {
            catch_up(&mut share, record, version, original, found);
            continue;
        }
        let came = came_as(files, original);
        let examination = examine(
            site,
            &whose,
            (original, version),
            &came,
            &path_of(site, original),
            counting,
        )
        .await?;
        let settled = settle(original, version, examination.verdict);
        share.doubts.extend(settled.doubt.clone());
        share.doubts.extend(other_rows(original, version, &examination));
        let mut new = new(&whose, original, &came, version, settled, found, examination);
        let before = (program.id.clone(), original.sha256);
        new.taken.claimed_from = waiting.get(&before).copied();
        if new.withdrawn.is_none() && (new.by_office.is_some() || new.taken.verdict.is_accepted()) {
            counting.set(&program.id, unit, period, &new.taken.rows);
        }
        share.new.push(new);
    }
    for (place, arrival) in planned.others {
        let found = files.found.get(place).and_then(Option::as_ref);
        share.new.push(other(&whose, &originals[place], arrival, found));
    }
    Ok((share, used))
}

/// Whether a file has other rows than its note says.
fn other_rows(original: &Original, version: &Version, examination: &Examination) -> Option<Doubt> {
    let (noted, found) = (version.rows?, examination.row_count?);
    (usize::try_from(noted).ok() != Some(found)).then(|| Doubt::Rows {
        file: original.name.clone(),
        noted,
        found,
    })
}

/// What the share shows of a submission that the database has: decided since,
/// or moved.
fn catch_up(
    share: &mut Share,
    record: &crate::domain::submission::Record,
    version: &Version,
    original: &Original,
    found: Option<&Found>,
) {
    if let Some(found) = found
        && record.placed.as_deref() != Some(found.path.as_str())
    {
        let placed = as_it_lies(found, original.sha256, Role::Original);
        share.moved.push((record.id, placed));
    }
    let open = record.withdrawn.is_none() && record.accepted_by_office.is_none();
    match &version.stands {
        Stands::ByOffice(why) if open && record.verdict == Verdict::Returned => {
            share.accepted.push((record.id, why.clone()));
            share.doubts.push(Doubt::AcceptedByOffice {
                file: original.name.clone(),
                reason: why.clone(),
            });
        }
        Stands::Withdrawn(why) if record.withdrawn.is_none() => {
            share.withdrawn.push((record.id, why.clone()));
            share.doubts.push(Doubt::Withdrawn {
                file: original.name.clone(),
            });
        }
        _ => {}
    }
}

/// The name under which a file came, if a note tells.
fn came_as(files: &Files, original: &Original) -> String {
    let noted = [&files.receipt, &files.status].into_iter().flatten();
    noted
        .map(|noted| noted.file.clone())
        .find(|file| lies_as(file, &original.name))
        .unwrap_or_else(|| original.name.clone())
}

/// Where the bytes of an original are: in the archive, else on the share.
fn path_of(site: &Site, original: &Original) -> PathBuf {
    let archived = site.archive.path_of(original.sha256);
    if archived.exists() || original.path.is_empty() {
        archived
    } else {
        site.share.path(&original.path)
    }
}

fn new(
    whose: &Whose<'_>,
    original: &Original,
    came: &str,
    version: &Version,
    settled: Settled,
    found: Option<&Found>,
    mut examination: Examination,
) -> New {
    let content = ingest::content_digest(&examination);
    let nil = examination.nil || version.nil;
    New {
        taken: NewSubmission {
            program: whose.program.id.clone(),
            unit: Some(whose.unit.clone()),
            period: Some(whose.period.clone()),
            sha256: original.sha256,
            size: found.map_or(0, |found| found.stat.size),
            file_name: came.to_owned(),
            origin: original.path.clone(),
            arrival: version.arrival,
            decided: version.arrival.seen,
            verdict: settled.verdict,
            nil,
            row_count: examination.row_count,
            content,
            program_hash: whose.program.hash.clone(),
            form_version: examination.form_version.clone(),
            duplicate_of: None,
            claimed_from: None,
            rows: std::mem::take(&mut examination.rows),
            findings: std::mem::take(&mut examination.findings),
            picture: std::mem::take(&mut examination.picture),
            detail: RecordDetail {
                evidence: std::mem::take(&mut examination.evidence),
                fill: std::mem::take(&mut examination.fill),
                candidates: Vec::new(),
                correction: examination.correction,
                during_downtime: version.arrival.after.is_some(),
                mismatch: examination.mismatch,
                saved: examination.saved,
                left_out: None,
            },
        },
        version: Some(version.number),
        by_office: settled.by_office,
        withdrawn: settled.withdrawn,
        placed: found.map(|found| as_it_lies(found, original.sha256, Role::Original)),
        aside: false,
    }
}
