//! What has been settled before a letter about it went out.

use std::sync::Arc;

use super::group::still_true;
use super::standings::Standings;
use crate::jobs::site::Site;
use crate::store::{LetterState, LetterText, NoticeRecord, NoticeState, Progress};

/// A letter's notices, looked at again.
#[derive(Debug, Default)]
pub(super) struct Sifted {
    /// Those that still hold.
    pub notices: Vec<NoticeRecord>,
    /// Numbers of those that don't any more.
    pub void: Vec<i64>,
}

impl Sifted {
    /// Whether the letter is about nothing any more.
    pub fn is_settled(&self) -> bool {
        self.notices.is_empty() && !self.void.is_empty()
    }
}

/// Looks at a letter's notices again.
///
/// # Errors
/// The database is gone.
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
        let program = site.program(&notice.key.program);
        let standing = match (&program, notice.key.period.parse()) {
            (Some(program), Ok(period)) => standings.of(site, program, &period).await?,
            _ => None,
        };
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
/// that nobody approves or carries a chase of what has come in; those about
/// several duties are worded anew, unless a person wrote the text.
///
/// # Errors
/// The database is gone.
pub(super) async fn drop_settled(site: &Arc<Site>) -> anyhow::Result<()> {
    let waiting = [LetterState::Draft, LetterState::ByHand];
    let mut standings = Standings::default();
    let letters = site.store.letters(&waiting).await?;
    let ids: Vec<i64> = letters.iter().map(|letter| letter.id).collect();
    let mut notices = site.store.notices_of_all(&ids).await?;
    for letter in letters {
        let own = notices.remove(&letter.id).unwrap_or_default();
        let sifted = sift(site, &mut standings, own).await?;
        if sifted.void.is_empty() {
            continue;
        }
        let mut change = site.store.begin().await?;
        site.store.void_notices(&mut change, &sifted.void).await?;
        if sifted.is_settled() {
            site.store.set_letter(&mut change, letter.id, &dropped()).await?;
        } else if !letter.edited {
            let unworded = LetterText::default();
            site.store
                .set_letter_text(&mut change, letter.id, &unworded, false)
                .await?;
        }
        change.commit().await?;
    }
    Ok(())
}
