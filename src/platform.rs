//! The only place that differs by operating system.
//!
//! Everything here has a plain fallback, so that the program compiles where
//! a facility is missing; what is lost there is said at each function.

pub mod durable;
mod file_system;
mod halt;
mod limits;
mod memory;
mod pipe;
mod private;
mod rename;
mod same;

use std::fs::{File, TryLockError};
use std::io;

pub use file_system::{FileSystem, free_space, is_network_file_system, sync_dir};
pub use halt::{halt_point, halt_point_at};
pub use limits::{Stopped, allow_cpu, limit_this_process, stopped_by};
pub use memory::{give_back, share_arenas};
pub use pipe::widen_pipe;
pub use private::{
    create_private, is_private, make_all_private, make_private, make_private_folder, open_private,
};
pub use rename::rename_no_replace;
pub use same::{file_key, same_file};

/// Whether an error says that another program has the file open, so that the
/// same attempt may succeed a little later.
///
/// Windows answers 32 (sharing) or 33 (lock); a Unix client of a Windows share
/// turns these into "busy".
#[must_use]
pub fn is_sharing_violation(error: &io::Error) -> bool {
    if cfg!(windows) {
        matches!(error.raw_os_error(), Some(32 | 33))
    } else {
        matches!(
            error.kind(),
            io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy
        )
    }
}

/// Tries to lock a file for this process alone; false when another holds it.
///
/// The lock ends when the file is closed, also after a crash.
///
/// # Errors
/// When the file system can't lock at all.
pub fn lock_exclusively(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// The login name of whoever runs this process, for the log; empty if the
/// system doesn't tell.
#[must_use]
pub fn user_name() -> String {
    known_name(&whoami::username().unwrap_or_default()).to_owned()
}

/// A login name; empty for what the library says where the system knows none.
fn known_name(name: &str) -> &str {
    let name = name.trim();
    if name.eq_ignore_ascii_case("anonymous") {
        ""
    } else {
        name
    }
}

/// The machine's name; none if the system doesn't tell.
#[must_use]
pub fn host_name() -> Option<String> {
    whoami::hostname().ok().filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_lock_is_refused_until_the_first_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = File::create(&path).unwrap();
        let second = File::open(&path).unwrap();
        assert!(lock_exclusively(&first).unwrap());
        assert!(!lock_exclusively(&second).unwrap());
        drop(first);
        assert!(lock_exclusively(&second).unwrap());
    }

    #[test]
    #[cfg(unix)]
    fn a_busy_file_is_a_sharing_violation_and_a_missing_one_is_not() {
        assert!(is_sharing_violation(&io::ErrorKind::ResourceBusy.into()));
        assert!(is_sharing_violation(&io::ErrorKind::ExecutableFileBusy.into()));
        assert!(!is_sharing_violation(&io::ErrorKind::NotFound.into()));
        assert!(!is_sharing_violation(&io::ErrorKind::PermissionDenied.into()));
    }

    #[test]
    fn the_system_knows_who_runs_this_and_nobody_is_called_anonymous() {
        #[cfg(unix)]
        {
            let uid = rustix::process::getuid().as_raw().to_string();
            let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
            let of_uid = users.lines().find(|line| line.split(':').nth(2) == Some(&uid));
            if let Some(name) = of_uid.and_then(|line| line.split(':').next()) {
                assert_eq!(user_name(), name);
            }
        }
        assert_eq!(known_name("Anonymous "), "");
        assert_eq!(known_name(" 小李"), "小李");
    }
}
