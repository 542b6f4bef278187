//! From what a child has read to the examination, and the marked-up copy.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use super::accepted::Accepted;
use super::elsewhere::Elsewhere;
use crate::domain::calendar::Calendar;
use crate::domain::check::{self, Context, Examination};
use crate::domain::codes::Code;
use crate::domain::finding::Verdict;
use crate::domain::identify::{History as _, Origin};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::Grace;
use crate::domain::period::Period;
use crate::domain::program::{Documents, Program};
use crate::domain::register::{Past, Ready};
use crate::domain::submission::{Record, Reopened, Submission};
use crate::domain::table::Workbook;
use crate::jobs::notes::moment;
use crate::jobs::obligations::grace_now;
use crate::jobs::pictures;
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::workbook::form::{FormContext, form_context};
use crate::workbook::read::ReadFailure;
use crate::workbook::returned::{About, write_returned};

/// What is kept of a file beside what is found in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// A picture of its sheets.
    Picture,
    /// Nothing: nobody records it.
    Nothing,
}

/// Runs the checks and, if the ledger has to go back, writes its marked-up copy.
/// `again` is the record of a ledger that is looked at anew.
///
/// # Errors
/// The database can't be read, the copy can't be written: leave the file for the
/// next round.
pub async fn examine(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
    (read, keep): (Result<Workbook, ReadFailure>, Keep),
    again: Option<&Record>,
) -> anyhow::Result<(Examination, Option<Vec<u8>>)> {
    let nothing = |_: &UnitId, _: &Period| Vec::new();
    let no_past = |_: &Period| Arc::default();
    let calendar = site.calendar();
    let workbook = match read {
        Ok(workbook) => workbook,
        Err(failure) => {
            let (code, reason) = refusal(&failure);
            let context = context(site, &calendar, program, origin, standing, (&nothing, &no_past));
            return Ok((check::refuse(&context, code, &reason), None));
        }
    };
    // Checks are quick but not free: they run beside the other files.
    let handle = tokio::runtime::Handle::current();
    tokio::task::block_in_place(|| {
        let failed = RefCell::new(None);
        let rows = |unit: &UnitId, period: &Period| {
            if !standing.is_accepted(unit, period) {
                return Vec::new();
            }
            let rows = handle.block_on(rows_of(site, program, unit, period));
            rows.unwrap_or_else(|error| {
                failed.replace(Some(error));
                Vec::new()
            })
        };
        let past = |period: &Period| {
            let past = handle.block_on(register::past(site, program, period));
            past.unwrap_or_else(|error| {
                failed.replace(Some(error));
                Arc::default()
            })
        };
        let context = context(site, &calendar, program, origin, standing, (&rows, &past));
        let mut examination = check::examine(&context, &workbook);
        if keep == Keep::Picture && examination.verdict != Verdict::Quarantined {
            examination.picture = pictures::taken(&workbook, &examination.findings);
        }
        drop(workbook);
        if let Some(error) = failed.take() {
            // Judged without the rows of before, a copy of them would pass: the
            // file is looked at again when the database answers.
            return Err(error);
        }
        let marked = if examination.verdict == Verdict::Returned {
            let grace = handle.block_on(grace(site, program, (origin, again), &examination))?;
            let ready = handle.block_on(ready(site, program, &examination))?;
            let marked = mark(site, program, (&origin.file_name, grace), ready, &mut examination)?;
            // Only the copy shows the values as typed.
            examination.rows.iter_mut().for_each(|row| row.typed = Vec::new());
            Some(marked)
        } else {
            None
        };
        Ok((examination, marked))
    })
}

/// Writes the marked-up copy of a returned ledger.
fn mark(
    site: &Site,
    program: &Program,
    (file_name, grace): (&str, Option<Grace>),
    ready: Vec<Ready>,
    examination: &mut Examination,
) -> anyhow::Result<Vec<u8>> {
    let period = examination.period.clone();
    let unit = examination.unit.clone().and_then(|id| program.roster.unit(&id));
    let context: Option<FormContext<'_>> = period
        .as_ref()
        .and_then(|period| form_context(program, unit, period));
    let mut context =
        context.ok_or_else(|| anyhow::anyhow!("方案 {} 没有表样，写不出审核意见", program.id))?;
    context.fill.clone_from(&examination.fill);
    context.ready = ready;
    let until = grace.map(|grace| {
        let until = grace.until.with_timezone(&site.clock.zone());
        (moment(program.language, until), grace.in_time)
    });
    let about = About {
        file_name,
        correct_by: until.as_ref().map(|(until, in_time)| (until.as_str(), *in_time)),
    };
    write_returned(&context, about, examination, site.options.marked_size)
}

/// What a register's copy has ready beside the unit's rows: the items that it
/// owes and that none of them stands for.
async fn ready(site: &Site, program: &Program, examination: &Examination) -> anyhow::Result<Vec<Ready>> {
    match (
        &examination.unit,
        &examination.period,
        examination.register.open.as_slice(),
    ) {
        (Some(unit), Some(period), open @ [_, ..]) => {
            let asked = register::Asked::of(site, program, period).await?;
            Ok(asked.ready(program, period, unit, Some(open)))
        }
        _ => Ok(Vec::new()),
    }
}

