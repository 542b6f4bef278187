//! Documents (材料): files that are registered as received, never parsed.
//!
//! Which milestone a file is for follows from its name, else from what its unit
//! still owes; see domain/registers.md 10 and 14 of the requirements.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::domain::ids::UnitId;
use crate::domain::period::{CycleKind, Milestone, Period};
use crate::domain::program::{Documents, Material, Program};
use crate::domain::submission::Submission;
use crate::domain::text::name_key;

/// Why a document can't be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing in it.
    Empty,
    /// Its name ends in what isn't allowed; what is.
    Type(Vec<String>),
}

/// Whether a file may be a document of the programme.
///
/// # Errors
/// Why not.
pub fn fits(documents: &Documents, file_name: &str, bytes: u64) -> Result<(), Unfit> {
    if bytes == 0 {
        return Err(Unfit::Empty);
    }
    let extension = file_name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_lowercase();
    if documents.types.contains(&extension) {
        Ok(())
    } else {
        Err(Unfit::Type(documents.types.clone()))
    }
}

/// Whether a period is a milestone of the office's own: nobody hands anything in for it.
#[must_use]
pub fn is_offices_own(program: &Program, period: &Period) -> bool {
    let (Material::Document(documents), Period::Milestone(id)) = (&program.material, period) else {
        return false;
    };
    let mut owers = documents.owers.iter();
    owers.any(|(own, parties)| own == id && parties.is_empty())
}

/// The milestone that a file is for: the one that it names, else the only one
/// that its unit owes and has not met; none where that can't be told. `met`
/// tells of the unit's periods.
#[must_use]
pub fn milestone_of(
    program: &Program,
    unit: &UnitId,
    file_name: &str,
    met: &dyn Fn(&Period) -> bool,
) -> Option<Period> {
    let name = name_key(file_name);
    let milestones = program.cycle.milestones.iter();
    let own: Vec<(&Milestone, Period)> = milestones
        .map(|milestone| (milestone, Period::Milestone(milestone.id.clone())))
        .filter(|(_, period)| owes(program, period, unit))
        .collect();
    let is_named = |milestone: &Milestone| {
        let words = milestone.words.iter().chain([&milestone.name, &milestone.id]);
        words
            .map(|word| name_key(word))
            .any(|word| word.chars().count() > 1 && name.contains(&word))
    };
    let named: Vec<&Period> = (own.iter())
        .filter(|(milestone, _)| is_named(milestone))
        .map(|(_, period)| period)
        .collect();
    if let [only] = named.as_slice() {
        return Some((*only).clone());
    }
    let periods = own.iter().map(|(_, period)| period);
    let live: Vec<&Period> = periods.filter(|period| !is_history(program, period)).collect();
    let open: Vec<&&Period> = live.iter().filter(|period| !met(period)).collect();
    match open.as_slice() {
        [only] => Some((**only).clone()),
        // All are met: a further file joins the last one.
        [] => live.last().map(|period| (*period).clone()),
        _ => None,
    }
}

/// Whether a date that the document names was over when it was issued: then it
/// is history for everybody (历史期限). One that bears no day of issue counts
/// from the day from which it holds, which is still in time.
#[must_use]
pub fn is_history(program: &Program, period: &Period) -> bool {
    let Period::Milestone(id) = period else {
        return false;
    };
    let milestone = program.cycle.milestones.iter().find(|own| own.id == *id);
    let basis = &program.basis;
    milestone.is_some_and(|own| match (basis.date, basis.effective) {
        (Some(issued), _) => own.date <= issued,
        (None, Some(effective)) => own.date < effective,
        (None, None) => false,
    })
}

/// Whether a unit owes a period of a programme of documents: milestones may be
/// owed by some only, and some are the office's own.
#[must_use]
pub fn owes(program: &Program, period: &Period, unit: &UnitId) -> bool {
    let (Material::Document(documents), Period::Milestone(id)) = (&program.material, period) else {
        return true;
    };
    match documents.owers.iter().find(|(milestone, _)| milestone == id) {
        None => true,
        Some((_, parties)) => parties
            .iter()
            .any(|party| program.stands_for(party, unit, period)),
    }
}

/// Whether a unit owes any milestone of a programme of documents.
#[must_use]
pub fn may_owe(program: &Program, unit: &UnitId) -> bool {
    let milestones = program.cycle.milestones.iter();
    let mut periods = milestones.map(|own| Period::Milestone(own.id.clone()));
    let dated = matches!(program.cycle.kind, CycleKind::Once | CycleKind::Milestones);
    !dated || periods.any(|period| owes(program, &period, unit))
}

/// The file that the office rejected last, until another one came and was taken.
#[must_use]
pub fn rejected(submissions: &[Submission]) -> Option<&Submission> {
    let mut latest_first = submissions.iter().rev();
    let last = latest_first.find(|own| own.is_returned() && own.reopened.is_some())?;
    let at = last.reopened.as_ref()?.at;
    let mut answers = submissions.iter().filter(|own| own.is_accepted());
    (!answers.any(|own| own.arrival.seen > at)).then_some(last)
}

/// The versions by which a duty is judged: what the office rejected is open
/// whatever else was handed in with it, and nothing is in while parts are missing.
#[must_use]
pub fn handed_in<'s>(program: &Program, submissions: &'s [Submission]) -> Cow<'s, [Submission]> {
    let Material::Document(documents) = &program.material else {
        return Cow::Borrowed(submissions);
    };
    if rejected(submissions).is_some() {
        let open = submissions.iter().filter(|own| !own.is_accepted());
        Cow::Owned(open.cloned().collect())
    } else if missing_parts(documents, submissions).is_empty() {
        Cow::Borrowed(submissions)
    } else {
        Cow::Borrowed(&[])
    }
}

/// Parts of a hand-in that no accepted file's name says (机构名单).
#[must_use]
pub fn missing_parts<'d>(documents: &'d Documents, submissions: &[Submission]) -> Vec<&'d str> {
    let names: BTreeSet<String> = submissions
        .iter()
        .filter(|own| own.is_accepted())
        .map(|own| name_key(&own.file_name))
        .collect();
    let parts = documents.parts.iter().map(String::as_str);
    parts
        .filter(|part| !names.iter().any(|name| name.contains(&name_key(part))))
        .collect()
}
