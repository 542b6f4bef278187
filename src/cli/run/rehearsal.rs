//! A rehearsal: everything as it would be, on a copy, and nothing leaves the house.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use crate::cli::args::Common;
use crate::cli::site;
use crate::inbox::SENTINEL;
use crate::jobs::sentinel;
use crate::jobs::site::Site;
use crate::mail::MailOptions;
use crate::store::Store;

/// Opens a copy of the site in a folder of its own, which stays for people to
/// look at; says where it lies.
///
/// # Errors
/// Wrong configuration, or the copy can't be made.
pub async fn open(common: &Common) -> anyhow::Result<Arc<Site>> {
    let (real, _scratch) = site::open_to_look(common).await?;
    let folder = tempfile::Builder::new()
        .prefix("taizhang-rehearsal-")
        .tempdir()?
        .keep();
    let mut options = real.options.clone();
    options.watch = folder.join("watch");
    options.output = folder.join("output");
    options.data = folder.join("data");
    options.database = folder.join("data/taizhang.sqlite3");
    options.mail = MailOptions::to_folder(folder.join("data/mail"));
    let copies = [
        (&real.options.watch, &options.watch),
        (&real.options.output, &options.output),
        (&real.options.data, &options.data),
    ];
    for (from, to) in copies {
        copy(from, to, &real.options.database)
            .with_context(|| format!("演练用的副本没有做成：{}", from.display()))?;
    }
    // Not the file itself, which a daemon may be writing to.
    real.store.backup(&options.database).await?;
    say!("演练：在副本上进行，不动正式的数据。副本在 {}", folder.display());
    let rehearsal = Site::open(options, real.clock.clone()).await?;
    // The copy of the share is as new as that of the database.
    rehearsal.store.forget_meta(Store::OLDER).await?;
    sentinel::begin_anew(&rehearsal, real.share_is_there()).await?;
    Ok(super::super::site::opened(rehearsal))
}

/// Copies a folder with all that lies in it, but for the database, locks, and
/// the sentinel, which names the real site.
fn copy(from: &Path, to: &Path, database: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    if !from.is_dir() {
        return Ok(());
    }
    let stem = database
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        let of_database = stem
            .as_ref()
            .is_some_and(|stem| name.to_string_lossy().starts_with(stem.as_str()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy(&entry.path(), &to.join(&name), database)?;
        } else if kind.is_file() && !of_database && name != "taizhang.lock" && name != SENTINEL {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}
