//! Letters in lists: what waits for a person, what is handed over, what goes
//! and went; and decisions about several at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::is_refused;
use super::letters::{shown, whom};
use super::times::instant;
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::ids::{LetterId, ProgramId};
use crate::domain::letters::{Letter, LetterState};
use crate::jobs::remind::{as_seen, copies_until, decide_as_seen, number_of};
use crate::jobs::site::Site;
use crate::store::{LetterCount, LetterHead, Listed};

pub use crate::domain::letters::decide::Decision;

/// Letters on one page.
pub const AT_ONCE: usize = 200;

/// How many letters there are, by state and programmes.
#[derive(Debug, Clone, Default)]
pub struct Counts(Vec<LetterCount>);

impl Counts {
    pub(super) async fn of(site: &Site) -> anyhow::Result<Self> {
        Ok(Self(site.store.letters_counted().await?))
    }

    /// How many letters in some states an account has to do with; in any where none is named.
    #[must_use]
    pub fn letters(&self, account: &Account, states: &[LetterState]) -> usize {
        let own = self.0.iter().filter(|own| account.has_all(&own.programs));
        let own = own.filter(|own| states.is_empty() || states.contains(&own.state));
        own.map(|own| own.letters).sum()
    }

    /// What letters are about that an account has to do with; none where with all.
    fn programs(&self, account: &Account) -> Option<Vec<BTreeSet<ProgramId>>> {
        if account.programs.is_empty() {
            return None;
        }
        let own = self.0.iter().map(|own| &own.programs);
        let own: BTreeSet<_> = own.filter(|own| account.has_all(own)).cloned().collect();
        Some(own.into_iter().collect())
    }
}

/// What time stands beside a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// It went then.
    Went,
    /// It goes then, if nothing comes between.
    Goes,
    /// It was made then.
    Made,
}

/// A letter in a list.
#[derive(Debug, Clone, Serialize)]
pub struct ListedLetter {
    /// Its number in the database.
    pub id: LetterId,
    /// The number that stands on it.
    pub number: String,
    /// Its kind in words.
    pub kind: &'static str,
    /// Its state, and in words.
    pub state: LetterState,
    /// The state in words.
    pub label: &'static str,
    /// To whom, in few words.
    pub to: String,
    /// Its subject; empty while it isn't worded yet.
    pub subject: String,
    /// An instant, and which.
    #[serde(serialize_with = "instant")]
    pub at: DateTime<Tz>,
    /// What the instant is.
    pub when: When,
    /// What went wrong last, or why it doesn't go.
    pub last_error: Option<String>,
    /// Who decided about it.
    pub decided_by: Option<String>,
}

/// A letter that waits for a person.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingLetter {
    /// As in any list.
    #[serde(flatten)]
    pub letter: ListedLetter,
    /// The short text, for a group or the telephone.
    pub chat: String,
    /// What tells it from what it becomes.
    pub seen: String,
}

/// A copy that a person hands on.
#[derive(Debug, Clone, Serialize)]
pub struct CopyAnswer {
    /// Of which letter.
    pub id: LetterId,
    /// Its number.
    pub number: String,
    /// Its kind in words.
    pub kind: &'static str,
    /// Who is to be told.
    pub to: String,
    /// The short text.
    pub chat: String,
    /// What it is about.
    pub programs: BTreeSet<ProgramId>,
}

/// Copies that a person hands on, of all programmes.
#[derive(Debug, Clone, Default)]
pub struct Copies {
    all: Vec<CopyAnswer>,
    /// When they are others by themselves.
    pub(super) until: Option<DateTime<Tz>>,
}

impl Copies {
    pub(super) async fn of(site: &Arc<Site>) -> anyhow::Result<Self> {
        let zone = site.clock.zone();
        let (copies, until) = copies_until(site).await?;
        let all = copies.into_iter().map(|copy| CopyAnswer {
            id: copy.letter.id,
            number: number_of(copy.letter.id, copy.letter.created, zone),
            kind: copy.letter.kind.label(site.language()),
            to: copy.to.described(site.language()),
            chat: copy.letter.text.chat,
            programs: copy.letter.programs,
        });
        Ok(Self {
            all: all.collect(),
            until,
        })
    }

    /// Those that an account has to do with.
    pub fn of_account(&self, account: &Account) -> impl Iterator<Item = &CopyAnswer> {
        self.all.iter().filter(|own| account.has_all(&own.programs))
    }
}

/// A part of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Part<T> {
    /// The letters.
    pub letters: Vec<T>,
    /// Beyond which letter the list goes on; none where it ends.
    pub rest: Option<LetterId>,
}

