//! Names in a folder: those that aren't text, and those that are nearly ours.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{DirEntry, ReadDir};
use std::path::Path;

use unicode_normalization::UnicodeNormalization as _;

use super::Scan;
use crate::domain::share_path::SharePath;
use crate::domain::text::name_key;
use crate::platform;

/// The entries of a folder that bears folders of ours.
pub(super) struct Names {
    /// Each with its name.
    pub(super) entries: Vec<(Name, DirEntry)>,
}

/// A name, as it is listed and as we call it. They differ where the file
/// system takes capitals or composed characters for the same (Windows, macOS)
/// and somebody has renamed a folder: then every path of ours still leads there.
pub(super) struct Name {
    pub(super) given: String,
    pub(super) own: String,
}

impl Names {
    /// Lists the folder at `path`, of which `own` are the names of ours; what
    /// is wrong with names goes into the scan.
    pub(super) fn of(
        root: &Path,
        path: &SharePath,
        listing: ReadDir,
        own: &BTreeSet<&str>,
        scan: &mut Scan,
    ) -> Self {
        let mut entries = Vec::new();
        let mut missing = own.clone();
        for entry in listing.flatten() {
            let name = entry.file_name();
            match name.to_str() {
                Some(name) => {
                    missing.remove(name);
                    let (given, own) = (name.to_owned(), name.to_owned());
                    entries.push((Name { given, own }, entry));
                }
                None => scan.badly_named.push(path.join(&shown(&name))),
            }
        }
        // Most folders bear no name that isn't known.
        let keys: OnceCell<Vec<(String, &str)>> = OnceCell::new();
        let keys = || keys.get_or_init(|| own.iter().map(|name| (key(name), *name)).collect());
        for (name, entry) in &mut entries {
            if own.contains(name.given.as_str()) || !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                continue;
            }
            let folder = entry.path();
            let same = missing
                .iter()
                .find(|own| platform::same_file(&folder, &root.join(path.join(own).as_str())));
            if let Some(own) = same {
                (*own).clone_into(&mut name.own);
                continue;
            }
            let wanted = key(&name.given);
            if let Some((_, own)) = keys().iter().find(|(key, _)| *key == wanted) {
                scan.similar.push((path.join(&name.given), path.join(own)));
            }
        }
        Self { entries }
    }
}

/// What names that people take for the same have in common.
fn key(name: &str) -> String {
    name_key(&name.nfkc().collect::<String>())
}

/// A name that isn't UTF-8, as people know it: old clients write GBK.
pub(super) fn shown(name: &OsStr) -> String {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let (text, _, wrong) = encoding_rs::GB18030.decode(name.as_bytes());
        if !wrong {
            return text.into_owned();
        }
    }
    name.to_string_lossy().into_owned()
}
