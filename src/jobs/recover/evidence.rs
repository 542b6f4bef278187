//! Evidence as it is gathered, and by which names and folders it is known.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime, Utc};

use crate::domain::ids::Duty;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::recover::{BesideNote, Noted, Original};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::{Found, Layout};
use crate::jobs::site::Site;
use crate::store::{Placed, Role};

/// All evidence.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    /// By programme, unit and period.
    pub(super) groups: BTreeMap<Duty, Files>,
    /// Files in 待确认单位 that were taken, with their notes.
    pub(super) unclaimed: Vec<(Found, Sha256, Option<BesideNote>)>,
    /// Files that were put aside and that the database doesn't know.
    pub(super) aside: Vec<Aside>,
    /// Our own files beside them that the database doesn't know as they lie there.
    pub(super) ours: Vec<Placed>,
    /// Notes beside files: what they speak of is looked up when it has a number.
    pub(super) besides: Vec<(Placed, String)>,
    /// Originals in the archive that nothing on the share is.
    pub(super) loose: BTreeMap<Sha256, DateTime<Utc>>,
    /// Originals that have no copy in the archive, because it was lost too.
    pub(super) unarchived: Vec<(SharePath, Sha256)>,
    /// Files in our folders of which nobody can tell the period.
    pub(super) unplaced: Vec<SharePath>,
    /// Units that hold a form of a period: programme, unit, period.
    pub(super) forms: BTreeSet<Duty>,
    /// When somebody last looked for certain.
    pub(super) looked: Option<DateTime<Utc>>,
}

/// A file over which the process died.
#[derive(Debug)]
pub(super) struct Aside {
    pub(super) found: Found,
    pub(super) sha256: Sha256,
    /// By its folder or its name.
    pub(super) period: Option<Period>,
    /// When it was seen first by the note beside it, in the site's zone.
    pub(super) received: Option<NaiveDateTime>,
}

/// The files of one unit and period.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) originals: Vec<Original>,
    /// As they lie there, in the same order; none for what only the archive has.
    pub(super) found: Vec<Option<Found>>,
    pub(super) receipt: Option<Noted>,
    pub(super) status: Option<Noted>,
    /// What the database has of it.
    pub(super) known: Vec<Record>,
}

/// Folders as they are known now, and those that bear a unit's former name.
pub(super) fn layout(site: &Site) -> Layout {
    let mut layout = site.layout();
    for program in site.programs() {
        let Some(folders) = layout.programs.get_mut(&program.folder) else {
            continue;
        };
        for unit in &program.roster.units {
            for name in &unit.former_names {
                let once = program
                    .roster
                    .units
                    .iter()
                    .filter(|other| other.former_names.contains(name))
                    .count()
                    == 1;
                if once {
                    folders
                        .units
                        .entry(file_name_part(name))
                        .or_insert_with(|| unit.id.clone());
                }
            }
        }
    }
    layout
}

/// A file as it lies there.
pub(super) fn as_it_lies(one: &Found, sha256: Sha256, role: Role) -> Placed {
    Placed {
        path: one.path.clone(),
        sha256,
        size: one.stat.size,
        modified: one.stat.modified,
        role,
        submission: None,
    }
}

pub(super) fn period_of(program: &Program, text: &str) -> Option<Period> {
    let period: Period = text.parse().ok()?;
    program.cycle.span(&period).is_some().then_some(period)
}

pub(super) fn is_text(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"))
}

/// Whether a text in a folder of forms is the page that goes with a form.
pub(super) fn is_guide(name: &str) -> bool {
    ["填报说明.txt", " how to fill in.txt"]
        .iter()
        .any(|end| name.ends_with(end))
}

/// Whether a name is that of a marked-up copy.
pub(super) fn is_marked(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let plain = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    FolderWords::marks()
        .any(|mark| stem.ends_with(mark) || plain.is_some_and(|(stem, _)| stem.ends_with(mark)))
}
