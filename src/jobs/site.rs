//! A site at work: its options, its programmes, and the adapters that serve it.

mod definitions;
mod faults;
mod folders;
mod holding;
mod letter_templates;
mod own_notes;
mod pasts;
mod pulse;
mod recorded;
mod resting;
mod trials;
mod unrecorded;
mod wording;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;

use super::clock::Clock;
use super::faults::Faults;
use super::holiday_table::{self, Holidays};
use super::options::Options;
use super::private;
use super::programs::{Loaded, Switches};
use crate::domain::calendar::Calendar;
use crate::domain::definition::Problem;
use crate::domain::ids::SubmissionId;
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::messages::Catalogue;
use crate::domain::notices::Behind;
use crate::domain::own_notes::OwnNotes;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::reasons::Reasons;
use crate::domain::register::Past;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::{Archive, Layout, Notes, ProgramFolders, Share, read_sentinel};
use crate::mail::Transport;
use crate::platform::make_private_folder;
use crate::store::Store;
use crate::workbook::read::ReaderPool;
pub use holding::Holding;
pub use letter_templates::LetterTemplates;
pub use pasts::{Kept, Origin, RowsRead, SharedRows};
pub use pulse::Pulse;
pub use resting::{Resting, Rests};
pub use trials::Trials;
pub use unrecorded::{Done, Unrecorded};
use wording::{language_key, messages, note_templates, reasons};

/// A site at work.
pub struct Site {
    /// What it is run with.
    pub options: Options,
    /// The present.
    pub clock: Clock,
    /// The database.
    pub store: Store,
    /// Private copies.
    pub archive: Archive,
    /// The shared folder.
    pub share: Share,
    /// Reading children.
    pub reader: ReaderPool,
    /// Notes on the share.
    pub notes: Notes,
    /// How our notes are called and begin.
    pub own_notes: OwnNotes,
    /// The words of the letters.
    pub letters: LetterTemplates,
    /// Where letters go.
    pub transport: Transport,
    /// Whether the share is ours.
    pub holding: Holding,
    /// Which programmes are on trial, as far as it was recorded.
    pub trials: Trials,
    /// Held while steps are carried out on the share.
    pub delivering: tokio::sync::Mutex<()>,
    /// What fails at present.
    pub faults: Faults,
    /// Whether the daemon's loop goes on.
    pub pulse: Pulse,
    /// What was accepted of registers.
    pub pasts: Kept<Past>,
    /// Rows of registers that were read last.
    pub rows_read: RowsRead,
    /// Who is behind a target: to measure goes through every row of the year.
    pub measured: Kept<Vec<Behind>>,
    /// Periods in which every unit has its form.
    pub resting: Rests,
    /// What became of letters, where the database couldn't take it.
    pub unrecorded: Unrecorded,
    messages: HashMap<&'static str, Catalogue>,
    reasons: HashMap<&'static str, Reasons>,
    programs: RwLock<Loaded>,
    switched: RwLock<Switches>,
    /// How often definitions have changed since the start.
    definitions: AtomicU64,
    holidays: RwLock<Holidays>,
}

impl Site {
    /// Opens a site: database, archive, definitions, wording.
    ///
    /// # Errors
    /// Something that the site can't work without is missing or faulty.
    pub async fn open(options: Options, clock: Clock) -> anyhow::Result<Self> {
        make_private_folder(&options.data)
            .with_context(|| format!("数据目录 {} 建不了", options.data.display()))?;
        let store = Store::open(&options.database)
            .await
            .with_context(|| format!("数据库 {} 打不开", options.database.display()))?;
        let archive = Archive::open(&options.data)?;
        for wrong in private::tighten(&options) {
            tracing::warn!(wrong, "别人也能查看，权限没有收紧");
        }
        let children = match options.children {
            0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            set => set,
        };
        let reader = ReaderPool::new(options.reader.clone(), options.limits.clone(), children);
        let switched = store.switches().await?;
        let loaded = definitions::load(&options, &switched);
        let notes = note_templates(&options.templates)?;
        let site = Self {
            clock,
            store,
            archive,
            share: Share::new(&options.watch),
            reader,
            notes: Notes::new(&notes)?,
            own_notes: own_notes::own_notes(&notes),
            letters: LetterTemplates::below(&options.templates),
            transport: Transport::open(&options.mail)?,
            holding: Holding::default(),
            trials: Trials::default(),
            delivering: tokio::sync::Mutex::new(()),
            faults: Faults::default(),
            pulse: Pulse::default(),
            pasts: Kept::default(),
            rows_read: RowsRead::default(),
            measured: Kept::default(),
            resting: Rests::default(),
            unrecorded: Unrecorded::default(),
            messages: messages(&options.templates)?,
            reasons: reasons(&options.templates)?,
            programs: RwLock::new(loaded),
            switched: RwLock::new(switched),
            definitions: AtomicU64::new(0),
            holidays: RwLock::new(holiday_table::load(&options)?),
            options,
        };
        site.take_decisions().await?;
        Ok(site)
    }

