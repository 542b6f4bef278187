//! The file at the watch root by which a share that is there is told from one
//! that is away. What it says is for `domain::sentinel`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use crate::platform::durable::{TEMPORARY, write_whole};

/// The name of the file at the watch root that tells a present share from an absent one.
pub const SENTINEL: &str = ".taizhang";

/// More than any program writes there.
const LONGEST: u64 = 8 * 1024;

/// The sentinel's text, as far as it is text.
///
/// # Errors
/// The share is away; or what stands there is no file: a folder, a link, a
/// pipe that would keep us waiting.
pub fn read_sentinel(root: &Path) -> io::Result<String> {
    let path = root.join(SENTINEL);
    if !fs::symlink_metadata(&path)?.is_file() {
        return Err(io::Error::other(format!("{SENTINEL} 不是普通文件")));
    }
    let mut bytes = Vec::new();
    File::open(&path)?.take(LONGEST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Replaces the sentinel, whole or not at all. Only for a share that was just
/// seen to be there: an empty mount point must not get one.
///
/// # Errors
/// The share is away or can't be written.
pub fn write_sentinel(root: &Path, text: &str) -> io::Result<()> {
    read_sentinel(root)?;
    write_whole(&root.join(SENTINEL), text.as_bytes())
}

/// Makes the sentinel of a new share; false: there is one already.
///
/// # Errors
/// The share can't be written.
pub fn make_sentinel(root: &Path, text: &str) -> io::Result<bool> {
    use std::io::Write as _;
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(root.join(SENTINEL));
    match made {
        Ok(mut file) => {
            file.write_all(text.as_bytes())?;
            crate::platform::durable::share_mode(&file);
            file.sync_all()?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Removes half-written sentinels that an interrupted run left. Only for the
/// one site that works on the share.
pub fn clear_half_sentinels(root: &Path) {
    for entry in fs::read_dir(root).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && name.starts_with(TEMPORARY) && name.ends_with(".tmp") {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_is_away_gets_none() {
        let root = tempfile::tempdir().unwrap();
        assert!(read_sentinel(root.path()).is_err());
        assert!(write_sentinel(root.path(), "a").is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
        assert!(make_sentinel(root.path(), "a").unwrap());
        assert!(!make_sentinel(root.path(), "b").unwrap());
        write_sentinel(root.path(), "c").unwrap();
        fs::write(root.path().join(".taizhang-a1.tmp"), "half").unwrap();
        clear_half_sentinels(root.path());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        assert_eq!(read_sentinel(root.path()).unwrap(), "c");
    }

    #[test]
    #[cfg(unix)]
    fn what_is_no_file_is_no_sentinel() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(SENTINEL);
        std::os::unix::fs::symlink("/etc/hostname", &path).unwrap();
        assert!(read_sentinel(root.path()).is_err());
        fs::remove_file(&path).unwrap();
        // Opening a pipe that nobody writes to would never end.
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &path,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR,
            0,
        )
        .unwrap();
        assert!(read_sentinel(root.path()).is_err());
    }
}
