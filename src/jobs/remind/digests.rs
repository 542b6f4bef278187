//! What goes out at fixed times: the standing, and the master.

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::gather::GatheredPeriod;
use crate::domain::cron::Cron;
use crate::domain::ladder::{Kind, Mode, Notice, Reason, Recipient, Role, Trigger, who};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// A time that was missed by more than this is not made up for.
const MADE_UP_FOR: TimeDelta = TimeDelta::hours(24);

/// The digests whose time has come, about the open period of a programme.
#[must_use]
pub fn digests(site: &Site, program: &Program, periods: &[GatheredPeriod], now: DateTime<Tz>) -> Vec<Notice> {
    let open = program.open_period(&site.calendar(), now);
    let Some(period) = periods
        .iter()
        .find(|own| Some(&own.standing.period) == open.as_ref())
    else {
        return Vec::new();
    };
    let times = &site.options.times;
    let both: [(Kind, &Option<Cron>, &[Role]); 2] = [
        (
            Kind::Standing,
            &times.standing,
            &[Role::Office, Role::Coordinating],
        ),
        (Kind::Consolidated, &times.master, &[Role::Office]),
    ];
    both.into_iter()
        .filter_map(|(kind, cron, roles)| digest(now, program, period, kind, cron.as_ref()?, roles))
        .collect()
}

fn digest(
    now: DateTime<Tz>,
    program: &Program,
    period: &GatheredPeriod,
    kind: Kind,
    cron: &Cron,
    roles: &[Role],
) -> Option<Notice> {
    let mut at = cron.after(now - MADE_UP_FOR).filter(|at| *at <= now)?;
    while let Some(next) = cron.after(at).filter(|next| *next <= now) {
        at = next;
    }
    let mut to: Vec<Recipient> = Vec::new();
    for recipient in roles.iter().flat_map(|role| who(program, *role, None, kind)) {
        if to.iter().all(|own| own.key != recipient.key) {
            to.push(recipient);
        }
    }
    Some(Notice {
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
        at,
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
    })
}
