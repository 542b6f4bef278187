//! The only place that differs by operating system.

use std::fs::File;
use std::io;
use std::path::Path;

/// stub
pub fn rename_no_replace(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}
/// stub
pub fn sync_dir(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
/// stub
pub fn is_sharing_violation(_error: &io::Error) -> bool {
    false
}
/// stub
pub fn is_network_file_system(_path: &Path) -> bool {
    false
}
/// stub
pub fn free_space(_path: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}
/// stub
pub fn lock_exclusively(_file: &File) -> io::Result<bool> {
    Ok(true)
}
