//! What expires: the lists that are watched, and what letters say of them.

use std::collections::{BTreeSet, HashMap};

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::dates::day;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Trigger;
use crate::domain::ledger::LedgerRow;
use crate::domain::letters::NoticeRecord;
use crate::domain::notices::{Notice, NoticeKey, WatchedList, open_steps, watched};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::lists::{self, Listed};
use crate::jobs::site::Site;
use crate::mail::ExpiryFacts;

/// The lists of a programme as they are, with their rows.
struct Lists(HashMap<UnitId, (Listed, Vec<LedgerRow>)>);

impl Lists {
    async fn of(site: &Site, program: &Program) -> anyhow::Result<Self> {
        let running = program.cycle.at(site.clock.now().date_naive());
        match running.filter(|_| !program.watches.is_empty()) {
            Some(period) => Ok(Self(lists::with_rows(site, program, &period).await?)),
            None => Ok(Self(HashMap::new())),
        }
    }

    /// In the order of the roster; a unit that isn't in it any more is told nothing.
    fn watched<'a>(&'a self, program: &'a Program) -> Vec<WatchedList<'a>> {
        let units = program.roster.units.iter();
        units
            .filter_map(|unit| {
                let (listed, rows) = self.0.get(&unit.id)?;
                Some(WatchedList {
                    unit: &unit.id,
                    rows,
                    known: listed.judged,
                })
            })
            .collect()
    }
}

/// Every notice of a programme's watches, past and to come, beside the keys of
/// those that were recorded for the same years: a year that is closed is
/// gathered no more, and still nothing is told twice.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn notices(
    site: &Site,
    program: &Program,
    now: DateTime<Tz>,
) -> anyhow::Result<(Vec<Notice>, BTreeSet<NoticeKey>)> {
    let lists = Lists::of(site, program).await?;
    let watched_lists = lists.watched(program);
    let calendar = site.calendar();
    let notices = watched(program, &site.options.hours, &calendar, &watched_lists, now);
    let years: BTreeSet<&Period> = notices.iter().map(|notice| &notice.period).collect();
    let mut recorded = BTreeSet::new();
    for year in years {
        recorded.extend(site.store.notice_keys(&program.id, year).await?);
    }
    Ok((notices, recorded))
}

/// The steps that stand for rows which are open now.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn open(site: &Site, program: &Program) -> anyhow::Result<BTreeSet<(UnitId, String)>> {
    let lists = Lists::of(site, program).await?;
    Ok(open_steps(program, &lists.watched(program)).into_iter().collect())
}

/// What a notice says of its row; none of other notices.
#[must_use]
pub fn expiry(program: &Program, notice: &NoticeRecord) -> Option<ExpiryFacts> {
    let Trigger::Expiry { watch, row, day: on } = &notice.body.reason.trigger else {
        return None;
    };
    let watch = program.watches.iter().find(|own| own.id == *watch)?;
    let sender = notice.unit.as_deref().and_then(|id| program.roster.sender(id));
    let sent = watch.sent.as_ref().filter(|_| sender.is_some());
    Some(ExpiryFacts {
        sent: sent.is_some(),
        what: watch.what.clone(),
        end: watch.end.clone(),
        ask: sent.map_or(&watch.ask, |sent| &sent.ask).clone(),
        rows: vec![(row.clone(), day(program.language, *on))],
    })
}
