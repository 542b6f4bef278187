//! A site at work: its options, its programmes, and the adapters that serve it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::Context as _;

use super::clock::Clock;
use super::programs::{self, Loaded};
use crate::domain::calendar::Calendar;
use crate::domain::cron::Cron;
use crate::domain::ladder::Hours;
use crate::domain::messages::Catalogue;
use crate::domain::program::{Language, Problem, Program};
use crate::domain::table::Workbook;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::{Archive, Layout, Notes, ProgramFolders, SENTINEL, Share, WatchMode};
use crate::mail::{Letters, MailOptions, Transport, site_templates};
use crate::store::Store;
use crate::workbook::read::{Limits, ReaderPool};

/// What a site is run with; composed from `config.toml`.
#[derive(Debug, Clone)]
pub struct Options {
    /// The shared folder.
    pub watch: PathBuf,
    /// The office's own folder.
    pub output: PathBuf,
    /// Archive, staging, quarantine.
    pub data: PathBuf,
    /// Programmes, wording, holidays.
    pub templates: PathBuf,
    /// The database.
    pub database: PathBuf,
    /// How long a file must stay unchanged before it is taken.
    pub settle: Duration,
    /// The same while an editor's lock stands beside it.
    pub editor_wait: Duration,
    /// The same for a file that looks half-written.
    pub incomplete_wait: Duration,
    /// Time between full scans where events come.
    pub scan_local: Duration,
    /// Time between full scans where they don't.
    pub scan_network: Duration,
    /// Whether events are used.
    pub watch_mode: WatchMode,
    /// Further names to be passed over.
    pub ignore: Vec<String>,
    /// How long nothing must come before the master is written anew.
    pub merge_quiet: Duration,
    /// How long the master may lag behind at most.
    pub merge_ceiling: Duration,
    /// The program that the reading children run: this one.
    pub reader: PathBuf,
    /// Reading children; 0: one a core.
    pub children: usize,
    /// Limits of reading.
    pub limits: Limits,
    /// Programmes to run; empty: all.
    pub enabled: Vec<String>,
    /// How letters go out.
    pub mail: MailOptions,
    /// Who acts when nobody is named.
    pub by: String,
    /// Office hours: letters go out within them only.
    pub hours: Hours,
    /// When the ladder is walked, and what else is mailed at fixed times.
    pub times: Times,
}

/// Times at which something is mailed.
#[derive(Debug, Clone)]
pub struct Times {
    /// The ladder is walked.
    pub walk: Cron,
    /// The standing goes out.
    pub standing: Option<Cron>,
    /// The master goes out.
    pub master: Option<Cron>,
}

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
    /// Working days.
    pub calendar: Calendar,
    /// The words of the letters.
    pub letters: Letters,
    /// Where letters go.
    pub transport: Transport,
    /// Held while steps are carried out on the share.
    pub delivering: tokio::sync::Mutex<()>,
    messages: HashMap<&'static str, Catalogue>,
    programs: RwLock<Loaded>,
}

