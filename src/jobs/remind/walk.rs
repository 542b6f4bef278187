//! Walking the ladder: what has come due is recorded, and put into letters.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::closed_off::is_older;
use super::gather::{GatheredPeriod, gather, planned, remember_measured};
use super::{answers, digests, group};
use crate::domain::ids::NoticeId;
use crate::domain::ladder::{Mode, Notice, NoticeKey, Recipient, choose};
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::platform::halt_point;
use crate::store::{NoticeBody, NoticeRecord, NoticeState};

/// What is held back for now, and said so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hold {
    /// The share is away: units could not hand anything in.
    pub share_away: bool,
    /// The clock can't be trusted.
    pub clock_fault: bool,
}

impl Hold {
    /// Whether those who are behind are not chased for now.
    #[must_use]
    pub fn chases(self) -> bool {
        self.share_away || self.clock_fault
    }
}

/// What a walk did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// Notices that came due.
    pub due: usize,
    /// Letters that were made.
    pub letters: usize,
    /// Chases that are held back.
    pub held: usize,
}

/// Walks the ladder of every programme once. Nothing happens outside office
/// hours: what comes due then is judged anew when they begin. What came due
/// within them still goes within half an hour of their end.
///
/// # Errors
/// The database is gone.
pub async fn walk(site: &Arc<Site>, hold: Hold) -> anyhow::Result<Walked> {
    let hours = site.options.hours;
    // One instant for the whole walk: an answer planned a moment later would never be due.
    let now = site.clock.now();
    let mut walked = Walked::default();
    let calendar = site.calendar();
    let just_ended = hours.have_just_ended(&calendar, now);
    if !hours.may_send(&calendar, now) || is_older(site).await? {
        return Ok(walked);
    }
    let mut records: Vec<NoticeRecord> = Vec::new();
    let mut gathered = Vec::new();
    for program in site.programs() {
        let periods = gather(site, &program, now, now.date_naive()).await?;
        let recorded = recorded(site, &program, &periods).await?;
        let mut notices = planned(site, &program, &periods, now);
        notices.extend(answers::answers(site, &program, &periods, now).await?);
        notices.extend(digests::digests(site, &program, &periods, now));
        // What comes due only now, an answer, waits for tomorrow's hours.
        notices.retain(|notice| !just_ended || hours.are_open(&calendar, notice.at));
        if hold.chases() {
            let is_held = |notice: &Notice| notice.at <= now && !recorded.contains(&notice.key());
            let chases = notices.iter().filter(|notice| notice.kind.is_chase());
            walked.held += chases.filter(|notice| is_held(notice)).count();
            notices.retain(|notice| !notice.kind.is_chase());
        }
        let chosen = choose(notices, &recorded, now);
        walked.due += chosen.due.len();
        for notice in &chosen.due {
            records.extend(as_records(notice, now.to_utc()));
        }
        for notice in &chosen.superseded {
            records.push(record(notice, None, NoticeState::Superseded, now.to_utc()));
        }
        gathered.push((program, periods));
    }
    let mut change = site.store.begin().await?;
    site.store.add_notices(&mut change, &records).await?;
    walked.letters = group::into_letters(site, &mut change, &gathered).await?;
    halt_point("letters-made");
    change.commit().await?;
    halt_point("letters-committed");
    if !hold.chases() {
        for (program, periods) in &gathered {
            remember_measured(site, program, periods, now).await?;
        }
    }
    Ok(walked)
}

/// What was recorded for some periods before.
///
/// # Errors
/// The database is gone.
pub async fn recorded(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
) -> anyhow::Result<BTreeSet<NoticeKey>> {
    let mut recorded = BTreeSet::new();
    for period in periods {
        let period = period.standing.period.to_string();
        recorded.extend(site.store.notice_keys(&program.id, &period).await?);
    }
    Ok(recorded)
}

/// One record for each recipient; one without any where a step is only recorded.
fn as_records(notice: &Notice, now: chrono::DateTime<chrono::Utc>) -> Vec<NoticeRecord> {
    if notice.mode == Mode::Never {
        return vec![record(notice, None, NoticeState::Never, now)];
    }
    // Where nobody can be written to, a copy with an address is written to for
    // itself. Documents are divided when they are approved.
    let mut notice = notice.clone();
    let mut to = notice.to.clone();
    if !notice.kind.is_document() && to.iter().all(|to| to.address.is_empty()) {
        let (copies, by_hand) = notice.cc.into_iter().partition(|copy| !copy.address.is_empty());
        let copies: Vec<Recipient> = copies;
        to.extend(copies);
        notice.cc = by_hand;
    }
    to.iter()
        .map(|to| record(&notice, Some(to), NoticeState::Waiting, now))
        .collect()
}

fn record(
    notice: &Notice,
    to: Option<&Recipient>,
    state: NoticeState,
    now: chrono::DateTime<chrono::Utc>,
) -> NoticeRecord {
    NoticeRecord {
        id: NoticeId::UNRECORDED,
        key: notice.key(),
        unit: notice.unit.clone(),
        kind: notice.kind,
        mode: notice.mode,
        state,
        at: notice.at.to_utc(),
        created: now,
        letter: None,
        body: NoticeBody {
            to: to.cloned(),
            cc: notice.cc.clone(),
            reason: notice.reason.clone(),
            leader: notice.leader.clone(),
        },
    }
}
