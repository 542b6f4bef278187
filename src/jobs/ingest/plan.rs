//! From a verdict to what has to be done on the share. Pure but for the
//! wording of the notes.

use super::beside::{Beside, held_for, note};
use crate::domain::check::Examination;
use crate::domain::finding::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::placement::{self, Before, Beside as Said, Case, Place};
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::{Found, Zone};
use crate::jobs::action::{Action, Outside};
use crate::jobs::site::Site;
use crate::store::Role;

/// A taken file with everything that the plan needs.
pub struct NewFile<'a> {
    /// Its programme.
    pub program: &'a Program,
    /// The file.
    pub found: &'a Found,
    /// SHA-256 of its bytes.
    pub sha256: Sha256,
    /// When it was first seen, as people write it.
    pub received: String,
    /// The verdict, duplicates told apart.
    pub verdict: Verdict,
    /// What the checks brought out.
    pub examination: &'a Examination,
    /// The submission that it repeats.
    pub duplicate_of: Option<&'a Record>,
    /// SHA-256 of the prepared marked-up copy.
    pub marked: Option<Sha256>,
    /// The accepted original that a person changed in place: its SHA-256.
    pub changed_original: Option<Sha256>,
    /// It stays as and where it is, unopened.
    pub untouched: bool,
}

/// Plans what has to be done: actions, and the notes beside the file, or in its
/// unit's folder.
///
/// # Errors
/// A template is faulty.
pub fn plan(site: &Site, file: &NewFile<'_>) -> anyhow::Result<(Vec<Action>, Vec<Beside>)> {
    let words = FolderWords::of(file.program.language);
    let name = own_name(&file.found.name, words);
    let unit = file.examination.unit.as_ref();
    let period = file
        .examination
        .period
        .clone()
        .or_else(|| file.program.open_period(&site.calendar(), site.clock.now()))
        .map_or_else(|| "-".to_owned(), |period| period.to_string());
    let (place, said) = placement::place(&case(file));
    let lies = || file.found.path.folder();
    let folder = site.folder_of(file.program, unit, &period, place);
    let mut actions = vec![match (place, &folder) {
        (Place::Waiting, _) => move_out(file, Outside::Waiting, name.clone()),
        (Place::Quarantine, _) => {
            let own = format!("{}-{name}", &file.sha256.to_string()[..8]);
            move_out(file, Outside::Quarantine, own)
        }
        (Place::Here, _) => move_to(file, &lies(), &name, Role::Original),
        (_, Some(folder)) => move_to(file, folder, &name, Role::Original),
        (_, None) => keep(file, Role::Original),
    }];
    if let (Verdict::Returned, Some(folder), Some(sha256)) = (file.verdict, &folder, file.marked) {
        let (stem, _) = split(&name);
        actions.push(Action::Put {
            sha256,
            folder: folder.clone(),
            name: format!("{stem}{}.xlsx", words.marked),
            role: Role::Marked,
        });
    }
    let mut beside = Vec::new();
    if let Some(said) = said {
        // Beside the file where it lies then; what is off the share has left a gap.
        let there = match place {
            Place::Waiting => None,
            Place::Quarantine | Place::Here | Place::Untouched => Some(lies()),
            _ => folder.clone(),
        };
        beside.push(note(site, file, said.kind(), there.clone(), &name)?);
        // Its unit is told as well, where it knows its way.
        let told = held_for(file).filter(|_| said == Said::Unclaimed);
        let told = told.map(|unit| site.unit_folder(file.program, unit));
        if told.is_some() && told != there {
            beside.push(note(site, file, "held", told, &name)?);
        }
    }
    if file.program.ladder.trial {
        return Ok((actions, beside));
    }
    if leaves_for(place, folder.as_ref()) && was_moved(site, file) {
        // Whoever laid it there learns where it went.
        beside.push(note(site, file, "moved", Some(lies()), &name)?);
    }
    if let (Some(sha256), false) = (file.changed_original, file.verdict == Verdict::Duplicate) {
        let folder = file.found.path.folder();
        actions.push(Action::Restore {
            sha256,
            folder,
            name: name.clone(),
        });
    }
    if let (Some(unit), Some(period)) = (unit, &file.examination.period) {
        push_projections(&mut actions, file.program, unit, period, file.verdict);
    }
    Ok((actions, beside))
}

/// Whether a file goes into a folder of its programme.
fn leaves_for(place: Place, folder: Option<&SharePath>) -> bool {
    let stays = matches!(
        place,
        Place::Untouched | Place::Here | Place::Waiting | Place::Quarantine
    );
    !stays && folder.is_some()
}

