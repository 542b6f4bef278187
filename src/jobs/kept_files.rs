//! Files that the office keeps by hand and that the program may write as well:
//! whole or not at all, never over what a person wrote meanwhile, the file as
//! it was beside it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::refusal::Refusal;
use super::site::Site;
use crate::domain::dates::moment;
use crate::domain::language::worded;
use crate::domain::sha256::Sha256;
use crate::platform::durable::{copy_whole, put_whole, sha256, sha256_of, temporary_in};
use crate::platform::halt_point;
use crate::store::Change;

/// A file that is to be replaced.
#[derive(Debug, Clone, Copy)]
pub struct Replacing<'a> {
    /// Where it lies.
    pub path: &'a Path,
    /// What it is called in the journal: programme and name.
    pub key: &'a str,
    /// Its content as it was looked at.
    pub seen: Sha256,
    /// Its content as it is to be.
    pub bytes: &'a [u8],
}

/// Replaces a file within a change, if it is as it was looked at, and remembers
/// who did; gives where the one before lies now. Other writers of ours wait
/// for the change; a person's editor may write at any time, so its content is
/// looked at again at the last moment.
///
/// # Errors
/// [`super::refusal::Refusal::Overtaken`] where it is another by now; or it
/// can't be written. It is as it was then.
pub async fn replace(
    site: &Site,
    change: &mut Change,
    by: &str,
    own: Replacing<'_>,
) -> anyhow::Result<Option<PathBuf>> {
    let now = hash_if_any(own.path)?;
    if now != own.seen {
        return Err(Refusal::Overtaken(changed_by(site, change, own.key, now).await?).into());
    }
    let name = own.path.file_name().unwrap_or_default().to_string_lossy();
    let blocked = |error: io::Error| {
        let words = worded!(
            site.language(),
            "{name} 写不进去，没有改动（{error}）。正用WPS或Excel开着的，请关闭后再试",
            "{name} can't be written and wasn't changed ({error}). If it is open in WPS or Excel, close it and try again"
        );
        Refusal::Impossible(words)
    };
    let kept = (own.seen != Sha256::default()).then(|| beside(own.path, site.clock.now()));
    if let Some(kept) = &kept {
        copy_whole(own.path, kept).map_err(blocked)?;
    }
    let mut fresh = temporary_in(own.path.parent().unwrap_or(Path::new("."))).map_err(blocked)?;
    fresh.write_all(own.bytes).map_err(blocked)?;
    fresh.as_file().sync_all().map_err(blocked)?;
    halt_point("kept-file-written");
    // What was kept is what is replaced.
    let now = hash_if_any(own.path)?;
    let same = match &kept {
        Some(kept) => hash_if_any(kept)? == own.seen,
        None => true,
    };
    if !same || now != own.seen {
        if let Some(kept) = &kept {
            std::fs::remove_file(kept).ok();
        }
        return Err(Refusal::Overtaken(changed_by(site, change, own.key, now).await?).into());
    }
    put_whole(fresh, own.path).map_err(blocked)?;
    halt_point("kept-file-put");
    let fresh: Sha256 = sha256(own.bytes).into();
    let who = format!("{fresh}\n{by}\n{}", site.clock.utc().timestamp_millis());
    site.store.set_meta_within(change, &key(own.key), &who).await?;
    Ok(kept)
}

/// A file's content; the one of nothing where there is no such file.
///
/// # Errors
/// It can't be read.
pub fn hash_if_any(path: &Path) -> anyhow::Result<Sha256> {
    match sha256_of(path) {
        Ok(found) => Ok(found.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Sha256::default()),
        Err(error) => Err(error).with_context(|| format!("{} 读不出来", path.display())),
    }
}

/// Where the file as it was goes: beside it, under a name with the time.
fn beside(path: &Path, now: DateTime<Tz>) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stamp = now.format("%Y%m%d-%H%M%S");
    let mut kept = path.with_file_name(format!("{name}.{stamp}.bak"));
    for number in 2.. {
        if !kept.exists() {
            break;
        }
        kept = path.with_file_name(format!("{name}.{stamp}-{number}.bak"));
    }
    kept
}

fn key(of: &str) -> String {
    format!("kept-file/{of}")
}

/// Who has changed a file, in words: by us, or by hand.
async fn changed_by(site: &Site, change: &mut Change, of: &str, now: Sha256) -> anyhow::Result<String> {
    let known = site
        .store
        .meta_within(change, &key(of))
        .await?
        .unwrap_or_default();
    let mut parts = known.splitn(3, '\n');
    let (hash, by, at) = (parts.next(), parts.next(), parts.next());
    let at = at
        .and_then(|at| at.parse().ok())
        .and_then(DateTime::<Utc>::from_timestamp_millis);
    let language = site.language();
    Ok(match (hash.is_some_and(|own| own == now.to_string()), by, at) {
        (true, Some(by), Some(at)) => {
            let at = moment(language, at.with_timezone(&site.clock.zone()));
            worded!(
                language,
                "刚才已由{by}于{at}改过，您的没有写进去。请核对现在的内容，再改一次",
                "{by} has just changed it on {at}; yours wasn't written. Look at it as it is now and change it again"
            )
        }
        _ => worded!(
            language,
            "有人刚才直接改了这个文件，您的没有写进去。请核对现在的内容，再改一次",
            "somebody has just changed the file itself; yours wasn't written. Look at it as it is now and change it again"
        ),
    })
}
