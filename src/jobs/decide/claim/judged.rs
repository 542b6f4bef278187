//! A claimed file checked as the ledger that it is said to be.

use std::borrow::Cow;

use super::target::Target;
use crate::domain::check::Examination;
use crate::domain::identify::Origin;
use crate::domain::program::Program;
use crate::domain::submission::{NewSubmission, Record, RecordDetail};
use crate::jobs::action::Action;
use crate::jobs::decide::{archived, as_dropped, read_archived};
use crate::jobs::ingest::{self, NewFile, plan};
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::store::Claims;

/// Checks the file as this unit's ledger; gives its marked-up copy too.
pub(super) async fn judged(
    site: &Site,
    target: &Target<'_>,
    record: &Record,
) -> anyhow::Result<(Examination, Option<Vec<u8>>)> {
    let program = target.program;
    let original = archived(site, record)?;
    let origin = Origin {
        file_name: record.file_name.clone(),
        claimed_unit: Some(target.unit.clone()),
        claimed_period: Some(target.period.clone()),
        arrival: Some(record.arrival),
        ..Origin::default()
    };
    let standing = ingest::standing(site, &program.id).await?;
    let read = read_archived(site, &original).await?;
    let (examination, marked) = ingest::examine(
        site,
        program,
        &origin,
        &standing,
        (read, ingest::Keep::Picture),
        None,
    )
    .await?;
    Ok((examination, marked))
}

/// Checks the file as this unit's ledger, and says what follows on the share.
pub(super) async fn examined(
    site: &Site,
    target: &Target<'_>,
    seen: &Claims,
    record: &Record,
) -> anyhow::Result<(NewSubmission, Vec<Action>)> {
    let program = target.program;
    let (mut examination, marked) = judged(site, target, record).await?;
    let marked = marked.map(|bytes| site.archive.prepare(&bytes)).transpose()?;
    // Where its last step left it, or where it was about to be taken away.
    let mut places = seen.places().filter_map(|path| site.of_this_site(path));
    let lies_at = places.find(|path| site.share.stat(path).is_some());
    let path = lies_at.map_or_else(|| record.origin.clone(), Cow::into_owned);
    let found = as_dropped(site, record, path);
    let verdict = examination.verdict;
    let file = NewFile {
        program,
        found: &found,
        sha256: record.sha256,
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
    let (actions, _) = plan(site, &file)?;
    let new = of_examination(site, program, record, &mut examination);
    Ok((new, actions))
}

/// What is recorded of a file under the unit and period that it was checked for.
pub(super) fn of_examination(
    site: &Site,
    program: &Program,
    record: &Record,
    examination: &mut Examination,
) -> NewSubmission {
    NewSubmission {
        program: program.id.clone(),
        unit: examination.unit.clone(),
        period: examination.period.clone(),
        sha256: record.sha256,
        size: record.size,
        file_name: record.file_name.clone(),
        origin: record.origin.clone(),
        // The time of arrival is the file's, not the decision's.
        arrival: record.arrival,
        decided: site.clock.utc(),
        verdict: examination.verdict,
        nil: examination.nil,
        row_count: examination.row_count,
        content: ingest::content_digest(examination),
        program_hash: program.hash.clone(),
        form_version: examination.form_version.clone(),
        duplicate_of: None,
        claimed_from: None,
        rows: std::mem::take(&mut examination.rows),
        findings: std::mem::take(&mut examination.findings),
        picture: std::mem::take(&mut examination.picture),
        detail: RecordDetail {
            evidence: std::mem::take(&mut examination.evidence),
            fill: std::mem::take(&mut examination.fill),
            correction: true,
            mismatch: false,
            ..record.detail.clone()
        },
    }
}