/// Whether a file lies in the folder of another programme than its own.
fn was_moved(site: &Site, file: &NewFile<'_>) -> bool {
    let lies = file.found.path.to_string();
    let others = site
        .programs()
        .into_iter()
        .filter(|own| own.id != file.program.id);
    let mut folders = others.map(|own| format!("{}/", file_name_part(&own.folder)));
    folders.any(|folder| lies.starts_with(&folder))
}

/// What decides where it goes.
fn case(file: &NewFile<'_>) -> Case {
    let before = file.duplicate_of.map(|record| {
        if record.submission().is_some_and(|own| own.is_accepted()) {
            Before::Accepted
        } else if record.verdict == Verdict::Unclaimed {
            Before::Held
        } else {
            Before::NotAccepted
        }
    });
    Case {
        verdict: file.verdict,
        zone: file.found.place.zone,
        has_unit: file.examination.unit.is_some(),
        before,
        untouched: file.untouched,
        trial: file.program.ladder.trial,
    }
}

/// The receipt and status note that a verdict changes.
pub fn push_projections(
    actions: &mut Vec<Action>,
    program: &Program,
    unit: &UnitId,
    period: &Period,
    verdict: Verdict,
) {
    let (program, unit, period) = (program.id.clone(), unit.clone(), period.clone());
    if verdict.is_accepted() {
        actions.push(Action::Receipt {
            program: program.clone(),
            unit: unit.clone(),
            period: period.clone(),
        });
    }
    if verdict.is_accepted() || verdict == Verdict::Returned {
        actions.push(Action::Status {
            program,
            unit,
            period,
        });
    }
}

/// What to do with a photo, PDF or Word file: kept with its period, never parsed.
#[must_use]
pub fn plan_attachment(site: &Site, program: &Program, found: &Found, sha256: Sha256) -> Action {
    let words = FolderWords::of(program.language);
    let now = site.clock.now();
    if found.place.zone != Zone::Drop {
        return Action::Keep {
            path: found.path.clone(),
            stat: found.stat,
            sha256,
            role: Role::Attachment,
        };
    }
    let named = crate::domain::identify::read_file_name(
        &found.name,
        &program.roster,
        &program.cycle,
        now.date_naive(),
    );
    let folder = match found.place.unit.clone().or(named.unit) {
        Some(unit) => {
            let period = named
                .period
                .or_else(|| program.open_period(&site.calendar(), now));
            let period = period.map_or_else(|| "-".to_owned(), |period| period.to_string());
            let folder = site.unit_folder(program, &unit);
            folder.join(words.attachments).join(&period)
        }
        None => site.unclaimed_folder(program),
    };
    Action::Move {
        from: found.path.clone(),
        stat: found.stat,
        sha256,
        folder,
        name: file_name_part_keeping_extension(&found.name),
        role: Role::Attachment,
    }
}

/// Moves a file to where its verdict sends it. A form stays where it was filled in.
fn move_to(file: &NewFile<'_>, folder: &SharePath, name: &str, role: Role) -> Action {
    if file.found.place.zone == Zone::Forms {
        return keep(file, role);
    }
    Action::Move {
        from: file.found.path.clone(),
        stat: file.found.stat,
        sha256: file.sha256,
        folder: folder.clone(),
        name: name.to_owned(),
        role,
    }
}

fn move_out(file: &NewFile<'_>, to: Outside, name: String) -> Action {
    Action::MoveOut {
        from: file.found.path.clone(),
        stat: file.found.stat,
        sha256: file.sha256,
        to,
        name,
    }
}

fn keep(file: &NewFile<'_>, role: Role) -> Action {
    Action::Keep {
        path: file.found.path.clone(),
        stat: file.found.stat,
        sha256: file.sha256,
        role,
    }
}

/// The name of a submitted file in our folders: without the mark of the copy
/// that it was made from, safe on every file system.
fn own_name(name: &str, words: &FolderWords) -> String {
    let (stem, ending) = split(name);
    let stem = stem.strip_suffix(words.marked).unwrap_or(stem);
    file_name_part_keeping_extension(&format!("{stem}{ending}"))
}

fn file_name_part_keeping_extension(name: &str) -> String {
    let (stem, ending) = split(name);
    format!(
        "{}{}",
        file_name_part(stem),
        crate::domain::text::printable(ending)
    )
}

/// Stem and ending with its dot; endings longer than eight characters are none.
pub(super) fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 8 => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn the_mark_of_the_copy_is_dropped() {
        let words = FolderWords::of(Language::Chinese);
        assert_eq!(
            own_name("罗养 2024年11月台账（审核意见）.xlsx", words),
            "罗养 2024年11月台账.xlsx"
        );
        assert_eq!(own_name("台账.xlsx", words), "台账.xlsx");
        assert_eq!(
            own_name("公共服务办２０２４．xlsx", words),
            "公共服务办２０２４．xlsx"
        );
    }
}
