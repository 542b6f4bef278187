//! Sending: the state is checked again, the text written, the attempt
//! recorded, and only then is the letter handed over.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::allowance::allowance;
use super::closed_off::is_older;
use super::compose::compose;
use super::message::{message, office_of};
use super::settled::{Sifted, dropped, sift};
use super::standings::Standings;
use super::unrecorded::record_kept;
use crate::domain::ids::LetterId;
use crate::domain::letters::retry::{self, DISK_WAIT, FIRST_WAIT, LONGEST_WAIT};
use crate::domain::letters::{Letter, LetterState, NoticeRecord, Progress};
use crate::domain::notices::addresses;
use crate::jobs::faults::Area;
use crate::jobs::site::{Done, Site};
use crate::mail::{Message, Outcome, TransportKind};
use crate::platform::halt_point;
use crate::store::{Change, Entry};

/// Letters that are marked as being sent at the same time, at most. A crash
/// leaves all of them uncertain, so a slow server gets them one by one.
const TOGETHER: u32 = 32;

/// A batch that takes longer than this is followed by a smaller one.
const BRIEF: Duration = Duration::from_millis(100);

/// How old a standing may be when a letter is sent on its strength.
const FRESH: Duration = Duration::from_secs(5);

/// A server that kept us waiting for so long in vain isn't asked for the other
/// letters as well: units wait for their ledgers meanwhile.
const SILENT: Duration = Duration::from_secs(10);

/// Why a letter waits that a silent server was spared.
const NOT_TRIED: &str = "邮件服务器没有及时答复，这一封还没有交给它";

/// Sends every letter whose time has come, as far as the rates allow; gives how many went.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn send(site: &Arc<Site>) -> anyhow::Result<usize> {
    let mut sent = record_kept(site).await?;
    if is_older(site).await? {
        return Ok(sent);
    }
    let mut together = 1;
    let (mut known, mut asked) = (Known::of(site), Instant::now());
    loop {
        // Everybody's standing is asked for anew every few seconds, not for every letter.
        if asked.elapsed() > FRESH {
            (known, asked) = (Known::of(site), Instant::now());
        }
        let now = site.clock.now();
        if !site.options.hours.may_send(&site.calendar(), now) {
            return Ok(sent);
        }
        let most = allowance(site).await?.min(together);
        if most == 0 {
            return Ok(sent);
        }
        let mut change = site.store.begin().await?;
        let letters = site
            .store
            .letters_to_send(&mut change, now.to_utc(), most)
            .await?;
        if letters.is_empty() {
            change.roll_back().await?;
            return Ok(sent);
        }
        let began = Instant::now();
        let ids: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
        let mut notices = site.store.notices_of_all(&ids).await?;
        let mut ready = Vec::new();
        for letter in letters {
            let own = notices.remove(&letter.id).unwrap_or_default();
            if let Some(message) = prepare(site, &mut known, &letter, own, &mut change).await? {
                ready.push((letter, message));
            }
        }
        if let Err(error) = change.commit().await {
            site.unrecorded
                .keep_back(ready.iter().map(|(letter, _)| letter.id));
            return Err(error.into());
        }
        halt_point("letters-attempting");
        let (done, silent) = hand_over(site, ready).await;
        match record(site, &done).await {
            Ok(went) => sent += went,
            Err(error) => {
                site.unrecorded.keep(done);
                return Err(error);
            }
        }
        halt_point("letters-recorded");
        if silent {
            // Nor will it answer the others now; units don't wait for each of them.
            let mut change = site.store.begin().await?;
            let (now, until) = (site.clock.utc(), site.clock.utc() + FIRST_WAIT);
            site.store
                .put_off_letters(&mut change, now, until, NOT_TRIED)
                .await?;
            change.commit().await?;
            return Ok(sent);
        }
        together = if began.elapsed() < BRIEF {
            (together * 2).min(TOGETHER)
        } else {
            (together / 2).max(1)
        };
    }
}

