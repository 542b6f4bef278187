//! Weighing the clues.

use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::stamp;
use std::cmp::Reverse;

use super::file_name::says_correction;
use super::period_clues::{self, PeriodChoice};
use super::unit_clues::{self, UnitChoice};
use super::{Clues, Identity, read_file_name};
use crate::domain::codes::Code;
use crate::domain::evidence::{Evidence, Source};
use crate::domain::finding::Finding;
use crate::domain::period::Period;
use crate::domain::program::ColumnKind;
use crate::domain::text::folded;

/// Tells unit and period, and why. The rules are those of design.md §5
/// (Who) and §6 (Periods, Who).
#[must_use]
pub fn identify(clues: &Clues<'_>) -> Identity {
    let program = clues.program;
    let today = clues.now.date_naive();
    let name = read_file_name(&clues.origin.file_name, &program.roster, &program.cycle, today);
    let open = program.open_period(clues.calendar, clues.now);
    let span = open
        .as_ref()
        .and_then(|open| program.cycle.span(open))
        .unwrap_or((today, today));
    let UnitChoice {
        unit,
        candidates,
        unknown_name,
        mismatch,
        held,
        evidence: of_unit,
        findings: mut found,
    } = unit_clues::decide(clues, &name, span);
    let PeriodChoice {
        period,
        evidence: of_period,
        findings: of_time,
        overruled,
        running,
    } = period_clues::decide(clues, &name, open.as_ref());
    let mut evidence = of_program(clues);
    evidence.extend(of_unit);
    evidence.extend(of_period);
    evidence.sort_by_key(|clue| Reverse(clue.weight));
    found.extend(of_time);
    let mut identity = Identity {
        unit,
        period,
        candidates,
        unknown_name,
        correction: name.correction || is_correction(clues),
        nil_by_name: name.nil,
        mismatch,
        held,
        evidence,
        findings: found,
    };
    check_roster(clues, &mut identity);
    if let (Some(open), Some(named)) = (&open, &overruled) {
        weigh_overruled(clues, &mut identity, name.late, open, named);
    }
    if let Some(open) = open.as_ref().filter(|_| running) {
        weigh_running(clues, &mut identity, open);
    }
    if let Some(open) = open {
        weigh_standing(clues, &mut identity, &open);
    }
    identity
}

/// A clue as it goes into the account of why.
pub(super) fn clue(about: &str, source: Source, found: &str, says: Option<String>) -> Evidence {
    let weight = match source {
        Source::Claim => 100,
        Source::Folder => 90,
        Source::FillLine => 80,
        Source::Title => 70,
        Source::FileName => 60,
        Source::SheetName => 50,
        Source::Stamp => 40,
        Source::Content => 30,
        Source::OpenPeriod => 10,
    };
    Evidence {
        about: about.to_owned(),
        source,
        found: found.to_owned(),
        weight: if says.is_some() { weight } else { 0 },
        says,
    }
}

/// A period as the programme's people say it.
pub(super) fn label(clues: &Clues<'_>, period: &Period) -> String {
    match clues.program.language {
        Language::Chinese => period.label(),
        Language::English => period.label_en(),
    }
}

/// `period-mismatch`: the file says one thing, this is the open period, that is
/// what it counts for. `found` is as written where it is no period; `said` tells
/// which clue said what, where they differ.
pub(super) fn period_mismatch(
    clues: &Clues<'_>,
    (found, named): (&str, Option<&Period>),
    said: &str,
    open: &Period,
    counted: &Period,
) -> Finding {
    let cycle = &clues.program.cycle;
    let start = |period: &Period| cycle.span(period).map(|span| span.0);
    let first = cycle.first.as_ref().filter(|first| {
        let named = named.and_then(start);
        named.is_some() && named < start(first)
    });
    let a_year_before = start(open).and_then(|start| start.checked_sub_months(chrono::Months::new(12)));
    let slip = counted != open && start(counted) == a_year_before;
    Finding::new(Code::PeriodMismatch)
        .with(
            "found",
            named.map_or_else(|| found.to_owned(), |period| label(clues, period)),
        )
        .with("said", said)
        .with(
            "first",
            first.map_or_else(String::new, |first| label(clues, first)),
        )
        .with("year_slip", if slip { "true" } else { "" })
        .with("open", label(clues, open))
        .with("counted", label(clues, counted))
}

fn of_program(clues: &Clues<'_>) -> Vec<Evidence> {
    let own = Some(clues.program.id.to_string());
    let mut evidence = Vec::new();
    if let Some(stamp) = clues
        .workbook
        .and_then(|workbook| workbook.properties.get(stamp::PROGRAM))
    {
        let says = own.clone().filter(|id| id == stamp);
        evidence.push(clue("program", Source::Stamp, stamp, says));
    }
    if let Some(title) = clues.reading.and_then(|reading| reading.title.as_ref()) {
        let written = folded(&title.text);
        let known = |word: &String| !word.is_empty() && written.contains(folded(word).as_ref());
        if clues
            .program
            .material
            .forms()
            .iter()
            .flat_map(|form| &form.titles)
            .any(known)
        {
            evidence.push(clue("program", Source::Title, &title.text, own));
        }
    }
    evidence
}

