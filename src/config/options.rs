//! The options by section, as plain values.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::Tz;

use crate::domain::cron::Cron;
use crate::domain::language::Language;
use crate::domain::notices::Hours;

/// `[site]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteOptions {
    /// The site's name, shown in notes and logs; may be empty.
    pub name: String,
    /// The zone in which deadlines are civil times.
    pub zone: Tz,
    /// The language of the office's pages.
    pub locale: Language,
}

/// `[paths]`, absolute or relative to the process as the configuration file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathOptions {
    /// The shared folder.
    pub watch: PathBuf,
    /// The office's own folder.
    pub output: PathBuf,
    /// Archive, quarantine, staging, database.
    pub data: PathBuf,
    /// Programmes, letters, wording, holidays.
    pub templates: PathBuf,
}

/// Whether the shared folder is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poll {
    /// On network file systems only.
    Auto,
    /// Always: events are not listened to.
    Always,
    /// Never: events, and the local interval for the periodic scan.
    Never,
}

/// `[watch]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchOptions {
    /// Whether to poll.
    pub poll: Poll,
    /// Between two full scans of a local folder.
    pub scan_local: Duration,
    /// Between two full scans of a network or polled folder.
    pub scan_network: Duration,
    /// A file is complete when size and time stay the same for so long.
    pub settle: Duration,
    /// A file with an editor's lock beside it waits until it has not changed for so long.
    pub editor_wait: Duration,
    /// A file that looks half-written waits until it has not changed for so long.
    pub incomplete_wait: Duration,
    /// Names of files that are passed over, beside the temporary files known anyway; `*` and `?` as in a shell.
    pub ignore: Vec<String>,
}

/// `[letters]`: when letters are made and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterOptions {
    /// Office hours: outside of them nothing is sent.
    pub hours: Hours,
    /// When the ladder is walked.
    pub walk: Cron,
    /// When the standing goes to the office and the leaders; none: never.
    pub standing: Option<Cron>,
    /// When the master is mailed to the office; none: only when a period closes.
    pub master: Option<Cron>,
}

/// `[reading]`: limits of one workbook, from the child that reads it to what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadingOptions {
    /// Address space in MiB.
    pub address_space_mb: u32,
    /// Processor seconds.
    pub cpu_seconds: u32,
    /// Seconds of time.
    pub wall_seconds: u32,
    /// Children at work at the same time; 0 is one a processor core.
    pub children: u32,
    /// Most that a part of the file may grow when uncompressed.
    pub ratio: u32,
    /// The ratio is looked at from this uncompressed size on, in kB.
    pub ratio_above_kb: u32,
    /// Most that all parts may be uncompressed, in MB.
    pub uncompressed_mb: u32,
    /// Most parts in a file.
    pub entries: u32,
    /// Most sheets.
    pub sheets: u32,
    /// Most cells in the rectangle that a sheet's cells span.
    pub cells: u32,
    /// Most cells of a file that hold something.
    pub filled: u32,
    /// Most rows of a ledger.
    pub rows: u32,
    /// Most findings that are listed one by one.
    pub findings: u32,
    /// Largest note that is laid on the share, in kB.
    pub note_kb: u32,
    /// Largest marked-up copy, in MB.
    pub marked_mb: u32,
}

/// `[merge]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeOptions {
    /// The master is written when nothing new came for so long.
    pub quiet: Duration,
    /// At the latest so long after the first change.
    pub ceiling: Duration,
}

/// `[programs]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProgramOptions {
    /// Ids of the programmes to run; empty means all that have a folder.
    pub enabled: Vec<String>,
}

/// `[office]`: what a programme's own `[office]` leaves empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeOptions {
    /// Contact person.
    pub contact: String,
    /// Telephone.
    pub phone: String,
    /// Mail address.
    pub mail: String,
}

/// Which way letters go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTransport {
    /// Into files.
    File,
    /// To a mail server.
    Smtp,
    /// No way of its own: a person hands the texts over.
    ByHand,
}

/// How the way to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailSecurity {
    /// TLS after a beginning in the clear.
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// None.
    Plain,
}

/// Where the password of the mail account is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailPassword {
    /// There is none.
    None,
    /// In a file.
    File(PathBuf),
    /// In an environment variable.
    Environment(String),
    /// Among the credentials that systemd hands over.
    Credential(String),
}

/// `[mail]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOptions {
    /// Which way letters go.
    pub transport: MailTransport,
    /// The server's name or address; empty with files only.
    pub host: String,
    /// Its port; 0 is the usual one.
    pub port: u16,
    /// How the way there is protected.
    pub security: MailSecurity,
    /// Whether letters may go unprotected to another machine.
    pub plaintext: bool,
    /// Further certificates to trust.
    pub ca_file: Option<PathBuf>,
    /// Who logs in; empty: nobody.
    pub user: String,
    /// The password.
    pub password: MailPassword,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address; empty with files only.
    pub from_address: String,
    /// The longest that one letter may take.
    pub timeout: Duration,
    /// Most letters a minute.
    pub rate_per_minute: u32,
    /// Most letters a day.
    pub rate_per_day: u32,
    /// Domains that may be written to; empty: all.
    pub allow_domains: Vec<String>,
}

/// `[database]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseOptions {
    /// The SQLite file.
    pub path: PathBuf,
    /// Whether it is copied beside itself once a day.
    pub backup: bool,
    /// How many of these copies are kept.
    pub keep: u32,
}

/// `[web]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebOptions {
    /// Where the page is served; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// What people type to open it: scheme, host and port; may be empty.
    pub public_url: String,
    /// Served beyond this machine without being encrypted.
    pub plaintext: bool,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Further names that it may be called by.
    pub hosts: Vec<String>,
    /// Proxies whose word counts on whom they speak for.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at a time.
    pub connections: u32,
    /// How long a session lasts that nobody uses.
    pub session_idle: Duration,
    /// How long the access log is kept, in days.
    pub access_log_days: u32,
}
