//! The last good definitions, kept beyond the end of the process.
//!
//! A typo in a definition and a power cut must not mean that nobody is
//! collected. Each good state lies under `memory/<id>/<hash>/`, complete before
//! it bears that name; older ones are removed afterwards.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::source::{files, hash};
use super::{Loaded, ReadTable, read};
use crate::domain::program::Program;
use crate::platform::sync_dir;

/// Keeps a copy of every programme that is good now.
///
/// # Errors
/// If a copy can't be written.
pub fn remember(loaded: &Loaded, templates: &Path, memory: &Path) -> anyhow::Result<()> {
    for program in loaded
        .programs
        .iter()
        .filter(|program| !loaded.broken.iter().any(|broken| program.id == broken.as_str()))
    {
        let own = memory.join(program.id.as_str());
        if own.join(&program.hash).is_dir() {
            continue;
        }
        let (files, _) = files(&templates.join("programs").join(program.id.as_str()))?;
        // Changed since it was loaded: the next load will find it good or not.
        if hash(&files) == program.hash {
            keep(&own, &program.hash, &files).with_context(|| format!("不能保存 {}", own.display()))?;
        }
    }
    Ok(())
}

/// Adds, for every broken programme that has no good state, the one remembered.
#[must_use]
pub fn recall(mut loaded: Loaded, enabled: &[String], memory: &Path, read_table: ReadTable<'_>) -> Loaded {
    let lost: Vec<String> = loaded
        .broken
        .iter()
        .filter(|id| loaded.program(id).is_none())
        .cloned()
        .collect();
    let found = lost
        .iter()
        .filter_map(|id| recalled(&memory.join(id), id, read_table));
    let found: Vec<Arc<Program>> = found.map(Arc::new).collect();
    loaded.keep(found, enabled);
    loaded
}

fn recalled(own: &Path, id: &str, read_table: ReadTable<'_>) -> Option<Program> {
    let mut states: Vec<_> = std::fs::read_dir(own)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && path.extension().is_none())
        .collect();
    states.sort();
    states.iter().find_map(|state| read(state, id, read_table).ok())
}

fn keep(own: &Path, hash: &str, files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    let unfinished = own.join(format!("{hash}.part"));
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished)?;
    }
    std::fs::create_dir_all(&unfinished)?;
    for (name, bytes) in files {
        let path = unfinished.join(name);
        std::fs::write(&path, bytes)?;
        std::fs::File::options().write(true).open(&path)?.sync_all()?;
    }
    sync_dir(&unfinished)?;
    std::fs::rename(&unfinished, own.join(hash))?;
    // The older ones go only when this one would outlast a power cut.
    sync_dir(own)?;
    own.parent().map_or(Ok(()), sync_dir)?;
    for entry in std::fs::read_dir(own)?.flatten() {
        if entry.file_name() != hash {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
