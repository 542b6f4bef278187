//! What has been settled before a letter about it went out.

use std::sync::Arc;

use super::overtaken::overtaken;
use super::standings::Standings;
use crate::domain::ids::{LetterId, NoticeId, ProgramId};
use crate::domain::ladder::Kind;
use crate::domain::letters::holds::still_true;
use crate::domain::letters::{Letter, LetterState, LetterText, NoticeRecord, NoticeState, Progress};
use crate::jobs::site::Site;
use crate::store::Change;

/// A letter's notices, looked at again.
#[derive(Debug, Default)]
pub(super) struct Sifted {
    /// Those that still hold.
    pub notices: Vec<NoticeRecord>,
    /// Numbers of those that don't any more.
    pub void: Vec<NoticeId>,
    /// A programme that isn't loaded now: nobody knows whether it still holds.
    pub unknown: Option<ProgramId>,
}

impl Sifted {
    /// Whether the letter is about nothing any more.
    pub fn is_settled(&self) -> bool {
        self.notices.is_empty() && !self.void.is_empty() && self.unknown.is_none()
    }
}

/// Looks at a letter's notices again.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn sift(
    site: &Site,
    standings: &mut Standings,
    notices: Vec<NoticeRecord>,
) -> anyhow::Result<Sifted> {
    let mut sifted = Sifted::default();
    for notice in notices {
        if notice.state != NoticeState::Waiting {
            continue;
        }
        let Some(program) = site.program(&notice.key.program) else {
            sifted.unknown = Some(notice.key.program);
            continue;
        };
        if notice.kind == Kind::Expiry && !standings.is_open(site, &program, &notice).await? {
            sifted.void.push(notice.id);
            continue;
        }
        let standing = standings.of(site, &program, &notice.key.period).await?;
        if still_true(&notice, standing.as_deref()) {
            sifted.notices.push(notice);
        } else {
            sifted.void.push(notice.id);
        }
    }
    Ok(sifted)
}

/// That a letter was dropped, and why.
pub(super) fn dropped() -> Progress<'static> {
    Progress {
        error: Some("发出前事项已了结，没有发出"),
        ..Progress::to(LetterState::Discarded)
    }
}

/// Drops letters that wait for a person and are about nothing any more, so
/// that nobody approves or carries a chase of what has come in, nor carries
/// one that a later step has overtaken; those about several duties are worded
/// anew, unless a person wrote the text.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn drop_settled(site: &Arc<Site>) -> anyhow::Result<()> {
    let waiting = [LetterState::Draft, LetterState::ByHand];
    let mut standings = Standings::default();
    let letters = site.store.letters(&waiting).await?;
    let ids: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
    let mut notices = site.store.notices_of_all(&ids).await?;
    for letter in letters {
        let own = notices.remove(&letter.id).unwrap_or_default();
        let mut sifted = sift(site, &mut standings, own).await?;
        let by_hand = letter.state == LetterState::ByHand;
        let mut passed = Vec::new();
        for notice in sifted.notices.iter().filter(|_| by_hand) {
            if let Some(why) = overtaken(site, &mut standings, notice).await? {
                passed.push((notice.id, why));
            }
        }
        sifted
            .notices
            .retain(|own| passed.iter().all(|(id, _)| *id != own.id));
        // A text that a person wrote is looked at by a person again when it is approved.
        let stays = letter.edited && !sifted.is_settled();
        let unchanged = sifted.void.is_empty() && passed.is_empty();
        if unchanged || sifted.unknown.is_some() || stays {
            continue;
        }
        let mut change = site.store.begin().await?;
        if !is_unchanged(site, &mut change, &letter).await? {
            continue;
        }
        let own = (letter.id, letter.state);
        site.store.void_notices(&mut change, &sifted.void).await?;
        let ids: Vec<NoticeId> = passed.iter().map(|(id, _)| *id).collect();
        site.store.supersede_notices(&mut change, &ids).await?;
        if let (true, Some((_, why))) = (sifted.notices.is_empty(), passed.last()) {
            let overtaken = Progress {
                error: Some(why),
                ..Progress::to(LetterState::Discarded)
            };
            site.store.set_letter(&mut change, own, &overtaken).await?;
        } else if sifted.is_settled() {
            site.store.set_letter(&mut change, own, &dropped()).await?;
        } else {
            let unworded = LetterText::default();
            site.store
                .set_letter_text(&mut change, letter.id, &unworded, false)
                .await?;
        }
        change.commit().await?;
    }
    Ok(())
}

/// Whether a letter still stands as it did: a person may have decided about it meanwhile.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn is_unchanged(site: &Site, change: &mut Change, letter: &Letter) -> anyhow::Result<bool> {
    let now = site.store.letter_within(change, letter.id).await?;
    Ok(now.is_some_and(|now| now.state == letter.state && now.text == letter.text))
}
