//! Whether the database is there that belongs to archive and share, and what
//! to do where it isn't.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::language::Language;
use crate::domain::sentinel::is_id;
use crate::inbox::{Archive, SENTINEL};
use crate::jobs::backup;
use crate::jobs::notes::moment;
use crate::jobs::options::Options;
use crate::jobs::sentinel;
use crate::jobs::site::Site;
use crate::platform;
use crate::platform::durable::write_private;
use crate::store::Store;

/// The file in the data folder that names the database that belongs to it.
const NAME: &str = "site";

/// Why a database that has nothing in it is not that of a new site.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Sign {
    /// The archive has so many originals.
    Archive(usize),
    /// A database whose file was taken away was saved here.
    Saved(PathBuf),
    /// The share's sentinel names this machine and data folder, or the id that
    /// the data folder names.
    Sentinel,
}

/// What to do about a database that was lost, in words; none where it is the
/// right one, or a new site's.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn in_words(site: &Site) -> anyhow::Result<Option<String>> {
    if !site.store.is_blank().await? {
        return Ok(None);
    }
    let began = site.store.first_gone_live().await?;
    let own = site.store.meta(Store::SITE_ID).await?;
    let sign = sign(&site.options, began, own.as_deref());
    Ok(sign.map(|sign| words(&site.options, &sign, site.clock.zone())))
}

/// As [`in_words`], where there is no database at all.
#[must_use]
pub fn without_database(options: &Options, zone: chrono_tz::Tz) -> Option<String> {
    sign(options, None, None).map(|sign| words(options, &sign, zone))
}

/// Remembers beside the archive which database belongs to it.
///
/// # Errors
/// The data folder or the database can't be written: say so, and recover again.
pub async fn remember(site: &Site) -> anyhow::Result<()> {
    let id = sentinel::id(site).await?;
    let path = site.options.data.join(NAME);
    if fs::read_to_string(&path).is_ok_and(|known| known.trim() == id) {
        return Ok(());
    }
    write_private(&path, format!("{id}\n").as_bytes())?;
    Ok(())
}

/// The id of the database that belongs to a data folder, as it was remembered there.
pub(super) fn remembered(data: &Path) -> Option<String> {
    let known = fs::read_to_string(data.join(NAME)).ok()?;
    let known = known.trim();
    is_id(known).then(|| known.to_owned())
}

/// Has a database that is about to be rebuilt bear the id of the one that was
/// lost, which share and data folder know.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn keep_identity(site: &Site) -> anyhow::Result<()> {
    if let Some(known) = remembered(&site.options.data)
        && site.store.is_blank().await?
    {
        sentinel::take_back(site, &known).await?;
    }
    Ok(())
}

/// Whether an empty database stands where another one belongs. `began`: when
/// a programme ran first by it; `own`: its id.
fn sign(options: &Options, began: Option<DateTime<Utc>>, own: Option<&str>) -> Option<Sign> {
    let archived = Archive::originals(&options.data);
    let older = match began {
        // A first pass that was killed has archived something already.
        Some(began) => archived.values().any(|at| *at + TimeDelta::minutes(1) < began),
        None => !archived.is_empty(),
    };
    if older {
        return Some(Sign::Archive(archived.len()));
    }
    if let Some(saved) = backup::saved(options).into_iter().next() {
        return Some(Sign::Saved(saved));
    }
    let owner = sentinel::owner(&options.watch)?;
    let known = fs::read_to_string(options.data.join(NAME)).unwrap_or_default();
    let by_id = owner.site == known.trim();
    let data = fs::canonicalize(&options.data).unwrap_or_else(|_| options.data.clone());
    let here = [data.as_path(), options.data.as_path()]
        .iter()
        .any(|path| path.to_string_lossy() == owner.data);
    let by_place = here && Some(owner.host.as_str()) == platform::host_name().as_deref();
    // A site on which nothing was ever done has lost nothing.
    ((by_id || by_place) && own != Some(owner.site.as_str()) && owner.entry > 0).then_some(Sign::Sentinel)
}

fn words(options: &Options, sign: &Sign, zone: chrono_tz::Tz) -> String {
    let why = match sign {
        Sign::Archive(files) => format!(
            "存档文件夹 {} 里有 {files} 个原件",
            options.data.join("archive").display()
        ),
        Sign::Saved(copy) => format!("数据库文件被移走时已另存为 {}", copy.display()),
        Sign::Sentinel => format!(
            "共享文件夹的标志文件 {} 说明本机在这个数据目录上运行过",
            options.watch.join(SENTINEL).display()
        ),
    };
    let mut text = format!(
        "数据库 {} 里没有任何记录，而{why}：原来的数据库丢失了。没有当作新站点启动，共享文件夹没有改动。\n\
         一、有备份的，用备份恢复：taizhang restore 备份文件\n",
        options.database.display()
    );
    text.push_str(&backups(options, zone));
    let _ = write!(
        text,
        "二、没有备份的，从存档、共享文件夹和汇总台账重建：taizhang recover\n\
         确实要从头开始的，先把 {} 和 {} 移到别处，并删去共享文件夹里的 {SENTINEL}。",
        options.data.join("archive").display(),
        backup::folder(options).display()
    );
    text
}

/// The automatic backups that were found, newest first, a line each; before
/// them what was saved of a database whose file had been taken away.
#[must_use]
pub fn backups(options: &Options, zone: chrono_tz::Tz) -> String {
    let mut copies = backup::saved(options);
    copies.extend(backup::copies(options).into_iter().map(|(_, path)| path));
    if copies.is_empty() {
        return format!("  （{} 里没有找到自动备份）\n", backup::folder(options).display());
    }
    copies.iter().map(|path| line(path, zone)).collect()
}

fn line(path: &Path, zone: chrono_tz::Tz) -> String {
    let made = fs::metadata(path).and_then(|metadata| metadata.modified());
    let made = made.map_or_else(
        |_| String::new(),
        |at| {
            let at = DateTime::<Utc>::from(at).with_timezone(&zone);
            format!("（{}备份）", moment(Language::Chinese, at))
        },
    );
    format!("  {}{made}\n", path.display())
}
