//! Whether files that were seen have settled, without going through the whole share.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use super::{Found, Layout, ScanError, Stat, listing};
use crate::inbox::locks::{is_lock_name, lock_stands_beside};
use crate::inbox::way::way;

/// Looks again at some files only, and gives those that are still there.
///
/// # Errors
/// See [`scan`].
pub fn scan_again(root: &Path, layout: &Layout, files: Vec<Found>) -> Result<Vec<Found>, ScanError> {
    listing(root, layout)?;
    let mut locks: HashMap<String, HashSet<String>> = HashMap::new();
    let mut still = Vec::with_capacity(files.len());
    for found in files {
        let folder = found.path.folder_str();
        // A link may stand by now where a folder was.
        let Ok(metadata) = way(root, folder)
            .map_err(std::io::Error::from)
            .and_then(|_| fs::symlink_metadata(root.join(found.path.as_str())))
        else {
            continue;
        };
        let beside = locks
            .entry(folder.to_owned())
            .or_insert_with(|| lock_names(&root.join(folder)));
        if metadata.is_file() {
            still.push(Found {
                stat: Stat::of(&metadata),
                locked: lock_stands_beside(&found.name, beside.iter().map(String::as_str)),
                ..found
            });
        }
    }
    Ok(still)
}

/// The lock files in a folder.
fn lock_names(folder: &Path) -> HashSet<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| is_lock_name(name))
        .collect()
}
