//! A draft at the page: the letter as it will go, what of its words a person
//! may change, and the letter with the words that a person has changed.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::decide::letter_as_seen;
use super::{Misuse, is_fault, misuse};
use crate::domain::actor::Actor;
use crate::domain::ids::LetterId;
use crate::domain::language::{Language, worded};
use crate::domain::letters::blocks::{Block, blocks};
use crate::domain::letters::decide::Decision;
use crate::domain::letters::{Letter, LetterState, LetterText};
use crate::jobs::remind::{as_seen, offered, reworded};
use crate::jobs::site::Site;
use crate::mail::{LONGEST, Offered, Words};

/// The words of a letter as a form has them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Subject.
    #[serde(default)]
    pub subject: String,
    /// Body: a paragraph a line, a heading begins with `# `, a line of a list
    /// with two spaces.
    #[serde(default)]
    pub body: String,
    /// Short text.
    #[serde(default)]
    pub chat: String,
}

/// A letter as whoever gets it sees it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SheetAnswer {
    /// Its subject.
    pub subject: String,
    /// What stands in it, from top to bottom.
    pub parts: Vec<SheetPart>,
    /// The short text.
    pub chat: String,
}

/// A part of a letter.
#[derive(Debug, Clone, Serialize)]
pub struct SheetPart {
    /// What it says.
    #[serde(flatten)]
    pub block: Block,
    /// The program fills it in: it can't be changed.
    pub fixed: bool,
}

/// A draft with its words.
#[derive(Debug, Clone, Serialize)]
pub struct Drafted {
    /// What may be changed.
    pub typed: Typed,
    /// What tells the words that the program wrote from others.
    pub offered: String,
    /// What can't be changed, by name.
    pub fixed: Vec<(&'static str, String)>,
    /// The letter as it will go.
    pub sheet: SheetAnswer,
    /// Longest subject, body and short text, in characters.
    pub longest: [usize; 3],
}

/// A draft as the program words it now.
///
/// # Errors
/// There is no such letter, or its template is faulty ([`Misuse`]); the database can't be read.
pub(super) async fn drafted(site: &Arc<Site>, id: LetterId) -> anyhow::Result<Drafted> {
    let letter = known(site, id).await?;
    let Offered {
        composed,
        words,
        fixed,
    } = offered(site, &letter)
        .await
        .map_err(|error| told(site.language(), error))?;
    let sheet = sheet(&composed.subject, &composed.html, &composed.chat, Some(&words));
    Ok(Drafted {
        offered: words.fingerprint(),
        typed: Typed {
            subject: words.subject,
            body: words.body.join("\n"),
            chat: words.chat,
        },
        fixed,
        sheet,
        longest: LONGEST,
    })
}

/// A draft as it would go with what somebody typed; nothing is kept of it.
///
/// # Errors
/// The words can't be taken, which says why, and see [`drafted`] ([`Misuse`]).
pub async fn preview(site: &Arc<Site>, id: LetterId, typed: &Typed) -> anyhow::Result<SheetAnswer> {
    let letter = known(site, id).await?;
    let (words, text) = with_words(site, &letter, typed).await?;
    Ok(sheet(&text.subject, &text.html, &text.chat, Some(&words)))
}

/// Approves a draft as it was seen, with what somebody typed where that isn't
/// what was offered; gives its state.
///
/// # Errors
/// It isn't so any more ([`super::decide::Refusal`]); see [`preview`].
pub async fn approve(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    (typed, was_offered): (&Typed, &str),
    seen: &str,
) -> anyhow::Result<LetterState> {
    let letter = known(site, id).await?;
    let mut text = None;
    // Who comes second is told that first, whatever was typed.
    if as_seen(&letter) == seen {
        text = own_text(site, &letter, typed, was_offered).await?;
    }
    letter_as_seen(site, by, id, &Decision::Approve(text), seen).await
}

/// The letter with a person's own words; none where they are the program's,
/// which words it anew when it goes.
async fn own_text(
    site: &Arc<Site>,
    letter: &Letter,
    typed: &Typed,
    was_offered: &str,
) -> anyhow::Result<Option<LetterText>> {
    let same = Words {
        subject: typed.subject.clone(),
        body: typed.body.lines().map(str::to_owned).collect(),
        chat: typed.chat.clone(),
    };
    if same.fingerprint() == was_offered && !letter.edited {
        return Ok(None);
    }
    Ok(Some(with_words(site, letter, typed).await?.1))
}

/// A letter's own words set as whoever gets it sees them.
#[must_use]
pub fn as_sent(text: &LetterText) -> SheetAnswer {
    sheet(&text.subject, &text.html, &text.chat, None)
}

/// The words of which a letter is made, and the letter. One that is nothing but
/// a table has no body of its own and needs none.
async fn with_words(site: &Arc<Site>, letter: &Letter, typed: &Typed) -> anyhow::Result<(Words, LetterText)> {
    let words = Words::typed(&typed.subject, &typed.body, &typed.chat).map_err(Misuse)?;
    if words.body.is_empty() {
        let own = offered(site, letter)
            .await
            .map_err(|error| told(site.language(), error))?;
        if !own.words.body.is_empty() {
            misuse!(
                site.language(),
                "正文是空的，没有采用",
                "the text is empty and wasn't taken"
            );
        }
    }
    let text = reworded(site, letter, &words)
        .await
        .map_err(|error| told(site.language(), error))?;
    Ok((words, text))
}

/// What stands in a letter; with its words, which of it they are.
fn sheet(subject: &str, html: &str, chat: &str, words: Option<&Words>) -> SheetAnswer {
    let mut own: VecDeque<String> = words.map(Words::texts).unwrap_or_default().into();
    let parts = blocks(html).into_iter().map(|block| {
        // The paragraphs stand in the letter in their order.
        let is_own = own.front().is_some_and(|next| *next == block.text);
        if is_own {
            own.pop_front();
        }
        SheetPart {
            fixed: words.is_some() && !is_own,
            block,
        }
    });
    SheetAnswer {
        subject: subject.to_owned(),
        parts: parts.collect(),
        chat: chat.to_owned(),
    }
}

async fn known(site: &Site, id: LetterId) -> anyhow::Result<Letter> {
    let found = site.store.letter(id).await?;
    let Some(found) = found else {
        misuse!(site.language(), "没有第{id}号信函", "there is no letter {id}")
    };
    Ok(found)
}

/// A letter that can't be worded is told to whoever wants to see it.
fn told(language: Language, error: anyhow::Error) -> anyhow::Error {
    if is_fault(&error) {
        return error;
    }
    Misuse(worded!(
        language,
        "信函写不成：{error:#}",
        "the letter can't be written: {error:#}"
    ))
    .into()
}
