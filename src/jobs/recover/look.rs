//! What lies on the share, and which of it must not or need not be opened:
//! files over which the process died, and workbooks that are as we wrote them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use super::evidence::{is_marked, is_text, layout};
use crate::domain::own_digest::Kind;
use crate::domain::recover::{Beside, beside_of, kind_of_beside, read_beside};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::text::printable;
use crate::inbox::{Archive, Found, Zone, scan};
use crate::jobs::decide::read_archived;
use crate::jobs::site::Site;
use crate::store::Placed;
use crate::workbook::own::own_kind;

/// What was seen.
pub(super) struct Looked {
    /// Files with their SHA-256.
    pub(super) found: Vec<(Found, Sha256)>,
    /// The originals in the archive, with the times at which they were put there.
    pub(super) archive: BTreeMap<Sha256, DateTime<Utc>>,
    /// The archive has nothing of what was taken.
    pub(super) archive_lost: bool,
    /// Paths of files that were put aside and are not opened.
    pub(super) aside: HashSet<SharePath>,
    /// Workbooks that nobody has changed since we wrote them, by SHA-256.
    pub(super) written: HashMap<Sha256, Kind>,
}

/// Looks at everything. `placed` is what the database knows by its path.
///
/// # Errors
/// The share is away; something on it can't be read, which tells nothing about
/// what became of it; the reading children don't work; the database is gone.
pub(super) async fn look(site: &Arc<Site>, placed: &HashMap<SharePath, Placed>) -> anyhow::Result<Looked> {
    let own = site.clone();
    let mut looked = tokio::task::spawn_blocking(move || list(&own)).await??;
    for program in site.programs() {
        let aside: HashSet<Sha256> = site.store.put_aside(&program.id).await?.into_iter().collect();
        let found = looked.found.iter();
        let found = found.filter(|(one, sha256)| one.place.program == program.id && aside.contains(sha256));
        looked.aside.extend(found.map(|(one, _)| one.path.clone()));
    }
    for (one, sha256) in &looked.found {
        let known = || placed.get(&one.path).is_some_and(|own| own.sha256 == *sha256);
        if !may_be_ours(one) || looked.aside.contains(&one.path) || known() {
            continue;
        }
        let read = read_archived(site, &site.share.path(&one.path))
            .await
            .with_context(|| one.path.clone())?;
        if let Some(kind) = read.ok().and_then(|workbook| own_kind(&workbook)) {
            looked.written.insert(*sha256, kind);
        }
    }
    Ok(looked)
}

/// Whether a file lies where we put workbooks that we write, and is called so.
fn may_be_ours(one: &Found) -> bool {
    match one.place.zone {
        Zone::Accepted | Zone::Returned => is_marked(&one.name),
        Zone::Forms => !is_text(&one.name),
        _ => false,
    }
}

fn list(site: &Site) -> anyhow::Result<Looked> {
    let scan = scan(&site.options.watch, &layout(site))?;
    let archive = Archive::originals(site.archive.data());
    let mut unread = scan.unreadable;
    let mut found = Vec::new();
    for one in scan.found {
        match site.share.hash(&one.path) {
            Ok(sha256) => found.push((one, sha256)),
            // Taken away since it was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => unread.push((one.path, error.to_string())),
        }
    }
    anyhow::ensure!(unread.is_empty(), "{}", in_words(&unread));
    let ours = |zone: Zone| matches!(zone, Zone::Accepted | Zone::Returned);
    let mut originals = found
        .iter()
        .filter(|(one, _)| ours(one.place.zone) && !is_text(&one.name))
        .peekable();
    let archive_lost =
        originals.peek().is_some() && originals.all(|(_, sha256)| !archive.contains_key(sha256));
    let taken = |sha256: &Sha256| archive_lost || archive.contains_key(sha256);
    let notes: Vec<&str> = found
        .iter()
        .filter(|(one, _)| says_put_aside(site, one))
        .map(|(one, _)| one.path.as_str())
        .collect();
    // Other bytes than those that were put aside are tried.
    let aside = found
        .iter()
        .filter(|(one, sha256)| !is_text(&one.name) && taken(sha256))
        .filter(|(one, _)| notes.iter().any(|note| lies_beside(note, &one.path)))
        .map(|(one, _)| one.path.clone())
        .collect();
    Ok(Looked {
        found,
        archive,
        archive_lost,
        aside,
        written: HashMap::new(),
    })
}

/// Whether a file is a note that says of another that it was put aside.
fn says_put_aside(site: &Site, one: &Found) -> bool {
    kind_of_beside(&one.name) == Some(Beside::Unreadable)
        && fs::read_to_string(site.share.path(&one.path))
            .ok()
            .and_then(|text| read_beside(&text))
            .is_some_and(|note| note.put_aside)
}

/// Whether a note speaks of the file at a path.
pub(super) fn lies_beside(note: &str, path: &str) -> bool {
    let (Some((folder, note)), Some((own, name))) = (note.rsplit_once('/'), path.rsplit_once('/')) else {
        return false;
    };
    folder == own && beside_of(note, name)
}

/// What can't be read, and what to do.
fn in_words(unread: &[(SharePath, String)]) -> String {
    const LISTED: usize = 20;
    let mut text = String::from("共享文件夹上有读不到的文件或文件夹，不能判断其中的报送情况，没有恢复：");
    for (path, why) in unread.iter().take(LISTED) {
        let _ = write!(text, "\n  {}（{why}）", printable(path));
    }
    if unread.len() > LISTED {
        let _ = write!(text, "\n  另有 {} 处", unread.len() - LISTED);
    }
    text.push_str("\n请检查读取权限，关闭占用这些文件的程序，再运行一次");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cant_be_read_is_named_some_at_most() {
        let one = |n: usize| {
            (
                SharePath::root().join(&format!("罗养/{n}\n.xlsx")),
                "权限不足".to_owned(),
            )
        };
        let text = in_words(&(0..25).map(one).collect::<Vec<_>>());
        assert!(text.contains("罗养/0"), "{text}");
        assert!(
            text.contains("（权限不足）") && text.contains("另有 5 处"),
            "{text}"
        );
        assert_eq!(
            text.lines().count(),
            23,
            "a name has no line break of its own: {text}"
        );
    }
}