/// Hands letters to the transport; whether it kept us waiting in vain, and so
/// wasn't asked for the rest.
async fn hand_over(site: &Site, ready: Vec<(Letter, Message)>) -> (Vec<Done>, bool) {
    let mut done = Vec::new();
    let mut silent = false;
    for (letter, message) in ready {
        if silent {
            done.push((letter, message.id, Outcome::Temporary(NOT_TRIED.into())));
            continue;
        }
        let began = Instant::now();
        let outcome = site.transport.send(&message).await;
        halt_point("letter-handed-over");
        silent = outcome != Outcome::Sent && began.elapsed() >= SILENT;
        if let (Outcome::Temporary(told), false) = (&outcome, site.transport.sends_for_real()) {
            let remedy = Some("请清理或检查磁盘；没有写成的信函会自动重写");
            site.faults.failed_as(Area::Data, told, remedy, site.clock.utc());
        }
        done.push((letter, message.id, outcome));
    }
    (done, silent)
}

/// What letters of one round have in common.
struct Known {
    standings: Standings,
    /// Addresses that stand in a roster now, in lower case.
    addresses: HashSet<String>,
}

impl Known {
    fn of(site: &Site) -> Self {
        let mut known = HashSet::new();
        for program in site.programs() {
            known.extend(addresses(&program).map(|(_, _, mail)| mail.to_ascii_lowercase()));
        }
        Self {
            standings: Standings::default(),
            addresses: known,
        }
    }

    /// Only addresses that stand in a roster now are written to, whatever was
    /// frozen when the letter was made.
    fn may_be_written_to(&self, address: &str) -> bool {
        !address.is_empty() && self.addresses.contains(&address.to_ascii_lowercase())
    }
}

/// After a crash: what was being sent went nobody knows whither, unless it was
/// a file, which is written again in its own place.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn recover(site: &Site) -> anyhow::Result<()> {
    let interrupted = site.store.letters(&[LetterState::Attempting]).await?;
    if interrupted.is_empty() {
        return Ok(());
    }
    let mut change = site.store.begin().await?;
    for letter in &interrupted {
        let progress = if site.transport.sends_for_real() {
            Progress {
                error: Some("发送时程序中断，不知道是否已经发出；请向收件人核实后再决定是否重发"),
                ..Progress::to(LetterState::Uncertain)
            }
        } else {
            Progress::to(LetterState::Queued)
        };
        let own = (letter.id, LetterState::Attempting);
        site.store.set_letter(&mut change, own, &progress).await?;
    }
    change.commit().await?;
    Ok(())
}

/// Checks a letter once more and makes it ready; none if its matter is settled.
async fn prepare(
    site: &Arc<Site>,
    known: &mut Known,
    letter: &Letter,
    notices: Vec<NoticeRecord>,
    change: &mut Change,
) -> anyhow::Result<Option<Message>> {
    let sifted = sift(site, &mut known.standings, notices).await?;
    if let Some(program) = &sifted.unknown {
        let error = format!("方案 {program} 现在读不出来，先不发");
        return put_off(site, letter, &error, change).await;
    }
    site.store.void_notices(change, &sifted.void).await?;
    if sifted.is_settled() {
        site.store
            .set_letter(change, (letter.id, letter.state), &dropped())
            .await?;
        return Ok(None);
    }
    let Sifted { notices, void, .. } = sifted;
    if letter.edited && !void.is_empty() {
        // A person's text speaks of more than still holds.
        let progress = Progress {
            error: Some("改过的信函里有的单位已经报送，请核对后重新核准"),
            ..Progress::to(LetterState::Draft)
        };
        site.store
            .set_letter(change, (letter.id, letter.state), &progress)
            .await?;
        return Ok(None);
    }
    let text = if letter.edited {
        letter.text.clone()
    } else {
        match compose(site, &mut known.standings, letter, &notices).await {
            Ok(text) => text,
            // The others go out all the same.
            Err(error) => return put_off(site, letter, &format!("{error:#}"), change).await,
        }
    };
    if site.options.mail.transport == TransportKind::ByHand {
        // Nobody is written to: a person tells them, with these words.
        let progress = Progress::to(LetterState::ByHand);
        site.store
            .set_letter_text(change, letter.id, &text, letter.edited)
            .await?;
        site.store
            .set_letter(change, (letter.id, letter.state), &progress)
            .await?;
        return Ok(None);
    }
    let attachments = super::attach::attachments(site, letter, &notices).await?;
    let office = office_of(site, letter, &notices).await?;
    let message = message(
        site,
        |address| known.may_be_written_to(address),
        letter,
        (&text, office),
        attachments,
    );
    let is_ours = site
        .store
        .set_attempting(change, letter, &text, &message.id, site.clock.utc())
        .await?;
    // Somebody has decided about it since it was looked at.
    Ok(is_ours.then_some(message))
}

