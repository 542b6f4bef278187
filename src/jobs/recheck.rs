//! Checking stored submissions again with today's programme.

use std::sync::Arc;

use super::action::Action;
use super::decide::overtaken::unchanged;
use super::decide::{archived, read_archived};
use super::forms::lies_ready;
use super::ingest::{self, push_projections};
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::placement;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::jobs::queue;
use anyhow::Context as _;

use crate::domain::check::Examination;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::identify::Origin;
use crate::domain::period::Period;
use crate::domain::program::{Material, Program};
use crate::domain::submission::{NewSubmission, Record, Reopened};
use crate::domain::words::FolderWords;
use crate::store::{Entry, Role};

/// What checking a submission again would change.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The submission.
    pub id: SubmissionId,
    /// Unit id.
    pub unit: UnitId,
    /// Its version.
    pub version: u32,
    /// The verdict on record.
    pub before: Verdict,
    /// The verdict by today's programme.
    pub after: Verdict,
    /// Findings that are new.
    pub added: Vec<Finding>,
    /// Findings that are gone.
    pub removed: Vec<Finding>,
    /// The ledger counted before, by the checks or by the office.
    counted: bool,
}

impl Difference {
    /// Whether a ledger that counted goes back.
    #[must_use]
    pub fn reopens(&self) -> bool {
        self.counted && self.after == Verdict::Returned
    }

    /// Whether the unit has to hear of it: what is new in a ledger that was
    /// handed back, or another verdict.
    #[must_use]
    pub fn tells(&self) -> bool {
        let returned = |verdict| verdict == Verdict::Returned;
        if returned(self.after) {
            self.counted || !self.added.is_empty() || !returned(self.before)
        } else {
            returned(self.before)
        }
    }
}

/// Checks every version of a period again, as of its arrival; says what would
/// change; applied by somebody for a reason, it changes it. What the office accepted stays
/// accepted. A ledger that counted and goes back is reopened from now: its
/// correction has a grace of its own.
///
/// # Errors
/// An archived original is gone, or the database is.
pub async fn recheck(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
    apply: Option<(&Actor, &str)>,
) -> anyhow::Result<Vec<Difference>> {
    let mut differences = Vec::new();
    // Documents are registered, not checked.
    if matches!(program.material, Material::Document(_)) {
        return Ok(differences);
    }
    for record in site.store.submissions_of(&program.id, period).await? {
        if record.withdrawn.is_some() {
            continue;
        }
        let done = differences.len();
        let difference = again(site, program, &record, apply).await;
        let difference = difference.with_context(|| {
            if apply.is_some() {
                format!("在此之前已更改 {done} 份；其余没有更改，请重新运行 recheck")
            } else {
                format!("报送编号 {} 没有审核成", record.id)
            }
        })?;
        differences.extend(difference);
    }
    Ok(differences)
}

/// Checks one submission again; see [`recheck`]. None where nothing changes.
///
/// # Errors
/// See [`recheck`].
pub async fn again(
    site: &Arc<Site>,
    program: &Arc<Program>,
    record: &Record,
    apply: Option<(&Actor, &str)>,
) -> anyhow::Result<Option<Difference>> {
    let (Some(unit), Some(period), Some(version)) = (&record.unit, &record.period, record.version) else {
        return Ok(None);
    };
    let origin = Origin {
        file_name: record.file_name.clone(),
        claimed_unit: Some(unit.clone()),
        claimed_period: Some(period.clone()),
        ..Origin::default()
    };
    let standing = ingest::standing(site, &program.id).await?;
    let original = archived(site, record)?;
    let read = read_archived(site, &original).await?;
    let was_nil_by_name = record.nil && read.is_err();
    if was_nil_by_name || record.detail.mismatch {
        return Ok(None);
    }
    let (examination, marked) = ingest::examine(
        site,
        program,
        &origin,
        &standing,
        (read, ingest::Keep::Picture),
        Some(record),
    )
    .await?;
    let key = |finding: &Finding| {
        format!("{} {}", finding.code.as_str(), finding.cell().unwrap_or_default())
            .trim()
            .to_owned()
    };
    let intake = [
        "resubmission",
        "duplicate-file",
        "period-mismatch",
        "unit-inferred",
        "date-in-future",
    ];
    let (old, new) = (&site.store.findings(record.id).await?, &examination.findings);
    let lacking = |these: &[Finding], those: &[Finding]| -> Vec<Finding> {
        let known: Vec<String> = those.iter().map(key).collect();
        let own = these
            .iter()
            .filter(|finding| !intake.contains(&finding.code.as_str()));
        own.filter(|finding| !known.contains(&key(finding)))
            .cloned()
            .collect()
    };
    let difference = Difference {
        id: record.id,
        unit: unit.clone(),
        version,
        before: record.verdict,
        after: examination.verdict,
        added: lacking(new, old),
        removed: lacking(old, new),
        counted: record.submission().is_some_and(|own| own.is_accepted()),
    };
    if difference.before == difference.after && difference.added.is_empty() && difference.removed.is_empty() {
        return Ok(None);
    }
    if let Some(applied) = apply {
        carry_over(
            site,
            program,
            (record, &difference),
            (examination, marked),
            applied,
        )
        .await?;
    }
    Ok(Some(difference))
}

