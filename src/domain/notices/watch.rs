//! Notices of what expires: once for each unit, row, date and step.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;

use super::plan::mode;
use super::recipients::{Recipient, reaches_superior, who};
use super::{Hours, Notice, Reason};
use crate::domain::calendar::Calendar;
use crate::domain::dates::civil;
use crate::domain::expiry;
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Role, Trigger};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Program, Watch, WatchStep};
use crate::domain::roster::Unit;

/// A row that came to its end longer ago than this many days is only listed.
const TOLD_FOR: i64 = 31;

/// The list of a unit.
#[derive(Debug)]
pub struct WatchedList<'a> {
    /// The unit.
    pub unit: &'a UnitId,
    /// Its rows.
    pub rows: &'a [LedgerRow],
    /// When they were accepted.
    pub known: DateTime<Utc>,
}

/// Every notice of a programme's watches over lists, past and to come, as if
/// the lists stayed as they are. Of steps that lie before a row was known, or
/// before the programme first ran, only the latest is there; a row that was
/// over by then has none.
#[must_use]
pub fn watched(
    program: &Program,
    hours: &Hours,
    calendar: &Calendar,
    lists: &[WatchedList<'_>],
    now: DateTime<Tz>,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    for watch in &program.watches {
        let mut of_senders = OfSenders::default();
        for list in lists {
            let known = list.known.max(program.begun.unwrap_or(list.known));
            let known = known.with_timezone(&now.timezone());
            for row in list.rows {
                let day = expiry::day(watch, row).filter(|_| expiry::is_open(watch, row));
                let Some(day) = day.filter(|day| is_near(*day, known, now)) else {
                    continue;
                };
                for (step, at) in due_steps(watch, day, (hours, calendar), known) {
                    let about = About { watch, row, day };
                    notices.push(notice(program, program.roster.unit(list.unit), about, step, at));
                    of_senders.add(program, list.unit, about, step, at);
                }
            }
        }
        notices.extend(of_senders.notices(program));
    }
    notices
}

/// Notices to those who have sent people: one, however many lists have the person.
#[derive(Default)]
struct OfSenders<'a>(Vec<OfSender<'a>>);

struct OfSender<'a> {
    sender: &'a Unit,
    about: About<'a>,
    step: &'a WatchStep,
    at: DateTime<Tz>,
    lists: Vec<&'a str>,
}

impl<'a> OfSenders<'a> {
    fn add(
        &mut self,
        program: &'a Program,
        list: &'a UnitId,
        about: About<'a>,
        step: &'a WatchStep,
        at: DateTime<Tz>,
    ) {
        let Some(sender) = sender(program, about.watch, about.row) else {
            return;
        };
        let name = program
            .roster
            .unit(list)
            .map_or(list.as_str(), |unit| unit.display_name.as_str());
        let key = |about: About<'_>, step| step_key(program, about.watch, step, about.row, about.day);
        let own = key(about, step);
        let mut known = self.0.iter_mut();
        match known.find(|other| other.sender.id == sender.id && key(other.about, other.step) == own) {
            Some(other) => {
                other.lists.push(name);
                other.at = other.at.min(at);
            }
            None => self.0.push(OfSender {
                sender,
                about,
                step,
                at,
                lists: vec![name],
            }),
        }
    }

    fn notices(self, program: &Program) -> impl Iterator<Item = Notice> {
        self.0.into_iter().map(|own| {
            let mut notice = notice(program, Some(own.sender), own.about, own.step, own.at);
            if let Trigger::Expiry { row, .. } = &mut notice.reason.trigger {
                *row = match program.language {
                    Language::Chinese => format!("{row}，在{}", own.lists.join("、")),
                    Language::English => format!("{row}, in {}", own.lists.join(", ")),
                };
            }
            notice
        })
    }
}

/// Who has sent the person of a row, if the roster knows.
fn sender<'p>(program: &'p Program, watch: &Watch, row: &LedgerRow) -> Option<&'p Unit> {
    let sent = watch.sent.as_ref()?;
    program.roster.sender_named(row.text(&sent.column))
}

