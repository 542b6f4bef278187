//! Forms that are laid ready: for whom, when, and what goes with them.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use sha2::Digest as _;

use super::action::Action;
use super::lists;
use super::notes::{contact, counts_in_words, moment, period_label};
use super::obligations::open_periods;
use super::queue::add_all;
use super::register;
use super::site::{Resting, Site};
use crate::domain::calendar::weekday_name;
use crate::domain::draft::{form_comes_at, running_period};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::{FormSheet, Program};
use crate::domain::register::Ready;
use crate::domain::roster::Unit;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::text::file_name_part;
use crate::domain::words::FolderWords;
use crate::inbox::Stat;
use crate::store::Role;
use crate::workbook::form::in_period;

/// Units whose forms are laid ready in one go: a morning on which thousands
/// are due must not keep a clerk waiting for a receipt.
const TOGETHER: usize = 48;

/// Characters that a printed line holds.
const LINE: usize = 38;

/// Lines on columns that leave 填报说明 one page of A4; each column's hint
/// stands in the form as well.
const HELP_LINES: usize = 22;

/// Records that forms have to be laid ready, for units that owe a running
/// period and weren't given its form; gives how many. There may be more.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn give(site: &Site) -> anyhow::Result<usize> {
    let mut given = 0;
    let programs = site.programs();
    let real = |program: &&Arc<Program>| program.material.has_rows() && !program.ladder.trial;
    for program in programs.iter().filter(real) {
        for period in given_now(site, program) {
            if given < TOGETHER {
                given += give_for(site, program, &period, TOGETHER - given).await?;
            }
        }
    }
    Ok(given)
}

/// Periods whose forms are given out at present: the running one, and of a
/// register those that aren't closed, since what stands ready may have changed.
fn given_now(site: &Site, program: &Program) -> Vec<Period> {
    let now = site.clock.now();
    let mut periods: Vec<Period> = match program.material.items() {
        Some(_) => open_periods(site, program),
        None => running_period(program, now.date_naive()).into_iter().collect(),
    };
    let calendar = site.calendar();
    periods.retain(|period| {
        let comes = form_comes_at(program, period, &calendar, now.timezone());
        comes.is_some_and(|comes| comes <= now)
    });
    periods
}

/// Gives out at most `most` forms of a period; gives how many.
async fn give_for(
    site: &Site,
    program: &Arc<Program>,
    period: &Period,
    most: usize,
) -> anyhow::Result<usize> {
    let units = without_form(site, program, period).await?;
    let units: Vec<(&UnitId, String)> = units.into_iter().take(most).collect();
    if units.is_empty() {
        return Ok(0);
    }
    let mut tidied = Vec::new();
    for (unit, _) in &units {
        tidied.extend(settled(site, program, unit).await?);
    }
    let mut change = site.store.begin().await?;
    let given: Vec<(&UnitId, &str)> = units
        .iter()
        .map(|(unit, ready)| (*unit, ready.as_str()))
        .collect();
    site.store
        .give_forms(&mut change, &program.id, period, &given, site.clock.utc())
        .await?;
    for (submission, action) in tidied {
        add_all(site, &mut change, Some(submission), &[action]).await?;
    }
    let actions: Vec<Action> = given
        .iter()
        .map(|(unit, _)| form(program, unit, period))
        .collect();
    add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    crate::platform::halt_point("forms-given");
    Ok(units.len())
}

/// The folder of a unit's forms, relative to the watch root.
#[must_use]
pub fn unit_forms(site: &Site, program: &Program, unit: &UnitId) -> SharePath {
    let words = FolderWords::of(program.language);
    site.unit_folder(program, unit).join(words.forms)
}

/// Whether a file lies in one of the programme's folders of forms, where it stays.
#[must_use]
pub fn lies_ready(program: &Program, path: &str) -> bool {
    path.split('/').nth(2) == Some(FolderWords::of(program.language).forms)
}

/// The name of a unit's form for a period; it carries the period.
#[must_use]
pub fn form_name(program: &Program, unit: &Unit, period: &Period) -> String {
    let period = period_label(program, period);
    let name = match program.language {
        Language::Chinese => format!("{period}{}（{}）", program.matter, unit.name),
        Language::English => format!("{period} {} ({})", program.matter, unit.name),
    };
    format!("{}.xlsx", file_name_part(&name))
}

/// The name of the page that goes with a period's form.
#[must_use]
pub fn guide_name(program: &Program, period: &Period) -> String {
    let period = period_label(program, period);
    let name = match program.language {
        Language::Chinese => format!("{period}填报说明"),
        Language::English => format!("{period} how to fill in"),
    };
    format!("{}.txt", file_name_part(&name))
}

