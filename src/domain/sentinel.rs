//! The file at the watch root that tells a present share from an absent one,
//! and names the one site that works on it.
//!
//! Two sites on one share would take the same files twice. So the file bears
//! a heartbeat, and whoever finds another's that is young stays away. Age is
//! told by two machines' clocks, and a clock may be wrong; therefore
//!
//! - a heartbeat in the future counts as young, however far ahead it lies;
//! - an old one only allows to write one's own name there. Whoever lives all
//!   the same finds it within seconds, by looking and not by the clock, and
//!   stops: see `jobs::sentinel`, which waits for that before it begins.

mod judge;
mod words;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;

use super::check_code;
pub use judge::{Judgement, Own, Predecessor, judge};
pub use words::refusal;

/// How old a heartbeat must be before its owner counts as gone.
pub const SILENT_AFTER: TimeDelta = TimeDelta::hours(1);

/// Clocks that differ by less are everyday.
const EVERYDAY: TimeDelta = TimeDelta::minutes(5);

/// What people read who open the file.
const HEAD: &str = "\
# taizhang 用这个文件判断共享文件夹是否在线，并注明由哪一套程序在使用。请勿修改、删除。
# 由程序自动更新；其中写的那一套确已停用的，可以把内容全部清空，文件要留着。
";

/// The file as a program writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentinel {
    /// The site's random id, 32 hexadecimal digits.
    pub site: String,
    /// The machine's name.
    pub host: String,
    /// The site's data folder, absolute.
    pub data: String,
    /// The shared folder as that machine sees it, absolute; empty if it isn't said.
    pub watch: String,
    /// When the owner was last known to live, to the second.
    pub heartbeat: DateTime<Utc>,
    /// The last entry of the owner's journal.
    pub entry: i64,
    /// The owner's process, a random word; empty if it isn't said.
    pub process: String,
    /// A random word, another one with each heartbeat, which the owner's
    /// database remembers: one that doesn't know it is an older copy. Empty if
    /// it isn't said.
    pub mark: String,
    /// The owner has ended its work and given the share free.
    pub stopped: bool,
}

/// What the file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Nobody: it is empty, or of a program that named none.
    Nobody,
    /// Whose share it is.
    Owner(Sentinel),
    /// No program wrote it so.
    Odd {
        /// The site that it names, as far as that can be read.
        site: Option<String>,
        /// The process that it names, likewise.
        process: Option<String>,
        /// What is wrong with it, in words.
        reason: String,
    },
}

impl Sentinel {
    /// The file's text; the heartbeat in the zone in which people live. The
    /// last line is a code of what stands before it, so that a changed one shows.
    #[must_use]
    pub fn to_text(&self, zone: Tz) -> String {
        let heartbeat = self.heartbeat.with_timezone(&zone);
        let text = format!(
            "{HEAD}site = {}\nhost = {}\ndata = {}\nwatch = {}\nheartbeat = {}\nentry = {}\nprocess = {}\nmark = {}\nstate = {}\n",
            self.site,
            self.host,
            self.data,
            self.watch,
            heartbeat.to_rfc3339_opts(SecondsFormat::Secs, false),
            self.entry,
            self.process,
            self.mark,
            if self.stopped { "stopped" } else { "running" },
        );
        format!("{text}check = {}\n", check_code::code(&text))
    }

    /// Whether it speaks of the same place: the same data folder on the same machine.
    #[must_use]
    pub fn is_at(&self, own: &Own) -> bool {
        self.host == own.host && self.data == own.data
    }

    /// Whether its owner may still live at `now`. A heartbeat in the future
    /// is young: that a clock is wrong says nothing about who lives.
    #[must_use]
    pub fn is_young(&self, now: DateTime<Utc>) -> bool {
        !self.stopped && now - self.heartbeat < SILENT_AFTER
    }
}

