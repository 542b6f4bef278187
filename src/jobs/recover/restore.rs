//! Putting a backup into the place of the database.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::DateTime;
use chrono_tz::Tz;

use super::lost;
use crate::jobs::options::Options;
use crate::platform;
use crate::store::{LastEntry, inspect, mark_as_older, site_id_of};

/// What was done.
#[derive(Debug)]
pub struct Restored {
    /// The last entry of the backup; none if nothing was ever done in it.
    pub last: Option<LastEntry>,
    /// Where the database lies now that stood there before, if one did.
    pub aside: Option<PathBuf>,
}

/// Puts a backup into place; what stood there is kept aside. Nobody may work
/// on the data folder meanwhile.
///
/// # Errors
/// The backup is not a sound database of this program, or not older than it;
/// the folder can't be written. Nothing was changed then.
pub async fn restore(options: &Options, backup: &Path, now: DateTime<Tz>) -> anyhow::Result<Restored> {
    let database = &options.database;
    anyhow::ensure!(backup.is_file(), "没有备份文件 {}", backup.display());
    let same = fs::canonicalize(backup).ok() == fs::canonicalize(database).ok();
    anyhow::ensure!(!same, "{} 就是正在使用的数据库，请指定备份文件", backup.display());
    let folder = database.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    clear_half_copies(folder);
    // The backup itself stays as it is, whatever a look at it would change.
    let copy = folder.join(format!(".restore-{}.tmp", std::process::id()));
    let result = prepare(backup, &copy, &options.data).await;
    let last = match result {
        Ok(last) => last,
        Err(error) => {
            remove(&copy);
            // What the database says beneath is no help to whoever reads this.
            anyhow::bail!("{} 不能用来恢复：{error}", backup.display());
        }
    };
    let aside = set_aside(database, now)?;
    platform::halt_point("restore-set-aside");
    fs::rename(&copy, database)?;
    platform::sync_dir(folder)?;
    Ok(Restored { last, aside })
}

/// Copies a backup beside the database, with the log that may lie beside it,
/// looks at the copy and makes it ready to be put into place.
async fn prepare(backup: &Path, copy: &Path, data: &Path) -> anyhow::Result<Option<LastEntry>> {
    remove(copy);
    copy_private(backup, copy).context("复制不到数据目录")?;
    let log = beside(backup, "-wal");
    if log.exists() {
        copy_private(&log, &beside(copy, "-wal")).context("复制不到数据目录")?;
    }
    let last = inspect(copy).await?;
    let known = lost::remembered(data);
    if let (Some(own), Some(other)) = (&known, site_id_of(copy).await?)
        && *own != other
    {
        anyhow::bail!(
            "是另一个站点的数据库（站点编号 {other}，本站点是 {own}），放在这里会把两处的报送混在一起。\
             确要改用它，请先把数据目录里的文件 site 移走"
        );
    }
    mark_as_older(copy).await?;
    fs::File::options().write(true).open(copy)?.sync_all()?;
    for ending in ["-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(copy, ending));
    }
    Ok(last)
}

/// Copies a file, for the owner alone from the start.
fn copy_private(from: &Path, to: &Path) -> io::Result<()> {
    let mut target = platform::create_private(to)?;
    io::copy(&mut fs::File::open(from)?, &mut target)?;
    Ok(())
}

/// Removes what earlier restores left behind that were killed on the way. The
/// copy is no older than the backup that it was made from, which is still there.
fn clear_half_copies(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_str().is_some_and(is_half_copy) {
            // What can't be removed costs room and does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Whether a name is that of a copy that is being prepared, or of what lies beside it.
fn is_half_copy(name: &str) -> bool {
    let parts = name
        .strip_prefix(".restore-")
        .and_then(|rest| rest.split_once(".tmp"));
    parts.is_some_and(|(process, rest)| {
        !process.is_empty()
            && process.bytes().all(|b| b.is_ascii_digit())
            && ["", "-wal", "-shm", "-journal"].contains(&rest)
    })
}

/// Keeps the database that stands in the way, with what lies beside it, under
/// a name that tells the time; gives where. The log goes first: beside another
/// database it would be played into it.
///
/// # Errors
/// It can't be renamed.
pub fn set_aside(database: &Path, now: DateTime<Tz>) -> anyhow::Result<Option<PathBuf>> {
    let stem = database
        .file_stem()
        .map_or_else(|| "taizhang".into(), |stem| stem.to_string_lossy().into_owned());
    let ending = database
        .extension()
        .map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    let time = now.format("%Y-%m-%d-%H%M%S");
    let target = (1..1000)
        .map(|n| {
            let number = if n == 1 { String::new() } else { format!("-{n}") };
            database.with_file_name(format!("{stem}-替换前-{time}{number}{ending}"))
        })
        .find(|path| !path.exists() && !beside(path, "-wal").exists())
        .context("同名的旧数据库太多")?;
    let mut moved = false;
    for ending in ["-wal", "-shm", "-journal", ""] {
        match fs::rename(beside(database, ending), beside(&target, ending)) {
            Ok(()) => moved = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                return Err(anyhow::Error::new(error).context(format!("{} 移不开", database.display())));
            }
        }
    }
    Ok(moved.then_some(target))
}

fn remove(copy: &Path) {
    for ending in ["", "-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(beside(copy, ending));
    }
}

/// The name of what lies beside a database: its log and the like.
fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_half_copies_are_removed() {
        for (name, half) in [
            (".restore-17.tmp", true),
            (".restore-17.tmp-wal", true),
            (".restore-.tmp", false),
            (".restore-张三.tmp", false),
            ("restore-17.tmp", false),
            (".restore-17.tmp.bak", false),
        ] {
            assert_eq!(is_half_copy(name), half, "{name}");
        }
    }
}
