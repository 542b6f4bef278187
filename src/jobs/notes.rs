//! What the notes on the share say: gathered from the database, worded by the templates.

mod draft;
mod duty;
mod faults;
mod known;
mod missing;

use chrono::Utc;
use serde::Serialize;

use super::obligations::grace_now;
use super::site::Site;
use crate::domain::check_code::with_code;
use crate::domain::codes::Severity;
use crate::domain::documents;
use crate::domain::finding::{Verdict, is_bare};
use crate::domain::ids::Duty;
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::{Material, Program};
use crate::domain::roster::Unit;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, counting};
use crate::domain::text::printable;
use crate::domain::words::FolderWords;

pub use crate::domain::dates::moment;
pub use draft::counts_in_words;
pub(super) use faults::fault;
use faults::{Fault, Room};
pub use known::Known;
use missing::missing;

/// A note ready to be put on the share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Folder relative to the watch root.
    pub folder: SharePath,
    /// File name.
    pub name: String,
    /// Notes in the folder whose names begin so are replaced by this one.
    pub prefix: String,
    /// Text.
    pub text: String,
    /// The folder of marked-up copies that this state makes pointless.
    pub settles: Option<String>,
}

/// What every note about one submission can say.
#[allow(
    clippy::struct_excessive_bools,
    reason = "independent facts, each asked for by itself"
)]
#[derive(Debug, Serialize)]
struct Facts<'a> {
    unit: &'a str,
    office: &'a str,
    contact: String,
    matter: &'a str,
    period: String,
    period_id: String,
    /// A document that isn't read: it has no rows and no marked-up copy.
    document: bool,
    version: u32,
    file_name: String,
    received: String,
    rows: u32,
    nil: bool,
    by_office: Option<String>,
    late: bool,
    /// The last look before the file was seen, if nobody looked for long in between.
    unseen_since: Option<String>,
    due: String,
    /// The due date hangs on a year whose holidays are not published yet.
    due_provisional: bool,
    verdict: &'static str,
    /// How many places are at fault, listed or not.
    fault_count: u32,
    faults: Vec<Fault>,
    hints: Vec<Fault>,
    missing: Vec<String>,
    /// A file that came together with it and counts no more, with how many rows this one hasn't.
    left_out: Option<(String, String)>,
    /// The marked-up copy holds none of the rows.
    without_rows: bool,
    returned_folder: &'static str,
    /// The version that counts, if another one does.
    counts: Option<u32>,
    withdrawn: Option<String>,
    /// A later version that was taken back, and why.
    taken_back: Option<TakenBack>,
    /// A draft beside it, saved since.
    draft: Option<Saved>,
    /// Until when it should be corrected, while that is to come.
    correction: Option<Correction>,
    /// It had been accepted before a recheck handed it back: why.
    reopened: Option<String>,
}

/// Until when a returned ledger should be corrected.
#[derive(Debug, Serialize)]
struct Correction {
    until: String,
    /// What is corrected by then counts as on time.
    in_time: bool,
}

/// A version that was taken back, as the note of the one before it mentions it.
#[derive(Debug, Serialize)]
struct TakenBack {
    version: u32,
    file_name: String,
    reason: String,
}

/// A draft as the note of a submission mentions it.
#[derive(Debug, Serialize)]
struct Saved {
    rows: u32,
    faults: u32,
    folder: &'static str,
}

/// The receipt of a unit for a period: what counted, what is still missing.
///
/// # Errors
/// A template is faulty.
pub fn receipt(site: &Site, known: &Known, about: &Duty) -> anyhow::Result<Option<Note>> {
    let Some(programme) = site.program(&about.program) else {
        return Ok(None);
    };
    let Some(who) = programme.roster.unit(&about.unit) else {
        return Ok(None);
    };
    let period: Period = about.period.clone();
    let records = known.versions(about);
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    let Some(counts) = counting(&submissions) else {
        return Ok(None);
    };
    let Some(record) = records.iter().find(|record| record.id == counts.id) else {
        return Ok(None);
    };
    let facts = facts(site, known, &programme, who, &period, record, None);
    let words = FolderWords::of(programme.language);
    let name = format!("{}.txt", words.receipt);
    Ok(Some(Note {
        folder: site
            .unit_folder(&programme, &about.unit)
            .join(words.accepted)
            .join(&period.to_string()),
        prefix: name.clone(),
        settles: None,
        name,
        text: text(site, programme.language, "receipt", &facts)?,
    }))
}