/// Whether fill lines, title, 备注 or 情况说明 say 更正.
fn is_correction(clues: &Clues<'_>) -> bool {
    let Some(reading) = clues.reading else {
        return false;
    };
    let form = clues.program.form(None);
    let remarked = reading.sheets.iter().any(|sheet| {
        let columns = form
            .and_then(|form| form.sheets.get(sheet.header.form_sheet))
            .map_or(&[][..], |own| own.columns.as_slice());
        sheet.rows.iter().any(|row| {
            let remarks = columns
                .iter()
                .zip(&row.fields)
                .filter(|(column, _)| column.kind == ColumnKind::Remark);
            says_correction(&row.explanation)
                || remarks.into_iter().any(|(_, field)| says_correction(&field.text))
        })
    });
    remarked
        || reading.fill.iter().any(|fill| says_correction(&fill.value))
        || reading
            .title
            .as_ref()
            .is_some_and(|title| says_correction(&title.text))
}

/// A unit that doesn't owe the period, because it had not begun or has ended.
fn check_roster(clues: &Clues<'_>, identity: &mut Identity) {
    let roster = &clues.program.roster;
    let Some(unit) = identity.unit.as_deref().and_then(|id| roster.unit(id)) else {
        return;
    };
    let span = identity
        .period
        .as_ref()
        .and_then(|period| clues.program.cycle.span(period));
    if clues.origin.claimed_unit.is_none() && span.is_some_and(|span| !unit.valid.overlaps(span)) {
        identity
            .findings
            .push(unit_clues::not_in_roster(clues, &unit.name, &[]));
    }
}

/// Rows of the open period under another one's line: if a good ledger of it is
/// there already, or this one says that it corrects or comes late, the office
/// decides. Where a person of the office laid it, that is decided.
fn weigh_overruled(clues: &Clues<'_>, identity: &mut Identity, late: bool, open: &Period, named: &Period) {
    let Some(unit) = identity.unit.clone().filter(|_| !identity.mismatch) else {
        return;
    };
    if clues.origin.placed_by_hand {
        identity.correction = true;
    } else if late || identity.correction || clues.standing.is_accepted(&unit, open) {
        hold(clues, identity, unit, named, open);
    }
}

/// Which period it counts for is the question: that it counts for one is not to be said as well.
fn hold(clues: &Clues<'_>, identity: &mut Identity, unit: UnitId, found: &Period, open: &Period) {
    identity.held = true;
    identity.candidates = vec![unit];
    identity
        .findings
        .retain(|finding| finding.code != Code::PeriodMismatch);
    identity.findings.push(
        Finding::new(Code::PeriodUnclear)
            .with("found", label(clues, found))
            .with("open", label(clues, open))
            .with("nil", "")
            .with("conflict", ""),
    );
}

/// A ledger that goes on all year long and names no month: where the one that
/// most of its rows lie in was accepted, it comes for the open one.
fn weigh_running(clues: &Clues<'_>, identity: &mut Identity, open: &Period) {
    let accepted = |period: &Period| {
        let unit = identity.unit.as_ref();
        unit.is_some_and(|unit| clues.standing.is_accepted(unit, period))
    };
    let goes_on = identity.period.as_ref().is_some_and(accepted) && !accepted(open);
    if goes_on && !identity.correction && !identity.mismatch && !clues.origin.placed_by_hand {
        identity.period = Some(open.clone());
    }
}

/// What a period before the open one means depends on what was accepted.
fn weigh_standing(clues: &Clues<'_>, identity: &mut Identity, open: &Period) {
    let (Some(unit), Some(period)) = (identity.unit.clone(), identity.period.clone()) else {
        return;
    };
    let cycle = &clues.program.cycle;
    let start = |period: &Period| cycle.span(period).map(|span| span.0);
    if clues.origin.claimed_period.is_some() || identity.mismatch || start(&period) >= start(open) {
        return;
    }
    if !clues.standing.is_accepted(&unit, &period) {
        // 补报: taken late, and said so.
        let due = clues.program.due(&period, clues.calendar, clues.now.timezone());
        let closed = due.is_some_and(|due| due.close <= clues.now);
        let said = identity
            .findings
            .iter()
            .any(|finding| finding.code == Code::PeriodMismatch);
        if closed && !said {
            identity
                .findings
                .push(period_mismatch(clues, ("", Some(&period)), "", open, &period));
        }
        return;
    }
    if clues.origin.placed_by_hand {
        identity.correction = true;
    }
    let owes_open = match (clues.program.roster.unit(&unit), cycle.span(open)) {
        (Some(unit), Some(span)) => unit.valid.overlaps(span),
        _ => true,
    };
    if identity.correction || !owes_open || clues.standing.is_accepted(&unit, open) {
        return;
    }
    hold(clues, identity, unit, &period, open);
}

#[cfg(test)]
mod tests;
