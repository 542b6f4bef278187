//! Whether a good ledger may take the place of the one that counts.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use smol_str::SmolStr;

use super::accepted::has_left;
use super::repeats::{duplicate, note_versions};
use crate::domain::actor::PROGRAM;
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::SubmissionId;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{ColumnKind, Language, Program};
use crate::domain::submission::counting;
use crate::domain::text::printable;
use crate::inbox::{Found, Ready, Zone};
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::store::{Change, Entry, Record};

/// The version that counts among those of a unit and period.
pub(super) fn counted(versions: &[Record]) -> Option<&Record> {
    let submissions: Vec<_> = versions.iter().filter_map(Record::submission).collect();
    let id = counting(&submissions)?.id;
    versions.iter().find(|record| record.id == id)
}

/// What a file is beside those that came before: a repetition of one of them,
/// held, or what the checks say.
///
/// # Errors
/// The database is gone.
pub(super) async fn beside_others(
    site: &Site,
    change: &mut Change,
    (program, ready): (&Program, &Ready),
    (same, versions): (&[Record], &[Record]),
    content: &str,
    examination: &mut Examination,
) -> anyhow::Result<(Option<Record>, Verdict)> {
    let mut duplicate_of = duplicate(same, versions, examination, content).cloned();
    if duplicate_of.is_none() && hold(site, program, examination, &ready.found, (same, versions)) {
        // Held once, the same file is only there once more.
        duplicate_of = duplicate(same, versions, examination, content).cloned();
    }
    let verdict = if duplicate_of.is_some() {
        Verdict::Duplicate
    } else {
        examination.verdict
    };
    note_versions(site, program, examination, verdict, versions);
    tell_lost(site, change, (program, ready), (examination, verdict), versions).await?;
    Ok((duplicate_of, verdict))
}

/// Holds a file that would displace a better one: a nil report where rows
/// count, a conflict copy with other rows, or an older save than that of the
/// version that counts. Not one that says 更正, was corrected where it lay, or
/// was held before (among `same`) and then moved: that is the office's decision.
/// Tells whether it was held.
fn hold(
    site: &Site,
    program: &Program,
    examination: &mut Examination,
    found: &Found,
    (same, versions): (&[Record], &[Record]),
) -> bool {
    let held = |record: &&Record| record.verdict == Verdict::Unclaimed;
    let decided = same
        .iter()
        .filter(held)
        .any(|record| has_left(site, record.placed.as_deref()));
    let in_place = matches!(found.place.zone, Zone::Accepted | Zone::Returned | Zone::Forms);
    if decided || in_place || examination.correction || !examination.verdict.is_accepted() {
        return false;
    }
    let Some(counts) = counted(versions) else {
        return false;
    };
    let period = examination.period.as_ref().map(|period| match program.language {
        Language::Chinese => period.label(),
        Language::English => period.label_en(),
    });
    let unclear = |nil: String, conflict: String| {
        Finding::new(Code::PeriodUnclear)
            .with("found", period.as_deref().unwrap_or_default())
            .with("open", period.as_deref().unwrap_or_default())
            .with("nil", nil)
            .with("conflict", conflict)
    };
    let rows = counts.row_count.unwrap_or(0);
    let moment = |at: DateTime<Utc>| notes::moment(program.language, at.with_timezone(&site.clock.zone()));
    let mut finding = if examination.nil && !counts.nil && rows > 0 {
        unclear(rows.to_string(), String::new())
    } else if is_conflict_copy(&found.name) {
        unclear(String::new(), printable(&counts.file_name))
    } else if let (Some(own), Some(other)) = (examination.saved, counts.detail.saved)
        && own < other
    {
        Finding::new(Code::OlderVersion)
            .with("time", moment(own))
            .with("other_time", moment(other))
            .with("n", counts.version.unwrap_or(0))
    } else {
        return false;
    };
    site.messages(program.language).word(&mut finding);
    examination.findings.push(finding);
    examination.verdict = Verdict::Unclaimed;
    examination.candidates = examination.unit.iter().cloned().collect();
    true
}

/// Whether a name is that of a copy that a synchronising program made of what
/// two people had changed.
fn is_conflict_copy(name: &str) -> bool {
    let lower = name.to_lowercase();
    [
        "sync-conflict",
        "conflicted copy",
        "冲突文件",
        "冲突副本",
        "的冲突",
        "冲突版本",
    ]
    .iter()
    .any(|mark| lower.contains(mark))
}

