//! What nobody but the service may read: originals, letters, the database.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::jobs::options::Options;
use crate::mail::Password;
use crate::platform::{is_private, make_all_private, make_private};

/// Takes the rights of everybody but the owner away from all that an earlier
/// version, or a person, left open to others; gives what couldn't be done.
#[must_use]
pub fn tighten(options: &Options) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut note = |path: &Path, result: io::Result<()>| {
        if let Err(error) = result {
            wrong.push(format!("{}：{error}", path.display()));
        }
    };
    for entry in fs::read_dir(&options.data).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let result = if is_folder {
            make_all_private(&path)
        } else {
            make_private(&path)
        };
        note(&path, result);
    }
    note(&options.data, make_private(&options.data));
    for path in database_files(options) {
        note(&path, make_private(&path));
    }
    if let Password::File(path) = &options.mail.smtp.password {
        note(path, make_private(path));
    }
    wrong
}

/// What others may still look into, of what nobody should.
#[must_use]
pub fn open_to_others(options: &Options) -> Vec<PathBuf> {
    let data = &options.data;
    let mut paths = vec![data.clone()];
    let entries = fs::read_dir(data).into_iter().flatten().flatten();
    paths.extend(entries.map(|entry| entry.path()));
    paths.extend(database_files(options));
    if let Password::File(path) = &options.mail.smtp.password {
        paths.push(path.clone());
    }
    paths.retain(|path| is_private(path).is_ok_and(|private| !private));
    paths.sort();
    paths.dedup();
    paths
}

/// The database with what SQLite keeps beside it.
fn database_files(options: &Options) -> Vec<PathBuf> {
    ["", "-wal", "-shm"]
        .into_iter()
        .map(|ending| {
            let mut name: OsString = options.database.clone().into_os_string();
            name.push(ending);
            PathBuf::from(name)
        })
        .collect()
}
