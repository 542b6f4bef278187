//! Puts what waits into letters, on the record.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::closed_off::{WHY, held_within, is_held};
use super::gather::GatheredPeriod;
use crate::domain::ids::NoticeId;
use crate::domain::letters::group::{Desk, grouped};
use crate::domain::letters::holds::still_true;
use crate::domain::letters::{LetterState, NewLetter, NoticeRecord, Progress};
use crate::domain::obligation::standing::Standing;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::Change;

/// Programmes with their periods as they were gathered for this walk.
pub type Gathered = [(Arc<Program>, Vec<GatheredPeriod>)];

/// Puts every waiting notice that may go out today into a letter; gives how
/// many letters were made. Notices whose duty was met meanwhile are voided.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub async fn into_letters(site: &Site, change: &mut Change, gathered: &Gathered) -> anyhow::Result<usize> {
    let now = site.clock.now();
    let day = now.date_naive();
    let mut waiting = site.store.notices_without_letter(change).await?;
    let void: Vec<NoticeId> = waiting
        .iter()
        .filter(|notice| !still_true(notice, standing_of(notice, gathered)))
        .map(|notice| notice.id)
        .collect();
    site.store.void_notices(change, &void).await?;
    waiting.retain(|notice| !void.contains(&notice.id));
    let written = site.store.written_to(change, day).await?;
    let written: BTreeSet<(String, Desk)> = written
        .into_iter()
        .filter_map(|(recipient, program)| Some((recipient, Desk::of(&*site.program(&program)?))))
        .collect();
    let programs = site.programs();
    let program = |id: &str| programs.iter().find(|own| own.id == *id).map(AsRef::as_ref);
    let groups = grouped(waiting, &written, program);
    let held = held_within(site, change).await?;
    for group in &groups {
        let mut notices = group.notices.iter();
        let waits = notices.any(|notice| is_held(&held, &notice.key.program, now.to_utc()));
        let new = NewLetter {
            kind: group.kind,
            state: if waits { LetterState::Draft } else { group.state },
            addressed: group.addressed.clone(),
            day,
            created: now.to_utc(),
            not_before: now.to_utc(),
            about: None,
            reason: None,
            programs: group.notices.iter().map(|own| own.key.program.clone()).collect(),
        };
        let letter = site.store.add_letter(change, &new).await?;
        if waits {
            let why = Progress {
                error: Some(WHY),
                ..Progress::to(LetterState::Draft)
            };
            site.store.set_letter(change, (letter, new.state), &why).await?;
        }
        let ids: Vec<NoticeId> = group.notices.iter().map(|notice| notice.id).collect();
        site.store.put_into_letter(change, &ids, letter).await?;
    }
    Ok(groups.len())
}

fn standing_of<'a>(notice: &NoticeRecord, gathered: &'a Gathered) -> Option<&'a Standing> {
    gathered
        .iter()
        .filter(|(program, _)| program.id == notice.key.program)
        .flat_map(|(_, periods)| periods)
        .map(|period| &period.standing)
        .find(|standing| standing.period == notice.key.period)
}
