//! What needs a person today, and how each programme stands.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::board::Board;
use super::log::{LineAnswer, since};
use super::standing::PeriodStanding;
use crate::domain::account::Account;
use crate::domain::finding::Verdict;
use crate::domain::ids::{LetterId, ProgramId, SubmissionId};
use crate::domain::language::{Language, worded};
use crate::domain::letters::LetterState;
use crate::domain::obligation::Tally;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::Record;
use crate::domain::text::printable;
use crate::jobs::obligations;
use crate::jobs::site::Site;

/// So many things to do are listed; the rest is counted.
const MOST: usize = 200;

/// So many things that happened since somebody was here are listed.
const MOST_NEWS: usize = 50;

/// The letters that wait for a person.
const WAITING: [LetterState; 4] = [
    LetterState::Draft,
    LetterState::ByHand,
    LetterState::Failed,
    LetterState::Uncertain,
];

/// What a thing to do is about, and so where it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A letter in this state.
    Letter(LetterId, LetterState),
    /// A file that waits to be confirmed, and its verdict.
    Submission(SubmissionId, Verdict),
    /// A name that may be an alias of a unit's.
    Alias(String),
    /// Items of a register without a lead, in this period.
    Items(Period),
    /// Something of the service fails.
    Service,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matter {
    /// Since when it waits; none where nobody knows.
    pub since: Option<DateTime<Tz>>,
    /// The programmes that it is about; none: it is about the site.
    pub programs: BTreeSet<ProgramId>,
    /// What it is, in words.
    pub what: String,
    /// What it is about.
    pub about: About,
}

/// What waits for a person in the database, of all programmes.
#[derive(Debug, Clone, Default)]
pub struct Waiting(Vec<Matter>);

/// How a programme's period stands.
#[derive(Debug, Clone, Serialize)]
pub struct Bar {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// The period as people say it.
    pub label: String,
    /// When it is due.
    pub due: DateTime<Tz>,
    /// Days until then; below zero: since then.
    pub days: i64,
    /// 应报、已报、按时……
    pub tally: Tally,
}

/// What the first page says.
#[derive(Debug, Clone, Serialize)]
pub struct Today {
    /// When this was so.
    pub as_of: DateTime<Tz>,
    /// What needs a person, oldest first.
    pub matters: Vec<Matter>,
    /// What isn't listed.
    pub further: usize,
    /// How each programme stands in the period that is collected.
    pub bars: Vec<Bar>,
    /// What happened since the login before this one, oldest first.
    pub news: Vec<LineAnswer>,
}

/// What needs a person today, cut to an account's programmes.
///
/// # Errors
/// The database can't be read.
pub async fn today(site: &Arc<Site>, board: &Board, account: &Account) -> anyhow::Result<Today> {
    let now = site.clock.now();
    let revisions = site.store.revisions().await?;
    let waiting = board.waiting(site, &revisions).await?;
    let mut matters: Vec<Matter> = waiting.0.clone();
    matters.extend(faults(site));
    // What is about no programme is about the site.
    matters.retain(|own| account.has_all(&own.programs));
    let mut bars = Vec::new();
    for program in site.programs().iter().filter(|own| account.has(&own.id)) {
        let Some(period) = period_at_present(site, program).await? else {
            continue;
        };
        let Some(answer) = board.period(site, program, &period, &revisions).await? else {
            continue;
        };
        if !answer.standing.undecided.is_empty() {
            matters.push(undecided(site.language(), &answer.standing));
        }
        bars.push(bar(&answer.standing, now.date_naive()));
    }
    matters.sort_by_key(|own| (own.since.is_none(), own.since));
    let further = matters.len().saturating_sub(MOST);
    matters.truncate(MOST);
    let news = match account.logins.1 {
        Some(before) => since(site, account, before, MOST_NEWS).await?,
        None => Vec::new(),
    };
    Ok(Today {
        as_of: now,
        matters,
        further,
        bars,
        news,
    })
}

/// What waits for a person in the database, of all programmes.
///
/// # Errors
/// The database can't be read.
pub(super) async fn waiting(site: &Arc<Site>) -> anyhow::Result<Waiting> {
    let mut matters = letters(site).await?;
    matters.extend(files(site, &site.store.waiting().await?));
    matters.extend(aliases(site).await?);
    Ok(Waiting(matters))
}

/// The period of a programme that is collected: the open one, else the last
/// that there is something to say of.
///
/// # Errors
/// The database can't be read.
pub async fn period_at_present(site: &Site, program: &Program) -> anyhow::Result<Option<Period>> {
    let open = program.open_period(&site.calendar(), site.clock.now());
    match open.filter(|open| program.cycle.owes(open)) {
        Some(open) => Ok(Some(open)),
        None => Ok(obligations::periods(site, program).await?.pop()),
    }
}