/// The version that counted, if the file came together with it and takes its
/// place without anybody having chosen between them.
fn overtaken<'a>(
    examination: &Examination,
    versions: &'a [Record],
    seen: DateTime<Utc>,
) -> Option<&'a Record> {
    /// Files that are dropped together are seen in one look or in the next.
    const TOGETHER: TimeDelta = TimeDelta::minutes(10);
    if !examination.verdict.is_accepted() || examination.correction {
        return None;
    }
    counted(versions).filter(|of| seen - of.arrival.seen <= TOGETHER)
}

/// How many rows of the other version a ledger hasn't; the running number is
/// no part of what a row says.
fn missing(program: &Program, examination: &Examination, other: &[LedgerRow]) -> usize {
    let form = program.form(examination.period.as_ref());
    let content = |row: &LedgerRow| -> Vec<(usize, usize, SmolStr)> {
        let layout = form.and_then(|form| form.sheets.get(row.form_sheet));
        let columns = layout.map_or(&[][..], |layout| layout.columns.as_slice());
        let said = columns.iter().zip(&row.cells).enumerate();
        said.filter(|(_, (column, text))| column.kind != ColumnKind::Sequence && !text.is_empty())
            .map(|(index, (_, text))| (row.form_sheet, index, text.clone()))
            .collect()
    };
    let own: HashSet<_> = examination.rows.iter().map(content).collect();
    other.iter().filter(|row| !own.contains(&content(row))).count()
}

/// Says, in the receipt and to the office, that rows of another file that came
/// with this one don't count.
///
/// # Errors
/// The database is gone.
async fn tell_lost(
    site: &Site,
    change: &mut Change,
    (program, ready): (&Program, &Ready),
    (examination, verdict): (&mut Examination, Verdict),
    versions: &[Record],
) -> anyhow::Result<()> {
    let other = overtaken(examination, versions, ready.arrival.seen);
    let Some(other) = other.filter(|_| verdict.is_accepted()) else {
        return Ok(());
    };
    let Some(period) = &examination.period else {
        return Ok(());
    };
    let rows = site.rows(program, period, other.id).await?;
    let missing = missing(program, examination, &rows);
    let found = &ready.found;
    let resubmission = examination
        .findings
        .iter_mut()
        .find(|own| own.code == Code::Resubmission);
    let (Some(finding), true) = (resubmission, missing > 0) else {
        return Ok(());
    };
    finding.args.insert("other".into(), printable(&other.file_name));
    finding.args.insert("lost".into(), missing.to_string());
    site.messages(program.language).word(finding);
    let entry = Entry {
        by: PROGRAM,
        what: "rows-left-out",
        program: Some(&program.id),
        unit: examination.unit.as_deref(),
        period: examination.period.as_ref().map(ToString::to_string),
        detail: format!(
            "{}：与它同时送来的“{}”另有{missing}行，没有计入",
            printable(&found.path),
            printable(&other.file_name)
        )
        .into(),
        ..Entry::default()
    };
    site.store.log(change, site.clock.utc(), &entry).await
}

/// What the findings say of a file that came together with this one and counts
/// no more: its name, and how many of its rows this one hasn't.
pub(super) fn left_out(findings: &[Finding]) -> Option<(String, String)> {
    let own = findings.iter().find(|own| own.code == Code::Resubmission)?;
    let arg = |name: &str| own.args.get(name).filter(|value| !value.is_empty()).cloned();
    arg("other").zip(arg("lost"))
}

/// The submission that could not be read before: other bytes where a file was
/// put aside, or the whole of a file that came in pieces.
///
/// # Errors
/// The database is gone.
pub(super) async fn corrected(
    site: &Site,
    change: &mut Change,
    program: &Program,
    found: &Found,
    (examination, verdict): (&Examination, Verdict),
) -> anyhow::Result<Option<SubmissionId>> {
    let aside = site.store.put_aside_at(change, &found.path).await?;
    let (None, Some(unit)) = (aside, &examination.unit) else {
        return Ok(aside);
    };
    if verdict == Verdict::Unreadable {
        return Ok(None);
    }
    site.store
        .unread_of_name(change, &program.id, unit, &found.name)
        .await
}