/// Records the new examination in place of the old one, and what follows from it.
async fn carry_over(
    site: &Site,
    program: &Program,
    (record, difference): (&Record, &Difference),
    (mut examination, marked): (Examination, Option<Vec<u8>>),
    (by, reason): (&Actor, &str),
) -> anyhow::Result<()> {
    let now = site.clock.utc();
    let verdict_is_new = difference.before != difference.after;
    let marked = marked.map(|bytes| site.archive.prepare(&bytes)).transpose()?;
    let stored = NewSubmission {
        decided: if verdict_is_new { now } else { record.judged },
        verdict: examination.verdict,
        nil: examination.nil,
        row_count: examination.row_count,
        content: ingest::content_digest(&examination),
        program_hash: program.hash.clone(),
        form_version: examination.form_version.clone(),
        rows: std::mem::take(&mut examination.rows),
        findings: std::mem::take(&mut examination.findings),
        picture: std::mem::take(&mut examination.picture),
        ..record.anew()
    };
    let reopened = difference.reopens().then(|| Reopened {
        at: now,
        reason: reason.to_owned(),
    });
    let mut change = site.store.begin().await?;
    unchanged(site, &mut change, record).await?;
    site.store
        .replace_examination(
            &mut change,
            record.id,
            &stored,
            reopened.as_ref(),
            difference.tells(),
        )
        .await?;
    let actions: Vec<_> = moves(site, program, record, difference, marked)
        .into_iter()
        .collect();
    queue::add_all(site, &mut change, Some(record.id), &actions).await?;
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "rechecked",
        program: Some(&program.id),
        unit: Some(&difference.unit),
        period: record.period.clone(),
        submission: Some(record.id),
        letter: None,
        detail: format!(
            "{} -> {}：{reason}",
            difference.before.as_str(),
            difference.after.as_str()
        )
        .into(),
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    Ok(())
}

/// Moves the file to the folder that fits its new verdict.
fn moves(
    site: &Site,
    program: &Program,
    record: &Record,
    difference: &Difference,
    marked: Option<Sha256>,
) -> Vec<Action> {
    let mut actions = Vec::new();
    let words = FolderWords::of(program.language);
    let Some(period) = &record.period else {
        return actions;
    };
    let accepted = |verdict: Verdict| verdict.is_accepted() || record.accepted_by_office.is_some();
    let place = placement::settled(accepted(difference.after));
    let folder = site.folder_of(program, Some(&difference.unit), &period.to_string(), place);
    let Some(folder) = folder else {
        return actions;
    };
    let name = record
        .placed
        .as_ref()
        .map_or(record.file_name.as_str(), SharePath::name);
    if accepted(difference.before) != accepted(difference.after)
        && let Some(from) = &record.placed
        && !lies_ready(program, from)
        && let Some(stat) = site.share.stat(from)
    {
        actions.push(Action::Move {
            from: from.clone(),
            stat,
            sha256: record.sha256,
            folder: folder.clone(),
            name: name.to_owned(),
            role: Role::Original,
        });
    }
    if let (Some(sha256), false) = (marked, accepted(difference.after)) {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let name = format!("{stem}{}.xlsx", words.marked);
        actions.push(Action::Put {
            sha256,
            folder,
            name,
            role: Role::Marked,
        });
    }
    push_projections(&mut actions, program, &difference.unit, period, Verdict::Accepted);
    actions
}
