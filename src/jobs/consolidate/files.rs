//! The master's files: which exist, which may be replaced, in what order.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use tempfile::NamedTempFile;

use super::{Model, build};
use crate::domain::dates::day;
use crate::domain::ids::ProgramId;
use crate::domain::master_files::{Facts, Lies, may_be_replaced, may_go};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::{is_lock_name, lock_stands_beside};
use crate::jobs::site::Site;
use crate::platform::durable::{flush_and_hash, put_whole, sha256_of, temporary_in};
use crate::platform::halt_point;
use crate::store::{Entry, MasterFile};

/// A lock older than this was left behind by an editor that crashed.
const LOCK_LASTS: Duration = Duration::from_hours(12);

/// The folder of a period's master, and the names in it.
#[derive(Debug, Clone)]
pub struct MasterFolder {
    /// The folder.
    pub path: PathBuf,
    /// Programme id.
    pub program: ProgramId,
    /// The period.
    pub period: Period,
    words: &'static FolderWords,
}

impl MasterFolder {
    /// Of a programme and period.
    #[must_use]
    pub fn of(site: &Site, program: &Program, period: &Period) -> Self {
        let path = site
            .options
            .output
            .join(&program.folder)
            .join(file_name_part(&period.to_string()));
        Self {
            path,
            program: program.id.clone(),
            period: period.clone(),
            words: FolderWords::of(program.language),
        }
    }

    /// The master's place within the office's folder, as letters name it:
    /// without a drive letter, which differs from desk to desk. Of a period that
    /// is `closed` it is the one that is never touched again.
    #[must_use]
    pub fn shown(&self, closed: bool) -> String {
        let name = if closed { self.settled() } else { self.current() };
        let parts: Vec<_> = self
            .path
            .iter()
            .rev()
            .take(2)
            .map(|part| part.to_string_lossy())
            .collect();
        let [period, folder] = parts.as_slice() else {
            return name;
        };
        format!("{folder}/{period}/{name}")
    }

    /// 汇总台账.xlsx: always current.
    #[must_use]
    pub fn current(&self) -> String {
        format!("{}.xlsx", self.words.master)
    }

    /// 汇总台账（待替换）.xlsx: beside one that is open.
    #[must_use]
    pub fn waiting(&self) -> String {
        format!("{}{}.xlsx", self.words.master, self.words.waiting)
    }

    /// 汇总台账（定稿）.xlsx: as it stood at the close, never touched again.
    #[must_use]
    pub fn settled(&self) -> String {
        format!("{}{}.xlsx", self.words.master, self.words.settled)
    }

    /// 汇总台账（更正稿）.xlsx: with what came after the close.
    #[must_use]
    pub fn corrected(&self) -> String {
        format!("{}{}.xlsx", self.words.master, self.words.corrected)
    }

    /// 汇总台账（人工改动2024-12-03 0930）.xlsx: where nothing lies yet for a
    /// workbook of that name whose own cells a person edited, and when that was found.
    #[must_use]
    pub fn free_aside(&self, stem: &str, found: DateTime<Tz>) -> PathBuf {
        let paths = (0..).map(|again| self.file(&self.edited(stem, found, again)));
        let mut free = paths.filter(|path| !path.exists());
        free.next().unwrap_or_else(|| self.file(stem))
    }

    /// The stem of a master's file.
    #[must_use]
    pub fn stem(&self) -> &'static str {
        self.words.master
    }

    /// `again` tells apart those of one minute.
    fn edited(&self, stem: &str, found: DateTime<Tz>, again: usize) -> String {
        let words = self.words.edited;
        let (mark, close) = words.split_at(words.len() - words.chars().last().map_or(0, char::len_utf8));
        let found = found.format("%Y-%m-%d %H%M");
        let again = if again == 0 {
            String::new()
        } else {
            format!("-{}", again + 1)
        };
        format!("{stem}{mark}{found}{again}{close}.xlsx")
    }

    /// What stands where a folder of masters belongs, in words; none where the
    /// way is free.
    #[must_use]
    pub fn obstacle(&self) -> Option<String> {
        let mut folders = self.path.ancestors().take(3);
        let path = folders.find(|path| path.exists() && !path.is_dir())?;
        Some(format!(
            "{} 处是一个文件，不是文件夹，汇总台账写不进去",
            path.display()
        ))
    }

    /// The files into which the office may have written remarks.
    #[must_use]
    pub fn writable(&self) -> [String; 4] {
        [self.current(), self.waiting(), self.corrected(), self.settled()]
    }

    /// The path of a name.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Whether somebody has a file open: a lock that isn't stale stands beside it.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "the age of a lock is a matter of the machine's clock alone"
    )]
    pub fn is_open(&self, name: &str) -> bool {
        let locks: Vec<String> = fs::read_dir(&self.path)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| {
                let modified = entry.metadata().and_then(|metadata| metadata.modified()).ok();
                modified
                    .and_then(|at| SystemTime::now().duration_since(at).ok())
                    .is_none_or(|age| age < LOCK_LASTS)
            })
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| is_lock_name(name))
            .collect();
        lock_stands_beside(name, locks.iter().map(String::as_str))
    }
}

