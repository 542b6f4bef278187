//! What people decide about letters: approve, discard, retry, withdraw, done.

use std::sync::Arc;

use super::compose::word_new;
use crate::domain::actor::Actor;
use crate::domain::ids::{LetterId, NoticeId};
use crate::domain::ladder::Kind;
use crate::domain::language::{Language, worded};
use crate::domain::letters::decide::{Decision, Division, divided};
use crate::domain::letters::group::ready;
use crate::domain::letters::{Addressed, Letter, LetterState, NewLetter, NoticeRecord, Progress};
use crate::domain::sha256::Sha256;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::jobs::site::Site;
use crate::store::{Change, Entry};

/// Decides about a letter, on the record.
///
/// # Errors
/// There is no such letter, or it is not in a state to be decided so; the database is gone.
pub async fn decide(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    decision: &Decision,
) -> anyhow::Result<LetterState> {
    decide_as_seen(site, by, id, decision, None).await
}

/// The same, if the letter still is as somebody saw it (see [`as_seen`]).
///
/// # Errors
/// It isn't any more, or see [`decide`].
pub async fn decide_as_seen(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    decision: &Decision,
    seen: Option<&str>,
) -> anyhow::Result<LetterState> {
    // From within the change: the daemon may be about to send this very letter.
    let mut change = site.store.begin().await?;
    let language = site.language();
    let letter = known(language, id, site.store.letter_within(&mut change, id).await?)?;
    let now = site.clock.utc();
    unless_as_seen(language, &letter, seen)?;
    let Some(mut state) = decision.comes_to(&letter) else {
        overtaken!(
            language,
            "第{id}号信函现在是“{}”，不能这样处理；{}",
            "letter {id} is now “{}” and can't be handled so; {}",
            letter.state.words(language),
            possible(language, letter.state)
        )
    };
    let sent = (state == LetterState::Sent).then_some(now);
    if let Decision::Approve(Some(text)) = decision {
        site.store.set_letter_text(&mut change, id, text, true).await?;
    }
    if let (Decision::Approve(text), LetterState::Draft) = (decision, letter.state)
        && let Some(own) = divide(site, &mut change, &letter, text.is_some() || letter.edited).await?
    {
        state = own;
    }
    let progress = Progress {
        not_before: Some(now),
        sent,
        by: Some(by.name()),
        ..Progress::to(state)
    };
    let won = site
        .store
        .set_letter(&mut change, (id, letter.state), &progress)
        .await?;
    if !won {
        overtaken!(
            language,
            "第{id}号信函刚才有人处理过，本次没有作任何更改，请核对后再决定",
            "somebody has just decided about letter {id}; nothing was changed; look again and decide anew"
        );
    }
    log(site, by, &mut change, id, decision.name()).await?;
    change.commit().await?;
    Ok(state)
}

/// Refuses what was decided about a letter that somebody saw otherwise.
fn unless_as_seen(language: Language, letter: &Letter, seen: Option<&str>) -> anyhow::Result<()> {
    if seen.is_none_or(|seen| seen == as_seen(letter)) {
        return Ok(());
    }
    let who = letter.decided_by.as_deref();
    overtaken!(
        language,
        "刚才{}，这封信现在是“{}”。本次没有作任何更改，请核对后再决定",
        "{}; the letter is now “{}”. Nothing was changed; look again and decide anew",
        who.map_or_else(
            || language
                .either("内容有变", "its words have just changed")
                .to_owned(),
            |who| worded!(language, "已由{who}处理", "{who} has just handled it")
        ),
        letter.state.words(language)
    )
}

/// What tells a letter as somebody saw it from what it becomes: its state, to
/// whom it goes and its words.
#[must_use]
pub fn as_seen(letter: &Letter) -> String {
    let to = letter.addressed.to.iter().chain(&letter.addressed.cc);
    let parts = [letter.state.as_str(), &letter.text.subject, &letter.text.text];
    Sha256::of(parts.into_iter().chain(to.map(|own| own.address.as_str()))).to_string()
}

/// Gives each recipient without an address of a letter to several a letter of
/// its own, to be handed over, so that nobody drops out. Gives the state of
/// the letter itself; none where nothing had to be divided.
async fn divide(
    site: &Site,
    change: &mut Change,
    letter: &Letter,
    edited: bool,
) -> anyhow::Result<Option<LetterState>> {
    let Some(Division {
        alone,
        rest,
        only_copies,
    }) = divided(&letter.addressed)
    else {
        return Ok(None);
    };
    // From within the change: the text may just have been written.
    let text = site
        .store
        .letter_within(change, letter.id)
        .await?
        .map(|own| own.text);
    let text = text.unwrap_or_default();
    let notices = site.store.notices_of(letter.id).await?;
    for recipient in &alone {
        let new = NewLetter {
            kind: letter.kind,
            state: LetterState::ByHand,
            addressed: Addressed {
                to: vec![recipient.clone()],
                cc: Vec::new(),
            },
            day: letter.day,
            created: site.clock.utc(),
            not_before: site.clock.utc(),
            about: letter.about,
            reason: letter.reason.clone(),
            programs: letter.programs.clone(),
        };
        let own = site.store.add_letter(change, &new).await?;
        let is_own = |notice: &&NoticeRecord| {
            let to = notice.body.to.as_ref();
            to.is_some_and(|to| to.identity() == recipient.identity())
        };
        let ids: Vec<NoticeId> = notices.iter().filter(is_own).map(|notice| notice.id).collect();
        site.store.put_into_letter(change, &ids, own).await?;
        if edited {
            site.store.set_letter_text(change, own, &text, true).await?;
        }
    }
    site.store.readdress_letter(change, letter.id, &rest).await?;
    if only_copies {
        // All that it speaks of is in the others now; its words stand.
        site.store.set_letter_text(change, letter.id, &text, true).await?;
        return Ok(Some(LetterState::Queued));
    }
    Ok(Some(ready(&rest)))
}

