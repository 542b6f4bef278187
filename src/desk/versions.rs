//! What differs between a version of a unit's ledger and the one before it.

use serde::Serialize;

use crate::domain::consolidate::{RowChangeKind, unit_change};
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;
use crate::domain::ledger::mask_identity_numbers;
use crate::jobs::site::Site;

/// What differs.
#[derive(Debug, Clone, Default, Serialize)]
pub struct VersionChanges {
    /// The version before, and its number in the database.
    pub before: Option<(u32, SubmissionId)>,
    /// Rows that are new, gone, and changed.
    pub added: u32,
    /// Gone.
    pub removed: u32,
    /// Changed.
    pub changed: u32,
    /// The first fifty of them.
    pub rows: Vec<RowAnswer>,
}

/// A row that differs.
#[derive(Debug, Clone, Serialize)]
pub struct RowAnswer {
    /// What happened to it: `added`, `removed` or `changed`.
    pub kind: &'static str,
    /// Which row, as people read it.
    pub key: String,
    /// Header, text before and text after of each cell that differs.
    pub cells: Vec<(String, String, String)>,
}

/// What differs between a version and the one before it; none where it is the
/// first, or makes no version.
///
/// # Errors
/// The database can't be read.
pub async fn changes(site: &Site, id: SubmissionId) -> anyhow::Result<Option<VersionChanges>> {
    let Some(record) = site.store.submission(id).await? else {
        return Ok(None);
    };
    let (Some(unit), Some(period), Some(version)) = (&record.unit, &record.period, record.version) else {
        return Ok(None);
    };
    let program = site.program(&record.program);
    let Some(program) = program.filter(|_| record.verdict != Verdict::Quarantined) else {
        return Ok(None);
    };
    let versions = site.store.versions(&record.program, unit, period).await?;
    let earlier = versions
        .iter()
        .filter(|own| own.version.is_some_and(|own| own < version));
    let Some(before) = earlier.max_by_key(|own| own.version) else {
        return Ok(None);
    };
    let mut found = VersionChanges {
        before: before.version.map(|own| (own, before.id)),
        ..VersionChanges::default()
    };
    let Some(form) = program.form(Some(period)) else {
        return Ok(Some(found));
    };
    let old = site.rows(&program, period, before.id).await?;
    let new = site.rows(&program, period, id).await?;
    if let Some(change) = unit_change(form, unit, &old, &new) {
        let mask = |text: &str| mask_identity_numbers(text);
        found.added = change.added;
        found.removed = change.removed;
        found.changed = change.changed;
        found.rows = change
            .rows
            .into_iter()
            .map(|row| RowAnswer {
                kind: match row.kind {
                    RowChangeKind::Added => "added",
                    RowChangeKind::Removed => "removed",
                    RowChangeKind::Changed => "changed",
                },
                key: mask(&row.key.as_read()),
                cells: row
                    .cells
                    .iter()
                    .map(|cell| (cell.header.clone(), mask(&cell.before), mask(&cell.after)))
                    .collect(),
            })
            .collect();
    }
    Ok(Some(found))
}
