//! Sending: the state is checked again, the text written, the attempt
//! recorded, and only then is the letter handed over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::compose::compose;
use super::group::still_true;
use super::wording::Standings;
use crate::domain::ladder::Recipient;
use crate::domain::program::civil;
use crate::inbox::hex;
use crate::jobs::site::Site;
use crate::mail::{Mailbox, Message, Outcome};
use crate::platform::halt_point;
use crate::store::{Letter, LetterState, LetterText, Progress};

/// Letters that go into one commit at most.
const TOGETHER: u32 = 32;

/// How old a standing may be when a letter is sent on its strength.
const FRESH: Duration = Duration::from_secs(5);

/// A server that kept us waiting for so long in vain isn't asked for the other
/// letters as well: units wait for their ledgers meanwhile.
const SILENT: Duration = Duration::from_secs(10);

/// The first wait after a temporary failure, and the longest.
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(5);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(4);

/// Sends every letter whose time has come, as far as the rates allow; gives how many went.
///
/// # Errors
/// The database is gone.
pub async fn send(site: &Arc<Site>) -> anyhow::Result<usize> {
    let mut sent = 0;
    let (mut standings, mut asked) = (Standings::default(), Instant::now());
    loop {
        // Everybody's standing is asked for anew every few seconds, not for every letter.
        if asked.elapsed() > FRESH {
            (standings, asked) = (Standings::default(), Instant::now());
        }
        let now = site.clock.now();
        if !site.options.hours.are_open(&site.calendar(), now) {
            return Ok(sent);
        }
        let most = allowance(site).await?.min(TOGETHER);
        if most == 0 {
            return Ok(sent);
        }
        let mut change = site.store.begin().await?;
        let letters = site
            .store
            .letters_to_send(&mut change, now.to_utc(), most)
            .await?;
        if letters.is_empty() {
            return Ok(sent);
        }
        let mut ready = Vec::new();
        for letter in letters {
            if let Some(message) = prepare(site, &mut standings, &letter, &mut change).await? {
                ready.push((letter, message));
            }
        }
        change.commit().await?;
        halt_point("letters-attempting");
        let mut done = Vec::new();
        let mut silent = false;
        for (letter, message) in ready {
            if silent {
                let put_off = Outcome::Temporary("邮件服务器没有及时答复，这一封还没有交给它".into());
                done.push((letter, message.id, put_off));
                continue;
            }
            let began = Instant::now();
            let outcome = site.transport.send(&message).await;
            halt_point("letter-handed-over");
            silent = outcome != Outcome::Sent && began.elapsed() >= SILENT;
            done.push((letter, message.id, outcome));
        }
        let mut change = site.store.begin().await?;
        for (letter, id, outcome) in &done {
            sent += usize::from(*outcome == Outcome::Sent);
            record(site, letter, id, outcome, &mut change).await?;
        }
        change.commit().await?;
        halt_point("letters-recorded");
        if silent {
            return Ok(sent);
        }
    }
}

/// After a crash: what was being sent went nobody knows whither, unless it was
/// a file, which is written again in its own place.
///
/// # Errors
/// The database is gone.
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
        site.store.set_letter(&mut change, letter.id, &progress).await?;
    }
    change.commit().await?;
    Ok(())
}

/// How many letters the mail server's limits leave for now.
async fn allowance(site: &Site) -> anyhow::Result<u32> {
    if !site.transport.sends_for_real() {
        return Ok(u32::MAX);
    }
    let now = site.clock.now();
    let mail = &site.options.mail;
    let minute = site
        .store
        .sent_since(now.to_utc() - TimeDelta::minutes(1))
        .await?;
    let midnight = civil(now.timezone(), now.date_naive(), chrono::NaiveTime::MIN);
    let day = site.store.sent_since(midnight.to_utc()).await?;
    let left = |rate: u32, used: u32| {
        if rate == 0 {
            u32::MAX
        } else {
            rate.saturating_sub(used)
        }
    };
    Ok(left(mail.rate_per_minute, minute).min(left(mail.rate_per_day, day)))
}