fn bar(standing: &PeriodStanding, today: NaiveDate) -> Bar {
    Bar {
        days: (standing.due.date_naive() - today).num_days(),
        program: standing.program.clone(),
        name: standing.name.clone(),
        period: standing.period.clone(),
        label: standing.label.clone(),
        due: standing.due,
        tally: standing.tally,
    }
}

fn undecided(language: Language, standing: &PeriodStanding) -> Matter {
    let numbers = standing.undecided.iter().take(8).cloned().collect::<Vec<_>>();
    let more = if standing.undecided.len() > numbers.len() {
        language.either("等", " …")
    } else {
        ""
    };
    Matter {
        since: None,
        programs: BTreeSet::from([standing.program.clone()]),
        what: worded!(
            language,
            "{}：{}项没有明确牵头单位（序号{}{more}）",
            "{}: {} items without a lead unit (no. {}{more})",
            standing.name,
            standing.undecided.len(),
            numbers.join(language.either("、", ", "))
        ),
        about: About::Items(standing.period.clone()),
    }
}

async fn letters(site: &Site) -> anyhow::Result<Vec<Matter>> {
    let letters = site.store.letters(&WAITING).await?;
    let language = site.language();
    let zone = site.clock.zone();
    let mut matters = Vec::new();
    for letter in letters {
        let to = letter.addressed.to.iter().map(|own| own.name.as_str());
        let to = to.take(3).collect::<Vec<_>>().join(language.either("、", ", "));
        let more = if letter.addressed.to.len() > 3 {
            language.either("等", " and others")
        } else {
            ""
        };
        matters.push(Matter {
            since: Some(letter.created.with_timezone(&zone)),
            programs: letter.programs,
            what: worded!(
                language,
                "{}（致{to}{more}）",
                "{} (to {to}{more})",
                letter.kind.label(language)
            ),
            about: About::Letter(letter.id, letter.state),
        });
    }
    Ok(matters)
}

fn files(site: &Site, waiting: &[Record]) -> Vec<Matter> {
    let zone = site.clock.zone();
    let matter = |record: &Record| Matter {
        since: Some(record.arrival.seen.with_timezone(&zone)),
        programs: BTreeSet::from([record.program.clone()]),
        what: match record.verdict {
            // Nothing of such a file is shown, its name neither.
            Verdict::Quarantined => site
                .language()
                .either(
                    "带密级标志的文件，已隔离",
                    "a file that bears a mark of classification; it lies apart",
                )
                .to_owned(),
            _ => printable(&record.file_name),
        },
        about: About::Submission(record.id, record.verdict),
    };
    waiting.iter().map(matter).collect()
}

async fn aliases(site: &Site) -> anyhow::Result<Vec<Matter>> {
    let offers = site.store.alias_offers().await?.into_iter();
    let matter = |(program, name, unit): (ProgramId, String, Option<_>)| {
        let found = site.program(&program);
        let unit: Option<crate::domain::ids::UnitId> = unit;
        let shown = unit.map(|unit| {
            let own = found.as_ref().and_then(|program| program.roster.unit(&unit));
            own.map_or_else(|| unit.to_string(), |own| own.display_name.clone())
        });
        let name = printable(&name);
        Matter {
            since: None,
            what: match shown {
                Some(unit) => worded!(
                    site.language(),
                    "填报单位写的是“{name}”，按{unit}收了",
                    "the ledger says “{name}”; it was taken for {unit}"
                ),
                None => worded!(
                    site.language(),
                    "填报单位写的是“{name}”，名册里没有",
                    "the ledger says “{name}”, whom no roster has"
                ),
            },
            about: About::Alias(name),
            programs: BTreeSet::from([program]),
        }
    };
    // What the roster has learnt since is no matter any more.
    let unknown = |(program, name, _): &(ProgramId, String, Option<_>)| {
        let found = site.program(program);
        found.is_some_and(|program| program.roster.find(name).is_none())
    };
    Ok(offers.filter(unknown).map(matter).collect())
}

fn faults(site: &Site) -> Vec<Matter> {
    let zone = site.clock.zone();
    let standing = site.faults.standing().into_iter();
    let mut all: Vec<Matter> = standing
        .map(|fault| Matter {
            since: Some(fault.since.with_timezone(&zone)),
            programs: BTreeSet::new(),
            what: fault.words(zone),
            about: About::Service,
        })
        .collect();
    all.extend(site.problems().iter().map(|problem| Matter {
        since: None,
        programs: BTreeSet::new(),
        what: problem.to_string(),
        about: About::Service,
    }));
    all
}
