//! What makes no version: repeated and unreadable files, files that nobody
//! could place, originals that only the archive has.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::evidence::{Aside, Evidence, as_it_lies};
use super::examine::{Whose, examine_loose};
use super::record::New;
use crate::domain::dates::civil;
use crate::domain::finding::Verdict;
use crate::domain::ids::Duty;
use crate::domain::program::Program;
use crate::domain::recover::{Lies, Original};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Arrival, NewSubmission, RecordDetail};
use crate::inbox::Found;
use crate::jobs::decide::read_archived;
use crate::jobs::ingest;
use crate::jobs::site::Site;
use crate::store::Role;
use crate::workbook::own::own_kind;

/// What makes no version: a repeated or unreadable file.
pub(super) fn other(whose: &Whose<'_>, original: &Original, arrival: Arrival, found: Option<&Found>) -> New {
    let verdict = if original.unreadable {
        Verdict::Unreadable
    } else {
        Verdict::Duplicate
    };
    let bare = bare(whose.program, original.sha256, &original.name, arrival, verdict);
    New {
        taken: NewSubmission {
            unit: Some(whose.unit.clone()),
            period: Some(whose.period.clone()),
            size: found.map_or(0, |found| found.stat.size),
            origin: original.path.clone(),
            ..bare
        },
        version: None,
        by_office: None,
        withdrawn: None,
        placed: found.map(|found| as_it_lies(found, original.sha256, Role::Original)),
        aside: false,
    }
}

fn bare(program: &Program, sha256: Sha256, name: &str, arrival: Arrival, verdict: Verdict) -> NewSubmission {
    NewSubmission {
        program: program.id.clone(),
        unit: None,
        period: None,
        sha256,
        size: 0,
        file_name: name.to_owned(),
        origin: SharePath::root(),
        arrival,
        decided: arrival.seen,
        verdict,
        nil: false,
        row_count: None,
        content: String::new(),
        program_hash: program.hash.clone(),
        form_version: None,
        duplicate_of: None,
        claimed_from: None,
        rows: Vec::new(),
        picture: Vec::new(),
        findings: Vec::new(),
        detail: RecordDetail::default(),
    }
}

/// A file in 待确认单位 that was taken before.
pub(super) async fn unclaimed(
    site: &Site,
    found: &Found,
    sha256: Sha256,
    received: Option<NaiveDateTime>,
) -> anyhow::Result<Option<New>> {
    let Some(program) = site.program(&found.place.program) else {
        return Ok(None);
    };
    let seen = seen(site, found, received);
    let arrival = Arrival { after: None, seen };
    let archived = site.archive.path_of(sha256);
    let path = if archived.exists() {
        archived
    } else {
        site.share.path(&found.path)
    };
    let read = read_archived(site, &path).await?;
    let mut examination = examine_loose(site, &program, &found.name, &read, seen)?;
    let bare = bare(&program, sha256, &found.name, arrival, Verdict::Unclaimed);
    Ok(Some(New {
        taken: NewSubmission {
            size: found.stat.size,
            origin: found.path.clone(),
            row_count: examination.row_count,
            content: ingest::content_digest(&examination),
            rows: std::mem::take(&mut examination.rows),
            findings: std::mem::take(&mut examination.findings),
            picture: std::mem::take(&mut examination.picture),
            detail: RecordDetail {
                evidence: std::mem::take(&mut examination.evidence),
                fill: std::mem::take(&mut examination.fill),
                candidates: std::mem::take(&mut examination.candidates),
                ..RecordDetail::default()
            },
            ..bare
        },
        version: None,
        by_office: None,
        withdrawn: None,
        placed: Some(as_it_lies(found, sha256, Role::Original)),
        aside: false,
    }))
}

/// A file over which the process died: put aside again, not opened.
pub(super) fn aside(site: &Site, own: &Aside) -> Option<New> {
    let found = &own.found;
    let program = site.program(&found.place.program)?;
    let arrival = Arrival {
        after: None,
        seen: seen(site, found, own.received),
    };
    let bare = bare(&program, own.sha256, &found.name, arrival, Verdict::Unreadable);
    Some(New {
        taken: NewSubmission {
            unit: found.place.unit.clone(),
            period: own.period.clone(),
            size: found.stat.size,
            origin: found.path.clone(),
            ..bare
        },
        version: None,
        by_office: None,
        withdrawn: None,
        placed: Some(as_it_lies(found, own.sha256, Role::Original)),
        aside: true,
    })
}

/// When a file was seen first: its note says it, else its own time has to do.
fn seen(site: &Site, found: &Found, received: Option<NaiveDateTime>) -> DateTime<Utc> {
    let saved = DateTime::from_timestamp_nanos(found.stat.modified).min(site.clock.utc());
    received.map_or(saved, |at| {
        civil(site.clock.zone(), at.date(), at.time()).to_utc()
    })
}

/// Originals of the archive that nothing on the share is, by the unit and
/// period that they name themselves.
pub(super) async fn loose(site: &Site, evidence: &Evidence) -> anyhow::Result<HashMap<Duty, Vec<Original>>> {
    let mut found: HashMap<Duty, Vec<Original>> = HashMap::new();
    for (sha256, at) in &evidence.loose {
        let path = site.archive.path_of(*sha256);
        let read = read_archived(site, &path).await?;
        // A master, a form or a copy that somebody put back.
        if read.as_ref().is_ok_and(|workbook| own_kind(workbook).is_some()) {
            continue;
        }
        for program in site
            .programs()
            .iter()
            .filter(|program| program.material.has_rows())
        {
            let examination = examine_loose(site, program, "", &read, *at)?;
            let (Some(unit), Some(period)) = (examination.unit, examination.period) else {
                continue;
            };
            if examination.rows.is_empty() && !examination.nil {
                continue;
            }
            let original = Original {
                path: SharePath::root(),
                name: String::new(),
                lies: Lies::ArchiveOnly,
                sha256: *sha256,
                archived: None,
                saved: *at,
                known: None,
                repeats: false,
                unreadable: false,
            };
            let key = Duty {
                program: program.id.clone(),
                unit,
                period,
            };
            found.entry(key).or_default().push(original);
            break;
        }
    }
    Ok(found)
}
