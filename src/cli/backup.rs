//! `backup`: a consistent copy of the database while the daemon runs.

use super::args::{Backup, Common};
use super::{Exit, site};

/// Writes the copy.
///
/// # Errors
/// The target exists or can't be written.
pub async fn run(common: &Common, options: &Backup) -> anyhow::Result<Exit> {
    let site = site::open(common).await?;
    site.store.backup(&options.file).await?;
    say!("已备份到 {}", options.file.display());
    Ok(Exit::Well)
}
