//! Reading back what the office wrote into a master before it is replaced.

use std::fs;
use std::sync::Arc;

use anyhow::Context as _;

use super::build;
use super::files::{MasterFolder, record};
use crate::domain::actor::{PROGRAM, Via};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::text::printable;
use crate::jobs::faults::Area;
use crate::jobs::site::Site;
use crate::platform::durable::{sha256, sha256_of, write_whole};
use crate::store::{Entry, MasterFile, Store, StoredRemark};
use crate::workbook::master::{Fingerprint, read_remarks};
use crate::workbook::own::own_kind;

/// Reads back every master of a period that differs from what we wrote.
///
/// # Errors
/// The database or the disk can't take it: leave the master as it lies; the next
/// round reads it again.
pub async fn all(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
    folder: &MasterFolder,
) -> anyhow::Result<()> {
    for name in folder.writable() {
        let Some(known) = site.store.master_file(&program.id, period, &name).await? else {
            continue;
        };
        let path = folder.file(&name);
        let Ok(digest) = sha256_of(&path).map(Sha256::from) else {
            continue;
        };
        if let Some(next) = known.next.as_deref().filter(|next| next.sha256 == digest) {
            // The crash came after the rename: it is our own new file.
            record(site, folder, &name, next).await?;
        } else if digest != known.sha256 {
            let Ok(bytes) = fs::read(&path) else {
                continue;
            };
            let digest = sha256(&bytes).into();
            take_over(site, folder, &name, &known, &bytes, digest).await?;
        }
    }
    Ok(())
}

/// Takes the office's remarks into the database; keeps the file aside if
/// cells of ours were edited as well.
async fn take_over(
    site: &Arc<Site>,
    folder: &MasterFolder,
    name: &str,
    known: &MasterFile,
    bytes: &[u8],
    digest: Sha256,
) -> anyhow::Result<()> {
    // Whatever happens next, these bytes are not lost.
    site.archive.keep_bytes(bytes).context(Area::Data)?;
    let path = folder.file(name);
    let found = match site.reader.read(&path).await? {
        Ok(found) => Some(found),
        Err(failure) => {
            tracing::warn!(file = %path.display(), %failure, "汇总台账被改动后读不出来，原样另存");
            None
        }
    };
    let mut edited = true;
    if let Some(found) = found {
        let stored = site.store.remarks(&folder.program, &folder.period).await?;
        let edits = read_remarks(&found, &build::collect(&stored));
        // One that an older, restored database doesn't know tells by itself that it is ours.
        let as_known = Fingerprint::of(&found).to_string() == known.fingerprint;
        edited = !as_known && own_kind(&found).is_none();
        let mut change = site.store.begin().await?;
        for edit in &edits {
            let remark = StoredRemark {
                row_key: edit.key.clone(),
                field: edit.column.name().into_owned(),
                text: edit.after.clone(),
            };
            let now = site.clock.utc();
            site.store
                .set_remark(&mut change, &folder.program, &folder.period, &remark, now)
                .await?;
            let entry = Entry {
                by: "office",
                via: Via::Share,
                what: "remark",
                program: Some(&folder.program),
                period: Some(folder.period.clone()),
                detail: printable(&format!(
                    "{} {}: {} -> {}",
                    edit.key, remark.field, edit.before, edit.after
                ))
                .into(),
                ..Entry::default()
            };
            site.store.log(&mut change, now, &entry).await?;
        }
        change.commit().await?;
    }
    // 定稿 is never touched again: it stays as the office has it.
    let settled = name == folder.settled();
    if edited && !settled {
        keep_aside(site, folder, bytes).await?;
    }
    // From here on this is the file that may be replaced.
    let taken = MasterFile {
        digest: if settled {
            known.digest.clone()
        } else {
            String::new()
        },
        sha256: digest,
        next: None,
        ..known.clone()
    };
    record(site, folder, name, &taken).await
}

/// Keeps an edited master beside the current one, each under a name of its own.
async fn keep_aside(site: &Site, folder: &MasterFolder, bytes: &[u8]) -> anyhow::Result<()> {
    let now = site.clock.now();
    let target = folder.free_aside(folder.stem(), now);
    write_whole(&target, bytes)?;
    tracing::warn!(file = %target.display(), "有人改动了汇总台账中由系统填写的格，已另存一份");
    let mut change = site.store.begin().await?;
    let entry = Entry {
        by: PROGRAM,
        what: Store::EDITED_MASTER,
        program: Some(&folder.program),
        period: Some(folder.period.clone()),
        detail: target.display().to_string().into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now.to_utc(), &entry).await?;
    change.commit().await?;
    Ok(())
}

/// Masters that were kept aside because a person had edited them, and that
/// still lie there: paths, the latest last.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn kept_aside(site: &Site) -> anyhow::Result<Vec<String>> {
    let mut kept = site.store.edited_masters().await?;
    kept.retain(|path| std::path::Path::new(path).exists());
    Ok(kept)
}