/// Checks a letter once more and makes it ready; none if its matter is settled.
async fn prepare(
    site: &Arc<Site>,
    standings: &mut Standings,
    letter: &Letter,
    change: &mut crate::store::Change,
) -> anyhow::Result<Option<Message>> {
    let mut notices = site.store.notices_of(letter.id).await?;
    notices.retain(|notice| notice.state == crate::store::NoticeState::Waiting);
    let had = !notices.is_empty();
    let mut void = Vec::new();
    for notice in &notices {
        let program = site.program(&notice.key.program);
        let standing = match (&program, notice.key.period.parse()) {
            (Some(program), Ok(period)) => standings.of(site, program, &period).await?,
            _ => None,
        };
        if !still_true(notice, standing.as_deref()) {
            void.push(notice.id);
        }
    }
    site.store.void_notices(change, &void).await?;
    notices.retain(|notice| !void.contains(&notice.id));
    if had && notices.is_empty() {
        let progress = Progress {
            error: Some("发出前事项已了结，没有发出"),
            ..Progress::to(LetterState::Discarded)
        };
        site.store.set_letter(change, letter.id, &progress).await?;
        return Ok(None);
    }
    if letter.edited && !void.is_empty() {
        // A person's text speaks of more than still holds.
        let progress = Progress {
            error: Some("改过的信函里有的单位已经报送，请核对后重新核准"),
            ..Progress::to(LetterState::Draft)
        };
        site.store.set_letter(change, letter.id, &progress).await?;
        return Ok(None);
    }
    let text = if letter.edited {
        letter.text.clone()
    } else {
        compose(site, standings, letter, &notices).await?
    };
    let attachments = super::attach::attachments(site, letter, &notices).await?;
    let message = message(site, letter, &text, attachments);
    site.store
        .set_letter_text(change, letter.id, &text, letter.edited)
        .await?;
    let progress = Progress {
        attempted: true,
        message_id: Some(&message.id),
        ..Progress::to(LetterState::Attempting)
    };
    site.store.set_letter(change, letter.id, &progress).await?;
    Ok(Some(message))
}

fn message(
    site: &Site,
    letter: &Letter,
    text: &LetterText,
    attachments: Vec<crate::mail::Attachment>,
) -> Message {
    let mailboxes = |list: &[Recipient]| -> Vec<Mailbox> {
        list.iter()
            .filter(|recipient| is_known(site, &recipient.address))
            .map(|recipient| Mailbox {
                name: recipient.name.clone(),
                address: recipient.address.clone(),
            })
            .collect()
    };
    Message {
        id: message_id(site, letter),
        date: site.clock.now().fixed_offset(),
        from: site.options.mail.sender(),
        to: mailboxes(&letter.addressed.to),
        cc: mailboxes(&letter.addressed.cc),
        subject: text.subject.clone(),
        text: text.text.clone(),
        html: text.html.clone(),
        attachments,
    }
}

/// Only addresses that stand in a roster now are written to, whatever was
/// frozen when the letter was made.
fn is_known(site: &Site, address: &str) -> bool {
    let same = |own: &str| !own.is_empty() && own.eq_ignore_ascii_case(address);
    !address.is_empty()
        && site.programs().iter().any(|program| {
            let roster = &program.roster;
            same(&program.office.mail)
                || roster.leaders.iter().any(|leader| same(&leader.contact.mail))
                || roster
                    .units
                    .iter()
                    .any(|unit| same(&unit.liaison.mail) || same(&unit.head.mail))
        })
}

/// Derived from the letter, so that the same letter always bears the same.
fn message_id(site: &Site, letter: &Letter) -> String {
    let mut hash = Sha256::new();
    hash.update(letter.id.to_le_bytes());
    hash.update(letter.created.timestamp_millis().to_le_bytes());
    for to in &letter.addressed.to {
        hash.update(to.key.as_bytes());
    }
    let sender = site.options.mail.sender().address;
    let domain = sender
        .rsplit_once('@')
        .map_or("taizhang.invalid", |(_, domain)| domain);
    format!("{}.{}@{domain}", letter.id, hex(&hash.finalize()[..12]))
}

async fn record(
    site: &Site,
    letter: &Letter,
    id: &str,
    outcome: &Outcome,
    change: &mut crate::store::Change,
) -> anyhow::Result<()> {
    let now = site.clock.utc();
    let progress = match outcome {
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
    };
    if let Some(error) = progress.error {
        tracing::warn!(
            letter = letter.id,
            state = progress.state.as_str(),
            error,
            "信函没有发出"
        );
    }
    site.store.set_letter(change, letter.id, &progress).await?;
    let state = progress.state.as_str();
    let detail = format!("{} {state}", letter.id);
    let entry = crate::store::Entry {
        by: crate::store::DAEMON,
        what: "letter",
        detail: detail.into(),
        ..crate::store::Entry::default()
    };
    site.store.log(change, now, &entry).await
}

/// Doubles with each try, with a jitter of its own for each letter, so that
/// letters which failed together don't come back together.
fn wait(letter: &Letter, id: &str) -> TimeDelta {
    let doubled = FIRST_WAIT * 2_i32.pow(letter.attempts.min(6));
    let jitter = Sha256::digest(format!("{id}{}", letter.attempts))[0];
    let whole = doubled.min(LONGEST_WAIT);
    whole + whole * i32::from(jitter) / (4 * 255)
}

/// When the next letter may be sent, if one waits.
///
/// # Errors
/// The database is gone.
pub async fn next(site: &Site) -> anyhow::Result<Option<DateTime<Utc>>> {
    site.store.next_letter().await
}
