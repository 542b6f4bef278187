//! What a site is run with.

use std::path::PathBuf;
use std::time::Duration;

use crate::domain::check;
use crate::domain::cron::Cron;
use crate::domain::language::Language;
use crate::domain::notices::Hours;
use crate::inbox::WatchMode;
use crate::mail::MailOptions;
use crate::workbook::read::Limits;

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
    /// Its daily copies.
    pub daily: Daily,
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
    /// Limits of checking.
    pub checks: check::Limits,
    /// Largest note that is laid on the share, in bytes.
    pub note_size: usize,
    /// Largest marked-up copy, in bytes.
    pub marked_size: usize,
    /// Programmes to run; empty: all.
    pub enabled: Vec<String>,
    /// The language of the office's pages, and of what is said there.
    pub locale: Language,
    /// How letters go out.
    pub mail: MailOptions,
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

/// Daily copies of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Daily {
    /// Whether they are made.
    pub on: bool,
    /// How many are kept.
    pub keep: usize,
}
