//! Letters to be handed over that have been overtaken, and copies that have no
//! other way: only what still holds is offered.

use std::sync::Arc;

use chrono::{DateTime, Days};
use chrono_tz::Tz;

use super::settled::sift;
use super::standings::Standings;
use crate::domain::ids::LetterId;
use crate::domain::letters::overtaken::is_rung;
use crate::domain::letters::{self, Letter, LetterState, NoticeRecord};
use crate::domain::notices::Recipient;
use crate::jobs::site::Site;

/// How many days back it is looked for copies that have to be handed on; what
/// is older has long been overtaken.
const LOOKED_BACK: u64 = 70;

/// Why nobody hands a notice over any more, in words; none while it holds.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn overtaken(
    site: &Site,
    standings: &mut Standings,
    notice: &NoticeRecord,
) -> anyhow::Result<Option<String>> {
    let Some(unit) = notice.unit.as_ref().filter(|_| is_rung(notice)) else {
        return Ok(None);
    };
    let key = &notice.key;
    let Some(program) = site.program(&key.program) else {
        return Ok(None);
    };
    let standing = standings.of(site, &program, &key.period).await?;
    let closed = standing.is_some_and(|standing| site.clock.now() >= standing.due.close);
    let about = site.store.notices_about(&key.program, unit, &key.period).await?;
    let found = letters::overtaken::overtaken(notice, closed, &about);
    Ok(found.map(|found| found.words(program.language)))
}

/// Somebody who was to get a copy of a letter and has no address.
#[derive(Debug, Clone)]
pub struct CopyByHand {
    /// Who.
    pub to: Recipient,
    /// Of which letter.
    pub letter: Letter,
}

/// Copies that a person has to hand on, of letters whose matter still holds,
/// the oldest letter first.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn copies_by_hand(site: &Arc<Site>) -> anyhow::Result<Vec<CopyByHand>> {
    Ok(copies_until(site).await?.0)
}

/// The same, and when the first of their periods closes: they are others then.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn copies_until(site: &Arc<Site>) -> anyhow::Result<(Vec<CopyByHand>, Option<DateTime<Tz>>)> {
    let now = site.clock.now();
    let today = now.date_naive();
    let from = today.checked_sub_days(Days::new(LOOKED_BACK)).unwrap_or(today);
    let states = [
        LetterState::Queued,
        LetterState::Attempting,
        LetterState::Sent,
        LetterState::Uncertain,
        LetterState::ByHand,
    ];
    let mut letters = site.store.letters_with_copies_by_hand(from).await?;
    letters.retain(|letter| states.contains(&letter.state));
    let ids: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
    let mut notices = site.store.notices_of_all(&ids).await?;
    let mut standings = Standings::default();
    let mut copies = Vec::new();
    let mut until: Option<DateTime<Tz>> = None;
    for letter in letters {
        let own = notices.remove(&letter.id).unwrap_or_default();
        let sifted = sift(site, &mut standings, own).await?;
        let mut holds = false;
        for notice in &sifted.notices {
            holds |= overtaken(site, &mut standings, notice).await?.is_none();
            let Some(program) = site.program(&notice.key.program) else {
                continue;
            };
            let standing = standings.of(site, &program, &notice.key.period).await?;
            let close = standing.map(|own| own.due.close).filter(|close| *close > now);
            until = until.into_iter().chain(close).min();
        }
        if holds {
            let cc = letter.addressed.cc.clone();
            copies.extend(
                cc.into_iter()
                    .filter(|copy| copy.address.is_empty())
                    .map(|to| CopyByHand {
                        to,
                        letter: letter.clone(),
                    }),
            );
        }
    }
    Ok((copies, until))
}
