//! One row's contacts: an address that changes is one form.

use std::sync::Arc;

use serde::Serialize;

use super::{Fault, cell, file, name, place};
use crate::domain::actor::Actor;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::language::{Language, worded};
use crate::domain::program::RosterTable;
use crate::domain::roster_change::{Plan, with_cells};
use crate::domain::sha256::Sha256;
use crate::domain::text::name_key;
use crate::jobs::rosters::{self, RosterFile, Writing};
use crate::jobs::site::Site;

/// A row with whom to write to.
#[derive(Debug, Clone, Serialize)]
pub struct RowAnswer {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The table.
    pub table: RosterTable,
    /// The row's id.
    pub id: String,
    /// What it is called.
    pub called: String,
    /// Its contacts.
    pub fields: Vec<RowField>,
    /// The content of the file as it was looked at.
    pub seen: Sha256,
}

/// A cell that can be changed by itself.
#[derive(Debug, Clone, Serialize)]
pub struct RowField {
    /// Its column.
    pub key: &'static str,
    /// The column as people call it.
    pub label: &'static str,
    /// What stands there.
    pub value: String,
    /// What somebody typed that wasn't written.
    pub typed: Option<String>,
    /// It is an address.
    pub is_mail: bool,
}

/// A row by its id, else by the name that it alone bears; none where there is
/// no such row, or nobody to write to.
///
/// # Errors
/// The file can't be read ([`crate::desk::Misuse`]).
pub fn row(
    site: &Site,
    id: &ProgramId,
    table: RosterTable,
    asked: &str,
) -> anyhow::Result<Option<RowAnswer>> {
    let Some(file) = file(site, id, table)?.filter(|_| !table.contacts().is_empty()) else {
        return Ok(None);
    };
    let (own_id, own_name) = (place(&file, "id"), place(&file, table.name()));
    let rows = file.cells.rows();
    let by_id = rows.iter().find(|row| cell(&row.cells, own_id) == asked.trim());
    let key = name_key(asked);
    let mut named = rows
        .iter()
        .filter(|row| !key.is_empty() && name_key(cell(&row.cells, own_name)) == key);
    let by_name = named.next().filter(|_| named.next().is_none());
    let Some(found) = by_id.or(by_name) else {
        return Ok(None);
    };
    let fields = table.contacts().iter().filter_map(|key| table.field(key));
    let fields = fields.map(|field| RowField {
        key: field.key,
        label: field.headers[0],
        value: cell(&found.cells, place(&file, field.key)).to_owned(),
        typed: None,
        is_mail: field.key.ends_with("mail"),
    });
    Ok(Some(RowAnswer {
        program: id.clone(),
        name: name(site, id),
        table,
        id: cell(&found.cells, own_id).to_owned(),
        called: cell(&found.cells, own_name).to_owned(),
        fields: fields.collect(),
        seen: file.sha256,
    }))
}

/// What of some named texts are a table's contacts.
#[must_use]
pub fn given(table: RosterTable, texts: &[(String, String)]) -> Vec<(&'static str, String)> {
    let keys = table.contacts().iter();
    keys.filter_map(|key| {
        let own = texts.iter().find(|(name, _)| name == key)?;
        Some((*key, own.1.clone()))
    })
    .collect()
}

/// Writes a row's contacts, as the file was seen; tells whether anything was
/// to be written.
///
/// # Errors
/// The inner error: what is wrong with what was given. The outer one: the file
/// is another by now ([`crate::jobs::refusal::Refusal`]), can't be read, or the
/// database is gone.
pub async fn set_row(
    site: &Arc<Site>,
    by: &Actor,
    (id, table, own): (&ProgramId, RosterTable, &str),
    given: &[(&'static str, String)],
    seen: Option<Sha256>,
) -> anyhow::Result<Result<bool, Vec<Fault>>> {
    let Some(file) = file(site, id, table)? else {
        return Ok(Ok(false));
    };
    let seen = seen.unwrap_or(file.sha256);
    let plan = match with_cells(&file.cells, table, own, given) {
        Ok(Some(plan)) => plan,
        Ok(None) => return Ok(Ok(false)),
        Err(wrong) => return Ok(Err(wrong.into_iter().map(Fault::from).collect())),
    };
    // What was seen is compared first: nothing to write may be another's word.
    if plan.is_empty() && seen == file.sha256 {
        return Ok(Ok(false));
    }
    let faults = faults_of_row(site, &file, &plan)?;
    if !faults.is_empty() && seen == file.sha256 {
        return Ok(Err(faults));
    }
    let file = RosterFile { sha256: seen, ..file };
    let unit = UnitId::new(own).ok().filter(|_| table == RosterTable::Units);
    let detail = in_words(site.language(), &plan);
    let writing = Writing {
        file: &file,
        plan: &plan,
        what: "contact-changed",
        unit: unit.as_ref(),
        detail: &detail,
        offer: None,
    };
    rosters::write(site, by, writing).await?;
    Ok(Ok(true))
}

/// What is wrong with a row that is to be; lines mean nothing beside a form.
pub(super) fn faults_of_row(site: &Site, file: &RosterFile, plan: &Plan) -> anyhow::Result<Vec<Fault>> {
    let own: Vec<usize> = plan.changes.iter().map(|change| change.line).collect();
    let faults = rosters::faults(site, file, plan)?.into_iter();
    Ok(faults
        .map(|fault| {
            let here = fault.file.is_empty() && fault.line.is_some_and(|line| own.contains(&line));
            let mut fault = Fault::from(fault);
            if here {
                fault.line = None;
            } else if fault.file.is_empty() {
                fault.file.clone_from(&file.name);
            }
            fault
        })
        .collect())
}

/// 联络员邮箱由a@x.cn改为b@x.cn.
fn in_words(language: Language, plan: &Plan) -> String {
    let said = |text: &str| {
        if text.is_empty() {
            language.either("（空）", "(empty)").to_owned()
        } else {
            text.to_owned()
        }
    };
    let cells = plan.changes.iter().flat_map(|change| &change.cells);
    let cells = cells.map(|own| {
        worded!(
            language,
            "{}由{}改为{}",
            "{} from {} to {}",
            own.column,
            said(&own.before),
            said(&own.after)
        )
    });
    let names: Vec<&str> = plan.changes.iter().map(|change| change.name.as_str()).collect();
    worded!(
        language,
        "{}：{}",
        "{}: {}",
        names.join(language.either("、", ", ")),
        cells.collect::<Vec<_>>().join(language.either("，", ", "))
    )
}
