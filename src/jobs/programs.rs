//! Loads the programmes' definitions, and keeps the last good one of each.
//!
//! A wrong definition never stops collection: a running daemon keeps the last
//! good one ([`reload`]), and so does one that starts anew, from a copy that
//! [`remember`] made ([`recall`]). The other programmes run on, and the faulty
//! line is named.

mod memory;
mod source;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::definition::Problem;
use crate::domain::definition::nearest;
use crate::domain::ids::ProgramId;
use crate::domain::period::Period;
use crate::domain::program::{Assignment, Extension, Program, parse};
use crate::domain::source_table::SourceTable;
use crate::domain::table::Workbook;
use crate::domain::text::name_key;

pub use memory::{recall, remember};
pub(super) use source::text as csv_text;
pub use source::{bytes, read as source};

/// Reads a workbook that holds a table; the reader is another adapter's.
pub type ReadTable<'a> = &'a (dyn Fn(&Path) -> anyhow::Result<Workbook> + Sync);

/// What the office has switched on or off since, by programme.
pub type Switches = BTreeMap<ProgramId, bool>;

/// Which programmes run.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// Those of `[programs] enabled`; empty: all.
    pub enabled: &'a [String],
    /// What the office has decided otherwise.
    pub switched: &'a Switches,
}

impl Chosen<'_> {
    /// All that are there.
    pub const ALL: Chosen<'static> = Chosen {
        enabled: &[],
        switched: &Switches::new(),
    };

    fn is_off(&self, id: &str) -> bool {
        let own = self.switched.iter().find(|(own, _)| *own == id);
        own.is_some_and(|(_, on)| !on)
    }
}

/// The programmes that run, and what is wrong with the definitions.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// In the order of `[programs] enabled`, else of the folders' names.
    pub programs: Vec<Arc<Program>>,
    /// Everything that is wrong, by file.
    pub problems: Vec<Problem>,
    /// Folders whose definition is wrong now; the programme may still run as it last was.
    pub broken: Vec<String>,
}

impl Loaded {
    /// Takes the extended deadlines, with their programmes; tells whether any differs from before.
    pub fn extend(&mut self, extensions: &[(ProgramId, Extension)]) -> bool {
        self.give_each(extensions, |own| &own.extensions, |own| &mut own.extensions)
    }

    /// Takes who leads items by the office's decision; tells whether any differs from before.
    pub fn assign(&mut self, assignments: &[(ProgramId, Assignment)]) -> bool {
        self.give_each(assignments, |own| &own.assignments, |own| &mut own.assignments)
    }

    /// Takes when programmes ran for the first time; tells whether any differs from before.
    pub fn begin(&mut self, begun: &[(ProgramId, DateTime<Utc>)]) -> bool {
        let mut changed = false;
        for program in &mut self.programs {
            let own = begun.iter().find(|(id, _)| *id == program.id);
            let own = own.map(|(_, at)| *at);
            if program.begun != own {
                changed = true;
                Arc::make_mut(program).begun = own;
            }
        }
        changed
    }

    /// Takes when what programmes wait for was all in, or closed, by period;
    /// tells whether any differs from before.
    pub fn end(&mut self, ended: &[(ProgramId, (Period, NaiveDate))]) -> bool {
        self.give_each(ended, |own| &own.ended_before, |own| &mut own.ended_before)
    }

    /// Gives each programme its own decisions of a kind.
    fn give_each<T: Clone + PartialEq>(
        &mut self,
        decisions: &[(ProgramId, T)],
        had: fn(&Program) -> &Vec<T>,
        has: fn(&mut Program) -> &mut Vec<T>,
    ) -> bool {
        let mut changed = false;
        for program in &mut self.programs {
            let own = decisions.iter().filter(|(id, _)| *id == program.id);
            let own: Vec<T> = own.map(|(_, decision)| decision.clone()).collect();
            if *had(program) != own {
                changed = true;
                *has(Arc::make_mut(program)) = own;
            }
        }
        changed
    }

    /// A programme by id.
    #[must_use]
    pub fn program(&self, id: &str) -> Option<&Arc<Program>> {
        self.programs.iter().find(|program| program.id == id)
    }
}

