//! A copy of the database beside it, once a day: what a damaged page or a slip
//! costs is a day at most.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::NaiveDate;
use tokio::task::JoinHandle;

use super::options::Options;
use super::sentinel;
use super::site::Site;
use crate::platform;
use crate::store::{in_words, remedy, site_id_of};

/// What ends the name of a copy; before it stands its day.
const ENDING: &str = ".sqlite3";

/// How often the daemon asks itself whether today's copy is there.
const LOOK: Duration = Duration::from_mins(10);

/// What became of today's copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Made {
    /// Switched off.
    Off,
    /// It was there already.
    Before,
    /// It was made now.
    Now(PathBuf),
    /// The disk has too little room: bytes that are free, and that are needed.
    NoRoom {
        /// Bytes that are free.
        free: u64,
        /// Bytes that are needed.
        needed: u64,
    },
}

/// What ends the name of a copy that was made of a database whose file had
/// been taken away; before it stand its day and time.
const SAVED: &str = "-saved.sqlite3";

/// The folder of the copies.
#[must_use]
pub fn folder(options: &Options) -> PathBuf {
    options
        .database
        .parent()
        .unwrap_or(Path::new("."))
        .join("backups")
}

/// The copies that lie there, by their days, the latest first. Whatever bears another name is somebody else's.
#[must_use]
pub fn copies(options: &Options) -> Vec<(NaiveDate, PathBuf)> {
    let mut found: Vec<_> = fs::read_dir(folder(options))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((day_of(entry.file_name().to_str()?)?, entry.path())))
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

/// The copies that were made of a database whose file had been taken away, the
/// latest first. Nobody removes them but people.
#[must_use]
pub fn saved(options: &Options) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder(options))
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str());
            name.is_some_and(|name| name.ends_with(SAVED) && !name.starts_with('.'))
        })
        .collect();
    found.sort_unstable_by(|a, b| b.cmp(a));
    found
}

/// Saves what the database holds whose file was taken away or replaced, as
/// long as this process has it open.
///
/// # Errors
/// The folder can't be written, or no connection is left to the former file.
pub async fn save(site: &Site) -> anyhow::Result<PathBuf> {
    let folder = folder(&site.options);
    platform::make_private_folder(&folder)
        .with_context(|| format!("备份文件夹 {} 建不了", folder.display()))?;
    let at = site.clock.now().format("%Y-%m-%d-%H%M%S");
    let target = folder.join(format!("{at}{SAVED}"));
    // Whole or not at all.
    let temporary = folder.join(format!(".{at}{SAVED}.tmp"));
    site.store.save(&temporary).await?;
    let saved = site_id_of(&temporary).await?;
    let own = sentinel::own(site).await?;
    if saved.as_deref() != Some(own.site.as_str()) {
        fs::remove_file(&temporary)?;
        anyhow::bail!("数据库文件已被替换，原来的内容读不到了");
    }
    fs::File::open(&temporary)?.sync_all()?;
    fs::rename(&temporary, &target)?;
    platform::sync_dir(&folder)?;
    Ok(target)
}

/// Makes today's copy, unless it is there, and removes the oldest ones.
///
/// # Errors
/// The database is damaged, the folder can't be written.
pub async fn daily(site: &Site) -> anyhow::Result<Made> {
    let options = &site.options;
    if !options.daily.on {
        return Ok(Made::Off);
    }
    let today = site.clock.now().date_naive();
    let folder = folder(options);
    let target = folder.join(format!("{today}{ENDING}"));
    if target.exists() {
        return Ok(Made::Before);
    }
    platform::make_private_folder(&folder)
        .with_context(|| format!("备份文件夹 {} 建不了", folder.display()))?;
    // They take up room as well.
    clear_half_copies(&folder);
    let needed = 2 * size(&options.database);
    let free = platform::free_space(&folder).unwrap_or(u64::MAX);
    if free < needed {
        return Ok(Made::NoRoom { free, needed });
    }
    // Whole or not at all: what a kill leaves behind bears another name.
    let temporary = folder.join(format!(".{today}{ENDING}.tmp"));
    site.store.sound_copy(&temporary).await?;
    fs::File::open(&temporary)?.sync_all()?;
    fs::rename(&temporary, &target)?;
    platform::sync_dir(&folder)?;
    for old in beyond(copies(options), today, options.daily.keep) {
        fs::remove_file(old)?;
    }
    Ok(Made::Now(target))
}

