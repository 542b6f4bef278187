//! All checks on one workbook, and the verdict.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::case::{Case, first_date};
use super::register::{self, Register};
use super::tally::Tally;
use super::wording::Words;
use super::{AsRegister, Context, Examination, OF_CELL, OF_LEDGER, OF_SHEET};
use super::{canonical, earlier_rows, id_number, nil_report, sensitive_content};
use crate::domain::codes::Code;
use crate::domain::evidence::Evidence;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::identify::{Clues, Identity, identify, set_aside};
use crate::domain::last_save::last_save;
use crate::domain::ledger::{self, LedgerRow, Reading, mask_identity_numbers, read_date, read_side_by_side};
use crate::domain::period::{CycleKind, Period};
use crate::domain::program::{FillRole, Form, Program};
use crate::domain::register::{Cited, Duties};
use crate::domain::table::Workbook;

/// Looks at a workbook as a ledger of the programme: identifies it, runs
/// every check, words the findings.
#[must_use]
pub fn examine(context: &Context<'_>, workbook: &Workbook) -> Examination {
    if sensitive_content::is_marked(workbook, context.program) {
        let identity = identify(&clues(context, None));
        let finding = sensitive_content::finding(context.program);
        return closed(context, identity, Verdict::Quarantined, vec![finding]);
    }
    let open = context.program.open_period(context.calendar, context.now);
    let Some(form) = context.program.form(open.as_ref()) else {
        let identity = identify(&clues(context, None));
        return closed(context, identity, Verdict::Unclaimed, Vec::new());
    };
    let mut reading = read(context, workbook, form, open.as_ref());
    set_aside(&clues(context, None), &mut reading, open.as_ref());
    let identity = identify(&clues(context, Some((workbook, &reading))));
    let form = context.program.form(identity.period.as_ref()).unwrap_or(form);
    if identity.period.is_some() && identity.period != open {
        // Dates without a year belong to the period found, and its form may
        // differ. The first reading goes before the second is made.
        drop(std::mem::take(&mut reading));
        reading = read(context, workbook, form, identity.period.as_ref());
        set_aside(&clues(context, None), &mut reading, open.as_ref());
    }
    if let Some(excess) = &reading.excess {
        let reason = Words(context.messages.language).too_many_rows(excess);
        let finding = Finding::new(Code::TooLarge).with("reason", reason);
        return closed(context, identity, Verdict::Unreadable, vec![finding]);
    }
    judge(context, workbook, form, reading, identity)
}

/// The examination of a file that could not be read: identified by folder and
/// name alone, with the one finding that says why. `reason` is the type of an
/// `unsupported-type`, or the limit of a `too-large`.
#[must_use]
pub fn refuse(context: &Context<'_>, code: Code, reason: &str) -> Examination {
    let identity = identify(&clues(context, None));
    let verdict = match code {
        Code::Ignored | Code::StillArriving => Verdict::Ignored,
        Code::SensitiveContent => Verdict::Quarantined,
        Code::DuplicateFile => Verdict::Duplicate,
        _ => Verdict::Unreadable,
    };
    let finding = match code {
        Code::SensitiveContent => sensitive_content::finding(context.program),
        _ => Finding::new(code).with("reason", reason),
    };
    closed(context, identity, verdict, vec![finding])
}

/// The examination of a file whose name alone declares a nil report (本期无,
/// 零报告) and which is no workbook; none if its name doesn't say so.
#[must_use]
pub fn declared_nil(context: &Context<'_>) -> Option<Examination> {
    let identity = identify(&clues(context, None));
    if !identity.nil_by_name {
        return None;
    }
    let held = is_held(&identity);
    let mut findings = identity.findings.clone();
    findings.push(Finding::new(Code::NilReport));
    let verdict = if held {
        Verdict::Unclaimed
    } else {
        Verdict::of_findings(&findings)
    };
    Some(Examination {
        nil: true,
        row_count: Some(0),
        ..closed(context, identity, verdict, findings)
    })
}

fn clues<'a>(context: &Context<'a>, opened: Option<(&'a Workbook, &'a Reading)>) -> Clues<'a> {
    Clues {
        program: context.program,
        origin: context.origin,
        workbook: opened.map(|(workbook, _)| workbook),
        reading: opened.map(|(_, reading)| reading),
        standing: context.standing,
        calendar: context.calendar,
        now: context.now,
    }
}

