//! Files that we wrote or moved ourselves, known by what they are and not by
//! their path alone: after a restored backup, a renamed folder or a crash the
//! database doesn't know their places, and they must not be taken for ledgers.
//!
//! What we wrote and nobody changed is left where it lies, whoever put it
//! there, and nobody is answered. One case is answered as before: a form that
//! a person dropped without filling it in, because she waits for a result.

use super::drafts;
use super::round::is_copy_name;
use crate::domain::check::is_marked;
use crate::domain::check_code::is_whole;
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;
use crate::domain::own_digest::Kind;
use crate::domain::own_notes::NoteKind;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::stamp;
use crate::domain::submission::Record;
use crate::domain::table::Workbook;
use crate::domain::words::FolderWords;
use crate::inbox::{Found, Staged, Stat, Zone, decoded};
use crate::jobs::forms::{form_name, lies_ready};
use crate::jobs::site::Site;
use crate::store::{Change, Placed, Role};
use crate::workbook::own::own_kind;

/// Bytes of a text that may be one of our notes; they are a good deal shorter.
const LONGEST_NOTE: u64 = 256 << 10;

/// A file that needs no answer, and as what it is remembered where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    role: Role,
    /// The submission that it belongs to.
    submission: Option<SubmissionId>,
    /// Where we left it, if it has been moved from there.
    was_at: Option<SharePath>,
}

impl Ours {
    /// As it was remembered at its path before.
    pub(super) fn as_before(known: &Placed) -> Self {
        Self {
            role: known.role,
            submission: known.submission,
            was_at: None,
        }
    }

    fn kept() -> Self {
        Self::written(Role::Kept)
    }

    fn written(role: Role) -> Self {
        Self {
            role,
            submission: None,
            was_at: None,
        }
    }
}

/// Tells by the bytes of a file, and for texts by name and first line, whether
/// it is ours.
///
/// # Errors
/// The database or the private copy can't be read: leave the file for the next round.
pub(super) async fn by_bytes(
    site: &Site,
    program: &Program,
    found: &Found,
    staged: &Staged,
) -> anyhow::Result<Option<Ours>> {
    for placed in site.store.placed_with(staged.sha256).await? {
        // Judged on trial where it lies, and only saved again since.
        if placed.path == found.path && placed.role == Role::Original && found.place.zone == Zone::Drop {
            return Ok(Some(Ours::as_before(&placed)));
        }
        if let Some(ours) = as_placed(site, program, found, &placed) {
            return Ok(Some(ours));
        }
    }
    if found.place.zone != Zone::Drop || !is_dropped(program, found) {
        let records = site.store.submissions_with(staged.sha256).await?;
        if let Some(ours) = as_submitted(site, program, found, &records) {
            return Ok(Some(ours));
        }
    }
    if found.stat.size > LONGEST_NOTE || site.own_notes.named(&found.name).is_none() {
        return Ok(None);
    }
    let copy = staged.path().to_owned();
    let bytes = tokio::task::spawn_blocking(move || std::fs::read(copy)).await??;
    Ok(as_note(site, program, &found.name, &decoded(&bytes)))
}

/// Tells by its cells whether a workbook is one that we wrote and nobody
/// changed. `known` is what we left at its path.
pub(super) fn by_cells(
    program: &Program,
    found: &Found,
    known: Option<&Placed>,
    workbook: &Workbook,
) -> Option<Ours> {
    // A page header is no cell: a classified file goes its own way, even if it's our form.
    let kind = own_kind(workbook).filter(|_| !is_marked(workbook, program))?;
    if kind == Kind::Form && is_dropped(program, found) {
        return None;
    }
    if let Some(known) = known.filter(|known| matches!(known.role, Role::Form | Role::Marked)) {
        return Some(Ours::as_before(known));
    }
    let words = FolderWords::of(program.language);
    let is_marked = found.name.ends_with(&format!("{}.xlsx", words.marked));
    Some(match (kind, found.place.zone) {
        (Kind::Form, Zone::Forms) if is_form_of_its_place(program, found, workbook) => {
            Ours::written(Role::Form)
        }
        (Kind::Copy, Zone::Returned) if is_marked && !is_copy_name(&found.name) => {
            Ours::written(Role::Marked)
        }
        _ => Ours::kept(),
    })
}

/// Remembers a file of ours as it lies, so that it isn't looked at again.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn record(
    site: &Site,
    change: &mut Change,
    found: &Found,
    sha256: Sha256,
    ours: Ours,
) -> anyhow::Result<()> {
    drafts::dismiss(site, change, found).await?;
    let there = site.store.placed_within(change, &found.path).await?;
    if there.is_some_and(|there| there.sha256 == sha256 && there.role != Role::Kept && as_left(found, &there))
    {
        // A step that put it there was recorded while we looked, and knows more of it.
        return Ok(());
    }
    tracing::info!(
        file = found.path.as_str(),
        moved_from = ours.was_at.as_deref(),
        "是本系统写出的文件，原样保留"
    );
    if let (Some(id), Role::Original, Some(_)) = (ours.submission, ours.role, &ours.was_at) {
        site.store.submission_moved(change, id, &found.path).await?;
    }
    let here = Placed {
        path: found.path.clone(),
        sha256,
        size: found.stat.size,
        modified: found.stat.modified,
        role: ours.role,
        submission: ours.submission,
    };
    let mut paths: Vec<_> = ours.was_at.into_iter().map(|path| (path, None)).collect();
    paths.push((found.path.clone(), Some(here)));
    Ok(site.store.place_all(change, &paths).await?)
}

