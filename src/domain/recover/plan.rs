//! Which file is which version of a unit's ledger for a period, how it
//! stands, and when it came.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::names::lies_as;
use super::note::{Noted, Outcome};
use super::{Doubt, Lies, Original, Proof, Stands, Version};
use crate::domain::dates::civil;
use crate::domain::submission::Arrival;

/// All evidence on one unit and period.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// Its files.
    pub originals: &'a [Original],
    /// The receipt: speaks of the version that counts.
    pub receipt: Option<&'a Noted>,
    /// The status note: speaks of the latest version.
    pub status: Option<&'a Noted>,
    /// By when it was due.
    pub due: Option<DateTime<Utc>>,
    /// The site's zone, in which notes tell the time.
    pub zone: Tz,
    /// The highest version that the database has; 0 for a new one.
    pub last_known: u32,
    /// The present: nothing came later.
    pub now: DateTime<Utc>,
}

/// What is to be recorded of a unit and period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planned {
    /// Versions by the place of their original, in order of their numbers.
    pub versions: Vec<(usize, Version)>,
    /// What makes no version (a repeated or unreadable file), with its arrival.
    pub others: Vec<(usize, Arrival)>,
    /// What can't be told.
    pub doubts: Vec<Doubt>,
}

/// Plans one unit and period.
#[must_use]
pub fn plan(group: &Group<'_>) -> Planned {
    let mut planned = Planned::default();
    let of_status = group.status.and_then(|noted| find(group, noted, None));
    let of_receipt = match (group.receipt, group.status) {
        (Some(receipt), Some(status)) if receipt.version == status.version => of_status,
        (Some(receipt), _) => find(group, receipt, of_status),
        (None, _) => None,
    };
    let mut numbered: Vec<(usize, u32)> = Vec::new();
    let mut rest: Vec<usize> = Vec::new();
    for (place, original) in group.originals.iter().enumerate() {
        if original.repeats || original.unreadable {
            let (arrival, _) = arrival(group, original, None);
            planned.others.push((place, arrival));
            continue;
        }
        let by_note = [(of_status, group.status), (of_receipt, group.receipt)]
            .into_iter()
            .find(|(found, _)| *found == Some(place))
            .and_then(|(_, noted)| noted.map(|noted| noted.version));
        match original.known.or(by_note) {
            Some(number) => numbered.push((place, number)),
            None if original.lies == Lies::ArchiveOnly => {}
            None => rest.push(place),
        }
    }
    number_the_rest(group, &mut numbered, rest, &mut planned.doubts);
    numbered.sort_by_key(|(_, number)| *number);
    for (place, number) in numbered {
        let original = &group.originals[place];
        let noted = noted_for(group, number, place, (of_status, of_receipt));
        let version = version(group, original, number, noted, &mut planned.doubts);
        planned.versions.push((place, version));
    }
    missing(group, &mut planned);
    planned
}

/// The file that a note speaks of; `taken` is spoken for.
fn find(group: &Group<'_>, noted: &Noted, taken: Option<usize>) -> Option<usize> {
    let fits = |original: &Original| match original.lies {
        Lies::Forms | Lies::ArchiveOnly => true,
        Lies::Accepted => !matches!(noted.outcome, Outcome::Returned | Outcome::Withdrawn(_)),
        Lies::Returned => matches!(noted.outcome, Outcome::Returned | Outcome::Withdrawn(_)),
    };
    let known = group
        .originals
        .iter()
        .position(|own| own.known == Some(noted.version));
    if known.is_some() {
        return known;
    }
    let candidates: Vec<(usize, &Original)> = group
        .originals
        .iter()
        .enumerate()
        .filter(|(place, own)| {
            Some(*place) != taken && own.known.is_none() && !own.repeats && !own.unreadable && fits(own)
        })
        .collect();
    let named = candidates
        .iter()
        .filter(|(_, own)| own.lies != Lies::ArchiveOnly && lies_as(&noted.file, &own.name))
        .max_by_key(|(_, own)| {
            let length = own.name.chars().count();
            (was_saved_before(group, own, noted), order(own), length)
        });
    let only = |archive: bool| {
        let mut there = candidates
            .iter()
            .filter(|(_, own)| (own.lies == Lies::ArchiveOnly) == archive);
        there.next().filter(|_| there.next().is_none())
    };
    // A person may have renamed it where it lies, or taken it away.
    named
        .or_else(|| only(false))
        .or_else(|| only(true))
        .map(|(place, _)| *place)
}

