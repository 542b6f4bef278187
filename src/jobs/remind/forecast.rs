//! Every letter of some days ahead, as if nothing more came in and nobody
//! decided anything: what the ladder and the fixed times bring, and what is
//! due already and waits.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::answers;
use super::digests::{MADE_UP_FOR, between};
use super::gather::gather_supposing;
use super::planned::planned;
use super::walk::recorded;
use super::watches;
use crate::domain::dates::civil;
use crate::domain::ids::LetterId;
use crate::domain::ladder::Mode;
use crate::domain::letters::holds::still_true;
use crate::domain::letters::{LetterState, NoticeRecord, NoticeState};
use crate::domain::notices::{Notice, NoticeKey, choose};
use crate::domain::program::Program;
use crate::jobs::obligations::Supposed;
use crate::jobs::site::Site;

/// The notices of a programme that go from now to the end of a day, in order
/// of time; `at` is when each goes, as if some things were decided. A draft
/// that is written waits for a person and stands in `letters list`.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn forecast(
    site: &Arc<Site>,
    program: &Arc<Program>,
    to: NaiveDate,
    supposed: &Supposed,
) -> anyhow::Result<Vec<Notice>> {
    let now = site.clock.now();
    let (calendar, hours) = (site.calendar(), site.options.hours);
    let midnight = to.checked_add_days(Days::new(1)).unwrap_or(to);
    let end = civil(now.timezone(), midnight, NaiveTime::MIN);
    let periods = gather_supposing(site, program, now, to, supposed).await?;
    let mut known = recorded(site, program, &periods).await?;
    let mut notices = planned(site, program, &periods, (now, Some(end)));
    notices.extend(answers::answers(site, program, &periods, now).await?);
    let (expiring, told) = watches::notices(site, program, now).await?;
    notices.extend(expiring);
    known.extend(told);
    let (due, later): (Vec<Notice>, Vec<Notice>) = notices.into_iter().partition(|own| own.at <= now);
    // Of steps that wait for the same end of a grace one goes.
    let mut together: BTreeMap<DateTime<Tz>, Vec<Notice>> = BTreeMap::new();
    for own in later {
        together.entry(own.at).or_default().push(own);
    }
    let mut ahead: Vec<Notice> = Vec::new();
    for (at, own) in together {
        ahead.extend(choose(own, &known, at).due);
    }
    ahead.extend(supposed.nudges.iter().cloned());
    let next = hours.next(&calendar, now);
    for mut notice in choose(due, &known, now).due {
        notice.at = next;
        ahead.push(notice);
    }
    let digests = between(site, program, &periods, now - MADE_UP_FOR, end);
    ahead.extend(
        digests
            .into_iter()
            .filter(|own| !known.contains(&own.key()))
            .map(|mut own| {
                own.at = own.at.max(next);
                own
            }),
    );
    // Of thousands each is sought by what it is, not one after the other.
    let mut places: HashMap<(NoticeKey, DateTime<Tz>), usize> = HashMap::new();
    for (place, own) in ahead.iter().enumerate() {
        places.entry((own.key(), own.at)).or_insert(place);
    }
    for (record, at) in waiting(site, program, now).await? {
        let of_period = periods
            .iter()
            .find(|own| own.standing.period == record.key.period);
        // What is settled by then is dropped when its turn comes.
        if of_period.is_none_or(|own| still_true(&record, Some(&own.standing))) {
            match places.entry((record.key.clone(), at)) {
                Entry::Occupied(place) => ahead[*place.get()].to.extend(record.body.to.clone()),
                Entry::Vacant(place) => {
                    place.insert(ahead.len());
                    ahead.push(notice(&record, at));
                }
            }
        }
    }
    ahead.retain(|own| own.mode != Mode::Never && own.at < end);
    ahead.sort_by_key(|own| own.at);
    Ok(ahead)
}

/// What came due and hasn't gone: notices for whom a letter of today went
/// already, and those of letters that are to be sent; with the time.
async fn waiting(
    site: &Arc<Site>,
    program: &Program,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<(NoticeRecord, DateTime<Tz>)>> {
    let (calendar, hours) = (site.calendar(), site.options.hours);
    let letters = site.store.letters(&[LetterState::Queued]).await?;
    let not_before: BTreeMap<LetterId, DateTime<Tz>> = letters
        .iter()
        .map(|letter| (letter.id, letter.not_before.with_timezone(&now.timezone())))
        .collect();
    let ids: Vec<LetterId> = not_before.keys().copied().collect();
    let mut found = Vec::new();
    for (letter, notices) in site.store.notices_of_all(&ids).await? {
        let at = hours.next(&calendar, not_before.get(&letter).map_or(now, |at| now.max(*at)));
        let notices = notices
            .into_iter()
            .filter(|own| own.state == NoticeState::Waiting);
        found.extend(notices.map(|own| (own, at)));
    }
    let letterless = site.store.letterless_now().await?;
    // Who got a letter today gets the next one tomorrow, but for what stands alone.
    let (written, next) = (hours.tomorrow(&calendar, now), hours.next(&calendar, now));
    let goes = |own: &NoticeRecord| if own.kind.stands_alone() { next } else { written };
    found.extend(letterless.into_iter().map(|own| {
        let at = goes(&own);
        (own, at)
    }));
    found.retain(|(own, _)| own.key.program == program.id);
    found.sort_by_key(|(own, _)| own.id);
    Ok(found)
}

/// What was recorded for one recipient; others of the same step join it.
fn notice(record: &NoticeRecord, at: DateTime<Tz>) -> Notice {
    Notice {
        program: record.key.program.clone(),
        unit: record.unit.clone(),
        leader: record.body.leader.clone(),
        period: record.key.period.clone(),
        revision: record.key.revision,
        step: record.key.step.clone(),
        version: Some(record.key.version),
        kind: record.kind,
        mode: record.mode,
        at,
        step_at: record.at.with_timezone(&at.timezone()),
        to: record.body.to.iter().cloned().collect(),
        cc: record.body.cc.clone(),
        reason: record.body.reason.clone(),
    }
}
