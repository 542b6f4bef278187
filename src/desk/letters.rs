//! Letters: what waits, went, failed, and whom somebody has to tell.

mod line;
mod wanted;

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::times::{instant, perhaps};
use super::{Misuse, misuse};
use crate::domain::account::Account;
use crate::domain::ids::{LetterId, ProgramId, UnitId};
use crate::domain::ladder::{Kind, Role};
use crate::domain::language::{Language, worded};
use crate::domain::letters::{Letter, LetterState, LetterText, NoticeRecord};
use crate::domain::notices::Recipient;
use crate::jobs::remind::{CopyByHand, as_seen, copies_by_hand, number, word_new};
use crate::jobs::site::Site;
use wanted::Wanted;

pub use line::in_json;

/// Which letters are asked for, as people say it; what isn't named is no matter.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// States, as people or as the JSON name them.
    pub states: Vec<String>,
    /// Programme.
    pub program: Option<String>,
    /// Period.
    pub period: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Kinds.
    pub kinds: Vec<String>,
}

/// A letter.
#[derive(Debug, Clone, Serialize)]
pub struct LetterAnswer {
    /// Its number in the database.
    pub id: LetterId,
    /// The number that stands on it.
    pub number: String,
    /// Its state.
    pub state: LetterState,
    /// Its kind.
    pub kind: Kind,
    /// To whom.
    pub to: Vec<Recipient>,
    /// Who gets a copy.
    pub cc: Vec<Recipient>,
    /// Its words.
    pub text: LetterText,
    /// A person wrote them.
    pub edited: bool,
    /// Who decided about it.
    pub decided_by: Option<String>,
    /// The letter that it withdraws or clears.
    pub about: Option<LetterId>,
    /// Why it was made, where a person said so.
    pub reason: Option<String>,
    /// When it was made.
    #[serde(serialize_with = "instant")]
    pub created: DateTime<Tz>,
    /// When it is sent, or tried again, at the earliest.
    #[serde(serialize_with = "instant")]
    pub not_before: DateTime<Tz>,
    /// When it went or was handed over.
    #[serde(serialize_with = "perhaps")]
    pub sent: Option<DateTime<Tz>>,
    /// How often it was tried.
    pub attempts: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What it speaks of.
    pub matters: Vec<Matter>,
}

/// What a letter speaks of.
#[derive(Debug, Clone, Serialize)]
pub struct Matter {
    /// The programme.
    pub program: ProgramId,
    /// The period.
    pub period: String,
    /// The unit; none where it speaks of the whole.
    pub unit: Option<UnitId>,
    /// The unit as the roster has it; none where it has left the roster.
    pub unit_name: Option<String>,
    /// As which kind of letter.
    pub kind: Kind,
    /// Why, in the programme's language.
    pub reason: String,
    /// The kind in words.
    pub kind_label: String,
    /// The unit's display name, or its id where it has left the roster.
    pub unit_shown: Option<String>,
}

/// The letters that are asked for, and the copies among them that somebody has
/// to hand on. New ones get their words first.
///
/// # Errors
/// There is no such state, programme, period, kind or unit ([`Misuse`]); the
/// database can't be read.
pub async fn letters(
    site: &Arc<Site>,
    asked: &Asked,
) -> anyhow::Result<(Vec<LetterAnswer>, Vec<CopyByHand>)> {
    word_new(site).await?;
    let states = states(site.language(), &asked.states)?;
    let wanted = Wanted::of(site, asked)?;
    let mut letters = site.store.letters(&states).await?;
    let ids: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
    let mut notices = site.store.notices_of_all(&ids).await?;
    letters.retain(|letter| wanted.fits(letter, notices.get(&letter.id)));
    let answers = letters
        .into_iter()
        .map(|letter| {
            let own = notices.remove(&letter.id).unwrap_or_default();
            answer(site, letter, &own)
        })
        .collect();
    let mut copies = Vec::new();
    if states.contains(&LetterState::ByHand) {
        copies = copies_by_hand(site).await?;
        let ids: Vec<LetterId> = copies.iter().map(|copy| copy.letter.id).collect();
        let notices = site.store.notices_of_all(&ids).await?;
        copies.retain(|copy| wanted.fits(&copy.letter, notices.get(&copy.letter.id)));
    }
    Ok((answers, copies))
}

/// A letter by its number. New ones get their words first.
///
/// # Errors
/// There is none of that number ([`Misuse`]); the database can't be read.
pub async fn letter(site: &Arc<Site>, id: LetterId) -> anyhow::Result<LetterAnswer> {
    let found = known(site, id).await?;
    let notices = site.store.notices_of(id).await?;
    Ok(answer(site, found, &notices))
}

