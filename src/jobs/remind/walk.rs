//! Walking the ladder: what has come due is recorded, and put into letters.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::TimeDelta;

use super::closed_off::is_older;
use super::gather::{GatheredPeriod, gather, remember_measured};
use super::planned::planned;
use super::{answers, digests, group, watches};
use crate::domain::letters::{Hold, NoticeRecord, NoticeState};
use crate::domain::notices::{NoticeKey, choose};
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::platform::halt_point;

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
/// The database can't take it: nothing was done; the next round does it again.
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
    // What comes later is of no interest to a walk.
    let soon = Some(now + TimeDelta::seconds(1));
    for program in site.programs() {
        let periods = gather(site, &program, now, now.date_naive()).await?;
        let mut recorded = recorded(site, &program, &periods).await?;
        let mut notices = planned(site, &program, &periods, (now, soon));
        notices.extend(answers::answers(site, &program, &periods, now).await?);
        notices.extend(digests::digests(site, &program, &periods, now));
        let (expiring, told) = watches::notices(site, &program, now).await?;
        notices.extend(expiring);
        recorded.extend(told);
        // What comes due only now, an answer, waits for tomorrow's hours.
        notices.retain(|notice| !just_ended || hours.are_open(&calendar, notice.at));
        walked.held += hold.hold_back(&mut notices, &recorded, now);
        let chosen = choose(notices, &recorded, now);
        walked.due += chosen.due.len();
        for notice in &chosen.due {
            records.extend(NoticeRecord::of_each(notice, now.to_utc()));
        }
        for notice in &chosen.superseded {
            records.push(NoticeRecord::of(
                notice,
                None,
                NoticeState::Superseded,
                now.to_utc(),
            ));
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
/// The database can't be read: give this round up; the next one asks again.
pub async fn recorded(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
) -> anyhow::Result<BTreeSet<NoticeKey>> {
    let mut recorded = BTreeSet::new();
    for period in periods {
        let period = &period.standing.period;
        recorded.extend(site.store.notice_keys(&program.id, period).await?);
    }
    Ok(recorded)
}
