//! One submission: what it is, what the checks say, what else came of its duty.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::finding::FindingAnswer;
use super::log::{LineAnswer, of_submission};
use super::no_submission;
use super::times::instant;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, counting};
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// A submission.
#[derive(Debug, Clone, Serialize)]
pub struct SubmissionAnswer {
    /// Its number.
    pub id: SubmissionId,
    /// The programme.
    pub program: ProgramId,
    /// The ledger's full name; the programme's id where it can't be read.
    pub name: String,
    /// The unit; none where it isn't known.
    pub unit: Option<UnitId>,
    /// The unit's display name, or its id where it has left the roster.
    pub unit_shown: Option<String>,
    /// The period; none where it isn't known.
    pub period: Option<Period>,
    /// The period as people say it.
    pub period_label: Option<String>,
    /// Which version of the unit's ledger it is; none if it makes none.
    pub version: Option<u32>,
    /// Its name as it came.
    pub file_name: String,
    /// Where it lies on the share, or lay when it came.
    pub lies_at: SharePath,
    /// When it was seen.
    #[serde(serialize_with = "instant")]
    pub arrived: DateTime<Tz>,
    /// When the verdict fell, or the office accepted it.
    #[serde(serialize_with = "instant")]
    pub decided: DateTime<Tz>,
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// The verdict in words.
    pub label: String,
    /// It declares that there was nothing to report.
    pub nil: bool,
    /// Rows with data.
    pub rows: Option<u32>,
    /// It is the version that counts.
    pub counts: bool,
    /// The submission whose bytes it repeats.
    pub duplicate_of: Option<SubmissionId>,
    /// Accepted as it is, by whom and why.
    pub accepted: Option<ByWhom>,
    /// Taken back, by whom and why.
    pub withdrawn: Option<ByWhom>,
    /// What the checks say, in the order of the sheet; nothing of a
    /// quarantined one. Identity numbers are masked.
    pub findings: Vec<FindingAnswer>,
    /// The unit's other versions for the period, oldest first.
    pub versions: Vec<VersionAnswer>,
    /// What was done with it, oldest first.
    pub journal: Vec<LineAnswer>,
}

/// Who decided something, and why.
#[derive(Debug, Clone, Serialize)]
pub struct ByWhom {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Another version of the same ledger.
#[derive(Debug, Clone, Serialize)]
pub struct VersionAnswer {
    /// Its number.
    pub id: SubmissionId,
    /// Which version.
    pub version: u32,
    /// Its name as it came.
    pub file_name: String,
    /// When it was seen.
    #[serde(serialize_with = "instant")]
    pub arrived: DateTime<Tz>,
    /// Its verdict in words.
    pub label: String,
    /// It is the version that counts.
    pub counts: bool,
}

/// Where a submission's original lies, as it came; none of what was quarantined,
/// and none where it isn't kept.
///
/// # Errors
/// The database can't be read.
pub async fn original(site: &Site, id: SubmissionId) -> anyhow::Result<Option<PathBuf>> {
    let found = site.store.submission(id).await?;
    let shown = found.filter(|own| own.verdict != Verdict::Quarantined);
    let path = shown.map(|own| site.archive.path_of(own.sha256));
    Ok(path.filter(|path| path.is_file()))
}

/// One submission.
///
/// # Errors
/// There is none of that number ([`super::Misuse`]); the database can't be read.
pub async fn submission(site: &Site, id: SubmissionId) -> anyhow::Result<SubmissionAnswer> {
    let record = site.store.submission(id).await?;
    let record = record.ok_or_else(|| no_submission(site, id))?;
    let versions = match (&record.unit, &record.period) {
        (Some(unit), Some(period)) => site.store.versions(&record.program, unit, period).await?,
        _ => Vec::new(),
    };
    let findings = if record.verdict == Verdict::Quarantined {
        Vec::new()
    } else {
        site.store.findings(id).await?
    };
    let journal = of_submission(site, id).await?;
    Ok(answer(site, record, &versions, &findings, journal))
}

fn answer(
    site: &Site,
    record: Record,
    versions: &[Record],
    findings: &[Finding],
    journal: Vec<LineAnswer>,
) -> SubmissionAnswer {
    let program = site.program(&record.program);
    let language = program.as_ref().map_or(site.language(), |own| own.language);
    let messages = site.messages(language);
    let local = |at: DateTime<Utc>| at.with_timezone(&site.clock.zone());
    let facts: Vec<_> = versions.iter().filter_map(Record::submission).collect();
    let counts = counting(&facts).map(|own| own.id);
    let unit = record.unit.as_ref();
    let shown = |id: &UnitId| {
        let unit = program.as_ref().and_then(|own| own.roster.unit(id));
        unit.map_or_else(|| id.to_string(), |unit| unit.display_name.clone())
    };
    let label = |period: &Period| match &program {
        Some(program) => period_label(program, period),
        None => period.to_string(),
    };
    let by_whom = |pair: Option<(String, String)>| pair.map(|(by, reason)| ByWhom { by, reason });
    let others = versions.iter().filter(|own| own.id != record.id);
    SubmissionAnswer {
        id: record.id,
        name: program
            .as_ref()
            .map_or_else(|| record.program.to_string(), |own| own.name.clone()),
        unit_shown: unit.map(shown),
        unit: unit.cloned(),
        period_label: record.period.as_ref().map(label),
        version: record.version,
        lies_at: record.placed.unwrap_or(record.origin),
        arrived: local(record.arrival.seen),
        decided: local(record.decided),
        verdict: record.verdict,
        label: messages.verdict(record.verdict).to_owned(),
        nil: record.nil,
        rows: record.row_count,
        counts: counts == Some(record.id),
        duplicate_of: record.duplicate_of,
        accepted: by_whom(record.accepted_by_office),
        withdrawn: by_whom(record.withdrawn),
        findings: findings
            .iter()
            .map(|finding| FindingAnswer::of(finding, messages))
            .collect(),
        versions: others
            .filter_map(|own| {
                Some(VersionAnswer {
                    id: own.id,
                    version: own.version?,
                    file_name: own.file_name.clone(),
                    arrived: local(own.arrival.seen),
                    label: messages.verdict(own.verdict).to_owned(),
                    counts: counts == Some(own.id),
                })
            })
            .collect(),
        journal,
        period: record.period,
        program: record.program,
        file_name: record.file_name,
    }
}