/// The grace that the unit has if this ledger is handed back now, while it lasts.
async fn grace(
    site: &Site,
    program: &Program,
    (origin, again): (&Origin, Option<&Record>),
    examination: &Examination,
) -> anyhow::Result<Option<Grace>> {
    let arrival = origin.arrival.or(again.map(|record| record.arrival));
    let (Some(unit), Some(period), Some(arrival)) = (&examination.unit, &examination.period, arrival) else {
        return Ok(None);
    };
    let records = site.store.versions(&program.id, unit, period).await?;
    let mut submissions: Vec<Submission> = records.iter().filter_map(Record::submission).collect();
    let now = site.clock.utc();
    if let Some(own) = again.and_then(|record| submissions.iter_mut().find(|own| own.id == record.id)) {
        if own.is_accepted() {
            own.reopened = Some(Reopened {
                at: now,
                reason: String::new(),
            });
        }
        own.verdict = Verdict::Returned;
        return Ok(grace_now(site, program, period, &submissions));
    }
    submissions.push(Submission {
        id: SubmissionId::UNRECORDED,
        unit: unit.clone(),
        period: period.clone(),
        file_name: origin.file_name.clone(),
        version: submissions.last().map_or(1, |last| last.version + 1),
        arrival,
        verdict: Verdict::Returned,
        accepted_by_office: None,
        withdrawn: None,
        reopened: None,
        rechecks: 0,
        nil: false,
        rows: 0,
        placed: None,
        fill: Vec::new(),
        decided: now,
        judged: now,
    });
    Ok(grace_now(site, program, period, &submissions))
}

/// What was accepted before: rows of a unit's ledger, and of a register.
pub(super) type Before<'a> = (
    &'a dyn Fn(&UnitId, &Period) -> Vec<LedgerRow>,
    &'a dyn Fn(&Period) -> Arc<Past>,
);

pub(super) fn context<'a>(
    site: &'a Site,
    calendar: &'a Calendar,
    program: &'a Program,
    origin: &'a Origin,
    standing: &'a Accepted,
    (rows_of, past): Before<'a>,
) -> Context<'a> {
    Context {
        program,
        origin,
        standing,
        rows_of,
        past,
        calendar,
        messages: site.messages(program.language),
        limits: site.options.checks,
        now: site.clock.now(),
    }
}

/// Rows of the unit's counting ledger for a period.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn rows_of(
    site: &Site,
    program: &Program,
    unit: &UnitId,
    period: &Period,
) -> anyhow::Result<Vec<LedgerRow>> {
    let records = site.store.versions(&program.id, unit, period).await?;
    let submissions: Vec<_> = records.iter().filter_map(Record::submission).collect();
    match crate::domain::submission::counting(&submissions) {
        Some(counts) => site.rows(program, period, counts.id).await,
        None => Ok(Vec::new()),
    }
}

/// The code and the reason in words for a file that can't be read.
#[must_use]
pub fn refusal(failure: &ReadFailure) -> (Code, String) {
    match failure {
        ReadFailure::Unreadable(reason) => (Code::Unreadable, reason.clone()),
        ReadFailure::Encrypted => (Code::Encrypted, String::new()),
        ReadFailure::Enciphered => (Code::Encrypted, "cipher".into()),
        ReadFailure::UnsupportedType(what) => (Code::UnsupportedType, what.clone()),
        ReadFailure::TooLarge(reason) => (Code::TooLarge, reason.clone()),
    }
}

/// The programme that a file outside the share belongs to, for `check`: the
/// one whose header it bears.
#[must_use]
pub fn guess_program(
    programs: &[Arc<Program>],
    workbook: Option<&Workbook>,
    path: &Path,
) -> Option<Arc<Program>> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let score = |program: &Arc<Program>| {
        let header = workbook.is_some_and(|workbook| {
            program.material.forms().iter().any(|form| {
                workbook
                    .sheets
                    .iter()
                    .any(|sheet| crate::domain::ledger::locate(sheet, form).is_some())
            })
        });
        let named = program.roster.units.iter().any(|unit| name.contains(&unit.name));
        let chinese = program.language == Language::Chinese;
        (header, named, chinese)
    };
    let best = programs.iter().max_by_key(|program| score(program))?;
    Some(best.clone())
}

/// The examination of a file that isn't a ledger but whose name declares that
/// there was nothing to report; none if it doesn't.
#[must_use]
pub fn declare_nil(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
) -> Option<Examination> {
    let nothing = |_: &UnitId, _: &Period| Vec::new();
    let no_past = |_: &Period| Arc::default();
    let calendar = site.calendar();
    check::declared_nil(&context(
        site,
        &calendar,
        program,
        origin,
        standing,
        (&nothing, &no_past),
    ))
}

/// The examination of a document: who handed it in, and for what.
#[must_use]
pub fn receive(
    site: &Site,
    program: &Arc<Program>,
    documents: &Documents,
    (origin, bytes): (&Origin, u64),
    standing: &Accepted,
) -> Examination {
    let nothing = |_: &UnitId, _: &Period| Vec::new();
    let no_past = |_: &Period| Arc::default();
    let calendar = site.calendar();
    let context = context(site, &calendar, program, origin, standing, (&nothing, &no_past));
    check::received(&context, documents, bytes)
}

/// The examination of a form of another programme, in the folder of a unit that
/// isn't one of that programme's, or of one that may be several programmes':
/// the first goes back, the second waits for the office.
#[must_use]
pub(super) fn misplaced(
    site: &Site,
    program: &Arc<Program>,
    origin: &Origin,
    standing: &Accepted,
    elsewhere: &Elsewhere,
) -> Examination {
    let nothing = |_: &UnitId, _: &Period| Vec::new();
    let no_past = |_: &Period| Arc::default();
    let calendar = site.calendar();
    let context = context(site, &calendar, program, origin, standing, (&nothing, &no_past));
    match elsewhere {
        Elsewhere::Unit(there, _) | Elsewhere::Program(there) => {
            check::refuse(&context, Code::OtherProgram, &there.folder)
        }
        Elsewhere::Unclear(folders) => Examination {
            verdict: Verdict::Unclaimed,
            ..check::refuse(&context, Code::ProgramUnclear, &folders.join("”“"))
        },
    }
}