/// Where the receipt of a unit for a period lies.
#[must_use]
pub fn receipt_path(site: &Site, about: &Duty) -> Option<SharePath> {
    let programme = site.program(&about.program)?;
    let words = FolderWords::of(programme.language);
    let folder = site.unit_folder(&programme, &about.unit);
    let folder = folder.join(words.accepted).join(&about.period.to_string());
    Some(folder.join(&format!("{}.txt", words.receipt)))
}

/// The note whose name tells where a unit stands for a period.
///
/// # Errors
/// A template is faulty.
pub fn status(site: &Site, known: &Known, about: &Duty) -> anyhow::Result<Option<Note>> {
    let Some(programme) = site.program(&about.program) else {
        return Ok(None);
    };
    let Some(who) = programme.roster.unit(&about.unit) else {
        return Ok(None);
    };
    let period: Period = about.period.clone();
    if let Some(own) = known.exemption(about) {
        return duty::note(site, &programme, who, &period, (true, &own.reason)).map(Some);
    }
    let records = known.versions(about);
    let draft = known.draft(about);
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    let is_document = matches!(programme.material, Material::Document(_));
    let rejected = documents::rejected(&submissions)
        .filter(|_| is_document)
        .map(|own| own.id);
    let Some(latest) = records
        .iter()
        .find(|record| Some(record.id) == rejected)
        .or(records.iter().rev().find(|record| record.withdrawn.is_none()))
        .or(records.last())
    else {
        return match draft {
            Some(draft) => draft::note(site, &programme, who, &period, draft).map(Some),
            None => known
                .undone(about)
                .map(|own| duty::note(site, &programme, who, &period, (false, &own.reason)))
                .transpose(),
        };
    };
    let counts = counting(&submissions)
        .filter(|_| rejected.is_none())
        .filter(|counts| counts.id != latest.id)
        .map(|counts| counts.version);
    let later = records.last().filter(|last| last.id > latest.id);
    let grace = grace_now(site, &programme, &period, &submissions);
    let facts = Facts {
        correction: grace.map(|grace| Correction {
            until: moment(programme.language, grace.until.with_timezone(&site.clock.zone())),
            in_time: grace.in_time,
        }),
        taken_back: later.and_then(|later| {
            let (_, reason) = later.withdrawn.as_ref()?;
            Some(TakenBack {
                version: later.version?,
                file_name: printable(&later.file_name),
                reason: reason.clone(),
            })
        }),
        // What was saved later than it was handed in.
        draft: draft
            .filter(|draft| draft.file.saved > latest.arrival.seen)
            .map(|draft| Saved {
                rows: draft.rows,
                faults: draft.faults,
                folder: FolderWords::of(programme.language).forms,
            }),
        ..facts(site, known, &programme, who, &period, latest, counts)
    };
    let words = FolderWords::of(programme.language);
    let settles = latest
        .submission()
        .is_some_and(|latest| latest.is_accepted())
        .then(|| {
            format!(
                "{}/{}/{period}/",
                site.unit_folder(&programme, &about.unit),
                words.returned
            )
        });
    let note = status_note(site, &programme, who, &period, ("status-name", "status"), &facts)?;
    Ok(Some(Note { settles, ..note }))
}

/// How the paths of a unit's status notes for a period begin.
#[must_use]
pub fn status_start(site: &Site, about: &Duty) -> Option<String> {
    let programme = site.program(&about.program)?;
    let folder = site.unit_folder(&programme, &about.unit);
    Some(format!("{folder}/{} ", about.period))
}