/// Whether a file was saved when the note says that it came. An original that
/// was put back beside a changed one bears the time of that.
fn was_saved_before(group: &Group<'_>, original: &Original, noted: &Noted) -> bool {
    noted.received.is_none_or(|at| {
        // Notes tell the minute only.
        let received = civil(group.zone, at.date(), at.time()).to_utc() + TimeDelta::minutes(1);
        original.archived.map_or(original.saved <= received, |at| {
            at <= received + TimeDelta::minutes(30)
        })
    })
}

/// When a file came, for putting several in order.
fn order(original: &Original) -> DateTime<Utc> {
    original.archived.unwrap_or(original.saved)
}

/// Gives numbers to files of which no note speaks: those that are free below
/// the noted ones first, since notes speak of the latest.
fn number_the_rest(
    group: &Group<'_>,
    numbered: &mut Vec<(usize, u32)>,
    mut rest: Vec<usize>,
    doubts: &mut Vec<Doubt>,
) {
    rest.sort_by_key(|place| {
        let own = &group.originals[*place];
        (order(own), own.path.clone())
    });
    let latest = numbered.iter().map(|(_, number)| *number).max().unwrap_or(0);
    let free: Vec<u32> = (group.last_known + 1..latest)
        .filter(|number| numbered.iter().all(|(_, taken)| taken != number))
        .collect();
    let certain = rest.len() <= 1 && free.len() == rest.len() || latest == 0 && rest.len() == 1;
    let mut above = latest.max(group.last_known);
    let mut free = free.into_iter();
    for place in rest {
        let number = free.next().unwrap_or_else(|| {
            above += 1;
            above
        });
        if !certain {
            doubts.push(Doubt::Number {
                file: group.originals[place].name.clone(),
                version: number,
            });
        }
        numbered.push((place, number));
    }
}

/// What the notes say of a version: the receipt rather than the status note,
/// for only it tells of being late.
fn noted_for<'a>(
    group: &Group<'a>,
    number: u32,
    place: usize,
    (of_status, of_receipt): (Option<usize>, Option<usize>),
) -> Option<Said<'a>> {
    let is = |noted: &&Noted, found: Option<usize>| noted.version == number && found == Some(place);
    let status = group.status.filter(|noted| is(noted, of_status));
    let receipt = group.receipt.filter(|noted| is(noted, of_receipt));
    (status.is_some() || receipt.is_some()).then_some(Said { status, receipt })
}

/// The notes on one version.
#[derive(Debug, Clone, Copy)]
struct Said<'a> {
    status: Option<&'a Noted>,
    receipt: Option<&'a Noted>,
}

