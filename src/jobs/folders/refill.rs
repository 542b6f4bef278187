//! What a unit's folder that was made again gets back: the form, notes and
//! originals that lay in it; and where a folder that vanished may have gone.

use std::collections::HashMap;
use std::fs;

use crate::domain::finding::Verdict;
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::inbox::Stat;
use crate::jobs::action::Action;
use crate::jobs::forms::{form, form_name};
use crate::jobs::ingest::push_projections;
use crate::jobs::obligations::open_periods;
use crate::jobs::site::Site;
use crate::store::{Placed, Role};

/// Folders of a programme that belong to nobody, of which so many are looked into.
const LOOKED_INTO: usize = 100;

/// The folder to which a unit's folder was renamed, as far as its files tell.
/// Path relative to the watch root.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn renamed(site: &Site, program: &Program, unit: &UnitId) -> anyhow::Result<Option<String>> {
    let folder = site.unit_folder(program, unit);
    let lay = site.store.placed_below(&folder).await?;
    for name in strangers(site, program) {
        let candidate = format!("{}/{name}", program.folder);
        let same = |own: &Placed| {
            let now = own
                .path
                .strip_prefix(folder.as_str())
                .map(|rest| format!("{candidate}{rest}"));
            now.and_then(|path| site.share.stat(&path))
                == Some(Stat {
                    size: own.size,
                    modified: own.modified,
                })
        };
        if lay.iter().any(same) || is_of(site, program, unit, &candidate).await? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// Names of folders in a programme's folder that belong to no unit.
fn strangers(site: &Site, program: &Program) -> Vec<String> {
    let layout = site.layout();
    let Some(own) = layout.programs.get(&program.folder) else {
        return Vec::new();
    };
    let entries = fs::read_dir(site.share.path(&program.folder));
    let mut names: Vec<String> = entries
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !own.own.contains(name))
        .take(LOOKED_INTO)
        .collect();
    names.sort();
    names
}

/// Whether what is known to lie in a folder is a unit's: its files were looked
/// at since they were moved.
async fn is_of(site: &Site, program: &Program, unit: &UnitId, folder: &str) -> anyhow::Result<bool> {
    let forms: Vec<String> = program
        .roster
        .unit(unit)
        .map(|own| {
            let periods = open_periods(site, program);
            periods
                .iter()
                .map(|period| form_name(program, own, period))
                .collect()
        })
        .unwrap_or_default();
    for own in site.store.placed_below(folder).await? {
        let name = own.path.name();
        if own.role == Role::Form && forms.iter().any(|form| form == name) {
            return Ok(true);
        }
        if let (Role::Original, Some(id)) = (own.role, own.submission) {
            let record = site.store.submission(id).await?;
            return Ok(
                record.is_some_and(|own| own.program == program.id && own.unit.as_deref() == Some(unit))
            );
        }
    }
    Ok(false)
}

/// What a programme's units handed in last: the highest version by unit and period.
pub(super) type Latest = HashMap<UnitId, HashMap<Period, u32>>;

/// The steps, each with its submission, that lay into a unit's folder again
/// what lay there: the form of each open period that it was given and has not
/// handed in, the last file of each period that stays with it, receipts and
/// status notes.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn refill(
    site: &Site,
    program: &Program,
    unit: &UnitId,
    latest: &Latest,
) -> anyhow::Result<Vec<(Option<SubmissionId>, Action)>> {
    let mut steps = Vec::new();
    let handed_in = latest.get(unit);
    for period in open_periods(site, program) {
        let due = handed_in.is_none_or(|periods| !periods.contains_key(&period));
        if due
            && site
                .store
                .forms_given(&program.id, &period)
                .await?
                .contains_key(unit)
        {
            steps.push((None, form(program, unit, &period)));
        }
    }
    let mut periods: Vec<&Period> = handed_in.into_iter().flat_map(HashMap::keys).collect();
    // The newest first: it is what they look for.
    periods.sort_unstable_by(|a, b| b.cmp(a));
    for period in periods {
        steps.extend(last_file(site, program, unit, period).await?);
        let mut notes = Vec::new();
        push_projections(&mut notes, program, unit, period, Verdict::Accepted);
        steps.extend(notes.into_iter().map(|note| (None, note)));
    }
    Ok(steps)
}

/// The step that lays the last file of a unit's period again where it lay.
async fn last_file(
    site: &Site,
    program: &Program,
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<Option<(Option<SubmissionId>, Action)>> {
    let own = format!("{}/", site.unit_folder(program, unit));
    let versions = site.store.versions(&program.id, unit, period).await?;
    let last = versions.into_iter().rev().find_map(|record| {
        let placed = record.placed.filter(|path| path.starts_with(&own))?;
        Some((record.id, record.sha256, placed))
    });
    Ok(last
        .filter(|(_, sha256, _)| site.archive.path_of(*sha256).exists())
        .and_then(|(id, sha256, placed)| {
            let placed = placed.parse::<SharePath>().ok()?;
            let (folder, name) = (placed.folder(), placed.name().to_owned());
            Some((Some(id), Action::Restore { sha256, folder, name }))
        }))
}