impl Site {
    /// Opens a site: database, archive, definitions, wording.
    ///
    /// # Errors
    /// Something that the site can't work without is missing or faulty.
    pub async fn open(options: Options, clock: Clock) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&options.data)
            .with_context(|| format!("数据目录 {} 建不了", options.data.display()))?;
        let store = Store::open(&options.database)
            .await
            .with_context(|| format!("数据库 {} 打不开", options.database.display()))?;
        let archive = Archive::open(&options.data)?;
        let children = match options.children {
            0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            set => set,
        };
        let reader = ReaderPool::new(options.reader.clone(), options.limits.clone(), children);
        let loaded = load(&options);
        let site = Self {
            clock,
            store,
            archive,
            share: Share::new(&options.watch),
            reader,
            notes: Notes::new(&note_templates(&options.templates)?)?,
            calendar: calendar(&options.templates)?,
            letters: Letters::new(&site_templates(&options.templates.join("mail"))?)?,
            transport: Transport::open(&options.mail)?,
            delivering: tokio::sync::Mutex::new(()),
            messages: messages(&options.templates)?,
            programs: RwLock::new(loaded),
            options,
        };
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

    /// A programme by id.
    #[must_use]
    pub fn program(&self, id: &str) -> Option<Arc<Program>> {
        self.programs().into_iter().find(|program| program.id == id)
    }

    /// What is wrong with definitions.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        self.programs
            .read()
            .map(|loaded| loaded.problems.clone())
            .unwrap_or_default()
    }

    /// Reads the definitions again; tells whether anything changed. One that
    /// is faulty now keeps its last good form.
    pub fn reload(&self) -> bool {
        let Ok(mut loaded) = self.programs.write() else {
            return false;
        };
        let options = &self.options;
        let fresh = programs::reload(
            &loaded,
            &options.templates,
            &options.enabled,
            &read_table(options),
        );
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
        changed
    }

    /// The wording in a language.
    #[must_use]
    pub fn messages(&self, language: Language) -> &Catalogue {
        &self.messages[language_key(language)]
    }

    /// A unit's folder, relative to the watch root.
    #[must_use]
    pub fn unit_folder(&self, program: &Program, unit: &str) -> String {
        let name = program.roster.unit(unit).map_or(unit, |unit| unit.name.as_str());
        format!("{}/{}", program.folder, file_name_part(name))
    }

    /// The folder for files whose unit or period could not be told, relative to the watch root.
    #[must_use]
    pub fn unclaimed_folder(&self, program: &Program) -> String {
        format!(
            "{}/{}",
            program.folder,
            FolderWords::of(program.language).unclaimed
        )
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
                let folders = ProgramFolders {
                    program: program.id.clone(),
                    units,
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

    /// Makes the folders of all programmes and units, and the sentinel. Only
    /// for a share that is known to be there: a new site, or one whose
    /// sentinel stands.
    ///
    /// # Errors
    /// The share can't be written.
    pub fn make_folders(&self) -> anyhow::Result<()> {
        let root = &self.options.watch;
        for program in self.programs() {
            for unit in &program.roster.units {
                std::fs::create_dir_all(root.join(self.unit_folder(&program, &unit.id)))?;
            }
            std::fs::create_dir_all(root.join(self.unclaimed_folder(&program)))?;
        }
        let sentinel = root.join(SENTINEL);
        if !sentinel.exists() {
            std::fs::write(
                &sentinel,
                "taizhang 用这个文件判断共享文件夹是否在线，请勿删除。\n",
            )?;
        }
        Ok(())
    }

    /// Whether the share is there for certain: its sentinel stands.
    #[must_use]
    pub fn share_is_there(&self) -> bool {
        std::fs::read(self.options.watch.join(SENTINEL)).is_ok()
    }
}

/// Loads the definitions. For one that is faulty now its last good form is
/// taken from `data/definitions`, so that a slip and a power cut together
/// don't stop collection.
fn load(options: &Options) -> Loaded {
    let read = read_table(options);
    let loaded = programs::load(&options.templates, &options.enabled, &read);
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

fn language_key(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

fn calendar(templates: &Path) -> anyhow::Result<Calendar> {
    let path = templates.join("holidays.csv");
    let text = read(&path)?;
    Calendar::parse(&text).with_context(|| format!("节假日表 {} 有错", path.display()))
}

fn messages(templates: &Path) -> anyhow::Result<HashMap<&'static str, Catalogue>> {
    let path = templates.join("messages.toml");
    let text = read(&path)?;
    [Language::Chinese, Language::English]
        .into_iter()
        .map(|language| {
            let catalogue = Catalogue::parse(&text, language)
                .map_err(|error| anyhow::anyhow!("{} 有错：{error}", path.display()))?;
            Ok((language_key(language), catalogue))
        })
        .collect()
}

fn note_templates(templates: &Path) -> anyhow::Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    for locale in ["zh-CN", "en"] {
        let folder = templates.join("notes").join(locale);
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("没有模板文件夹 {}，可用 taizhang init 补齐", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().extension().is_some_and(|ending| ending == "j2") {
                found.insert(format!("{locale}/{name}"), read(&entry.path())?);
            }
        }
    }
    Ok(found)
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("{} 读不了，可用 taizhang init 补齐缺少的文件", path.display()))
}