fn read(context: &Context<'_>, workbook: &Workbook, form: &Form, period: Option<&Period>) -> Reading {
    let today = context.now.date_naive();
    let span = period
        .and_then(|period| context.program.cycle.span(period))
        .unwrap_or((today, today));
    let roster = &context.program.roster;
    let places = roster.places();
    ledger::read(
        workbook,
        form,
        span,
        &places,
        &roster.place_prefixes,
        context.limits.rows,
    )
}

fn judge(
    context: &Context<'_>,
    workbook: &Workbook,
    form: &Form,
    mut reading: Reading,
    identity: Identity,
) -> Examination {
    let roster = &context.program.roster;
    let unit = identity.unit.as_deref().and_then(|id| roster.unit(id));
    let last_rows = match (unit, &identity.period) {
        (Some(unit), Some(period)) if !identity.mismatch && !is_kept(context.program) => {
            let before = context.program.cycle.previous(period);
            before.map_or_else(Vec::new, |before| (context.rows_of)(&unit.id, &before))
        }
        _ => Vec::new(),
    };
    let given = context.program.material.items().is_some();
    let known = Known {
        last_rows,
        places: roster.places(),
        // A register's items are owed: there is no period without them.
        nil: !given && nil_report::declared(workbook, &reading, form, identity.nil_by_name),
    };
    if !identity.mismatch {
        read_side_by_side(&mut reading, &own_places(context, &identity));
        let case = case(context, workbook, (form, &reading), &identity, &known);
        // A list says again what it said last year.
        if context.program.cycle.kind != CycleKind::OnChange {
            let repeated = earlier_rows::repeated(&case, context.rows_of);
            earlier_rows::leave_out(&mut reading, &repeated);
        }
    }
    let case = case(context, workbook, (form, &reading), &identity, &known);
    let (findings, verdict) = find(&case, &identity, context.limits.findings);
    let verdict = if is_held(&identity) {
        Verdict::Unclaimed
    } else {
        verdict
    };
    let goes_back = verdict == Verdict::Returned;
    let rows = if identity.mismatch {
        Vec::new()
    } else {
        canonical::rows(&case, goes_back)
    };
    let register = case.register.as_ref().filter(|_| goes_back && !identity.mismatch);
    let open_items = register.zip(unit).map(|(register, unit)| register.open(&unit.id));
    let row_count = Some(case.row_count());
    Examination {
        rows,
        row_count,
        register: AsRegister {
            open: open_items.unwrap_or_default(),
            unchanged: case.register.as_ref().is_some_and(|register| register.ticked),
        },
        fill: fill(&reading),
        nil: known.nil,
        form_version: Some(form.version.clone()),
        filled_on: case.filled_on,
        saved: saved(context, workbook, case.span.map(|span| span.0)),
        ..closed(context, identity, verdict, findings)
    }
}

/// Whether its rows are there again from period to period: given items, or a
/// list that is kept on change.
fn is_kept(program: &Program) -> bool {
    program.material.items().is_some() || program.cycle.kind == CycleKind::OnChange
}

/// The places that are assigned to the unit in the period.
fn own_places<'a>(context: &Context<'a>, identity: &Identity) -> Vec<&'a str> {
    let roster = &context.program.roster;
    let period = identity.period.as_ref();
    let span = period.and_then(|period| context.program.cycle.span(period));
    let unit = identity.unit.as_deref().and_then(|id| roster.unit(id));
    unit.zip(span)
        .map_or_else(Vec::new, |(unit, span)| roster.places_of(unit, span))
}

/// When the workbook was last saved, if that is to be believed.
fn saved(context: &Context<'_>, workbook: &Workbook, start: Option<NaiveDate>) -> Option<DateTime<Utc>> {
    let arrived = context.origin.arrival.map(|arrival| arrival.seen);
    let arrived = arrived.unwrap_or_else(|| context.now.to_utc());
    last_save(&workbook.times, context.now.timezone(), start, arrived)
}

/// What a case needs beside the file.
struct Known<'a> {
    last_rows: Vec<LedgerRow>,
    places: Vec<&'a str>,
    nil: bool,
}