/// Reads the file's text.
#[must_use]
pub fn parse(text: &str) -> Said {
    let text = text.trim_start_matches('\u{feff}');
    let mut fields = Fields::default();
    let mut wrong = None;
    let mut legacy = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') || (legacy && is_legacy(line)) {
            continue;
        }
        legacy = false;
        match line.split_once('=') {
            Some((key, value)) => {
                let word = fields.take(key.trim(), value.trim());
                wrong = wrong.or(word);
            }
            None => wrong = wrong.or_else(|| Some(format!("有看不懂的一行“{}”", shortened(line)))),
        }
    }
    if fields.is_empty() && wrong.is_none() {
        return Said::Nobody;
    }
    let (site, process) = (fields.site.clone(), fields.process.clone());
    let check = fields.check.clone();
    let read = wrong.map_or_else(|| fields.into_sentinel(), Err);
    match read.and_then(|sentinel| as_written(text, check.as_deref()).map(|()| sentinel)) {
        Ok(sentinel) => Said::Owner(sentinel),
        Err(reason) => Said::Odd {
            site,
            process,
            reason,
        },
    }
}

/// Whether the text ends in its code, as a program writes it.
fn as_written(text: &str, check: Option<&str>) -> Result<(), String> {
    let check = check.ok_or("缺少“check”一行")?;
    let before = text.trim_end().rsplit_once('\n').map_or("", |(before, _)| before);
    if check == check_code::code(before) {
        Ok(())
    } else {
        Err("内容与最后一行的校验码不符".to_owned())
    }
}

/// The one line that earlier versions wrote.
fn is_legacy(line: &str) -> bool {
    line.starts_with("taizhang 用这个文件判断共享文件夹是否在线")
}

#[derive(Debug, Default)]
struct Fields {
    site: Option<String>,
    host: Option<String>,
    data: Option<String>,
    watch: Option<String>,
    heartbeat: Option<DateTime<Utc>>,
    entry: Option<i64>,
    process: Option<String>,
    mark: Option<String>,
    stopped: Option<bool>,
    check: Option<String>,
}

impl Fields {
    /// Takes a field up; says what is wrong with it.
    fn take(&mut self, key: &str, value: &str) -> Option<String> {
        let seen = match key {
            "site" if is_id(value) => self.site.replace(value.to_owned()).is_some(),
            "host" if !value.is_empty() => self.host.replace(value.to_owned()).is_some(),
            "data" if !value.is_empty() => self.data.replace(value.to_owned()).is_some(),
            "watch" => self.watch.replace(value.to_owned()).is_some(),
            "heartbeat" => match DateTime::parse_from_rfc3339(value) {
                Ok(at) => self.heartbeat.replace(at.to_utc()).is_some(),
                Err(_) => return Some(nonsense(key, value)),
            },
            "entry" => match value.parse::<i64>() {
                Ok(entry) if entry >= 0 => self.entry.replace(entry).is_some(),
                _ => return Some(nonsense(key, value)),
            },
            "process" => self.process.replace(value.to_owned()).is_some(),
            "mark" => self.mark.replace(value.to_owned()).is_some(),
            "check" => self.check.replace(value.to_owned()).is_some(),
            "state" if value == "running" || value == "stopped" => {
                self.stopped.replace(value == "stopped").is_some()
            }
            "site" | "host" | "data" | "state" => return Some(nonsense(key, value)),
            // A later version may say more.
            _ => false,
        };
        seen.then(|| format!("“{key}”写了不止一次"))
    }

    fn is_empty(&self) -> bool {
        self.site.is_none()
            && self.host.is_none()
            && self.data.is_none()
            && self.heartbeat.is_none()
            && self.entry.is_none()
    }

    fn into_sentinel(self) -> Result<Sentinel, String> {
        let missing = |key: &str| format!("缺少“{key}”一行");
        Ok(Sentinel {
            site: self.site.ok_or_else(|| missing("site"))?,
            host: self.host.ok_or_else(|| missing("host"))?,
            data: self.data.ok_or_else(|| missing("data"))?,
            watch: self.watch.unwrap_or_default(),
            heartbeat: self.heartbeat.ok_or_else(|| missing("heartbeat"))?,
            entry: self.entry.ok_or_else(|| missing("entry"))?,
            process: self.process.unwrap_or_default(),
            mark: self.mark.unwrap_or_default(),
            stopped: self.stopped.unwrap_or_default(),
        })
    }
}

fn nonsense(key: &str, value: &str) -> String {
    format!("“{key}”的值“{}”不对", shortened(value))
}

/// Enough of a text that somebody else wrote to recognise it.
fn shortened(text: &str) -> String {
    crate::domain::text::printable(text).chars().take(40).collect()
}

/// Whether a text can be a site's id.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