/// Writes what has to be written; gives the path of the current master.
///
/// # Errors
/// The folder or the database can't be written: the next round writes it again.
pub async fn publish(site: &Arc<Site>, folder: &MasterFolder, model: Model) -> anyhow::Result<PathBuf> {
    let now = site.clock.utc();
    let name = folder.current();
    let target = folder.file(&name);
    let written = site
        .store
        .master_file(&folder.program, &folder.period, &name)
        .await?;
    let settled = site
        .store
        .master_file(&folder.program, &folder.period, &folder.settled())
        .await?;
    let says_the_same = |file: &MasterFile| file.digest == model.digest;
    let facts = Facts {
        up_to_date: written
            .as_ref()
            .is_some_and(|file| says_the_same(file) && lies(Some(file), &target) == Lies::Ours),
        closed: now >= model.standing.due.close.with_timezone(&Utc),
        settled: settled.as_ref().map(|file| file.digest == model.members),
    };
    let needed = facts.needed();
    if !needed.is_anything() {
        remove_waiting(site, folder).await?;
        return Ok(target);
    }
    fs::create_dir_all(&folder.path)?;
    let model = Arc::new(model);
    let current = if needed.current {
        Some(build_one(site, folder, &model, String::new()).await?)
    } else {
        None
    };
    halt_point("master-built");
    let mut change = site.store.begin().await?;
    if !model.recorded {
        site.store
            .add_master_version(&mut change, &folder.program, &folder.period, &model.version, now)
            .await?;
        let entry = Entry {
            by: crate::domain::actor::PROGRAM,
            what: "master",
            program: Some(&folder.program),
            period: Some(folder.period.clone()),
            detail: format!("v{} {:?}", model.version.version, model.version.members).into(),
            ..Entry::default()
        };
        site.store.log(&mut change, now, &entry).await?;
    }
    change.commit().await?;
    let open = folder.is_open(&name);
    if let Some((temporary, fresh)) = current {
        // Somebody has it open, or saved it a moment ago: theirs stays, and is
        // read back before it is replaced.
        let ours = may_be_replaced(lies(written.as_ref(), &target), open);
        let name = if ours { name } else { folder.waiting() };
        put(site, folder, &name, temporary, &fresh).await?;
    }
    // What is final says so, and when, at the foot of each page.
    if needed.settled {
        let name = folder.settled();
        let stamp = stamp(&model.program, folder.words.settled, site.clock.now());
        let (temporary, fresh) = build_one(site, folder, &model, stamp).await?;
        let file = MasterFile {
            digest: model.members.clone(),
            ..fresh
        };
        if folder.file(&name).exists() {
            record(site, folder, &name, &file).await?;
        } else {
            put(site, folder, &name, temporary, &file).await?;
        }
    }
    if needed.corrected {
        let name = folder.corrected();
        let known = site
            .store
            .master_file(&folder.program, &folder.period, &name)
            .await?;
        if known.is_none_or(|file| file.digest != model.digest) && !folder.is_open(&name) {
            let stamp = stamp(&model.program, folder.words.corrected, site.clock.now());
            let (temporary, fresh) = build_one(site, folder, &model, stamp).await?;
            put(site, folder, &name, temporary, &fresh).await?;
        }
    }
    remove_waiting(site, folder).await?;
    Ok(if open {
        folder.file(&folder.waiting())
    } else {
        target
    })
}