/// 填报说明: one page on what to fill in, by when, and what happens then.
///
/// # Errors
/// The template is missing or faulty.
pub fn guide(site: &Site, program: &Program, unit: &Unit, period: &Period) -> anyhow::Result<String> {
    #[derive(Serialize)]
    struct Column<'a> {
        header: &'a str,
        help: String,
    }
    #[derive(Serialize)]
    struct Values<'a> {
        unit: &'a str,
        office: &'a str,
        contact: String,
        program: &'a str,
        matter: &'a str,
        period: String,
        basis: String,
        due: Option<String>,
        weekday: Option<&'static str>,
        provisional: bool,
        form: String,
        required: Vec<&'a str>,
        columns: Vec<Column<'a>>,
        nil_word: &'a str,
        returned: &'static str,
        /// When a draft counts by itself.
        counts: String,
    }
    let words = FolderWords::of(program.language);
    let due = program.due_of(&unit.id, period, &site.calendar(), site.clock.zone());
    let form = program.form(Some(period));
    let columns = || {
        form.into_iter()
            .flat_map(|form| &form.sheets)
            .flat_map(FormSheet::form_columns)
    };
    let values = Values {
        unit: if unit.display_name.is_empty() {
            &unit.name
        } else {
            &unit.display_name
        },
        office: &program.office.name,
        contact: contact(program),
        program: &program.name,
        matter: &program.matter,
        period: period_label(program, period),
        basis: format!("{}{}", program.basis.title, bracketed(&program.basis.number)),
        weekday: due
            .as_ref()
            .filter(|_| program.language == Language::Chinese)
            .map(|due| weekday_name(due.at.date_naive())),
        provisional: due.as_ref().is_some_and(|due| due.provisional),
        due: due.map(|due| moment(program.language, due.at)),
        form: form_name(program, unit, period),
        required: columns()
            .filter(|(_, column)| column.required)
            .map(|(_, column)| column.header.as_str())
            .collect(),
        columns: columns()
            .filter(|(_, column)| !column.help.is_empty())
            .map(|(_, column)| Column {
                header: &column.header,
                help: in_period(program, column, period, &column.help),
            })
            .scan(0, |lines, column| {
                *lines += (column.header.chars().count() + column.help.chars().count()).div_ceil(LINE);
                (*lines <= HELP_LINES).then_some(column)
            })
            .collect(),
        nil_word: form
            .and_then(|form| form.nil_words.first())
            .map_or("", String::as_str),
        returned: words.returned,
        counts: counts_in_words(site, program, period),
    };
    super::notes::text(site, program.language, "guide", &values)
}

/// Units that owe a period and weren't given its form, or one in which other
/// things stood ready than do now; in roster order, with what stands ready.
/// What was found at rest isn't gone through again until something changes.
async fn without_form<'a>(
    site: &Site,
    program: &'a Arc<Program>,
    period: &Period,
) -> anyhow::Result<Vec<(&'a UnitId, String)>> {
    let Some(span) = program.cycle.span(period) else {
        return Ok(Vec::new());
    };
    let given = site.store.forms_given(&program.id, period).await?;
    let exempt = site.store.exemptions(&program.id, period).await?;
    let exempt: BTreeSet<UnitId> = exempt.into_iter().map(|own| own.unit).collect();
    let register = program.material.items().is_some();
    let prefilled = register || lists::keeps_lists(program);
    let counting = if prefilled {
        site.store.counting_of_all(&program.id).await?
    } else {
        Vec::new()
    };
    let rests = Resting {
        program: program.clone(),
        given,
        exempt,
        counting,
    };
    if site.resting.rests(period, &rests) {
        return Ok(Vec::new());
    }
    let asked = register::Asked::with_lists(site, program, period).await?;
    let ready = |unit: &UnitId| ready_digest(&asked.ready(program, period, unit, None));
    let waiting: Vec<(&UnitId, String)> = program
        .roster
        .units_in(span)
        .map(|unit| &unit.id)
        .filter(|unit| !rests.exempt.contains(*unit) && (!register || asked.duties.owes(unit)))
        .map(|unit| (unit, if prefilled { ready(unit) } else { String::new() }))
        .filter(|(unit, ready)| rests.given.get(*unit) != Some(ready))
        .collect();
    if waiting.is_empty() {
        site.resting.keep(period, rests);
    }
    Ok(waiting)
}

/// What tells rows that stand ready from others.
fn ready_digest(ready: &[Ready]) -> String {
    let mut text = String::new();
    for row in ready {
        for part in row
            .cells
            .iter()
            .map(String::as_str)
            .chain([if row.done { "1" } else { "0" }])
        {
            text.push_str(part);
            text.push('\u{1f}');
        }
        text.push('\u{1e}');
    }
    Sha256::from(<[u8; 32]>::from(sha2::Sha256::digest(text))).to_string()
}

/// Forms of earlier periods that were accepted and whose period is closed: they
/// go where accepted ledgers lie, so that the folder holds what is to be filled in.
async fn settled(
    site: &Site,
    program: &Program,
    unit: &UnitId,
) -> anyhow::Result<Vec<(SubmissionId, Action)>> {
    let words = FolderWords::of(program.language);
    let mut moves = Vec::new();
    for placed in site.store.placed_below(&unit_forms(site, program, unit)).await? {
        let (Role::Original, Some(id)) = (placed.role, placed.submission) else {
            continue;
        };
        let Some(submission) = site.store.submission(id).await?.and_then(|own| own.submission()) else {
            continue;
        };
        let closed = program
            .due(&submission.period, &site.calendar(), site.clock.zone())
            .is_some_and(|due| due.close <= site.clock.now());
        let stat = Stat {
            size: placed.size,
            modified: placed.modified,
        };
        let (folder, name) = (placed.path.folder_str(), placed.path.name());
        let untouched = site.share.stat(&placed.path) == Some(stat) && !site.share.is_locked(folder, name);
        if closed && submission.is_accepted() && untouched {
            let action = Action::Move {
                folder: site
                    .unit_folder(program, unit)
                    .join(words.accepted)
                    .join(&file_name_part(&submission.period.to_string())),
                name: name.to_owned(),
                from: placed.path.clone(),
                stat,
                sha256: placed.sha256,
                role: Role::Original,
            };
            moves.push((id, action));
        }
    }
    Ok(moves)
}

/// The step that lays a unit's form for a period ready.
pub(super) fn form(program: &Program, unit: &UnitId, period: &Period) -> Action {
    Action::Form {
        program: program.id.clone(),
        unit: unit.clone(),
        period: period.clone(),
    }
}

fn bracketed(number: &str) -> String {
    if number.is_empty() {
        String::new()
    } else {
        format!("（{number}）")
    }
}