fn case<'a>(
    context: &Context<'a>,
    workbook: &'a Workbook,
    (form, reading): (&'a Form, &'a Reading),
    identity: &'a Identity,
    known: &'a Known<'a>,
) -> Case<'a> {
    let roster = &context.program.roster;
    let period = identity.period.as_ref();
    let span = period.and_then(|period| context.program.cycle.span(period));
    let unit = identity.unit.as_deref().and_then(|id| roster.unit(id));
    Case {
        program: context.program,
        form,
        origin: context.origin,
        workbook,
        reading,
        calendar: context.calendar,
        words: Words(context.messages.language),
        stock_phrases: context.messages.stock_phrases(),
        unit,
        period,
        span,
        today: context.now.date_naive(),
        filled_on: filled_on(form, reading),
        first_date: first_date(reading, span),
        places: &known.places,
        own_places: own_places(context, identity),
        last_rows: &known.last_rows,
        nil: known.nil,
        register: register(context, form, reading, identity),
    }
}

/// What a case knows as a register: who owes which items, what was accepted
/// before, and what the rows cite.
fn register<'a>(
    context: &Context<'a>,
    form: &Form,
    reading: &Reading,
    identity: &Identity,
) -> Option<Register<'a>> {
    let (items, period) = (context.program.material.items()?, identity.period.as_ref()?);
    let past = (context.past)(period);
    let duties = Arc::new(Duties::of(context.program, period, &past));
    let (_, end) = context.program.cycle.span(period)?;
    Some(Register {
        items,
        program: context.program,
        year: end.year(),
        cited: Cited::of(items, &duties, identity.unit.as_ref(), form, reading),
        ticked: register::ticked(form, &reading.fill),
        duties,
        past,
    })
}

/// Runs every check, one after the other: what one of them found is counted
/// before the next one looks.
fn find(case: &Case<'_>, identity: &Identity, most: usize) -> (Vec<Finding>, Verdict) {
    // The rows of another unit's ledger are not shown to this one.
    let mut tally = Tally::new(case, most, identity.mismatch);
    for cell in case.all_cells() {
        tally.add_cell(&cell, OF_CELL.iter().filter_map(|check| check(&cell)));
    }
    tally.add(id_number::elsewhere(case), 1);
    tally.add(identity.findings.clone(), 0);
    for check in OF_LEDGER {
        tally.add(check(case), 1);
    }
    for sheet in &case.reading.sheets {
        for check in OF_SHEET {
            tally.add(check(case, sheet), 2);
        }
    }
    tally.finish()
}

fn is_held(identity: &Identity) -> bool {
    identity.held || identity.unit.is_none() || identity.period.is_none()
}

/// An examination of which nothing but the identity and these findings is
/// known. Everything that will be written somewhere is masked and worded here.
pub(super) fn closed(
    context: &Context<'_>,
    identity: Identity,
    verdict: Verdict,
    mut findings: Vec<Finding>,
) -> Examination {
    for finding in &mut findings {
        for value in finding.args.values_mut() {
            *value = mask_identity_numbers(&shortened(value));
        }
        context.messages.word(finding);
    }
    let evidence = identity
        .evidence
        .into_iter()
        .map(|evidence| Evidence {
            found: mask_identity_numbers(&shortened(&evidence.found)),
            ..evidence
        })
        .collect();
    Examination {
        verdict,
        unit: identity.unit,
        period: identity.period,
        candidates: identity.candidates,
        unknown_name: identity.unknown_name.map(|name| mask_identity_numbers(&name)),
        evidence,
        findings,
        rows: Vec::new(),
        picture: Vec::new(),
        row_count: None,
        register: AsRegister::default(),
        fill: Vec::new(),
        nil: false,
        correction: identity.correction,
        form_version: None,
        mismatch: identity.mismatch,
        saved: None,
        filled_on: None,
    }
}

/// Longest text, in characters, that a message quotes from a file: a header
/// may hold a novel.
const QUOTED: usize = 500;

fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The first value of each fill line, masked: it is stored beside the rows.
fn fill(reading: &Reading) -> Vec<(String, String)> {
    let mut fill: Vec<(String, String)> = Vec::new();
    for value in reading.fill.iter().filter(|value| !value.value.is_empty()) {
        if fill.iter().all(|(key, _)| *key != value.key) {
            fill.push((value.key.clone(), mask_identity_numbers(&value.value)));
        }
    }
    fill
}

fn filled_on(form: &Form, reading: &Reading) -> Option<NaiveDate> {
    reading
        .fill
        .iter()
        .filter(|value| {
            form.fill_lines
                .iter()
                .any(|line| line.role == FillRole::FilledOn && line.key == value.key)
        })
        .find_map(|value| read_date(&value.value))
}
