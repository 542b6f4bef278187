//! Who a site is: its id, its machine, its folders, this process.

use std::hash::{BuildHasher as _, RandomState};
use std::path::Path;
use std::sync::OnceLock;

use super::super::site::Site;
use crate::domain::sentinel::{Own, Said, is_id, parse};
use crate::inbox::read_sentinel;
use crate::platform;
use crate::platform::durable::{hex, sha256};
use crate::store::Store;

/// The key under which is remembered whether the share was ours when we looked last.
const HELD: &str = "share_held";

/// This process, whatever sites it opens.
static PROCESS: OnceLock<String> = OnceLock::new();

/// The site's id: 32 hexadecimal digits, made at random when it is asked for first.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn id(site: &Site) -> anyhow::Result<String> {
    let id = site.store.meta_once(Store::SITE_ID, &random()).await?;
    if is_id(&id) {
        return Ok(id);
    }
    let fresh = random();
    site.store.set_meta(Store::SITE_ID, &fresh).await?;
    Ok(fresh)
}

/// The site as the sentinel names it.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn own(site: &Site) -> anyhow::Result<Own> {
    if let Some(own) = site.holding.own() {
        return Ok(own);
    }
    let id = id(site).await?;
    let data = absolute(&site.options.data);
    let process = PROCESS.get_or_init(random);
    let own = Own {
        host: line(&platform::host_name().unwrap_or_else(|| "未知主机".into())),
        watch: absolute(&site.options.watch),
        // Of two sites in one process each has a word of its own.
        process: hex(&sha256(format!("{process} {id} {data}").as_bytes()))
            .chars()
            .take(16)
            .collect(),
        site: id,
        data,
        wrote: None,
        held: site.store.meta(HELD).await?.as_deref() == Some("yes"),
        copied: false,
    };
    site.holding.set_own(Some(own.clone()));
    Ok(site.holding.own().unwrap_or(own))
}

/// [`own`], with what only a look at the file that was read can tell.
pub(super) async fn seen(site: &Site, said: &Said) -> anyhow::Result<Own> {
    let own = own(site).await?;
    let copied = is_copied(said, &own, &site.options.watch);
    Ok(Own { copied, ..own })
}

/// Whether the sentinel stands where it was copied to: the share that it
/// speaks of stands beside, on this machine, and is another folder.
fn is_copied(said: &Said, own: &Own, root: &Path) -> bool {
    let Said::Owner(sentinel) = said else { return false };
    if sentinel.host != own.host || sentinel.watch.is_empty() || sentinel.watch == own.watch {
        return false;
    }
    let original = Path::new(&sentinel.watch);
    let same_site = read_sentinel(original)
        .is_ok_and(|text| matches!(parse(&text), Said::Owner(other) if other.site == sentinel.site));
    same_site && !platform::same_file(original, root)
}

/// Whether this site has ever worked on its share.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn was_held(site: &Site) -> anyhow::Result<bool> {
    Ok(site.store.meta(HELD).await?.is_some())
}

/// Remembers whether the share is ours, also over a restart.
pub(super) async fn remember(site: &Site, held: bool) -> anyhow::Result<()> {
    site.store.set_meta(HELD, if held { "yes" } else { "no" }).await?;
    site.holding.set_own(None);
    Ok(())
}

/// Gives the site the id that it bore before its database was lost.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub(in crate::jobs) async fn take_back(site: &Site, id: &str) -> anyhow::Result<()> {
    site.store.set_meta(Store::SITE_ID, id).await?;
    site.holding.set_own(None);
    Ok(())
}

/// Gives a copy an id of its own.
pub(super) async fn renew(site: &Site) -> anyhow::Result<Own> {
    site.store.set_meta(Store::SITE_ID, &random()).await?;
    site.holding.set_own(None);
    own(site).await
}

/// Gives a copy of a site, with a copy of its share, an id and a sentinel of
/// its own; `there`: the original's share had one.
///
/// # Errors
/// The database or the disk can't take it: nothing was begun; say so, and do it
/// again when the fault is over.
pub async fn begin_anew(site: &Site, there: bool) -> anyhow::Result<()> {
    renew(site).await?;
    if there {
        super::begin(site).await?;
    }
    Ok(())
}

fn absolute(path: &Path) -> String {
    let full = std::fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned());
    line(&full.to_string_lossy())
}

/// A text as one line of the file holds it.
fn line(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .collect::<String>()
        .trim()
        .to_owned()
}

/// 32 hexadecimal digits that nobody can guess: the keys of a hash map's
/// hasher come from the system's source of chance.
pub(super) fn random() -> String {
    let chance: Vec<u8> = (0..4)
        .flat_map(|n: u32| RandomState::new().hash_one(n).to_le_bytes())
        .collect();
    hex(&sha256(&chance)).chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_alike() {
        let ids: std::collections::HashSet<String> = (0..100).map(|_| random()).collect();
        assert_eq!(ids.len(), 100);
        assert!(ids.iter().all(|id| is_id(id)));
    }

    #[test]
    fn a_folder_with_a_line_break_stays_one_line() {
        assert_eq!(line(" /srv/a\nsite = x "), "/srv/asite = x");
    }
}