/// A letter as it stands, for an account that has to do with all that it is
/// about, with what tells it from what it becomes.
///
/// # Errors
/// The database can't be read.
pub async fn shown(
    site: &Site,
    account: &Account,
    id: LetterId,
) -> anyhow::Result<Option<(LetterAnswer, String)>> {
    let Some(found) = site.store.letter(id).await? else {
        return Ok(None);
    };
    if !account.has_all(&found.programs) {
        return Ok(None);
    }
    let notices = site.store.notices_of(id).await?;
    let seen = as_seen(&found);
    Ok(Some((answer(site, found, &notices), seen)))
}

/// A letter that waits for approval.
///
/// # Errors
/// There is none of that number, or it waits no more ([`Misuse`]); the database can't be read.
pub async fn draft(site: &Arc<Site>, id: LetterId) -> anyhow::Result<Letter> {
    let letter = known(site, id).await?;
    if letter.state != LetterState::Draft {
        let language = site.language();
        misuse!(
            language,
            "第{id}号信函是“{}”，只有草稿可以改文字",
            "letter {id} is “{}”; only a draft's words can be changed",
            letter.state.words(language)
        );
    }
    Ok(letter)
}

/// A letter as the database has it; new ones get their words first.
///
/// # Errors
/// See [`letter`].
pub(super) async fn known(site: &Arc<Site>, id: LetterId) -> anyhow::Result<Letter> {
    word_new(site).await?;
    let found = site.store.letter(id).await?;
    let Some(found) = found else {
        misuse!(
            site.language(),
            "没有第{id}号信函；用 letters list 查看",
            "there is no letter {id}; see letters list"
        )
    };
    Ok(found)
}

/// To whom something goes, in few words.
#[must_use]
pub fn whom(language: Language, people: &[Recipient]) -> String {
    let first = people.first().map(|own| own.described(language));
    let are_units = people.iter().all(|own| own.role == Role::AllUnits);
    in_few_words(language, first, people.len(), are_units)
}

/// The first of some people or units, and how many there are.
pub(super) fn in_few_words(
    language: Language,
    first: Option<String>,
    count: usize,
    are_units: bool,
) -> String {
    match (first, count) {
        (None, _) => "—".to_owned(),
        (Some(first), 1) => first,
        (Some(first), _) if are_units => {
            worded!(
                language,
                "{first}等{count}家",
                "{first} and others, {count} units"
            )
        }
        (Some(first), _) => worded!(
            language,
            "{first}等{count}人",
            "{first} and others, {count} people"
        ),
    }
}

fn states(language: Language, words: &[String]) -> anyhow::Result<Vec<LetterState>> {
    let mut states = Vec::new();
    for word in words {
        let named = LetterState::ALL
            .into_iter()
            .find(|state| state.label() == word || state.words(language) == word);
        states.push(LetterState::parse(word).or(named).ok_or_else(|| {
            let all: Vec<String> = LetterState::ALL
                .iter()
                .map(|state| {
                    let label = state.words(language);
                    worded!(language, "{label}（{}）", "{label} ({})", state.as_str())
                })
                .collect();
            Misuse(worded!(
                language,
                "“{word}”不是信函的状态；可以写：{}",
                "“{word}” is no state of a letter; there are: {}",
                all.join(language.either("、", ", "))
            ))
        })?);
    }
    Ok(states)
}

/// A letter as pages and commands have it.
pub(super) fn answer(site: &Site, letter: Letter, notices: &[NoticeRecord]) -> LetterAnswer {
    let zone = site.clock.zone();
    LetterAnswer {
        id: letter.id,
        number: number(&letter, zone),
        state: letter.state,
        kind: letter.kind,
        to: letter.addressed.to,
        cc: letter.addressed.cc,
        text: letter.text,
        edited: letter.edited,
        decided_by: letter.decided_by,
        about: letter.about,
        reason: letter.reason,
        created: letter.created.with_timezone(&zone),
        not_before: letter.not_before.with_timezone(&zone),
        sent: letter.sent.map(|at| at.with_timezone(&zone)),
        attempts: letter.attempts,
        last_error: letter.last_error,
        matters: notices.iter().map(|notice| matter(site, notice)).collect(),
    }
}

fn matter(site: &Site, notice: &NoticeRecord) -> Matter {
    let program = site.program(&notice.key.program);
    let language = program
        .as_ref()
        .map_or(site.language(), |program| program.language);
    let unit = notice
        .unit
        .as_ref()
        .and_then(|id| program.as_ref()?.roster.unit(id));
    let id = || notice.unit.as_ref().map(ToString::to_string);
    Matter {
        program: notice.key.program.clone(),
        period: notice.key.period.to_string(),
        unit: notice.unit.clone(),
        unit_name: unit.map(|unit| unit.name.clone()),
        kind: notice.kind,
        reason: notice.body.reason.words(language),
        kind_label: notice.kind.label(language).to_owned(),
        unit_shown: unit.map(|unit| unit.display_name.clone()).or_else(id),
    }
}
