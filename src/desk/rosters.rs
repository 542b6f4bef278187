//! Rosters: looked at, taken home to be filled in, handed in again, one address
//! by itself. The files stay the truth; what is written here could have been
//! written by hand.

mod aliases;
mod changes;
mod row;

use chrono::NaiveDate;
use serde::Serialize;

use super::Misuse;
use crate::domain::account::Account;
use crate::domain::definition::Problem;
use crate::domain::ids::ProgramId;
use crate::domain::language::worded;
use crate::domain::program::{RosterTable, date};
use crate::domain::roster_change::Mark;
use crate::jobs::rosters::{self, RosterFile, Written};
use crate::jobs::site::Site;
use crate::workbook::roster::{RosterSheet, write_roster};

pub use aliases::{Offer, Offers, dismiss, offers, take_up};
pub use changes::{ChangesAnswer, Proposed, apply, propose, shown as changes};
pub use row::{RowAnswer, RowField, given, row, set_row};

/// Rows of a page.
pub const ROWS: usize = 200;

/// A table of a roster as it lies in its file.
#[derive(Debug, Clone, Serialize)]
pub struct RosterAnswer {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The table.
    pub table: RosterTable,
    /// The tables that the programme has, with their names.
    pub tables: Vec<(RosterTable, &'static str)>,
    /// The file.
    pub file: String,
    /// Columns in which anything stands.
    pub header: Vec<String>,
    /// A part of the rows.
    pub rows: Vec<RosterRow>,
    /// How many there are.
    pub all: usize,
    /// Which part it is, from 1, and how many there are.
    pub parts: (usize, usize),
    /// Whether rows have somebody to write to.
    pub has_contacts: bool,
    /// Whether it can be changed here.
    pub can_change: bool,
}

/// A row of it.
#[derive(Debug, Clone, Serialize)]
pub struct RosterRow {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its cells, as many as columns are shown.
    pub cells: Vec<String>,
    /// It holds no more.
    pub over: bool,
}

/// What is wrong with a table, and where.
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    /// Another file than the one that was handed in; empty: that one.
    pub file: String,
    /// 1-based line.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl From<Problem> for Fault {
    fn from(own: Problem) -> Self {
        Self {
            file: own.file,
            line: own.line,
            message: own.message,
            remedy: own.remedy,
        }
    }
}

/// The tables that a programme has, whether it runs or not. None where there is
/// no such programme, or it is none of the account's.
#[must_use]
pub fn tables(site: &Site, account: &Account, id: &str) -> Option<(ProgramId, Vec<RosterTable>)> {
    let id: ProgramId = id.parse().ok()?;
    rosters::folder(site, &id).filter(|_| account.has(&id))?;
    let tables = rosters::tables(site, &id);
    Some((id, tables))
}

/// A table's file; none where the programme has no such table.
fn file(site: &Site, id: &ProgramId, table: RosterTable) -> anyhow::Result<Option<RosterFile>> {
    rosters::read(site, id, table).map_err(|error| Misuse(format!("{error:#}")).into())
}

/// The full name of a programme, or its id where its definition is faulty.
fn name(site: &Site, id: &ProgramId) -> String {
    match rosters::defined(site, id) {
        Some(Ok(program)) => program.name.clone(),
        _ => id.to_string(),
    }
}

/// The place of a column.
fn place(file: &RosterFile, key: &str) -> Option<usize> {
    let field = file.table.field(key)?;
    file.cells
        .header()
        .iter()
        .position(|header| field.is_called(header))
}

fn cell(cells: &[String], place: Option<usize>) -> &str {
    place.and_then(|at| cells.get(at)).map_or("", String::as_str)
}

/// A part of a table; none where the programme has no such table.
///
/// # Errors
/// The file can't be read ([`Misuse`]).
pub fn shown(
    site: &Site,
    (id, tables): (&ProgramId, &[RosterTable]),
    table: RosterTable,
    part: usize,
) -> anyhow::Result<Option<RosterAnswer>> {
    let Some(file) = file(site, id, table)? else {
        return Ok(None);
    };
    let all = file.cells.rows();
    let columns: Vec<usize> = (0..file.cells.header().len())
        .filter(|at| all.iter().any(|row| !cell(&row.cells, Some(*at)).is_empty()))
        .collect();
    let parts = all.len().div_ceil(ROWS).max(1);
    let part = part.clamp(1, parts);
    let today = site.clock.now().date_naive();
    let (own_id, own_name, until) = (
        place(&file, "id"),
        place(&file, table.name()),
        place(&file, "valid_to"),
    );
    let over = |cells: &[String]| date(cell(cells, until)).is_some_and(|until: NaiveDate| until < today);
    let rows = all
        .iter()
        .skip((part - 1) * ROWS)
        .take(ROWS)
        .map(|row| RosterRow {
            id: cell(&row.cells, own_id).to_owned(),
            name: cell(&row.cells, own_name).to_owned(),
            cells: columns
                .iter()
                .map(|at| cell(&row.cells, Some(*at)).to_owned())
                .collect(),
            over: over(&row.cells),
        });
    Ok(Some(RosterAnswer {
        program: id.clone(),
        name: name(site, id),
        table,
        tables: tables
            .iter()
            .map(|own| (*own, own.words(site.language())))
            .collect(),
        file: file.name.clone(),
        header: columns
            .iter()
            .map(|at| file.cells.header()[*at].clone())
            .collect(),
        rows: rows.collect(),
        all: all.len(),
        parts: (part, parts),
        has_contacts: !table.contacts().is_empty(),
        can_change: file.written != Written::Otherwise,
    }))
}

/// A table as a workbook to be filled in, with its file's name; none where the
/// programme has no such table.
///
/// # Errors
/// The file can't be read ([`Misuse`]), or the workbook can't be written.
pub fn download(
    site: &Site,
    id: &ProgramId,
    table: RosterTable,
) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    let Some(file) = file(site, id, table)? else {
        return Ok(None);
    };
    let mut header = file.cells.header().to_vec();
    if place(&file, "valid_to").is_none()
        && let Some(field) = table.field("valid_to")
    {
        header.push(field.headers[0].to_owned());
    }
    let mark = Mark {
        program: id.clone(),
        table,
        from: file.sha256,
    };
    let language = site.language();
    let (program, label) = (name(site, id), table.words(language));
    let title = worded!(language, "{program}{label}名册", "{program} - roster of {label}");
    let bytes = write_roster(&RosterSheet {
        title: &title,
        hint: language.either(
            "一行一个。编号启用后不要改，改名的只改名称；新增的一行编号可以空着；不再报的填失效日期（最后有效的一天），不要删行。改好后在网页上传。",
            "One a row. Leave ids as they are; who is renamed changes the name only; a new row may have no id; who no longer reports gets an end date (the last day), and its row stays. Then upload it on the page.",
        ),
        name: label,
        header: &header,
        rows: file.cells.rows().iter().map(|row| row.cells.as_slice()).collect(),
        mark: Some(&mark.property()),
    })?;
    Ok(Some((format!("{title}.xlsx"), bytes)))
}
