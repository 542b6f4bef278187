//! Whether a good ledger may take the place of the one that counts, and what is
//! said of the one that loses.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use smol_str::SmolStr;

use super::counted;
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::dates::moment;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{ColumnKind, Program};
use crate::domain::submission::Record;
use crate::domain::text::printable;

/// Why a file is held that would displace a better one: a nil report where rows
/// count, a conflict copy with other rows, or an older save than that of the
/// version that counts. None for one that says 更正, and for one about which the
/// office has `decided` by moving or correcting it where it lay.
#[must_use]
pub fn held(
    language: Language,
    examination: &Examination,
    file_name: &str,
    decided: bool,
    versions: &[Record],
    zone: Tz,
) -> Option<Finding> {
    if decided || examination.correction || !examination.verdict.is_accepted() {
        return None;
    }
    let counts = counted(versions)?;
    let period = examination.period.as_ref().map(|period| match language {
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
    let said = |at: DateTime<Utc>| moment(language, at.with_timezone(&zone));
    if examination.nil && !counts.nil && rows > 0 {
        return Some(unclear(rows.to_string(), String::new()));
    }
    if is_conflict_copy(file_name) {
        return Some(unclear(String::new(), printable(&counts.file_name)));
    }
    let (own, other) = (examination.saved?, counts.detail.saved?);
    (own < other).then(|| {
        Finding::new(Code::OlderVersion)
            .with("time", said(own))
            .with("other_time", said(other))
            .with("n", counts.version.unwrap_or(0))
    })
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
#[must_use]
pub fn displaced<'a>(
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
#[must_use]
pub fn missing(program: &Program, examination: &Examination, other: &[LedgerRow]) -> usize {
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

/// What is noted of a ledger that comes again: that it is the same, or which
/// version it makes; none of the first.
#[must_use]
pub fn noted(language: Language, verdict: Verdict, versions: &[Record], zone: Tz) -> Option<Finding> {
    if verdict == Verdict::Duplicate {
        return Some(Finding::new(Code::DuplicateFile));
    }
    let last = versions.last()?;
    let received = last.arrival.seen.with_timezone(&zone);
    let finding = Finding::new(Code::Resubmission)
        .with("n", versions.len() + 1)
        .with("time", moment(language, received))
        .with("other", "")
        .with("lost", "");
    Some(finding)
}

/// What the findings say of a file that came together with this one and counts
/// no more: its name, and how many of its rows this one hasn't.
#[must_use]
pub fn left_out(findings: &[Finding]) -> Option<(String, String)> {
    let own = findings.iter().find(|own| own.code == Code::Resubmission)?;
    let arg = |name: &str| own.args.get(name).filter(|value| !value.is_empty()).cloned();
    arg("other").zip(arg("lost"))
}
