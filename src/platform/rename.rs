//! Moving a file to a name that must be free.

use std::fs;
use std::io;
use std::path::Path;

/// Renames `from` to `to` within one file system, but never over a file that
/// is already there.
///
/// Linux does it in one step. Where the file system can't (many network
/// shares), a second name is made and the first one removed, which is as safe;
/// where that isn't possible either (FAT, folders), the name is looked up
/// first, which leaves a moment in which another program could take it.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`] when `to` is taken; else what the system says.
pub fn rename_no_replace(from: &Path, to: &Path) -> io::Result<()> {
    match rename_at_once(from, to) {
        Err(error) if is_missing_facility(&error) => link_then_unlink(from, to),
        result => result,
    }
}

#[cfg(target_os = "linux")]
fn rename_at_once(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE)?)
}

#[cfg(not(target_os = "linux"))]
fn rename_at_once(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

fn link_then_unlink(from: &Path, to: &Path) -> io::Result<()> {
    // A symbolic link given a second name would be followed on some systems.
    if !fs::symlink_metadata(from)?.is_file() {
        return look_then_rename(from, to);
    }
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if is_missing_facility(&error) || error.kind() == io::ErrorKind::PermissionDenied => {
            look_then_rename(from, to)
        }
        Err(error) => Err(error),
    }
}

fn look_then_rename(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::rename(from, to),
        Err(error) => Err(error),
    }
}

/// Whether the error says "this file system doesn't know how", as opposed to "no".
fn is_missing_facility(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rename = fn(&Path, &Path) -> io::Result<()>;

    #[test]
    fn every_way_moves_and_none_replaces() {
        for (name, rename) in [
            ("whole", rename_no_replace as Rename),
            ("link", link_then_unlink as Rename),
            ("look", look_then_rename as Rename),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let [old, new, other] = ["old", "new", "other"].map(|file| folder.path().join(file));
            fs::write(&old, "one").unwrap();
            fs::write(&other, "two").unwrap();
            rename(&old, &new).unwrap();
            assert!(!old.exists(), "{name}");
            assert_eq!(fs::read_to_string(&new).unwrap(), "one", "{name}");
            let refused = rename(&other, &new).unwrap_err();
            assert_eq!(refused.kind(), io::ErrorKind::AlreadyExists, "{name}");
            assert_eq!(fs::read_to_string(&new).unwrap(), "one", "{name}");
            assert!(other.exists(), "{name}");
            assert_eq!(
                rename(&old, &other.with_extension("x")).unwrap_err().kind(),
                io::ErrorKind::NotFound
            );
        }
    }

    #[test]
    fn folders_move_too() {
        let folder = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
        fs::create_dir(&old).unwrap();
        link_then_unlink(&old, &new).unwrap();
        assert!(new.is_dir() && !old.exists());
    }
}
