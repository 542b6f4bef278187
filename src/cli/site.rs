//! Opening the site that a command works on.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Misuse;
use super::args::Common;
use crate::config::Config;
use crate::domain::actor::Actor;
use crate::jobs::clock::Clock;
use crate::jobs::levels;
use crate::jobs::options::Options;
use crate::jobs::recover::lost;
use crate::jobs::site::Site;
use crate::platform::user_name;
use crate::store::Store;

/// Reads the configuration and opens the site.
///
/// # Errors
/// Wrong configuration, or the site can't be opened, or its database was lost.
pub async fn open(common: &Common) -> anyhow::Result<Arc<Site>> {
    let site = open_as_it_is(common).await?;
    match lost::in_words(&site).await? {
        Some(words) => Err(Misuse(words).into()),
        None => Ok(site),
    }
}

/// As [`open`], for a command that decides something: not on a database that
/// was restored and has yet to be compared with the share.
///
/// # Errors
/// See [`open`]; the database is older than the share, as far as is known.
pub async fn open_to_act(common: &Common) -> anyhow::Result<(Arc<Site>, Actor)> {
    let site = open(common).await?;
    let by = actor(common)?;
    if site.store.meta(Store::OLDER).await?.is_some() {
        let words = "数据库刚从备份恢复，还没有对照共享文件夹补登，现在作的决定可能落在旧的记录上。\
                     请先运行 taizhang run（或 run --once），看过 output/恢复情况.txt 再办";
        return Err(Misuse(words.into()).into());
    }
    Ok((site, by))
}

/// Who acts: named, or as the system knows who is logged in.
///
/// # Errors
/// Nobody is known.
pub fn actor(common: &Common) -> anyhow::Result<Actor> {
    let name = common.by.clone().unwrap_or_else(user_name);
    let nobody = "不知道是谁在操作（系统没有给出登录名），请加 --by 姓名";
    Ok(Actor::person(&name).ok_or_else(|| Misuse(nobody.into()))?)
}

/// As [`open`], also where the database was lost.
///
/// # Errors
/// Wrong configuration, or the site can't be opened.
pub async fn open_as_it_is(common: &Common) -> anyhow::Result<Arc<Site>> {
    let (options, clock) = options(common)?;
    Box::pin(taken(Box::pin(Site::open(options, clock)).await?)).await
}

/// A site that was opened, with what came about since programmes were loaded.
async fn taken(site: Site) -> anyhow::Result<Arc<Site>> {
    let site = opened(site);
    Box::pin(levels::take_ended(&site)).await?;
    Ok(site)
}

/// The databases that this command has opened.
static OPENED: Mutex<Vec<Store>> = Mutex::new(Vec::new());

/// How long what is still under way may keep a database open at the end.
const CLOSING: Duration = Duration::from_secs(5);

/// A site whose database is closed when the command ends.
pub fn opened(site: Site) -> Arc<Site> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    opened.push(site.store.clone());
    Arc::new(site)
}

/// Closes what this command has opened, so that one file is all there is of a
/// database when nobody works with it: who copies it by hand copies all of it.
pub async fn close() {
    let opened = std::mem::take(&mut *OPENED.lock().unwrap_or_else(PoisonError::into_inner));
    for store in opened {
        // What is left open is read from the log beside the file next time.
        let _ = tokio::time::timeout(CLOSING, store.close()).await;
    }
}

/// What the office's page is run with.
///
/// # Errors
/// Wrong configuration.
pub fn page_options(common: &Common) -> anyhow::Result<crate::web::Options> {
    Ok(crate::daemon::page_options(&load(&common.config)?))
}

/// What the site is run with and the clock that it goes by, without opening it.
///
/// # Errors
/// Wrong configuration.
pub fn options(common: &Common) -> anyhow::Result<(Options, Clock)> {
    let config = load(&common.config)?;
    let zone = config.site.zone;
    let options = crate::daemon::options(&config);
    let clock = match common.now {
        Some(now) => Clock::standing(zone, now.instant(zone)),
        None => Clock::system(zone),
    };
    Ok((options, clock))
}

/// As [`open`], but leaves nothing behind where no site has run yet.
///
/// # Errors
/// See [`open`].
pub async fn open_to_look(common: &Common) -> anyhow::Result<(Arc<Site>, Option<tempfile::TempDir>)> {
    let config = load(&common.config)?;
    let zone = config.site.zone;
    let mut options: Options = crate::daemon::options(&config);
    let mut scratch = None;
    if !options.database.exists() {
        if let Some(words) = lost::without_database(&options, zone) {
            return Err(Misuse(words).into());
        }
        let folder = tempfile::tempdir()?;
        options.data = folder.path().into();
        options.database = folder.path().join("taizhang.sqlite3");
        scratch = Some(folder);
    }
    let clock = match common.now {
        Some(now) => Clock::standing(zone, now.instant(zone)),
        None => Clock::system(zone),
    };
    let site = Box::pin(taken(Box::pin(Site::open(options, clock)).await?)).await?;
    if scratch.is_none()
        && let Some(words) = lost::in_words(&site).await?
    {
        return Err(Misuse(words).into());
    }
    Ok((site, scratch))
}

fn load(path: &Path) -> anyhow::Result<Config> {
    Config::load(path).map_err(|error| Misuse(error.to_string()).into())
}
