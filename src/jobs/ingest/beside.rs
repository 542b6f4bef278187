//! Notes that lie beside a file, or in its unit's folder, and say what became of it.

use super::plan::{NewFile, split};
use crate::domain::codes::{Code, Severity};
use crate::domain::finding::Finding;
use crate::domain::ids::UnitId;
use crate::domain::own_notes::beside_tag;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::domain::text::{file_name_part, printable};
use crate::jobs::notes;
use crate::jobs::site::Site;

/// A note to lie beside a file: its name and text.
pub struct Beside {
    /// Folder on the share; none: the office's folder.
    pub folder: Option<SharePath>,
    /// File name.
    pub name: String,
    /// Text.
    pub text: String,
}

/// The unit that a held file is of: by its folder, or the only one that could be meant.
pub(super) fn held_for<'a>(file: &'a NewFile<'_>) -> Option<&'a UnitId> {
    let examination = file.examination;
    let only = match examination.candidates.as_slice() {
        [unit] => Some(unit),
        _ => None,
    };
    file.found
        .place
        .unit
        .as_ref()
        .or(examination.unit.as_ref())
        .or(only)
}

/// What the templates of such notes are given.
#[derive(Default, serde::Serialize)]
struct Values<'a> {
    kind: &'a str,
    file_name: &'a str,
    received: &'a str,
    reason: String,
    hint: String,
    candidates: Vec<&'a str>,
    earlier: &'a str,
    earlier_received: String,
    returned: bool,
    matter: &'a str,
    moved_to: String,
    contact: String,
}

/// The note on a file whose name is in another encoding; the same at any time.
pub(super) fn badly_named(site: &Site, program: &Program, name: &str) -> anyhow::Result<Beside> {
    let (language, kind) = (program.language, "badly-named");
    let name = printable(name);
    let values = Values {
        kind,
        file_name: &name,
        contact: notes::contact(program),
        ..Values::default()
    };
    let text = notes::text(site, language, "beside", &values)?;
    let stem = file_name_part(split(&name).0);
    Ok(Beside {
        folder: None,
        name: format!("{stem}{}.txt", beside_tag(language, kind)),
        text,
    })
}

/// The folder of the unit that a file is of, by its programme; empty where it
/// isn't known.
fn unit_folder(site: &Site, file: &NewFile<'_>) -> String {
    let unit = file.examination.unit.as_ref();
    unit.map_or_else(String::new, |unit| {
        site.unit_folder(file.program, unit).to_string()
    })
}

/// The note on a file, worded by its templates.
pub(super) fn note(
    site: &Site,
    file: &NewFile<'_>,
    kind: &str,
    folder: Option<SharePath>,
    name: &str,
) -> anyhow::Result<Beside> {
    let language = file.program.language;
    let worst = file
        .examination
        .findings
        .iter()
        .find(|finding| finding.severity() == Severity::Error);
    // Nobody is asked for something that would replace a good version.
    let replaces = |finding: &&Finding| matches!(finding.code, Code::PeriodUnclear | Code::OlderVersion);
    let held = worst.is_some_and(|worst| replaces(&worst));
    let fault = worst.map(|finding| notes::fault(finding, false));
    let (reason, mut hint) = fault.map(|fault| (fault.message, fault.hint)).unwrap_or_default();
    if held {
        hint.clear();
    }
    let earlier = file.duplicate_of;
    let values = Values {
        kind,
        file_name: name,
        received: &file.received,
        reason,
        hint,
        candidates: file
            .examination
            .candidates
            .iter()
            .filter_map(|id| file.program.roster.unit(id))
            .map(|unit| unit.name.as_str())
            .collect(),
        earlier: earlier.map_or("", |record| &record.file_name),
        earlier_received: earlier
            .map(|record| notes::moment(language, record.arrival.seen.with_timezone(&site.clock.zone())))
            .unwrap_or_default(),
        matter: &file.program.matter,
        moved_to: unit_folder(site, file),
        returned: earlier.is_some_and(|record| record.submission().is_some_and(|own| own.is_returned())),
        contact: notes::contact(file.program),
    };
    let text = notes::text(site, language, "beside", &values)?;
    let tag = beside_tag(language, kind);
    Ok(Beside {
        folder,
        name: format!("{}{tag}.txt", split(name).0),
        text,
    })
}