/// Letters that wait for a person in a state, oldest first.
///
/// # Errors
/// The database can't be read.
pub async fn waiting_letters(
    site: &Site,
    counts: &Counts,
    account: &Account,
    state: LetterState,
    beyond: Option<LetterId>,
) -> anyhow::Result<Part<WaitingLetter>> {
    let programs = counts.programs(account);
    let found = site
        .store
        .letters_listed(Listed {
            states: &[state],
            programs: programs.as_deref(),
            beyond,
            most: AT_ONCE + 1,
        })
        .await?;
    let rest = beyond_of(&found, |letter| letter.id);
    let letters = found
        .into_iter()
        .take(AT_ONCE)
        .map(|letter| waiting(site, letter));
    Ok(Part {
        letters: letters.collect(),
        rest,
    })
}

/// Letters in some states, all where none is named, newest first.
///
/// # Errors
/// The database can't be read.
pub async fn outbox(
    site: &Site,
    counts: &Counts,
    account: &Account,
    states: &[LetterState],
    beyond: Option<LetterId>,
) -> anyhow::Result<Part<ListedLetter>> {
    let programs = counts.programs(account);
    let found = site
        .store
        .letter_heads(Listed {
            states,
            programs: programs.as_deref(),
            beyond,
            most: AT_ONCE + 1,
        })
        .await?;
    let rest = beyond_of(&found, |letter| letter.id);
    let letters = found.into_iter().take(AT_ONCE).map(|letter| listed(site, letter));
    Ok(Part {
        letters: letters.collect(),
        rest,
    })
}

/// The last letter of a page, where there are more than go onto it.
fn beyond_of<T>(found: &[T], id: impl Fn(&T) -> LetterId) -> Option<LetterId> {
    found.get(AT_ONCE).and(found.get(AT_ONCE - 1)).map(id)
}

fn waiting(site: &Site, letter: Letter) -> WaitingLetter {
    WaitingLetter {
        seen: as_seen(&letter),
        letter: listed(site, LetterHead::of(&letter)),
        chat: letter.text.chat,
    }
}

fn listed(site: &Site, letter: LetterHead) -> ListedLetter {
    let zone = site.clock.zone();
    let (at, when) = match (letter.sent, letter.state) {
        (Some(sent), _) => (sent.with_timezone(&zone), When::Went),
        (None, LetterState::Queued) => (goes(site, letter.not_before), When::Goes),
        _ => (letter.created.with_timezone(&zone), When::Made),
    };
    ListedLetter {
        id: letter.id,
        number: number_of(letter.id, letter.created, zone),
        kind: letter.kind.label(site.language()),
        state: letter.state,
        label: letter.state.words(site.language()),
        to: whom(site.language(), &letter.addressed.to),
        subject: letter.subject,
        at,
        when,
        last_error: letter.last_error,
        decided_by: letter.decided_by,
    }
}

/// When a letter goes that isn't to go before an instant: within office hours.
fn goes(site: &Site, not_before: DateTime<Utc>) -> DateTime<Tz> {
    let now = site.clock.now();
    let earliest = now.max(not_before.with_timezone(&now.timezone()));
    site.options.hours.next(&site.calendar(), earliest)
}

/// Somebody's role doesn't give the right to do something: in Chinese, in English.
pub const MAY_NOT: (&str, &str) = (
    "您的用户不能做这件事，请找办公室经办人",
    "Your user may not do this; ask an office user",
);

/// What became of one letter of several.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// The letter.
    pub id: LetterId,
    /// Its number.
    pub number: String,
    /// Its kind in words.
    pub kind: &'static str,
    /// To whom, in few words.
    pub to: String,
    /// Its state now, in words; none where nothing was done.
    pub now: Option<&'static str>,
    /// Why nothing was done.
    pub refused: Option<String>,
}

/// Decides about several letters, each as it was seen and each by itself;
/// nothing at all where one of them is none of the account's.
///
/// # Errors
/// The database can't be written; those before were decided.
pub async fn decide_several(
    site: &Arc<Site>,
    account: &Account,
    by: &Actor,
    decision: &Decision,
    ticked: &[(LetterId, String)],
) -> anyhow::Result<Option<Vec<Outcome>>> {
    let mut letters = Vec::new();
    for (id, seen) in ticked {
        let Some((letter, now)) = shown(site, account, *id).await? else {
            return Ok(None);
        };
        letters.push((letter, seen, *seen == now));
    }
    let mut outcomes = Vec::new();
    for (letter, seen, is_as_seen) in letters {
        let may = account.role.gives(decision.right(letter.state));
        let decided = if is_as_seen && !may {
            Err(None)
        } else {
            let decided = decide_as_seen(site, by, letter.id, decision, Some(seen)).await;
            decided.map_err(Some)
        };
        let (now, refused) = match decided {
            Ok(state) => (Some(state.words(site.language())), None),
            Err(None) => {
                let words = site.language().either(MAY_NOT.0, MAY_NOT.1);
                (None, Some(words.to_owned()))
            }
            Err(Some(error)) if is_refused(&error) => (None, Some(error.to_string())),
            Err(Some(error)) => return Err(error),
        };
        outcomes.push(Outcome {
            id: letter.id,
            number: letter.number,
            kind: letter.kind.label(site.language()),
            to: whom(site.language(), &letter.to),
            now,
            refused,
        });
    }
    Ok(Some(outcomes))
}
