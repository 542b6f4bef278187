//! `backup`: a consistent copy of the database while the daemon runs.

use super::args::{Backup, Common};
use super::{Exit, Misuse, site};

/// Writes the copy.
///
/// # Errors
/// The target exists or can't be written.
pub async fn run(common: &Common, options: &Backup) -> anyhow::Result<Exit> {
    let site = site::open(common).await?;
    let folder = options
        .file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        let words = format!("没有文件夹 {}，请先建好，或者换一个位置", folder.display());
        return Err(Misuse(words).into());
    }
    site.store.backup(&options.file).await?;
    say!("已备份到 {}", options.file.display());
    Ok(Exit::Well)
}