/// Takes a letter back: one that has not gone out is discarded; for one that
/// has, a withdrawal goes to exactly those who got it.
///
/// # Errors
/// There is no such letter, it can't be withdrawn, the database is gone.
pub async fn withdraw(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    reason: &str,
) -> anyhow::Result<Option<LetterId>> {
    withdraw_as_seen(site, by, id, reason, None).await
}

/// The same, if the letter still is as somebody saw it (see [`as_seen`]).
///
/// # Errors
/// It isn't any more, or see [`withdraw`].
pub async fn withdraw_as_seen(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    reason: &str,
    seen: Option<&str>,
) -> anyhow::Result<Option<LetterId>> {
    let language = site.language();
    let letter = known(language, id, site.store.letter(id).await?)?;
    unless_as_seen(language, &letter, seen)?;
    match letter.state {
        LetterState::Draft | LetterState::Queued | LetterState::ByHand | LetterState::Failed => {
            decide_as_seen(site, by, id, &Decision::Discard, seen).await?;
            return Ok(None);
        }
        LetterState::Sent | LetterState::Uncertain => {}
        state => refuse!(
            language,
            "第{id}号信函现在是“{}”，不用撤销",
            "letter {id} is now “{}”; there is nothing to withdraw",
            state.words(language)
        ),
    }
    refuse_unless!(
        letter.kind != Kind::Withdrawal,
        language,
        "第{id}号信函本身是撤销通知，不能再撤销",
        "letter {id} is itself a notice of withdrawal and can't be withdrawn"
    );
    let now = site.clock.now();
    let new = NewLetter {
        kind: Kind::Withdrawal,
        state: ready(&letter.addressed),
        addressed: letter.addressed.clone(),
        day: now.date_naive(),
        created: now.to_utc(),
        not_before: now.to_utc(),
        about: Some(id),
        reason: Some(reason.to_owned()),
        programs: letter.programs.clone(),
    };
    let mut change = site.store.begin().await?;
    // From within the change: somebody else may be withdrawing it as well.
    if let Some(again) = site.store.withdrawal_within(&mut change, id).await? {
        overtaken!(
            language,
            "第{id}号信函已有撤销通知（第{again}号），没有再写一份",
            "letter {id} has a notice of withdrawal already (letter {again}); no other was written"
        );
    }
    let within = known(language, id, site.store.letter_within(&mut change, id).await?)?;
    unless_as_seen(language, &within, seen)?;
    let stands = within.state;
    if stands != letter.state {
        overtaken!(
            language,
            "第{id}号信函刚才变成了“{}”，没有撤销；{}",
            "letter {id} has just become “{}” and wasn't withdrawn; {}",
            stands.words(language),
            possible(language, stands)
        );
    }
    let withdrawal = site.store.add_letter(&mut change, &new).await?;
    log(site, by, &mut change, id, "letter-withdrawn").await?;
    change.commit().await?;
    word_new(site).await?;
    Ok(Some(withdrawal))
}

fn known(language: Language, id: LetterId, found: Option<Letter>) -> anyhow::Result<Letter> {
    found.ok_or_else(|| {
        anyhow::anyhow!(worded!(
            language,
            "没有第{id}号信函；用 letters list 查看",
            "there is no letter {id}; see letters list"
        ))
    })
}

async fn log(site: &Site, by: &Actor, change: &mut Change, id: LetterId, what: &str) -> anyhow::Result<()> {
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what,
        letter: Some(id),
        detail: id.to_string().into(),
        ..Entry::default()
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}

/// What can be done with a letter in a state.
fn possible(language: Language, state: LetterState) -> &'static str {
    let (chinese, english) = match state {
        LetterState::Draft => (
            "草稿可以 approve（核准）或 discard（不发）",
            "approve or discard a draft",
        ),
        LetterState::Queued => (
            "待发的可以 discard（不发）；没有发成、等着再发的可以 retry（马上再发）",
            "discard one that waits to be sent; retry one that failed and waits",
        ),
        LetterState::ByHand => (
            "需人工送达的，送到后用 done，不送用 discard",
            "when it is delivered by hand it is done, otherwise discard it",
        ),
        LetterState::Failed => (
            "发送失败的可以 retry（重发）或 discard（不发）",
            "retry or discard one that failed",
        ),
        LetterState::Uncertain => (
            "结果不明的，核实已收到用 done，没收到用 retry",
            "ask whether it arrived: if so it is done, if not retry it",
        ),
        LetterState::Sent => ("已发出的可以 withdraw（撤销）", "withdraw one that was sent"),
        LetterState::Attempting => ("正在发送，请稍候", "it is being sent; wait a moment"),
        LetterState::Discarded => ("已经不发了", "it was discarded"),
    };
    language.either(chinese, english)
}