/// The steps of a watch that stand for rows that are open: what a letter was
/// made for still holds while its own is among them.
#[must_use]
pub fn open_steps(program: &Program, lists: &[WatchedList<'_>]) -> Vec<(UnitId, String)> {
    let mut steps = Vec::new();
    for watch in &program.watches {
        for list in lists {
            let open = list.rows.iter().filter(|row| expiry::is_open(watch, row));
            for (row, day) in open.filter_map(|row| Some((row, expiry::day(watch, row)?))) {
                let keys = watch
                    .steps
                    .iter()
                    .map(|step| step_key(program, watch, step, row, day));
                let sender = sender(program, watch, row).map(|sender| &sender.id);
                for key in keys {
                    let whom = [Some(list.unit), sender].into_iter().flatten();
                    steps.extend(whom.map(|unit| (unit.clone(), key.clone())));
                }
            }
        }
    }
    steps
}

fn is_near(day: NaiveDate, known: DateTime<Tz>, now: DateTime<Tz>) -> bool {
    day >= known.date_naive() && (now.date_naive() - day).num_days() <= TOLD_FOR
}

/// The steps for a row with the time of each: all that come after it was known,
/// and the latest of those before.
fn due_steps<'w>(
    watch: &'w Watch,
    day: NaiveDate,
    (hours, calendar): (&Hours, &Calendar),
    known: DateTime<Tz>,
) -> Vec<(&'w WatchStep, DateTime<Tz>)> {
    let at = |step: &WatchStep| {
        let goes = civil(known.timezone(), step.goes_on(day, calendar), step.time);
        hours.next(calendar, goes)
    };
    let steps = watch.steps.iter().map(|step| (step, at(step)));
    let (behind, mut ahead): (Vec<_>, Vec<_>) = steps.partition(|(_, at)| *at <= known);
    ahead.extend(behind.into_iter().max_by_key(|(_, at)| *at));
    ahead.sort_by_key(|(_, at)| *at);
    ahead
}

/// The row that a notice is about.
#[derive(Clone, Copy)]
struct About<'a> {
    watch: &'a Watch,
    row: &'a LedgerRow,
    day: NaiveDate,
}

fn notice(
    program: &Program,
    unit: Option<&Unit>,
    About { watch, row, day }: About<'_>,
    step: &WatchStep,
    at: DateTime<Tz>,
) -> Notice {
    let begun = program
        .begun
        .map_or(at, |begun| begun.with_timezone(&at.timezone()));
    let people = |roles: &[Role]| -> Vec<Recipient> {
        let mut people: Vec<Recipient> = Vec::new();
        for recipient in roles
            .iter()
            .flat_map(|role| who(program, *role, unit, Kind::Expiry))
        {
            if people.iter().all(|own| own.identity() != recipient.identity()) {
                people.push(recipient);
            }
        }
        people
    };
    let mut to = people(&step.to);
    let all_excepted = to.is_empty();
    if all_excepted {
        to = who(program, Role::OfficeHead, unit, Kind::Expiry);
    }
    let mut cc = people(&step.cc);
    cc.retain(|copy| to.iter().all(|own| own.identity() != copy.identity()));
    Notice {
        program: program.id.clone(),
        unit: unit.map(|unit| unit.id.clone()),
        leader: None,
        // The year in which it comes due, or in which the programme first ran:
        // it doesn't hang on the version of the list.
        period: Period::Year(at.max(begun).year()),
        revision: 0,
        step: step_key(program, watch, step, row, day),
        version: None,
        kind: Kind::Expiry,
        mode: mode(
            &program.ladder,
            (step.mode, Kind::Expiry),
            &to,
            reaches_superior(program, &to),
        ),
        at,
        step_at: at,
        to,
        cc,
        reason: Reason {
            trigger: Trigger::Expiry {
                watch: watch.id.clone(),
                row: expiry::name(watch, row),
                day,
            },
            state: None,
            held: false,
            all_excepted,
            provisional: false,
            decision: String::new(),
        },
    }
}

/// What makes a notice of a unit the same one for ever: step, row, date value.
fn step_key(program: &Program, watch: &Watch, step: &WatchStep, row: &LedgerRow, day: NaiveDate) -> String {
    let sheets = program.material.forms().last().map(|form| &form.sheets);
    let sheet = sheets.and_then(|sheets| sheets.get(row.form_sheet));
    let keys = sheet.map_or(&[][..], |sheet| &sheet.row_key);
    let texts: Vec<&str> = keys.iter().map(|key| row.text(key)).collect();
    format!("{}/{}/{}/{day}", watch.id, step.id, texts.join("|"))
}
