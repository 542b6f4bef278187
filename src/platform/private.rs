//! Files and folders that nobody but their owner may look into: originals,
//! letters, the database. What the share is for others to see never lies there.
//!
//! Where a system has no such rights (Windows), the folder's own hold.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder and those above it, for the owner alone. One that stands
/// already is left as it is.
///
/// # Errors
/// The folder can't be made.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// Makes a file that isn't there yet, for the owner alone.
///
/// # Errors
/// It is there, or the folder can't be written.
pub fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Opens a file to write to, and makes it, for the owner alone, if it isn't there.
///
/// # Errors
/// The folder can't be written.
pub fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

/// Takes the rights of everybody but the owner away from a file or folder.
/// A link is left alone; nothing there is no fault.
///
/// # Errors
/// The rights can't be changed: it is somebody else's.
pub fn make_private(path: &Path) -> io::Result<()> {
    match is_private(path) {
        Ok(true) => Ok(()),
        Ok(false) => tighten(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether nobody but the owner has a right to a file or folder; a link
/// counts as private, what it leads to has rights of its own.
///
/// # Errors
/// It can't be looked at.
pub fn is_private(path: &Path) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = metadata.permissions().mode();
        Ok(metadata.is_symlink() || mode & 0o777 == mode & 0o700)
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(true)
    }
}

fn tighten(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::symlink_metadata(path)?.permissions().mode();
        fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(())
    }
}

/// Makes a folder private with all that lies in it. What lies in one that was
/// private already is not looked at: it has been done.
///
/// # Errors
/// The first thing whose rights can't be changed; the rest is done all the same.
pub fn make_all_private(folder: &Path) -> io::Result<()> {
    match is_private(folder) {
        Ok(false) => {}
        Ok(true) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    }
    let mut first = None;
    below(folder, &mut first);
    // Last, so that what was left undone is tried again.
    let own = if first.is_none() { tighten(folder) } else { Ok(()) };
    first.map_or(own, Err)
}

fn below(folder: &Path, first: &mut Option<io::Error>) {
    let named =
        |path: &Path, error: &io::Error| io::Error::new(error.kind(), format!("{}：{error}", path.display()));
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            first.get_or_insert(named(folder, &error));
            return;
        }
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            below(&path, first);
        }
        if let Err(error) = make_private(&path) {
            first.get_or_insert(named(&path, &error));
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_made_is_private_from_the_start() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        make_private_folder(&folder).unwrap();
        make_private_folder(&folder).unwrap();
        drop(create_private(&folder.join("c")).unwrap());
        assert!(create_private(&folder.join("c")).is_err());
        assert_eq!(
            [
                mode(&root.path().join("a")),
                mode(&folder),
                mode(&folder.join("c"))
            ],
            [0o700, 0o700, 0o600]
        );
    }

    #[test]
    fn what_an_earlier_version_made_is_tightened_and_links_are_not_followed() {
        let root = tempfile::tempdir().unwrap();
        let (folder, outside) = (root.path().join("data"), root.path().join("outside"));
        fs::create_dir_all(folder.join("archive/ab")).unwrap();
        for file in [&folder.join("archive/ab/x"), &outside] {
            fs::write(file, "x").unwrap();
            fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink(&outside, folder.join("link")).unwrap();
        make_all_private(&folder).unwrap();
        let tight = ["", "archive", "archive/ab", "archive/ab/x"].map(|path| mode(&folder.join(path)));
        assert_eq!(tight, [0o700, 0o700, 0o700, 0o600]);
        assert_eq!(mode(&outside), 0o644);
        make_all_private(&root.path().join("missing")).unwrap();
        make_private(&root.path().join("missing")).unwrap();
    }
}
