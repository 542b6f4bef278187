//! `config.toml`: the site's manual, understood and checked.
//!
//! Every key has a default, so that an empty file is a configuration. The
//! options are plain values; the daemon hands them to the adapters.

mod duration;
mod letters;
mod mail;
mod options;
mod paths;
mod read;
#[cfg(test)]
mod tests;
mod web;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub use duration::parse_duration;

use crate::domain::definition::Problem;
pub use options::{
    DatabaseOptions, LetterOptions, MailOptions, MailPassword, MailSecurity, MailTransport, MergeOptions,
    OfficeOptions, PathOptions, Poll, ProgramOptions, ReadingOptions, SiteOptions, WatchOptions, WebOptions,
};

/// A site's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The file it was read from.
    pub file: PathBuf,
    /// `[site]`.
    pub site: SiteOptions,
    /// `[paths]`.
    pub paths: PathOptions,
    /// `[watch]`.
    pub watch: WatchOptions,
    /// `[reading]`.
    pub reading: ReadingOptions,
    /// `[merge]`.
    pub merge: MergeOptions,
    /// `[programs]`.
    pub programs: ProgramOptions,
    /// `[office]`.
    pub office: OfficeOptions,
    /// When letters are made and sent.
    pub letters: LetterOptions,
    /// `[mail]`.
    pub mail: MailOptions,
    /// `[database]`.
    pub database: DatabaseOptions,
    /// `[web]`.
    pub web: WebOptions,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file isn't there or can't be read.
    #[error("配置文件 {} 读不出来：{reason}。{remedy}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
    /// Something in it is wrong.
    #[error("{}", listed(.0))]
    Wrong(Vec<Problem>),
}

impl Config {
    /// Reads and checks a configuration file.
    ///
    /// # Errors
    /// If the file can't be read, or everything that is wrong in it.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |reason: String, remedy| ConfigError::Unreadable {
            path: path.to_owned(),
            reason,
            remedy,
        };
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => unreadable(
                "没有这个文件".into(),
                "用 --config 指明位置，或用 taizhang init 建一个新的站点。",
            ),
            _ => unreadable(error.to_string(), "请检查文件权限。"),
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| unreadable("不是UTF-8编码".into(), "请用记事本另存为“UTF-8”编码。"))?;
        Self::parse(path, text.trim_start_matches('\u{feff}')).map_err(ConfigError::Wrong)
    }

    /// Understands the text of a configuration; paths in it are relative to
    /// the folder of `file`.
    ///
    /// # Errors
    /// Everything that is wrong, with line and remedy.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        read::read(file, text)
    }
}

fn listed(problems: &[Problem]) -> String {
    let mut text = String::from("配置有误：");
    for problem in problems {
        let _ = write!(text, "\n  {problem}");
    }
    text
}
