//! What lies in the folders of forms: drafts while the period runs, handed in
//! by themselves or by every later change when it has ended.

use super::look::{Looked, Sight};
use crate::domain::draft::{Fate, Saved, counts_at, fate, faults, running_period};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::{Arrival, Record, Submission};
use crate::inbox::{Found, Zone};
use crate::jobs::action::Action;
use crate::jobs::queue::add_all;
use crate::jobs::site::Site;
use crate::store::{Change, Checked, Draft, Entry};

/// The period that a file in a folder of forms is for, unless it says
/// otherwise: that for which it was looked at before, else the running one.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn folder_period(
    site: &Site,
    program: &Program,
    found: &Found,
    checked: Option<&Checked>,
) -> anyhow::Result<Option<Period>> {
    if let Some(checked) = checked {
        return Ok(Some(checked.period.clone()));
    }
    let before = site.store.submission_at(&found.path).await?;
    Ok(before
        .and_then(|record| record.period)
        .or_else(|| running_period(program, site.clock.now().date_naive())))
}

/// Whether a file in a folder of forms is a text that accompanies the form.
pub(super) fn is_note(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"))
}

/// Decides whether a file in a folder of forms is a draft or handed in.
/// `checked` is what lay there when it was last looked at.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn weigh(
    site: &Site,
    mut looked: Looked,
    checked: Option<&Checked>,
) -> anyhow::Result<Looked> {
    let Sight::Ledger(examination) = &looked.sight else {
        return Ok(looked);
    };
    let found = &looked.ready.found;
    let Some(unit) = found.place.unit.clone() else {
        return Ok(looked);
    };
    let period = match &examination.period {
        Some(period) => period.clone(),
        None => match folder_period(site, &looked.program, found, checked).await? {
            Some(period) => period,
            None => return Ok(looked),
        },
    };
    let same = checked.filter(|checked| checked.filled && checked.sha256 == looked.staged.sha256);
    let arrival = same.map_or(looked.ready.arrival, |same| Arrival {
        after: None,
        seen: same.saved,
    });
    let versions = site.store.versions(&looked.program.id, &unit, &period).await?;
    let accepted: Vec<_> = versions
        .iter()
        .filter_map(Record::submission)
        .filter(Submission::is_accepted)
        .map(|own| own.arrival.seen)
        .collect();
    let now = site.clock.utc();
    let fate = fate(&Saved {
        examination,
        arrival,
        untouched: same.is_some(),
        counts_at: counts_at(&looked.program, &period, &site.calendar(), site.clock.zone()),
        accepted: &accepted,
        now,
    });
    if let Fate::Submitted(arrival) = fate {
        looked.ready.arrival = arrival;
        return Ok(looked);
    }
    let draft = Draft {
        file: Checked {
            path: found.path.clone(),
            program: looked.program.id.clone(),
            unit,
            period,
            sha256: looked.staged.sha256,
            size: found.stat.size,
            modified: found.stat.modified,
            filled: fate == Fate::Draft,
            saved: arrival.seen,
            checked: now,
        },
        rows: examination
            .row_count
            .and_then(|rows| u32::try_from(rows).ok())
            .unwrap_or(0),
        nil: examination.nil,
        faults: u32::try_from(faults(examination.verdict, &examination.findings)).unwrap_or(u32::MAX),
        findings: examination.findings.clone(),
    };
    looked.sight = Sight::Draft(Box::new(draft));
    // Nothing goes back to the unit: its own file lies before it.
    looked.marked = None;
    Ok(looked)
}

/// Remembers a draft and has its status note written anew.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn record(site: &Site, change: &mut Change, draft: &Draft) -> anyhow::Result<()> {
    let file = &draft.file;
    let before = site.store.checked_within(change, &file.path).await?;
    site.store.keep_draft(change, draft).await?;
    let other = before.filter(|before| before.filled);
    let mut notes: Vec<Action> = other.iter().map(note_of).collect();
    let own = note_of(file);
    if file.filled && !notes.contains(&own) {
        notes.push(own);
    }
    add_all(site, change, None, &notes).await?;
    if !file.filled {
        return Ok(());
    }
    let entry = Entry {
        by: crate::domain::actor::PROGRAM,
        what: "draft",
        program: Some(&file.program),
        unit: Some(&file.unit),
        period: Some(file.period.clone()),
        detail: file.path.as_str().into(),
        ..Entry::default()
    };
    Ok(site.store.log(change, file.checked, &entry).await?)
}

/// Forgets the draft at a path that is one no longer, and has its note written anew.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn dismiss(site: &Site, change: &mut Change, found: &Found) -> anyhow::Result<()> {
    if found.place.zone != Zone::Forms {
        return Ok(());
    }
    let before = site.store.checked_within(change, &found.path).await?;
    site.store.drop_draft(change, &found.path).await?;
    let notes: Vec<Action> = before
        .iter()
        .filter(|before| before.filled)
        .map(note_of)
        .collect();
    add_all(site, change, None, &notes).await
}

fn note_of(checked: &Checked) -> Action {
    Action::Status {
        program: checked.program.clone(),
        unit: checked.unit.clone(),
        period: checked.period.clone(),
    }
}