fn facts<'a>(
    site: &Site,
    known: &Known,
    programme: &'a Program,
    unit: &'a Unit,
    period: &Period,
    record: &Record,
    counts: Option<u32>,
) -> Facts<'a> {
    let findings = known.findings(record.id);
    // Errors and open queries, or warnings; infos stay with the office.
    let told = |heavy| {
        findings.iter().filter(move |finding| {
            finding.severity() >= Severity::Warning && finding.returns_ledger() == heavy && !finding.explained
        })
    };
    let (heavy, light) = (told(true), told(false));
    let returned = record.verdict == Verdict::Returned;
    let room = Room::of(site, programme.language);
    let zone = site.clock.zone();
    let due = programme.due_of(&unit.id, period, &site.calendar(), zone);
    let late = due
        .as_ref()
        .is_some_and(|due| record.arrival.is_after(due.at.with_timezone(&Utc)));
    Facts {
        unit: &unit.display_name,
        office: &programme.office.name,
        contact: contact(programme),
        matter: &programme.matter,
        period: period_label(programme, period),
        period_id: period.to_string(),
        document: matches!(programme.material, Material::Document(_)),
        version: record.version.unwrap_or(0),
        file_name: printable(&record.file_name),
        received: moment(programme.language, record.arrival.seen.with_timezone(&zone)),
        rows: record.row_count.unwrap_or(0),
        nil: record.nil,
        by_office: record
            .accepted_by_office
            .as_ref()
            .map(|(_, reason)| reason.clone()),
        late,
        unseen_since: record
            .arrival
            .after
            .filter(|_| record.detail.during_downtime)
            .map(|after| moment(programme.language, after.with_timezone(&zone))),
        due_provisional: due.as_ref().is_some_and(|due| due.provisional),
        due: due
            .map(|due| moment(programme.language, due.at))
            .unwrap_or_default(),
        verdict: if record.accepted_by_office.is_some() {
            "accepted"
        } else {
            record.verdict.as_str()
        },
        fault_count: faults::count(heavy.clone()),
        faults: faults::listed(heavy, returned, room.faults),
        hints: faults::listed(light, returned, room.hints),
        missing: missing(site, known, programme, unit),
        left_out: record.detail.left_out.clone(),
        without_rows: is_bare(record.row_count.unwrap_or(0), findings),
        returned_folder: FolderWords::of(programme.language).returned,
        counts,
        withdrawn: record.withdrawn.as_ref().map(|(_, reason)| reason.clone()),
        taken_back: None,
        draft: None,
        correction: None,
        reopened: record.reopened.as_ref().map(|own| own.reason.clone()),
    }
}

/// A status note by the templates of its name and its text.
fn status_note<T: Serialize>(
    site: &Site,
    programme: &Program,
    unit: &Unit,
    period: &Period,
    (name, text_of): (&str, &str),
    facts: &T,
) -> anyhow::Result<Note> {
    let language = programme.language;
    let name = site.notes.render(&template(language, name), facts)?;
    let name = crate::domain::text::file_name_part(name.trim_start_matches('\u{feff}').trim());
    Ok(Note {
        folder: site.unit_folder(programme, &unit.id),
        name: format!("{name}.txt"),
        prefix: format!("{period} "),
        settles: None,
        text: text(site, language, text_of, facts)?,
    })
}

/// The text of a note as it goes to the share, ending in its check code.
///
/// # Errors
/// The template is missing or faulty.
pub(super) fn text<T: Serialize>(
    site: &Site,
    language: Language,
    name: &str,
    values: &T,
) -> anyhow::Result<String> {
    let text = site.notes.render(&template(language, name), values)?;
    Ok(with_code(&text, language))
}

/// The name of a note's template.
pub(super) fn template(language: Language, name: &str) -> String {
    match language {
        Language::Chinese => format!("zh-CN/{name}.txt.j2"),
        Language::English => format!("en/{name}.txt.j2"),
    }
}

/// The period in the programme's language.
#[must_use]
pub fn period_label(programme: &Program, period: &Period) -> String {
    let label = || match programme.language {
        Language::Chinese => period.label(),
        Language::English => period.label_en(),
    };
    programme
        .cycle
        .milestones
        .iter()
        .find(|milestone| matches!(period, Period::Milestone(id) if *id == milestone.id))
        .map_or_else(label, |milestone| milestone.name.clone())
}

/// Whom to ask, as far as it is known.
#[must_use]
pub fn contact(programme: &Program) -> String {
    [
        programme.office.name.as_str(),
        programme.office.contact.as_str(),
        programme.office.phone.as_str(),
    ]
    .into_iter()
    .filter(|part| !part.is_empty())
    .collect::<Vec<_>>()
    .join(" ")
}
