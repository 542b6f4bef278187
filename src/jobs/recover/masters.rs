//! What the masters say that lie in the output folder: the office's remarks,
//! and which version they are.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::domain::ids::ProgramId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::consolidate::MasterFolder;
use crate::jobs::site::Site;
use crate::platform::durable::{copy_whole, sha256};
use crate::store::{MasterFile, StoredRemark};
use crate::workbook::master::{Fingerprint, Remarks, read_remarks};

/// What one period's masters brought.
pub(super) struct Master {
    pub(super) program: ProgramId,
    pub(super) period: Period,
    pub(super) remarks: Vec<StoredRemark>,
    /// Files as they lie there: from now on they may be replaced.
    pub(super) files: Vec<(String, MasterFile)>,
    /// The version that the current master says it is.
    pub(super) version: Option<u32>,
    /// Those that could not be read.
    pub(super) unreadable: Vec<String>,
}

/// Reads the masters that the database doesn't know, of all programmes and periods.
///
/// # Errors
/// The reading children don't work, the output folder can't be written.
pub(super) async fn read_all(site: &Arc<Site>) -> anyhow::Result<Vec<Master>> {
    let mut found = Vec::new();
    for program in site.programs() {
        let folder = site.options.output.join(&program.folder);
        let mut periods: Vec<Period> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|period| program.cycle.span(period).is_some())
            .collect();
        periods.sort();
        for period in periods {
            found.push(read(site, &program, &period).await?);
        }
    }
    Ok(found)
}

async fn read(site: &Arc<Site>, program: &Arc<Program>, period: &Period) -> anyhow::Result<Master> {
    let folder = MasterFolder::of(site, program, period);
    let mut master = Master {
        program: program.id.clone(),
        period: period.clone(),
        remarks: Vec::new(),
        files: Vec::new(),
        version: None,
        unreadable: Vec::new(),
    };
    for name in folder.writable() {
        let path = folder.file(&name);
        let known = site.store.master_file(&program.id, period, &name).await?;
        let Ok(bytes) = fs::read(&path) else { continue };
        // A known one is read back before it is written anew, as ever.
        if known.is_some() {
            continue;
        }
        // Whatever happens next, these bytes are not lost.
        site.archive.keep_bytes(&bytes)?;
        let Ok(found) = site.reader.read(&path).await? else {
            master.unreadable.push(path.display().to_string());
            continue;
        };
        keep_aside(&path)?;
        for edit in read_remarks(&found, &Remarks::default()) {
            let remark = StoredRemark {
                row_key: edit.key,
                field: edit.column.name().into_owned(),
                text: edit.after,
            };
            let said = |own: &StoredRemark| own.row_key == remark.row_key && own.field == remark.field;
            // The current master comes first, and is what people write into.
            if !master.remarks.iter().any(said) {
                master.remarks.push(remark);
            }
        }
        let texts = found.sheets.iter().flat_map(|sheet| &sheet.rows);
        let cells = texts.flat_map(|row| &row.cells);
        let version = cells.filter_map(|cell| version(&cell.value.display())).max();
        master.version = master.version.max(version);
        let file = MasterFile {
            digest: String::new(),
            sha256: sha256(&bytes).into(),
            fingerprint: Fingerprint::of(&found).to_string(),
            next: None,
        };
        master.files.push((name, file));
    }
    Ok(master)
}

/// Keeps a copy of a master beside it, once: nobody can tell any more whether
/// somebody edited cells of ours in it.
fn keep_aside(path: &Path) -> anyhow::Result<()> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let target = path.with_file_name(format!("{}（恢复前）.xlsx", stem.unwrap_or_default()));
    if !target.exists() {
        copy_whole(path, &target)?;
    }
    Ok(())
}

/// The version that 变动 names: `第1版→第2版`, `version 1 → version 2`.
fn version(text: &str) -> Option<u32> {
    let (before, rest) = text
        .split_once("版→第")
        .or_else(|| text.split_once(" → version "))?;
    if !before.starts_with('第') && !before.starts_with("version ") {
        return None;
    }
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_stands_where_changes_are_compared() {
        assert_eq!(version("第1版→第2版：没有变动"), Some(2));
        assert_eq!(version("version 11 → version 12"), Some(12));
        assert_eq!(version("走访第1版→第2版"), None);
        assert_eq!(version("本版为首版。"), None);
    }
}
