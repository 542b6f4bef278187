//! Files whose names are in another encoding: they can't be taken, and their
//! unit is told by a note.

use std::collections::HashSet;

use anyhow::Context as _;

use super::beside::{Beside, badly_named};
use crate::domain::language::Language;
use crate::domain::own_notes::beside_tag;
use crate::domain::program::Program;
use crate::inbox::Scan;
use crate::jobs::action::Action;
use crate::jobs::faults::Area;
use crate::jobs::queue::add_all;
use crate::jobs::site::Site;
use crate::store::Role;

/// The notes on such files.
#[derive(Debug, Default)]
pub(super) struct BadNames {
    /// None of these notes lies anywhere: there is nothing to look for.
    none_laid: bool,
}

impl BadNames {
    /// Lays a note beside each such file in a unit's folder, unless it lies there, and
    /// takes away those whose file is gone; tells whether there was anything to do.
    ///
    /// # Errors
    /// The database or the data folder can't be written.
    pub(super) async fn tell(&mut self, site: &Site, scan: &Scan) -> anyhow::Result<bool> {
        if scan.badly_named.is_empty() && self.none_laid {
            return Ok(false);
        }
        // A step that failed is taken again by itself.
        if site.store.delivery_backlog().await?.0 > 0 {
            return Ok(false);
        }
        let (mut actions, mut wanted) = (Vec::new(), HashSet::new());
        for path in &scan.badly_named {
            let Some(program) = program_of(site, &path.folder()) else {
                continue;
            };
            let Beside {
                name, text: words, ..
            } = badly_named(site, &program, path.name())?;
            let (folder, note) = (path.folder(), path.folder().join(&name));
            let there = site.share.stat(&note).is_some();
            wanted.insert(note);
            if !there {
                actions.push(Action::Put {
                    sha256: site.archive.prepare(words.as_bytes()).context(Area::Data)?,
                    folder,
                    name,
                    role: Role::Note,
                });
            }
        }
        for language in [Language::Chinese, Language::English] {
            let end = format!("{}.txt", beside_tag(language, "badly-named"));
            let laid = site.store.notes_ending(&end).await?;
            let over = laid.into_iter().filter(|path| !wanted.contains(path));
            actions.extend(over.map(|path| Action::TakeAway { path }));
        }
        self.none_laid = wanted.is_empty() && actions.is_empty();
        if actions.is_empty() {
            return Ok(false);
        }
        let mut change = site.store.begin().await?;
        add_all(site, &mut change, None, &actions).await?;
        change.commit().await?;
        Ok(true)
    }
}

/// The programme of which a unit's folder lies at a path, or above it.
fn program_of(site: &Site, folder: &str) -> Option<std::sync::Arc<Program>> {
    let programs = site.programs();
    let of_unit = |program: &Program| {
        program.roster.units.iter().any(|unit| {
            let own = site.unit_folder(program, &unit.id);
            folder
                .strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let live = programs.iter().filter(|program| !program.ladder.trial);
    live.into_iter().find(|program| of_unit(program)).cloned()
}
