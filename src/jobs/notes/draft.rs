//! The status note of a unit that has saved something and handed nothing in.

use chrono::Utc;
use serde::Serialize;

use super::faults::{self, Fault, Room};
use super::{Note, contact, moment, period_label, status_note};
use crate::domain::codes::Severity;
use crate::domain::dates::day_after;
use crate::domain::draft::counts_at;
use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::text::printable;
use crate::domain::words::FolderWords;
use crate::jobs::site::Site;
use crate::store::Draft;

#[derive(Debug, Serialize)]
struct Facts<'a> {
    unit: &'a str,
    contact: String,
    matter: &'a str,
    period: String,
    period_id: String,
    file_name: String,
    rows: u32,
    nil: bool,
    checked: String,
    fault_count: u32,
    faults: Vec<Fault>,
    hints: Vec<Fault>,
    /// When it counts by itself, in words.
    counts: String,
    ended: bool,
    due: String,
    forms_folder: &'static str,
}

/// “已存3行，未报送”, and what is wrong.
pub(super) fn note(
    site: &Site,
    programme: &Program,
    unit: &Unit,
    period: &Period,
    draft: &Draft,
) -> anyhow::Result<Note> {
    let zone = site.clock.zone();
    let language = programme.language;
    let words = FolderWords::of(language);
    let counts = counts_at(programme, period, &site.calendar(), zone);
    let room = Room::of(site, language);
    let facts = Facts {
        unit: &unit.display_name,
        contact: contact(programme),
        matter: &programme.matter,
        period: period_label(programme, period),
        period_id: period.to_string(),
        file_name: printable(draft.file.path.name()),
        rows: draft.rows,
        nil: draft.nil,
        checked: moment(language, draft.file.checked.with_timezone(&zone)),
        fault_count: draft.faults,
        faults: faults::listed(told(draft, true), false, room.faults),
        hints: faults::listed(told(draft, false), false, room.hints),
        counts: counts_in_words(site, programme, period),
        // As the checks saw it, so that equal drafts give equal notes.
        ended: counts.is_some_and(|at| at <= draft.file.checked),
        due: programme
            .due_of(&unit.id, period, &site.calendar(), zone)
            .filter(|due| due.at.with_timezone(&Utc) > draft.file.checked)
            .map(|due| moment(language, due.at))
            .unwrap_or_default(),
        forms_folder: words.forms,
    };
    status_note(site, programme, unit, period, ("draft-name", "draft"), &facts)
}

/// When a sound draft counts by itself, as people say it: the end of the
/// period, or the due date where the ledger is due earlier.
pub fn counts_in_words(site: &Site, programme: &Program, period: &Period) -> String {
    let zone = site.clock.zone();
    let due = programme.due(period, &site.calendar(), zone);
    let counts = counts_at(programme, period, &site.calendar(), zone);
    if let (Some(due), Some(counts)) = (&due, counts)
        && due.at.with_timezone(&Utc) == counts
    {
        return moment(programme.language, due.at);
    }
    let last = programme.cycle.span(period).map(|(_, end)| end);
    match (programme.language, last) {
        (_, None) => String::new(),
        (Language::Chinese, Some(last)) => format!("{}本期结束", day_after(Language::Chinese, last, last)),
        (Language::English, Some(last)) => format!(
            "the end of the period ({})",
            day_after(Language::English, last, last)
        ),
    }
}

/// What keeps it from counting (`heavy`), or what is only worth a look.
fn told(draft: &Draft, heavy: bool) -> impl Iterator<Item = &Finding> {
    let accepted_otherwise = draft.findings.iter().any(Finding::returns_ledger);
    draft.findings.iter().filter(move |finding| {
        // What can't be placed has no error, but counts as one fault.
        let counts = finding.returns_ledger() || (draft.faults > 0 && !accepted_otherwise);
        finding.severity() >= Severity::Warning && counts == heavy
    })
}