/// Whether a file is still as it was left.
fn as_left(found: &Found, placed: &Placed) -> bool {
    found.stat
        == Stat {
            size: placed.size,
            modified: placed.modified,
        }
}

/// A file with the bytes of something that we left elsewhere. Where that is
/// gone it was moved and stays what it was; else a person copied it.
fn as_placed(site: &Site, program: &Program, found: &Found, placed: &Placed) -> Option<Ours> {
    let moved = site.share.stat(&placed.path).is_none();
    let dropped = is_dropped(program, found);
    let ours = match placed.role {
        Role::Form if dropped => return None,
        Role::Attachment if dropped || !moved => return None,
        // Originals are told by their submissions; what is a person's we don't know again.
        Role::Original | Role::Kept => return None,
        Role::Note | Role::Status | Role::Marked | Role::Form | Role::Attachment => placed.role,
    };
    Some(if moved {
        Ours {
            role: ours,
            submission: placed.submission,
            was_at: Some(placed.path.clone()),
        }
    } else {
        Ours::kept()
    })
}

/// A file with the bytes of a submission, in a folder where we put such files.
/// In a folder where people drop it is a repeated submission, and answered.
fn as_submitted(site: &Site, program: &Program, found: &Found, records: &[Record]) -> Option<Ours> {
    let fits = |record: &&Record| match (found.place.zone, record.verdict) {
        // A classified file must leave the share, wherever it turns up.
        (_, Verdict::Quarantined) => false,
        (Zone::Unclaimed, verdict) => verdict == Verdict::Unclaimed && record.program == program.id,
        (Zone::Forms, _) => record
            .placed
            .as_deref()
            .is_some_and(|path| lies_ready(program, path)),
        // Of what people drop, only what lies in our folders below a renamed one comes here.
        (Zone::Accepted | Zone::Returned | Zone::Attachments | Zone::Drop, verdict) => {
            verdict != Verdict::Unclaimed
        }
    };
    let of = |record: &Record, was_at: Option<&SharePath>| Ours {
        role: Role::Original,
        submission: Some(record.id),
        was_at: was_at.cloned(),
    };
    let lies_at = |record: &Record| record.placed.as_ref() == Some(&found.path);
    if let Some(record) = records.iter().filter(fits).find(|record| lies_at(record)) {
        return Some(of(record, None));
    }
    let moved = records.iter().filter(fits).find_map(|record| {
        let placed = record.placed.as_ref()?;
        let gone = site.share.stat(placed).is_none();
        gone.then(|| of(record, Some(placed)))
    });
    moved.or_else(|| {
        let own = |record: &Record| {
            record.program == program.id && (found.place.unit.is_none() || record.unit == found.place.unit)
        };
        let copied = matches!(found.place.zone, Zone::Accepted | Zone::Returned | Zone::Drop);
        let known = copied && records.iter().filter(fits).any(own);
        known.then(Ours::kept)
    })
}

/// A text that bears the name of a note of ours. One that is still as we wrote
/// it may be replaced by its successor; one in which a person wrote, or whose
/// words we can't vouch for, stays theirs.
fn as_note(site: &Site, program: &Program, name: &str, text: &str) -> Option<Ours> {
    let kind = site.own_notes.named(name)?;
    if is_whole(text) && !is_copy_name(name) {
        return Some(Ours::written(match kind {
            NoteKind::Status => Role::Status,
            NoteKind::Receipt | NoteKind::Guide | NoteKind::Beside => Role::Note,
        }));
    }
    let ours = is_whole(text) || site.own_notes.begins_like(kind, name, text, &program.matter);
    ours.then(Ours::kept)
}

/// Whether a file lies where people drop: not in one of our own folders, nor
/// in one that stands in a renamed folder of a unit's, where we don't know it.
fn is_dropped(program: &Program, found: &Found) -> bool {
    let words = FolderWords::of(program.language);
    let own = [words.accepted, words.returned, words.attachments, words.forms];
    let folders = found.path.folder_str();
    matches!(found.place.zone, Zone::Drop | Zone::Unclaimed)
        && !folders.split('/').any(|folder| own.contains(&folder))
}

/// Whether a blank form bears the name under which we lay it there.
fn is_form_of_its_place(program: &Program, found: &Found, workbook: &Workbook) -> bool {
    let property = |name| workbook.properties.get(name).map(String::as_str);
    let period = property(stamp::PERIOD).and_then(|text| text.parse::<Period>().ok());
    let unit = found.place.unit.as_deref();
    let unit = unit.and_then(|unit| program.roster.unit(unit));
    let (Some(period), Some(unit)) = (period, unit) else {
        return false;
    };
    property(stamp::PROGRAM) == Some(&program.id) && form_name(program, unit, &period) == found.name
}
