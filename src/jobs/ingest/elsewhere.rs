//! A form of another programme of the site, laid into the wrong folder.

use std::sync::Arc;

use crate::domain::ids::UnitId;
use crate::domain::ledger::locate;
use crate::domain::program::Program;
use crate::domain::stamp;
use crate::domain::table::Workbook;
use crate::domain::text::{folded, name_key};
use crate::inbox::{Found, Zone};
use crate::jobs::site::Site;

/// Rows of a sheet in which a title stands.
const TITLE_ROWS: usize = 6;

/// Where a workbook belongs that doesn't belong where it lies.
pub(super) enum Elsewhere {
    /// To the unit that bears the same name in the programme whose form it is.
    Unit(Arc<Program>, UnitId),
    /// To a programme in which no unit bears the name: it can't be moved.
    Program(Arc<Program>),
    /// Nobody can tell to which of these, by their folders.
    Unclear(Vec<String>),
}

/// Whether a workbook that a person has dropped into a unit's folder is another
/// programme's: by the stamp of the form that we gave out, else by a title and
/// a header that fit that programme alone. In a programme's own folder it may
/// be anybody's whose header it has, as long as no title says whose.
pub(super) fn elsewhere(
    site: &Site,
    program: &Program,
    found: &Found,
    workbook: &Workbook,
) -> Option<Elsewhere> {
    if found.place.zone != Zone::Drop {
        return None;
    }
    let Some(unit) = &found.place.unit else {
        return unclear(site, program, workbook);
    };
    let own = program.roster.unit(unit)?;
    let other = match workbook.properties.get(stamp::PROGRAM) {
        Some(stamped) if program.id == stamped.as_str() => None,
        Some(stamped) => site.program(stamped),
        None => by_title(site, program, workbook),
    }?;
    let same = |name: &str| name_key(name) == name_key(&own.name);
    let unit = other.roster.units.iter().find(|unit| same(&unit.name));
    Some(match unit.map(|unit| unit.id.clone()) {
        Some(unit) => Elsewhere::Unit(other, unit),
        None => Elsewhere::Program(other),
    })
}

/// The programmes whose header a workbook has that says nothing else of where it belongs.
fn unclear(site: &Site, program: &Program, workbook: &Workbook) -> Option<Elsewhere> {
    let programs = site.programs();
    if programs.len() < 2 || workbook.properties.contains_key(stamp::PROGRAM) {
        return None;
    }
    // Most have a title, which is quickly found.
    if programs.iter().any(|own| has_title(own, workbook)) || !has_header(program, workbook) {
        return None;
    }
    let fitting = programs.iter().filter(|own| has_header(own, workbook));
    let folders: Vec<String> = fitting.map(|own| own.folder.clone()).collect();
    (folders.len() > 1).then_some(Elsewhere::Unclear(folders))
}

/// The one programme whose title and header a workbook has, where it hasn't
/// this one's.
fn by_title(site: &Site, program: &Program, workbook: &Workbook) -> Option<Arc<Program>> {
    let programs = site.programs();
    if programs.len() < 2 || has_title(program, workbook) || has_header(program, workbook) {
        return None;
    }
    let mut others = programs
        .iter()
        .filter(|other| other.id != program.id && has_title(other, workbook) && has_header(other, workbook));
    match (others.next(), others.next()) {
        (Some(only), None) => Some(only.clone()),
        _ => None,
    }
}

fn has_title(program: &Program, workbook: &Workbook) -> bool {
    let sheets = workbook.sheets.iter().filter(|sheet| !sheet.hidden);
    let cells = sheets.flat_map(|sheet| sheet.rows.iter().take(TITLE_ROWS).flat_map(|row| &row.cells));
    let texts: Vec<String> = cells
        .map(|cell| folded(&cell.value.display()).into_owned())
        .collect();
    let titles = program.material.forms().iter().flat_map(|form| &form.titles);
    titles
        .filter(|title| !title.is_empty())
        .any(|title| texts.iter().any(|text| text.contains(folded(title).as_ref())))
}

fn has_header(program: &Program, workbook: &Workbook) -> bool {
    let sheets = workbook.sheets.iter().filter(|sheet| !sheet.hidden);
    let forms = program.material.forms();
    sheets
        .into_iter()
        .any(|sheet| forms.iter().any(|form| locate(sheet, form).is_some()))
}