/// What stands at the foot of a master that is final: 定稿 2024年12月16日.
fn stamp(program: &Program, word: &str, now: DateTime<Tz>) -> String {
    let word = word.trim_matches(['（', '）', '(', ')', ' ']);
    format!("{word}　{}", day(program.language, now.date_naive()))
}

/// Writes a master beside its place; gives it with what is to be remembered of it.
async fn build_one(
    site: &Arc<Site>,
    folder: &MasterFolder,
    model: &Arc<Model>,
    stamp: String,
) -> anyhow::Result<(NamedTempFile, MasterFile)> {
    let watch = way(&folder.path, &site.options.watch);
    let temporary = temporary_in(&folder.path)?;
    let (own_site, own_model) = (site.clone(), model.clone());
    let write = move || {
        let fingerprint = build::write(&own_site, &own_model, (&watch, &stamp), temporary.path())?;
        let sha256 = flush_and_hash(&temporary)?.into();
        anyhow::Ok((temporary, fingerprint, sha256))
    };
    let (temporary, fingerprint, sha256) = tokio::task::spawn_blocking(write).await??;
    let file = MasterFile {
        digest: model.digest.clone(),
        sha256,
        fingerprint: fingerprint.to_string(),
        next: None,
    };
    Ok((temporary, file))
}

/// Replaces a file of ours: announced in the database, renamed, recorded.
async fn put(
    site: &Site,
    folder: &MasterFolder,
    name: &str,
    written: NamedTempFile,
    fresh: &MasterFile,
) -> anyhow::Result<()> {
    let known = site
        .store
        .master_file(&folder.program, &folder.period, name)
        .await?
        .unwrap_or_default();
    let announced = MasterFile {
        next: Some(Box::new(fresh.clone())),
        ..known
    };
    record(site, folder, name, &announced).await?;
    halt_point("master-announced");
    put_whole(written, &folder.file(name))?;
    halt_point("master-renamed");
    record(site, folder, name, fresh).await
}

/// Remembers a master file.
pub async fn record(site: &Site, folder: &MasterFolder, name: &str, file: &MasterFile) -> anyhow::Result<()> {
    let mut change = site.store.begin().await?;
    site.store
        .set_master_file(&mut change, &folder.program, &folder.period, name, file)
        .await?;
    change.commit().await?;
    Ok(())
}

/// Removes the copy that waited, once the current master says the same.
async fn remove_waiting(site: &Site, folder: &MasterFolder) -> anyhow::Result<()> {
    let (waiting, current) = (folder.waiting(), folder.current());
    let path = folder.file(&waiting);
    if !path.exists() {
        return Ok(());
    }
    let known = |name: String| async move {
        site.store
            .master_file(&folder.program, &folder.period, &name)
            .await
    };
    let (Some(waited), Some(now)) = (known(waiting.clone()).await?, known(current.clone()).await?) else {
        return Ok(());
    };
    let of = |file: &MasterFile, name: &str| (lies(Some(file), &folder.file(name)), folder.is_open(name));
    if may_go(of(&waited, &waiting), of(&now, &current)) {
        fs::remove_file(&path)?;
    }
    Ok(())
}

/// What lies at a path, beside what is known of it.
fn lies(known: Option<&MasterFile>, path: &Path) -> Lies {
    match known {
        _ if !path.exists() => Lies::Nothing,
        Some(file) if holds(path, file.sha256) => Lies::Ours,
        Some(file) if in_transit(file, path) => Lies::Announced,
        _ => Lies::Theirs,
    }
}

/// Whether a file is there with these bytes.
fn holds(path: &Path, digest: Sha256) -> bool {
    sha256_of(path).is_ok_and(|own| digest == own)
}

/// Whether a file is the one that was announced before a crash.
fn in_transit(file: &MasterFile, path: &Path) -> bool {
    file.next.as_ref().is_some_and(|next| holds(path, next.sha256))
}

/// The way from a folder to the watch root, with `/`, for links in the master.
fn way(from: &Path, to: &Path) -> String {
    let from = fs::canonicalize(from).unwrap_or_else(|_| from.to_owned());
    let to = fs::canonicalize(to).unwrap_or_else(|_| to.to_owned());
    let (from, to): (Vec<_>, Vec<_>) = (from.iter().collect(), to.iter().collect());
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return to
            .iter()
            .map(|part| part.to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
    }
    let up = std::iter::repeat_n(OsStr::new(".."), from.len() - common);
    up.chain(to[common..].iter().copied())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join("/")
}
