//! The definitions of a site: read, read again, and what was decided beside them.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use chrono::NaiveDate;

use super::Site;
use crate::domain::definition::Problem;
use crate::domain::ids::ProgramId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::table::Workbook;
use crate::jobs::options::Options;
use crate::jobs::programs::{self, Chosen, Loaded, Switches};

impl Site {
    /// Takes up which programmes were switched on and off, extended deadlines, who
    /// leads items by the office's decision, and when programmes first ran; tells
    /// whether any differs from before.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn take_decisions(&self) -> anyhow::Result<bool> {
        let switched = self.store.switches().await?;
        let turned = {
            let mut own = self.switched.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *own, switched.clone()) != switched
        };
        if turned {
            self.reload();
        }
        let extensions = self.store.extensions().await?;
        let assignments = self.store.assignments().await?;
        let begun = self.store.begun().await?;
        let mut loaded = self.programs.write().unwrap_or_else(PoisonError::into_inner);
        let extended = loaded.extend(&extensions);
        let assigned = loaded.assign(&assignments);
        Ok(loaded.begin(&begun) || extended || assigned || turned)
    }

    /// Takes up when what programmes wait for was all in, or closed; tells
    /// whether any differs from before.
    pub fn take_ended(&self, ended: &[(ProgramId, (Period, NaiveDate))]) -> bool {
        let mut loaded = self.programs.write().unwrap_or_else(PoisonError::into_inner);
        loaded.end(ended)
    }

    /// Reads a table that lies beside a definition.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read_table(&self, path: &Path) -> anyhow::Result<Workbook> {
        read_table(&self.options)(path)
    }

    /// Understands a definition that need not be one of the site's.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read_program(&self, folder: &Path) -> Result<Program, Vec<Problem>> {
        programs::read_one(folder, &read_table(&self.options))
    }

    /// Whether the office has switched a programme on or off.
    #[must_use]
    pub fn switched(&self, program: &ProgramId) -> Option<bool> {
        let own = self.switched.read().unwrap_or_else(PoisonError::into_inner);
        own.get(program).copied()
    }

    /// How often definitions have changed since the start, whoever read them again.
    #[must_use]
    pub fn definitions(&self) -> u64 {
        self.definitions.load(Ordering::Acquire)
    }

    /// Reads the definitions again; tells whether anything changed. One that
    /// is faulty now keeps its last good form.
    pub fn reload(&self) -> bool {
        let switched = self
            .switched
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Ok(mut loaded) = self.programs.write() else {
            return false;
        };
        let options = &self.options;
        let chosen = Chosen {
            enabled: &options.enabled,
            switched: &switched,
        };
        let fresh = programs::reload(&loaded, &options.templates, chosen, &read_table(options));
        let hashes = |loaded: &Loaded| -> Vec<String> {
            loaded
                .programs
                .iter()
                .map(|program| program.hash.clone())
                .collect()
        };
        let changed = hashes(&fresh) != hashes(&loaded);
        if fresh.problems != loaded.problems {
            for problem in &fresh.problems {
                tracing::error!("{problem}");
            }
        }
        if changed {
            remember(&fresh, options);
        }
        *loaded = fresh;
        if changed {
            self.definitions.fetch_add(1, Ordering::AcqRel);
        }
        changed
    }
}

/// Loads the definitions. For one that is faulty now its last good form is
/// taken from `data/definitions`, so that a slip and a power cut together
/// don't stop collection.
pub(super) fn load(options: &Options, switched: &Switches) -> Loaded {
    let read = read_table(options);
    let chosen = Chosen {
        enabled: &options.enabled,
        switched,
    };
    let loaded = programs::load(&options.templates, chosen, &read);
    let loaded = programs::recall(loaded, &options.enabled, &memory(options), &read);
    remember(&loaded, options);
    loaded
}

fn memory(options: &Options) -> PathBuf {
    options.data.join("definitions")
}

fn remember(loaded: &Loaded, options: &Options) {
    if let Err(error) = programs::remember(loaded, &options.templates, &memory(options)) {
        tracing::warn!(error = format!("{error:#}"), "方案定义没有留存");
    }
}

/// Rosters may be workbooks; they are the office's own and read in process.
fn read_table(options: &Options) -> impl Fn(&Path) -> anyhow::Result<Workbook> + use<> {
    let limits = options.limits.clone();
    move |path| {
        crate::workbook::read::read_in_process(path, &limits).map_err(|failure| anyhow::anyhow!("{failure}"))
    }
}
