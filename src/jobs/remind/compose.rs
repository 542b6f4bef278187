//! Putting letters into words.

use std::sync::Arc;

use super::settled::is_unchanged;
use super::standings::Standings;
use super::wording::facts;
use crate::domain::letters::{Letter, LetterState, LetterText, NoticeRecord, NoticeState};
use crate::jobs::site::Site;
use crate::mail::{Composed, LetterFacts, Letters, Offered, Words};

/// A letter's words as of now.
///
/// # Errors
/// The database can't be read: ask again later. A template is faulty: say which;
/// the letter waits until it is mended.
pub async fn compose(
    site: &Arc<Site>,
    standings: &mut Standings,
    letter: &Letter,
    notices: &[NoticeRecord],
) -> anyhow::Result<LetterText> {
    let facts = facts(site, standings, letter, notices).await?;
    let letters = templates(site, letter, notices).await?;
    Ok(into_text(letters.compose(&facts)?))
}

/// The templates by which a letter is worded.
async fn templates<'a>(
    site: &'a Arc<Site>,
    letter: &Letter,
    notices: &[NoticeRecord],
) -> anyhow::Result<&'a Letters> {
    // A withdrawal speaks of the letter that it withdraws.
    let withdrawn = match letter.about {
        Some(about) if notices.is_empty() => site.store.notices_of(about).await?,
        _ => Vec::new(),
    };
    let about = notices.iter().chain(&withdrawn);
    let programs = about.map(|notice| notice.key.program.as_str());
    site.letters.about(programs)
}

/// A letter's words in a file for a person to change them.
///
/// # Errors
/// The database can't be read: ask again later. A template is faulty: say which;
/// the letter waits until it is mended.
pub async fn to_edit(site: &Arc<Site>, letter: &Letter) -> anyhow::Result<String> {
    let (facts, letters) = facts_now(site, letter).await?;
    letters.to_edit(&facts)
}

/// A letter with the words of such a file; none if nothing was changed.
///
/// # Errors
/// The file lacks what the letter needs, in words; the database is gone, a
/// template is faulty.
pub async fn edited(site: &Arc<Site>, letter: &Letter, file: &str) -> anyhow::Result<Option<LetterText>> {
    let (facts, letters) = facts_now(site, letter).await?;
    Ok(letters.edited(&facts, file)?.map(into_text))
}

/// A draft as it is worded now, with the words that a person may change.
///
/// # Errors
/// The database can't be read: ask again later. A template is faulty: say which;
/// the letter waits until it is mended.
pub async fn offered(site: &Arc<Site>, letter: &Letter) -> anyhow::Result<Offered> {
    let (facts, letters) = facts_now(site, letter).await?;
    letters.offered(&facts)
}

/// A letter with words of a person's own.
///
/// # Errors
/// See [`offered`].
pub async fn reworded(site: &Arc<Site>, letter: &Letter, words: &Words) -> anyhow::Result<LetterText> {
    let (facts, letters) = facts_now(site, letter).await?;
    Ok(into_text(letters.with_words(&facts, words)?))
}

async fn facts_now<'a>(site: &'a Arc<Site>, letter: &Letter) -> anyhow::Result<(LetterFacts, &'a Letters)> {
    let mut notices = site.store.notices_of(letter.id).await?;
    notices.retain(|notice| notice.state == NoticeState::Waiting);
    let facts = facts(site, &mut Standings::default(), letter, &notices).await?;
    Ok((facts, templates(site, letter, &notices).await?))
}

fn into_text(composed: Composed) -> LetterText {
    LetterText {
        subject: composed.subject,
        text: composed.text,
        html: composed.html,
        chat: composed.chat,
    }
}

/// Writes the words of letters that have none yet, so that people see what
/// waits; those that go out by themselves are worded anew when they do.
///
/// # Errors
/// The database can't be read: ask again later. A template is faulty: say which;
/// the letter waits until it is mended.
pub async fn word_new(site: &Arc<Site>) -> anyhow::Result<()> {
    let waiting = [LetterState::Draft, LetterState::Queued, LetterState::ByHand];
    let letters = site.store.letters(&waiting).await?;
    let mut standings = Standings::default();
    for letter in letters.iter().filter(|letter| letter.text.subject.is_empty()) {
        let mut notices = site.store.notices_of(letter.id).await?;
        notices.retain(|notice| notice.state == NoticeState::Waiting);
        let text = match compose(site, &mut standings, letter, &notices).await {
            Ok(text) => text,
            Err(error) => {
                // It waits without words; a person can still discard it.
                tracing::error!(
                    letter = letter.id.number(),
                    error = format!("{error:#}"),
                    "信函写不成"
                );
                continue;
            }
        };
        let mut change = site.store.begin().await?;
        if !is_unchanged(site, &mut change, letter).await? {
            continue;
        }
        site.store
            .set_letter_text(&mut change, letter.id, &text, false)
            .await?;
        change.commit().await?;
    }
    Ok(())
}