/// Leaves a letter that can't be sent for a reason of ours until later.
async fn put_off(
    site: &Site,
    letter: &Letter,
    error: &str,
    change: &mut Change,
) -> anyhow::Result<Option<Message>> {
    let progress = Progress {
        not_before: Some(site.clock.utc() + LONGEST_WAIT),
        error: Some(error),
        ..Progress::to(LetterState::Queued)
    };
    site.store
        .set_letter(change, (letter.id, letter.state), &progress)
        .await?;
    tracing::error!(letter = letter.id.number(), error, "信函写不成");
    Ok(None)
}

/// Records what became of letters; gives how many were sent.
pub(super) async fn record(site: &Site, done: &[Done]) -> anyhow::Result<usize> {
    let now = site.clock.utc();
    let mut sent = 0;
    let mut entries = Vec::new();
    let mut change = site.store.begin().await?;
    for (letter, id, outcome) in done {
        let mut progress = progress(letter, id, outcome, now);
        if let (Outcome::Temporary(_), false) = (outcome, site.transport.sends_for_real()) {
            // Our own disk is no server that has to be spared.
            progress.not_before = Some(now + DISK_WAIT);
        }
        if let Some(error) = progress.error {
            tracing::warn!(
                letter = letter.id.number(),
                state = progress.state.as_str(),
                error,
                "信函没有发出"
            );
        }
        sent += usize::from(progress.state == LetterState::Sent);
        let own = (letter.id, LetterState::Attempting);
        site.store.set_letter(&mut change, own, &progress).await?;
        entries.push(Entry {
            by: crate::domain::actor::PROGRAM,
            what: "letter",
            letter: Some(letter.id),
            detail: format!("{} {}", letter.id, progress.state.as_str()).into(),
            ..Entry::default()
        });
    }
    site.store.log_all(&mut change, now, &entries).await?;
    change.commit().await?;
    Ok(sent)
}

fn progress<'a>(letter: &Letter, id: &str, outcome: &'a Outcome, now: DateTime<Utc>) -> Progress<'a> {
    match outcome {
        Outcome::Sent => Progress {
            sent: Some(now),
            ..Progress::to(LetterState::Sent)
        },
        Outcome::Temporary(error) => Progress {
            not_before: Some(now + wait(letter, id)),
            error: Some(error),
            ..Progress::to(LetterState::Queued)
        },
        Outcome::Permanent(error) => Progress {
            error: Some(error),
            ..Progress::to(LetterState::Failed)
        },
        Outcome::Uncertain(error) => Progress {
            error: Some(error),
            ..Progress::to(LetterState::Uncertain)
        },
    }
}

/// The wait of a letter after a try, jittered by what is its own.
fn wait(letter: &Letter, id: &str) -> TimeDelta {
    let jitter = Sha256::digest(format!("{id}{}", letter.attempts))[0];
    retry::wait(letter.attempts, jitter)
}

/// When the next letter may be sent, if one waits.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn next(site: &Site) -> anyhow::Result<Option<DateTime<Utc>>> {
    Ok(site.store.next_letter().await?)
}