/// The copies that are not kept, of all: those of days that have yet to come
/// first, for a clock that ran ahead made them, then the oldest.
fn beyond(copies: Vec<(NaiveDate, PathBuf)>, today: NaiveDate, keep: usize) -> Vec<PathBuf> {
    let (ahead, mut kept): (Vec<_>, Vec<_>) = copies.into_iter().partition(|(day, _)| *day > today);
    kept.extend(ahead);
    kept.into_iter().skip(keep.max(1)).map(|(_, path)| path).collect()
}

/// Removes what copies left behind that were killed on the way, of whatever day.
fn clear_half_copies(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(is_half_copy) {
            // What can't be removed costs room and does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a name is that of a copy that is being made, or of what the
/// database lays beside it meanwhile.
fn is_half_copy(name: &str) -> bool {
    let parts = name.strip_prefix('.').and_then(|name| name.split_once(".tmp"));
    parts.is_some_and(|(copy, rest)| {
        day_of(copy).is_some() && ["", "-journal", "-wal", "-shm"].contains(&rest)
    })
}

/// As [`daily`], but names what went wrong and goes on: a copy that can't be
/// made keeps nobody from handing in.
pub async fn try_daily(site: &Site) {
    match daily(site).await {
        Ok(Made::Now(path)) => tracing::info!(file = %path.display(), "数据库已备份"),
        Ok(Made::NoRoom { free, needed }) => tracing::error!("{}", no_room(free, needed)),
        Ok(Made::Off | Made::Before) => {}
        Err(error) => {
            let remedy = remedy(&error).map_or_else(String::new, |remedy| format!("：{remedy}"));
            tracing::error!(error = in_words(&error), "数据库没有备份成{remedy}");
        }
    }
}

/// That the disk has too little room for a copy, and what to do.
#[must_use]
pub fn no_room(free: u64, needed: u64) -> String {
    format!(
        "数据库今天没有备份：剩余空间 {} MB，不足数据库大小的两倍（{} MB），请清理磁盘",
        free >> 20,
        needed.div_ceil(1 << 20)
    )
}

/// How much room a copy needs, if the disk doesn't have it: free and needed bytes.
#[must_use]
pub fn lacks_room(options: &Options) -> Option<(u64, u64)> {
    let needed = 2 * size(&options.database);
    let free = platform::free_space(options.database.parent()?).ok()?;
    (free < needed).then_some((free, needed))
}

/// Daily copies beside everything else; they end when this is dropped.
pub struct Beside(JoinHandle<()>);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Begins to make daily copies, without holding anything else up.
#[must_use]
pub fn beside(site: Arc<Site>) -> Beside {
    Beside(tokio::spawn(async move {
        loop {
            try_daily(&site).await;
            tokio::time::sleep(LOOK).await;
        }
    }))
}

/// The size of a database with what its log holds, in bytes.
fn size(database: &Path) -> u64 {
    let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    length(database) + length(Path::new(&log))
}

/// The day of a copy, if the name is one that we give.
fn day_of(name: &str) -> Option<NaiveDate> {
    let day = name.strip_suffix(ENDING)?;
    let read = day.parse::<NaiveDate>().ok()?;
    (read.to_string() == day).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_copies() {
        for (name, ours) in [
            ("2024-12-06.sqlite3", true),
            ("2024-12-6.sqlite3", false),
            ("2024-12-06 张三留.sqlite3", false),
            (".2024-12-06.sqlite3.tmp", false),
            ("taizhang.sqlite3", false),
            ("2024-12-06.sqlite3-wal", false),
        ] {
            assert_eq!(day_of(name).is_some(), ours, "{name}");
        }
        for (name, half) in [
            (".2024-12-06.sqlite3.tmp", true),
            (".2024-12-06.sqlite3.tmp-journal", true),
            (".2024-12-06.sqlite3.tmp.xlsx", false),
            (".张三.sqlite3.tmp", false),
            ("2024-12-06.sqlite3.tmp", false),
        ] {
            assert_eq!(is_half_copy(name), half, "{name}");
        }
    }

    #[test]
    fn copies_of_days_to_come_go_first() {
        let day = |day: u32| NaiveDate::from_ymd_opt(2024, 12, day).unwrap();
        let copies: Vec<_> = [31, 30, 6, 5, 4]
            .map(|own| (day(own), PathBuf::from(own.to_string())))
            .into();
        for (keep, gone) in [
            (5, vec![]),
            (4, vec!["30"]),
            (3, vec!["31", "30"]),
            (2, vec!["4", "31", "30"]),
            (0, vec!["5", "4", "31", "30"]),
        ] {
            let gone: Vec<PathBuf> = gone.into_iter().map(PathBuf::from).collect();
            assert_eq!(beyond(copies.clone(), day(6), keep), gone, "{keep}");
        }
    }
}
