//! A table that was handed in: what it changes, and taking it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Fault, ROWS, file, name};
use crate::desk::misuse;
use crate::domain::actor::Actor;
use crate::domain::definition::Problem;
use crate::domain::ids::ProgramId;
use crate::domain::language::{Language, worded};
use crate::domain::program::RosterTable;
use crate::domain::roster_change::{Change, ChangeKind, HandedIn, Mark, Plan, merge, of_workbook};
use crate::domain::sha256::Sha256;
use crate::jobs::notes::period_label;
use crate::jobs::rosters::{self, RosterFile, Writing, Written};
use crate::jobs::site::Site;

/// So many faults are listed; the rest is counted.
const MOST_FAULTS: usize = 200;

/// So many names stand in the journal of each kind of change.
const NAMED: usize = 3;

/// What a table that was handed in comes to.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The file as it lies there.
    file: RosterFile,
    /// The table as it is to be; none where it can't be told.
    plan: Option<Plan>,
    /// What is wrong with it.
    faults: Vec<Problem>,
    /// The file was changed since the workbook was made from it.
    stale: bool,
    until: NaiveDate,
}

/// The same as a page shows it.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is said by itself, beside the others"
)]
#[derive(Debug, Clone, Serialize)]
pub struct ChangesAnswer {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The table.
    pub table: RosterTable,
    /// As people call it.
    pub label: &'static str,
    /// The file that is written.
    pub file: String,
    /// What is wrong; nothing is written then.
    pub faults: Vec<Fault>,
    /// Faults that aren't listed.
    pub further: usize,
    /// How many rows something happens to, by kind; those with none left out.
    pub counts: Vec<(ChangeKind, usize)>,
    /// A part of the changes.
    pub changes: Vec<Change>,
    /// Which part it is, from 1, and how many there are.
    pub parts: (usize, usize),
    /// Nothing is another.
    pub same: bool,
    /// Rows stand in another order.
    pub reordered: bool,
    /// Columns that are new.
    pub new_columns: Vec<String>,
    /// Columns of the file that the workbook hasn't: they stay.
    pub left_columns: Vec<String>,
    /// Most of what is known would go: it may be another's table.
    pub doubtful: bool,
    /// Somebody has changed the file since the workbook was downloaded.
    pub stale: bool,
    /// The last day of those that were left out, and the last period that
    /// units among them owe.
    pub until: (NaiveDate, Option<String>),
    /// What the file is made of besides cells is lost.
    pub loses_looks: bool,
    /// The content of the file as it was looked at.
    pub seen: Sha256,
}

/// What a workbook would change in a table. Read where strangers' files are
/// read, with their limits. None where the programme has no such table.
///
/// # Errors
/// The file can't be read ([`crate::desk::Misuse`]); the database can't be read.
pub async fn propose(
    site: &Site,
    id: &ProgramId,
    table: RosterTable,
    workbook: &Path,
    until: NaiveDate,
) -> anyhow::Result<Option<Proposed>> {
    let Some(file) = file(site, id, table)? else {
        return Ok(None);
    };
    let mut proposed = Proposed {
        file,
        plan: None,
        faults: Vec::new(),
        stale: false,
        until,
    };
    let language = site.language();
    let fault = |message: String, remedy: &str| {
        vec![Problem {
            file: String::new(),
            line: None,
            message,
            remedy: remedy.to_owned(),
        }]
    };
    let book = match site.reader.read(workbook).await? {
        Ok(book) => book,
        Err(failure) => {
            proposed.faults = fault(
                worded!(
                    language,
                    "文件读不了：{failure}。",
                    "The file can't be read: {failure}. "
                ),
                language.either(
                    "请上传用WPS或Excel保存的 xlsx。",
                    "Upload an xlsx that WPS or Excel has saved.",
                ),
            );
            return Ok(Some(proposed));
        }
    };
    if let Some(mark) = Mark::of(&book) {
        if (&mark.program, mark.table) != (id, table) {
            let whose = worded!(
                language,
                "这是“{}”的{}名册。",
                "This is the roster of “{}” ({}). ",
                name(site, &mark.program),
                mark.table.words(language)
            );
            proposed.faults = fault(
                whose,
                language.either(
                    "请核对是不是拿错了文件；要用它的内容，把表格复制到这里下载的表里。",
                    "Check that it is the right file; to use its contents, copy them into the table that is downloaded here.",
                ),
            );
            return Ok(Some(proposed));
        }
        proposed.stale = mark.from != proposed.file.sha256;
    }
    let cells = match of_workbook(&book) {
        Ok(cells) => cells,
        Err(faults) => {
            proposed.faults = faults;
            return Ok(Some(proposed));
        }
    };
    drop(book);
    // Of leaders and places figures of years past speak.
    let used: Option<BTreeSet<String>> = match table {
        RosterTable::Units => {
            let units = site.store.units_of(id).await?;
            Some(units.iter().map(ToString::to_string).collect())
        }
        RosterTable::Leaders | RosterTable::Places => None,
    };
    let fresh = HandedIn {
        table,
        cells: &cells,
        used: used.as_ref(),
        until,
    };
    match merge(&proposed.file.cells, &fresh) {
        Err(faults) => proposed.faults = faults,
        Ok(plan) => {
            proposed.faults = rosters::faults(site, &proposed.file, &plan)?;
            proposed.plan = Some(plan);
        }
    }
    Ok(Some(proposed))
}