fn version(
    group: &Group<'_>,
    original: &Original,
    number: u32,
    said: Option<Said<'_>>,
    doubts: &mut Vec<Doubt>,
) -> Version {
    let file = || original.name.clone();
    let (arrival, proof) = arrival(group, original, said);
    let late_unproved = group
        .due
        .is_some_and(|due| arrival.seen > due && !arrival.is_after(due));
    let not_late = said.is_some_and(|said| said.receipt.is_some_and(|noted| noted.late == Some(false)));
    if original.known.is_none() {
        if proof == Proof::Guessed {
            doubts.push(Doubt::Arrival {
                file: file(),
                at: arrival.seen,
            });
        } else if late_unproved && !not_late {
            doubts.push(Doubt::Lateness {
                file: file(),
                at: arrival.seen,
            });
        }
    }
    // A receipt that was overtaken by a withdrawal is taken away, so that the
    // status note is right where they differ; the office's reason stands on the receipt alone.
    let withdrawn = said.and_then(|said| match said.status.map(|noted| &noted.outcome) {
        Some(Outcome::Withdrawn(why)) => Some(why.clone()),
        _ => None,
    });
    let outcome = said
        .and_then(|said| said.receipt.or(said.status))
        .map(|noted| &noted.outcome);
    let stands = match (withdrawn, outcome, original.lies) {
        (Some(why), _, _) => Stands::Withdrawn(why),
        (None, Some(Outcome::ByOffice(why)), _) => Stands::ByOffice(why.clone()),
        (None, Some(Outcome::Accepted | Outcome::Nil), _) | (None, None, Lies::Accepted) => Stands::Accepted,
        (None, Some(Outcome::Returned), _) | (None, None, Lies::Returned) => Stands::Returned,
        (None, Some(Outcome::Withdrawn(why)), _) => Stands::Withdrawn(why.clone()),
        (None, None, Lies::Forms | Lies::ArchiveOnly) => Stands::AsChecked,
    };
    Version {
        number,
        stands,
        arrival,
        proof,
        rows: said.and_then(|said| said.receipt.or(said.status)?.rows),
        nil: outcome == Some(&Outcome::Nil),
    }
}

/// When a file came, and what that rests on. Only a receipt proves that
/// something was late: a machine that was off saw files long after they lay there.
fn arrival(group: &Group<'_>, original: &Original, said: Option<Said<'_>>) -> (Arrival, Proof) {
    let instant = |at: NaiveDateTime| civil(group.zone, at.date(), at.time()).to_utc();
    let noted = said.and_then(|said| {
        let both = [said.receipt, said.status];
        both.into_iter().flatten().find_map(|noted| noted.received)
    });
    let (seen, proof) = match (noted.map(instant), original.archived) {
        (Some(seen), _) => (seen, Proof::Noted),
        (None, Some(at)) => (at, Proof::Archived),
        (None, None) => (original.saved.min(group.now), Proof::Guessed),
    };
    let receipt = said.and_then(|said| said.receipt);
    let unseen = receipt.and_then(|noted| noted.unseen_since).map(instant);
    let late = receipt.is_some_and(|noted| noted.late == Some(true));
    let arrival = match group.due {
        // Notes tell the minute only, and this one says that the minute was too late.
        Some(due) if late => Arrival {
            after: unseen.filter(|after| *after >= due),
            seen: if seen > due {
                seen
            } else {
                due.max(seen + TimeDelta::seconds(59)) + TimeDelta::seconds(1)
            },
        },
        Some(due) if seen > due => Arrival {
            after: Some(unseen.unwrap_or(due).min(due) - TimeDelta::seconds(1)),
            seen,
        },
        _ => Arrival { after: unseen, seen },
    };
    (arrival, proof)
}

/// Names what should be there and isn't.
fn missing(group: &Group<'_>, planned: &mut Planned) {
    let noted = [group.status, group.receipt].into_iter().flatten();
    let latest = noted
        .clone()
        .flat_map(|noted| [Some(noted.version), noted.counts])
        .flatten()
        .max()
        .unwrap_or(0);
    for version in group.last_known + 1..=latest {
        if planned.versions.iter().all(|(_, own)| own.number != version) {
            let file = noted.clone().find(|noted| noted.version == version);
            planned.doubts.push(Doubt::VersionGone {
                version,
                file: file.map(|noted| noted.file.clone()),
            });
        }
    }
    let new = planned
        .versions
        .iter()
        .any(|(place, _)| group.originals[*place].known.is_none());
    if new && group.status.is_none() && group.receipt.is_none() {
        planned.doubts.push(Doubt::NoNote);
    }
}

#[cfg(test)]
mod tests;
