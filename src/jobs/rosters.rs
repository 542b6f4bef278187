//! The files of a programme's roster: looked at, planned for, written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::kept_files::{self, Replacing};
use super::programs::{self, present};
use super::refusal::refuse_unless;
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::definition::Problem;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::kept_table::KeptTable;
use crate::domain::language::Language;
use crate::domain::program::{Program, RosterTable, parse, roster_file};
use crate::domain::roster_change::Plan;
use crate::domain::sha256::Sha256;
use crate::domain::source_table::SourceTable;
use crate::platform::durable::sha256;
use crate::store::Entry;
use crate::workbook::roster::{RosterSheet, write_roster};

/// How a table's file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// As text: all of it is kept.
    Csv,
    /// As a workbook: its cells are kept.
    Xlsx,
    /// In a way that can only be read.
    Otherwise,
}

/// A table's file as it lies beside its definition.
#[derive(Debug, Clone)]
pub struct RosterFile {
    /// The programme.
    pub program: ProgramId,
    /// Which table.
    pub table: RosterTable,
    /// Its name.
    pub name: String,
    /// Its place.
    pub path: PathBuf,
    /// Its content.
    pub sha256: Sha256,
    /// Its cells.
    pub cells: KeptTable,
    /// How it is written.
    pub written: Written,
}

/// The folder of a programme's definition; none where there is no such folder.
#[must_use]
pub fn folder(site: &Site, id: &str) -> Option<PathBuf> {
    let root = site.options.templates.join("programs");
    let known = present(&root).unwrap_or_default();
    known.iter().any(|own| own == id).then(|| root.join(id))
}

/// A programme as its definition stands, whether it runs or not; none where
/// there is no such folder.
///
/// # Errors
/// What is wrong with the definition, where it never was a good one.
pub fn defined(site: &Site, id: &str) -> Option<Result<Arc<Program>, Vec<Problem>>> {
    let folder = folder(site, id)?;
    if let Some(program) = site.program(id) {
        return Some(Ok(program));
    }
    Some(site.read_program(&folder).map(Arc::new))
}

/// The tables that a programme has, as its definition says; none where that
/// can't be read.
#[must_use]
pub fn tables(site: &Site, id: &ProgramId) -> Vec<RosterTable> {
    let definition = folder(site, id).and_then(|folder| definition(&folder).ok());
    let Some(definition) = definition else {
        return Vec::new();
    };
    let has = |table: &RosterTable| roster_file(&definition, *table).is_some();
    RosterTable::ALL.into_iter().filter(has).collect()
}

fn definition(folder: &Path) -> anyhow::Result<String> {
    let bytes = programs::bytes(&folder.join("program.toml")).context("program.toml 读不出来")?;
    programs::decoded(&bytes).context("program.toml 读不出来")
}

/// Reads a table of a roster; none where the programme has no such table.
///
/// # Errors
/// Definition or table can't be read.
pub fn read(site: &Site, id: &ProgramId, table: RosterTable) -> anyhow::Result<Option<RosterFile>> {
    let Some(folder) = folder(site, id) else {
        return Ok(None);
    };
    let definition = definition(&folder)?;
    let Some(name) = roster_file(&definition, table).filter(|name| !name.contains(['/', '\\'])) else {
        return Ok(None);
    };
    let path = folder.join(&name);
    let bytes = programs::bytes(&path).with_context(|| format!("{name} 读不出来"))?;
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let (cells, written) = match extension.as_str() {
        "csv" => {
            let text = programs::decoded(&bytes).with_context(|| format!("{name} 读不出来"))?;
            (
                KeptTable::of_csv(&text).map_err(anyhow::Error::msg)?,
                Written::Csv,
            )
        }
        other => {
            let book = site
                .read_table(&path)
                .with_context(|| format!("{name} 读不出来"))?;
            let written = if other == "xlsx" {
                Written::Xlsx
            } else {
                Written::Otherwise
            };
            (KeptTable::of_source(&SourceTable::from_workbook(&book)), written)
        }
    };
    Ok(Some(RosterFile {
        program: id.clone(),
        table,
        name,
        path,
        sha256: sha256(&bytes).into(),
        cells,
        written,
    }))
}