/// What is proposed, as a page shows it.
#[must_use]
pub fn shown(site: &Site, own: &Proposed, part: usize) -> ChangesAnswer {
    let nothing = Plan::default();
    let plan = own.plan.as_ref().unwrap_or(&nothing);
    let parts = plan.changes.len().div_ceil(ROWS).max(1);
    let part = part.clamp(1, parts);
    let counts = ChangeKind::ALL.map(|kind| (kind, plan.count(kind)));
    let changes = plan.changes.iter().skip((part - 1) * ROWS).take(ROWS);
    ChangesAnswer {
        program: own.file.program.clone(),
        name: name(site, &own.file.program),
        table: own.file.table,
        label: own.file.table.words(site.language()),
        file: own.file.name.clone(),
        further: own.faults.len().saturating_sub(MOST_FAULTS),
        faults: own
            .faults
            .iter()
            .take(MOST_FAULTS)
            .cloned()
            .map(Fault::from)
            .collect(),
        counts: counts.into_iter().filter(|(_, count)| *count > 0).collect(),
        changes: changes.cloned().collect(),
        parts: (part, parts),
        same: own.plan.as_ref().is_some_and(Plan::is_empty),
        reordered: plan.reordered,
        new_columns: plan.new_columns.clone(),
        left_columns: plan.left_columns.clone(),
        doubtful: plan.doubtful,
        stale: own.stale,
        until: (own.until, last_owed(site, own)),
        loses_looks: own.file.written == Written::Xlsx,
        seen: own.file.sha256,
    }
}

/// The last period that a unit owes which ends on the day.
fn last_owed(site: &Site, own: &Proposed) -> Option<String> {
    if own.file.table != RosterTable::Units {
        return None;
    }
    let program = rosters::defined(site, &own.file.program)?.ok()?;
    let last = program.cycle.started_by(own.until, 1).pop()?;
    Some(period_label(&program, &last))
}

/// Takes what is proposed, as it was seen; gives the name of the file in which
/// the table before lies now. `sure`: whoever does it has looked twice.
///
/// # Errors
/// Something is wrong with it, or it needs a second look ([`crate::desk::Misuse`]); the file
/// is another by now ([`crate::jobs::refusal::Refusal`]); the database is gone.
pub async fn apply(
    site: &Arc<Site>,
    by: &Actor,
    own: &Proposed,
    (seen, sure): (Sha256, bool),
) -> anyhow::Result<Option<String>> {
    let language = site.language();
    let Some(plan) = own.plan.as_ref().filter(|_| own.faults.is_empty()) else {
        misuse!(
            language,
            "表里还有问题，没有写入",
            "the table has faults and wasn't written"
        );
    };
    if plan.is_empty() {
        misuse!(
            language,
            "和现在的名册一样，没有要写的",
            "it is the same as the present roster; there is nothing to write"
        );
    }
    if plan.doubtful && !sure {
        misuse!(
            language,
            "改动很大，请核对后勾选“不是拿错了表”再确认",
            "much would change; check it, tick “it is the right table” and confirm again"
        );
    }
    let file = RosterFile {
        sha256: seen,
        ..own.file.clone()
    };
    let writing = Writing {
        file: &file,
        plan,
        what: "roster-changed",
        unit: None,
        detail: &in_words(language, own.file.table, plan),
        offer: None,
    };
    let kept = rosters::write(site, by, writing).await?;
    let name = kept.and_then(|kept| kept.file_name().map(|name| name.to_string_lossy().into_owned()));
    Ok(name)
}

/// A plan in one line: 填报单位：新增1（丁办），停报1（丙办）.
fn in_words(language: Language, table: RosterTable, plan: &Plan) -> String {
    let of = |kind: ChangeKind| {
        let own: Vec<&Change> = plan.changes.iter().filter(|own| own.kind == kind).collect();
        let what = match kind {
            ChangeKind::Added => language.either("新增", "added "),
            ChangeKind::Ended => language.either("停报", "ended "),
            ChangeKind::Removed => language.either("删去", "removed "),
            ChangeKind::Renamed => language.either("改名", "renamed "),
            ChangeKind::Contact => language.either("改联系方式", "contact changed "),
            ChangeKind::Other => language.either("改其他", "otherwise changed "),
        };
        let names: Vec<&str> = own.iter().take(NAMED).map(|own| own.name.as_str()).collect();
        let more = if own.len() > NAMED {
            language.either("等", " …")
        } else {
            ""
        };
        (!own.is_empty()).then(|| {
            worded!(
                language,
                "{what}{}（{}{more}）",
                "{what}{} ({}{more})",
                own.len(),
                names.join(language.either("、", ", "))
            )
        })
    };
    let mut parts: Vec<String> = ChangeKind::ALL.into_iter().filter_map(of).collect();
    if plan.reordered {
        parts.push(language.either("调整顺序", "order changed").into());
    }
    if parts.is_empty() {
        let columns = plan.new_columns.join(language.either("、", ", "));
        parts.push(worded!(language, "新增列{columns}", "new columns {columns}"));
    }
    worded!(
        language,
        "{}：{}",
        "{}: {}",
        table.words(language),
        parts.join(language.either("，", ", "))
    )
}
