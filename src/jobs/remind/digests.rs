//! What goes out at fixed times: the standing, and the master.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::gather::GatheredPeriod;
use crate::domain::cron::Cron;
use crate::domain::dates::civil;
use crate::domain::ladder::{Kind, Mode, Role, Trigger};
use crate::domain::notices::{Notice, Reason, Recipient, who};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// A letter whose time was missed by more than this is not made up for.
pub(super) const MADE_UP_FOR: TimeDelta = TimeDelta::hours(24);

/// The digests whose time has come, about the open period of a programme. What
/// falls on a holiday goes on the next working day, and of several the last.
#[must_use]
pub fn digests(site: &Site, program: &Program, periods: &[GatheredPeriod], now: DateTime<Tz>) -> Vec<Notice> {
    let mut notices = between(site, program, periods, now - MADE_UP_FOR, now);
    let latest: BTreeMap<Kind, DateTime<Tz>> = notices.iter().map(|own| (own.kind, own.at)).collect();
    notices.retain(|own| latest.get(&own.kind) == Some(&own.at));
    notices.extend(unconfirmed(site, program, periods, now));
    notices
}

/// The letter about files that wait for the office: the day they come, and on
/// every working day after, once a day.
fn unconfirmed(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
    now: DateTime<Tz>,
) -> Option<Notice> {
    let calendar = site.calendar();
    let open = program.open_period(&calendar, now);
    let period = periods
        .iter()
        .find(|own| Some(&own.standing.period) == open.as_ref())?;
    let since = period.waiting_since?.with_timezone(&now.timezone());
    let morning = civil(now.timezone(), now.date_naive(), NaiveTime::MIN);
    let goes = site.options.hours.next(&calendar, since.max(morning));
    let today = goes.date_naive() == now.date_naive();
    let mut notice = digest(program, period, Kind::Unconfirmed, (goes, goes), &[Role::Office]);
    notice.step = format!("{}-{}", Kind::Unconfirmed.as_str(), goes.date_naive());
    today.then_some(notice)
}

/// The digests that go from one instant to another, in order of time for each kind.
#[must_use]
pub(super) fn between(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
    from: DateTime<Tz>,
    to: DateTime<Tz>,
) -> Vec<Notice> {
    let times = &site.options.times;
    let both: [(Kind, &Option<Cron>, &[Role]); 2] = [
        (
            Kind::Standing,
            &times.standing,
            &[Role::Office, Role::Coordinating],
        ),
        (Kind::Consolidated, &times.master, &[Role::Office]),
    ];
    let calendar = site.calendar();
    let mut notices = Vec::new();
    for (kind, cron, roles) in both {
        let Some(cron) = cron else { continue };
        for (goes, at) in times_of(site, cron, from, to) {
            let open = program.open_period(&calendar, goes);
            let period = periods
                .iter()
                .find(|own| Some(&own.standing.period) == open.as_ref());
            notices.extend(period.map(|period| digest(program, period, kind, (goes, at), roles)));
        }
    }
    notices
}

/// When letters of a cron expression go, from one instant to another, each with
/// the time that it goes for: of several within one wait, the last.
fn times_of(
    site: &Site,
    cron: &Cron,
    from: DateTime<Tz>,
    to: DateTime<Tz>,
) -> Vec<(DateTime<Tz>, DateTime<Tz>)> {
    let calendar = site.calendar();
    // What goes from then on came due after office hours of the working day before.
    let before = calendar.add_working_days(from.date_naive(), -1);
    let mut at = civil(from.timezone(), before, NaiveTime::MIN) - TimeDelta::seconds(1);
    let mut found: BTreeMap<DateTime<Tz>, DateTime<Tz>> = BTreeMap::new();
    while let Some(next) = cron.after(at).filter(|next| *next <= to) {
        at = next;
        found.insert(site.options.hours.next(&calendar, at), at);
    }
    found
        .into_iter()
        .filter(|(goes, _)| from <= *goes && *goes <= to)
        .collect()
}

fn digest(
    program: &Program,
    period: &GatheredPeriod,
    kind: Kind,
    (goes, at): (DateTime<Tz>, DateTime<Tz>),
    roles: &[Role],
) -> Notice {
    let mut to: Vec<Recipient> = Vec::new();
    for recipient in roles.iter().flat_map(|role| who(program, *role, None, kind)) {
        if to.iter().all(|own| own.key != recipient.key) {
            to.push(recipient);
        }
    }
    Notice {
        program: program.id.clone(),
        unit: None,
        leader: None,
        period: period.standing.period.clone(),
        revision: 0,
        step: format!("{}-{}", kind.as_str(), at.format("%Y-%m-%dT%H:%M")),
        version: None,
        kind,
        mode: if program.ladder.trial {
            Mode::Draft
        } else {
            Mode::Auto
        },
        at: goes,
        step_at: at,
        to,
        cc: Vec::new(),
        reason: Reason {
            trigger: Trigger::Event,
            state: None,
            held: false,
            all_excepted: false,
            provisional: period.standing.due.provisional,
            decision: String::new(),
        },
    }
}