/// What would be wrong with the programme if a table were as it is planned: by
/// lines of the table that was handed in, or of another file.
///
/// # Errors
/// The definition can't be read.
pub fn faults(site: &Site, file: &RosterFile, plan: &Plan) -> anyhow::Result<Vec<Problem>> {
    let folder = folder(site, &file.program).context("方案的文件夹不在了")?;
    let mut source = programs::source(&folder, file.program.as_str(), &|path| site.read_table(path))?;
    source.tables.insert(file.name.clone(), plan.as_source());
    let Err(mut problems) = parse(&source) else {
        return Ok(Vec::new());
    };
    for problem in &mut problems {
        let name = problem.file.rsplit(['/', '\\']).next().unwrap_or_default();
        problem.file = if name == file.name {
            String::new()
        } else {
            name.to_owned()
        };
    }
    // What the person can mend in the table comes first.
    problems.sort_by_key(|own| (!own.file.is_empty(), own.line));
    Ok(problems)
}

/// The bytes of a table's file as it is planned.
///
/// # Errors
/// It is kept in a way that can't be written ([`super::refusal::Refusal`]).
fn bytes(language: Language, file: &RosterFile, plan: &Plan) -> anyhow::Result<Vec<u8>> {
    refuse_unless!(
        file.written != Written::Otherwise,
        language,
        "{} 不是 csv 或 xlsx，网页不能改。请用WPS另存为“CSV UTF-8”，并在 program.toml 里改成新的文件名",
        "{} is neither csv nor xlsx and can't be changed here. Save it as CSV UTF-8 with WPS and give the new name in program.toml",
        file.name
    );
    if file.written == Written::Csv {
        return Ok(plan.csv(&file.cells).into_bytes());
    }
    write_roster(&RosterSheet {
        title: "",
        hint: "",
        name: file.table.label(),
        header: &plan.header,
        rows: plan.rows.iter().map(|row| row.cells.as_slice()).collect(),
        mark: None,
    })
}

/// What is written, and what the journal says of it.
#[derive(Debug, Clone, Copy)]
pub struct Writing<'a> {
    /// The file as it was looked at.
    pub file: &'a RosterFile,
    /// The table as it is to be.
    pub plan: &'a Plan,
    /// What is done, as the journal calls it.
    pub what: &'a str,
    /// The unit that it is about, if one alone.
    pub unit: Option<&'a UnitId>,
    /// More, in words.
    pub detail: &'a str,
    /// A name on offer that is taken up by it.
    pub offer: Option<&'a str>,
}

/// Writes a table whole, keeps the one before beside it, and reads the
/// definitions again; gives where the one before lies.
///
/// # Errors
/// Somebody has changed the file, or taken up the name, since it was looked at,
/// or it can't be written ([`super::refusal::Refusal`]); the database is gone.
pub async fn write(site: &Arc<Site>, by: &Actor, own: Writing<'_>) -> anyhow::Result<Option<PathBuf>> {
    let bytes = bytes(site.language(), own.file, own.plan)?;
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    if let Some(name) = own.offer {
        let offer = (&own.file.program, name);
        let stood = site.store.end_alias_offer(&mut change, offer, None).await?;
        refuse_unless!(
            stood,
            site.language(),
            "“{name}”刚才已经有人处理过了",
            "somebody has just settled “{name}”"
        );
    }
    let key = format!("{}/{}", own.file.program, own.file.name);
    let replacing = Replacing {
        path: &own.file.path,
        key: &key,
        seen: own.file.sha256,
        bytes: &bytes,
    };
    let kept = kept_files::replace(site, &mut change, by.name(), replacing).await?;
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: own.what,
        program: Some(&own.file.program),
        unit: own.unit,
        detail: own.detail.into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    let site = site.clone();
    tokio::task::spawn_blocking(move || site.reload()).await?;
    Ok(kept)
}