    /// The programmes that can be run.
    #[must_use]
    pub fn programs(&self) -> Vec<Arc<Program>> {
        self.programs
            .read()
            .map(|loaded| loaded.programs.clone())
            .unwrap_or_default()
    }

    /// The data rows of a submission, in the order of the form that holds for its period.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn rows(
        &self,
        program: &Program,
        period: &Period,
        id: SubmissionId,
    ) -> anyhow::Result<Vec<LedgerRow>> {
        let stored = self.store.rows(id).await?;
        let form = program.form(Some(period));
        Ok(form.map_or_else(Vec::new, |form| stored.arranged(form, program.material.visits())))
    }

    /// The data rows of some submissions for a period, by submission.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn rows_of_each(
        &self,
        program: &Program,
        period: &Period,
        ids: &[SubmissionId],
    ) -> anyhow::Result<HashMap<SubmissionId, Vec<LedgerRow>>> {
        let Some(form) = program.form(Some(period)) else {
            return Ok(HashMap::new());
        };
        let stored = self.store.rows_of_each(ids).await?.into_iter();
        let visits = program.material.visits();
        Ok(stored
            .map(|(id, stored)| (id, stored.arranged(form, visits)))
            .collect())
    }

    /// A programme by id.
    #[must_use]
    pub fn program(&self, id: &str) -> Option<Arc<Program>> {
        self.programs().into_iter().find(|program| program.id == id)
    }

    /// What is wrong with definitions and with the holiday table.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let definitions = self.programs.read().map(|loaded| loaded.problems.clone());
        let mut problems = definitions.unwrap_or_default();
        problems.extend(self.calendar_fault());
        problems
    }

    /// Working days, as the holiday table had them when it was last good.
    /// Whoever decides several things that belong together takes it once.
    #[must_use]
    pub fn calendar(&self) -> Arc<Calendar> {
        let holidays = self.holidays.read();
        holidays.unwrap_or_else(PoisonError::into_inner).calendar.clone()
    }

    /// What is wrong with the holiday table as it stands.
    #[must_use]
    pub fn calendar_fault(&self) -> Option<Problem> {
        let holidays = self.holidays.read();
        holidays.unwrap_or_else(PoisonError::into_inner).fault.clone()
    }

    /// Reads the holiday table again; tells whether working days changed.
    pub(super) fn reload_calendar(&self) -> bool {
        let mut holidays = self.holidays.write().unwrap_or_else(PoisonError::into_inner);
        let fresh = holiday_table::reload(&holidays, &self.options);
        let changed = fresh.calendar != holidays.calendar;
        *holidays = fresh;
        changed
    }

    /// The language of the office's pages.
    #[must_use]
    pub fn language(&self) -> Language {
        self.options.locale
    }

    /// The wording in a language.
    #[must_use]
    pub fn messages(&self, language: Language) -> &Catalogue {
        &self.messages[language_key(language)]
    }

    /// The wording of reasons in a language.
    #[must_use]
    pub fn reasons(&self, language: Language) -> &Reasons {
        &self.reasons[language_key(language)]
    }

    /// The office's folder for files that nobody's folder can take.
    #[must_use]
    pub fn waiting_folder(&self) -> PathBuf {
        self.options.output.join("待处理")
    }

    /// The folders that a scan knows.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let programs = self
            .programs()
            .iter()
            .map(|program| {
                let units = program
                    .roster
                    .units
                    .iter()
                    .flat_map(|unit| {
                        [&unit.name, &unit.display_name]
                            .into_iter()
                            .map(|name| (file_name_part(name), unit.id.clone()))
                    })
                    .collect();
                let unclaimed = FolderWords::of(program.language).unclaimed.to_owned();
                let names = program.roster.units.iter().map(|unit| file_name_part(&unit.name));
                let folders = ProgramFolders {
                    program: program.id.clone(),
                    units,
                    own: names.chain([unclaimed]).collect(),
                    words: FolderWords::of(program.language),
                };
                (program.folder.clone(), folders)
            })
            .collect();
        Layout {
            programs,
            ignore: self.options.ignore.clone(),
            sentinel: true,
        }
    }

    /// Whether the share is there for certain: its sentinel stands.
    #[must_use]
    pub fn share_is_there(&self) -> bool {
        read_sentinel(&self.options.watch).is_ok()
    }
}
