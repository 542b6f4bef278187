//! After a database was rebuilt or brought up to date: what came due before
//! counts as sent, and what comes due next waits for a person, until the
//! periods that are open now have closed.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::gather::gather;
use super::planned::planned;
use super::walk::recorded;
use super::{answers, digests};
use crate::domain::ids::ProgramId;
use crate::domain::letters::{NoticeRecord, NoticeState};
use crate::domain::notices::Notice;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::{Change, Store};

/// Where it is remembered until when letters of which programme are drafts.
const HELD: &str = "letters_held";

/// Why a letter waits, for whoever looks at it.
pub const WHY: &str =
    "数据库恢复之后、当时未关的报告期关期之前，信函先作草稿：恢复前可能已经发过，请核对后核准或不发";

/// Until when letters of each programme are drafts.
pub type Held = BTreeMap<ProgramId, DateTime<Utc>>;

/// Records everything that has come due as sent, and has letters wait.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn close_off(site: &Arc<Site>) -> anyhow::Result<()> {
    let now = site.clock.now();
    let mut records = Vec::new();
    let mut until = held(site).await?;
    for program in site.programs() {
        let periods = gather(site, &program, now, now.date_naive()).await?;
        let known = recorded(site, &program, &periods).await?;
        let mut notices = planned(site, &program, &periods, (now, None));
        notices.extend(answers::answers(site, &program, &periods, now).await?);
        notices.extend(digests::digests(site, &program, &periods, now));
        let due = notices
            .iter()
            .filter(|notice| notice.at <= now && !known.contains(&notice.key()));
        records.extend(due.map(|notice| as_sent(notice, now.to_utc())));
        if let Some(close) = last_close(site, &program) {
            until.insert(program.id.clone(), close);
        }
    }
    until.retain(|_, until| *until > now.to_utc());
    let mut change = site.store.begin().await?;
    site.store.void_unsent_notices(&mut change).await?;
    site.store.add_notices(&mut change, &records).await?;
    site.store.hold_letters(&mut change, WHY).await?;
    let until: BTreeMap<&str, i64> = until
        .iter()
        .map(|(program, until)| (program.as_str(), until.timestamp_millis()))
        .collect();
    let text = serde_json::to_string(&until)?;
    site.store.set_meta_within(&mut change, HELD, &text).await?;
    site.store.forget_meta_within(&mut change, Store::OLDER).await?;
    change.commit().await?;
    Ok(())
}

/// Until when letters of each programme are drafts; none long after.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn held(site: &Site) -> anyhow::Result<Held> {
    let text = site.store.meta(HELD).await?;
    Ok(text.map_or_else(Held::new, |text| read(&text)))
}

/// Whether the database is an older state that has yet to be compared with
/// the share: until then nobody knows what is true, or was sent.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn is_older(site: &Site) -> anyhow::Result<bool> {
    Ok(site.store.meta(Store::OLDER).await?.is_some())
}

/// As [`held`], seen from within a change.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn held_within(site: &Site, change: &mut Change) -> anyhow::Result<Held> {
    let text = site.store.meta_within(change, HELD).await?;
    Ok(text.map_or_else(Held::new, |text| read(&text)))
}

fn read(text: &str) -> Held {
    let known: BTreeMap<ProgramId, i64> = serde_json::from_str(text).unwrap_or_default();
    known
        .into_iter()
        .filter_map(|(program, until)| Some((program, DateTime::from_timestamp_millis(until)?)))
        .collect()
}

/// Whether a letter about a programme waits for a person.
pub(super) fn is_held(held: &Held, program: &ProgramId, now: DateTime<Utc>) -> bool {
    held.get(program).is_some_and(|until| now < *until)
}

/// The last close of the periods that are open now: those that have ended,
/// and if there is none, the running one.
fn last_close(site: &Site, program: &Program) -> Option<DateTime<Utc>> {
    let now = site.clock.now();
    let close = |period| {
        Some(
            program
                .due(&period, &site.calendar(), now.timezone())?
                .close
                .to_utc(),
        )
    };
    let ended = program
        .cycle
        .started_by(now.date_naive(), 24)
        .into_iter()
        .filter(|period| {
            program
                .cycle
                .span(period)
                .is_some_and(|(_, end)| end < now.date_naive())
        });
    let open = ended
        .filter_map(close)
        .filter(|close| *close > now.to_utc())
        .max();
    open.or_else(|| program.open_period(&site.calendar(), now).and_then(close))
}

/// A notice that counts as sent, to whomever it was.
fn as_sent(notice: &Notice, now: DateTime<Utc>) -> NoticeRecord {
    let mut record = NoticeRecord::of(notice, None, NoticeState::Void, now);
    record.body.cc.clear();
    record
}