/// Loads the programmes under `templates/programs` that are chosen. Never
/// fails: what is wrong stands in [`Loaded::problems`].
#[must_use]
pub fn load(templates: &Path, chosen: Chosen<'_>, read_table: ReadTable<'_>) -> Loaded {
    let root = templates.join("programs");
    let mut loaded = Loaded::default();
    let folders = folders(&root, chosen, &mut loaded);
    for (folder, read) in folders.iter().zip(read_all(&root, &folders, read_table)) {
        let folder = folder.clone();
        match read {
            Ok(program) => loaded.take(program, &root, folder),
            Err(problems) => {
                loaded.problems.extend(problems);
                loaded.broken.push(folder);
            }
        }
    }
    loaded.refuse_circles(&root);
    loaded
}

type Read = Result<Program, Vec<Problem>>;

/// Reads definitions side by side, on as many threads as there are cores; gives
/// them in the order of their folders.
fn read_all(root: &Path, folders: &[String], read_table: ReadTable<'_>) -> Vec<Read> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = folders.len().div_ceil(cores).max(1);
    let each = |folder: &String| read(&root.join(folder), folder, read_table);
    std::thread::scope(|scope| {
        let parts = folders
            .chunks(share)
            .map(|part| scope.spawn(move || part.iter().map(each).collect::<Vec<Read>>()));
        let parts: Vec<_> = parts.collect();
        let reads = parts.into_iter().flat_map(|part| match part.join() {
            Ok(reads) => reads,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        reads.collect()
    })
}

/// Loads again. A programme whose definition is now wrong stays as it last
/// was; one whose definition is unchanged stays the same [`Arc`].
#[must_use]
pub fn reload(previous: &Loaded, templates: &Path, chosen: Chosen<'_>, read_table: ReadTable<'_>) -> Loaded {
    let mut loaded = load(templates, chosen, read_table);
    for program in &mut loaded.programs {
        if let Some(old) = previous.program(&program.id) {
            // Deadlines were extended while it ran; the definition knows nothing of it.
            let program = Arc::make_mut(program);
            program.extensions.clone_from(&old.extensions);
            program.assignments.clone_from(&old.assignments);
            program.begun = old.begun;
            program.ended_before.clone_from(&old.ended_before);
        }
        if let Some(same) = previous.program(&program.id).filter(|old| *old == program) {
            *program = Arc::clone(same);
        }
    }
    if loaded.broken.is_empty() && loaded.programs.is_empty() && !loaded.problems.is_empty() {
        // The whole folder is out of reach: nothing was taken away on purpose.
        loaded.programs.clone_from(&previous.programs);
        return loaded;
    }
    let kept = previous
        .programs
        .iter()
        .filter(|program| loaded.broken.iter().any(|broken| program.id == broken.as_str()));
    let kept: Vec<_> = kept.map(Arc::clone).collect();
    loaded.keep(kept, chosen.enabled);
    loaded
}

impl Loaded {
    /// Takes a good programme, unless another already has its folder on the share.
    fn take(&mut self, program: Program, root: &Path, folder: String) {
        let same = |other: &&Arc<Program>| name_key(&other.folder) == name_key(&program.folder);
        if let Some(other) = self.programs.iter().find(same) {
            self.problems.push(Problem {
                file: root.join(&folder).join("program.toml").display().to_string(),
                line: None,
                message: format!("共享文件夹里的“{}”已经是“{}”的。", program.folder, other.id),
                remedy: "两项报送制度的 folder 不能相同，改其中一个。".into(),
            });
            self.broken.push(folder);
        } else {
            self.programs.push(Arc::new(program));
        }
    }

    /// Programmes that wait for one another wait for ever: none of them runs.
    fn refuse_circles(&mut self, root: &Path) {
        let after = |id: &str| -> Option<String> {
            let program = self.programs.iter().find(|own| own.id == *id)?;
            program.deadline.after.as_ref().map(ToString::to_string)
        };
        let mut circles: Vec<(String, String)> = Vec::new();
        for program in &self.programs {
            let mut next = after(&program.id);
            for _ in 0..self.programs.len() {
                match next {
                    Some(id) if program.id == id.as_str() => {
                        let waits_for = after(&program.id).unwrap_or_default();
                        circles.push((program.id.to_string(), waits_for));
                        break;
                    }
                    Some(id) => next = after(&id),
                    None => break,
                }
            }
        }
        for (id, waits_for) in circles {
            self.programs.retain(|own| own.id != id.as_str());
            self.problems.push(Problem {
                file: root.join(&id).join("program.toml").display().to_string(),
                line: None,
                message: format!("“{id}”等“{waits_for}”报齐，“{waits_for}”又等到它。"),
                remedy: "[deadline] program 不能绕成一圈，改其中一个。".into(),
            });
            self.broken.push(id);
        }
    }

    /// Adds the last good state of broken programmes, in the usual order,
    /// unless a good one has taken their folder on the share.
    fn keep(&mut self, programs: Vec<Arc<Program>>, enabled: &[String]) {
        for program in programs {
            let taken = self
                .programs
                .iter()
                .any(|other| name_key(&other.folder) == name_key(&program.folder));
            if !taken {
                self.programs.push(program);
            }
        }
        let place = |id: &str| enabled.iter().position(|enabled| enabled == id);
        self.programs
            .sort_by(|left, right| (place(&left.id), &left.id).cmp(&(place(&right.id), &right.id)));
    }
}

/// The names of the folders that may hold a definition, sorted.
///
/// # Errors
/// The folder can't be read.
pub fn present(root: &Path) -> std::io::Result<Vec<String>> {
    let mut present: Vec<String> = std::fs::read_dir(root)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with(['.', '~']))
        .collect();
    present.sort();
    Ok(present)
}

/// The names of the folders to load, sorted or as enabled.
fn folders(root: &Path, chosen: Chosen<'_>, loaded: &mut Loaded) -> Vec<String> {
    let present = present(root).unwrap_or_else(|error| {
        loaded.problems.push(Problem {
            file: root.display().to_string(),
            line: None,
            message: format!("文件夹读不出来：{error}。"),
            remedy: "检查 config.toml 里 [paths] templates，或用 taizhang init 建一个新的站点。".into(),
        });
        Vec::new()
    });
    let enabled: Vec<&String> = chosen.enabled.iter().filter(|id| !chosen.is_off(id)).collect();
    if chosen.enabled.is_empty() || present.is_empty() {
        return present.into_iter().filter(|id| !chosen.is_off(id)).collect();
    }
    for id in enabled.iter().copied().filter(|id| !present.contains(id)) {
        let remedy = nearest(id, present.iter().map(String::as_str)).map_or_else(
            || "把它的文件夹放回去，或从 config.toml 的 [programs] enabled 里删去。".to_owned(),
            |near| format!("是不是“{near}”？请改 config.toml 的 [programs] enabled。"),
        );
        loaded.problems.push(Problem {
            file: root.join(id).display().to_string(),
            line: None,
            message: format!("没有“{id}”这项报送制度的文件夹。"),
            remedy,
        });
        loaded.broken.push(id.clone());
    }
    let on = |id: &&String| chosen.switched.iter().any(|(own, on)| *on && *own == id.as_str());
    let further = present.iter().filter(|id| !enabled.contains(id)).filter(on);
    let listed = enabled.iter().copied().filter(|id| present.contains(id));
    listed.chain(further).cloned().collect()
}

/// Text as WPS and Excel write it: UTF-8 with a mark or without, or GBK.
///
/// # Errors
/// It is neither.
pub fn decoded(bytes: &[u8]) -> anyhow::Result<String> {
    source::text(bytes)
}

/// A table in a file of its own: csv, or a workbook's first sheet.
///
/// # Errors
/// It can't be read.
pub fn table_of(path: &Path, read_table: ReadTable<'_>) -> anyhow::Result<SourceTable> {
    source::table(path, &source::bytes(path)?, read_table)
}

/// Understands the definition in a folder, whatever its site.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read_one(folder: &Path, read_table: ReadTable<'_>) -> Result<Program, Vec<Problem>> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned());
    read(folder, &name.unwrap_or_default(), read_table)
}

fn read(folder: &Path, name: &str, read_table: ReadTable<'_>) -> Result<Program, Vec<Problem>> {
    let path: PathBuf = folder.join("program.toml");
    let source = source::read(folder, name, read_table).map_err(|error| {
        vec![Problem {
            file: path.display().to_string(),
            line: None,
            message: format!("读不出来：{error}。"),
            remedy: "每项报送制度的文件夹里要有 program.toml，存为UTF-8编码。".into(),
        }]
    })?;
    parse(&source)
}
