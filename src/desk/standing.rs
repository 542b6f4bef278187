//! How a period stands: who owes, who has reported, what waits.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::drafts::{DraftStanding, owed};
use super::times::{perhaps_seconds, seconds};
use crate::domain::documents::missing_parts;
use crate::domain::ids::{ItemId, ProgramId, SubmissionId, UnitId};
use crate::domain::language::worded;
use crate::domain::obligation::standing::Standing;
use crate::domain::obligation::{Obligation, State, Tally, grace, tally};
use crate::domain::period::Period;
use crate::domain::program::{Material, Program};
use crate::domain::register::{ItemLine, ItemState, ItemTally, undecided};
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, Submission};
use crate::jobs::notes::period_label;
use crate::jobs::obligations::{self, Background};
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::store::{Checked, Draft};

/// A period of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodStanding {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// The period as people say it.
    pub label: String,
    /// When it is due.
    #[serde(serialize_with = "seconds")]
    pub due: DateTime<Tz>,
    /// The due date before it was moved.
    pub due_nominal: NaiveDate,
    /// How the due date came about, in the programme's language.
    pub due_reason: String,
    /// The due date hangs on a year whose holidays aren't known.
    pub provisional: bool,
    /// When it closes.
    #[serde(serialize_with = "seconds")]
    pub close: DateTime<Tz>,
    /// The close hangs on such a year.
    pub close_provisional: bool,
    /// 应报、已报、按时……
    pub tally: Tally,
    /// Units that owe or owed it, in the order of the roster.
    pub units: Vec<UnitStanding>,
    /// Items of a register with each of those who owe rows of them, in the
    /// order of its table; none of other programmes.
    pub items: Vec<ItemStanding>,
    /// Numbers of the items that nobody is known to lead (待明确).
    pub undecided: Vec<String>,
    /// Files of the programme that wait for a person, whatever period they may be for.
    pub waiting: Vec<WaitingFile>,
}

/// How a unit stands in a period.
#[derive(Debug, Clone, Serialize)]
pub struct UnitStanding {
    /// The unit.
    pub id: UnitId,
    /// Its name in the roster.
    pub name: String,
    /// Where its obligation stands.
    pub state: State,
    /// Nothing has come, or what came back to it wasn't corrected within its grace.
    pub behind: bool,
    /// When its first file came.
    #[serde(serialize_with = "perhaps_seconds")]
    pub first_received: Option<DateTime<Tz>>,
    /// When its first good file came.
    #[serde(serialize_with = "perhaps_seconds")]
    pub accepted_at: Option<DateTime<Tz>>,
    /// Versions handed in.
    pub versions: u32,
    /// Times handed back.
    pub times_returned: u32,
    /// The end of the grace of what was handed back.
    #[serde(serialize_with = "perhaps_seconds")]
    pub grace: Option<DateTime<Tz>>,
    /// Why a file of it has to be confirmed before it counts; none where none waits.
    pub unconfirmed: Option<String>,
    /// Why the state is what it is, in the programme's language.
    pub why: String,
    /// How the items stand that it owes, in the programme's language; only in registers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// What it has saved without handing it in.
    pub draft: Option<DraftStanding>,
    /// Its last version.
    pub last: Option<SubmissionId>,
}

/// How an item of a register stands with one of those who owe rows of it.
#[derive(Debug, Clone, Serialize)]
pub struct ItemStanding {
    /// Its key.
    pub item: ItemId,
    /// Its number as printed.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The unit's name; none where nobody owes it, or nobody knows who does.
    pub unit: Option<String>,
    /// Where it stands.
    pub state: ItemState,
    /// It is a figure that measures an item (量化指标).
    pub figure: bool,
    /// What was last said of how far it is.
    pub status: Option<String>,
}

/// A file that waits for a person.
#[derive(Debug, Clone, Serialize)]
pub struct WaitingFile {
    /// Its number.
    pub id: SubmissionId,
    /// What it waits for, in words.
    pub verdict: String,
    /// Where it lies on the share.
    pub lies_at: SharePath,
}

/// What lies in the folders of all programmes, looked up once for many periods.
pub struct Lying {
    /// Files that wait for a person.
    pub waiting: Vec<Record>,
    /// Files in the folders of forms.
    pub saved: Vec<Checked>,
}

impl Lying {
    /// Asks the database.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn of(site: &Site) -> anyhow::Result<Self> {
        Ok(Self {
            waiting: site.store.waiting().await?,
            saved: site.store.all_checked().await?,
        })
    }

    /// Forms that units have filled in for periods of a programme.
    fn filled(&self, program: &Program) -> impl Iterator<Item = &Checked> {
        let own = move |saved: &&Checked| saved.filled && saved.program == program.id;
        self.saved.iter().filter(own)
    }
}

/// How a period stands; none for one that the programme doesn't know.
///
/// # Errors
/// The database can't be read.
pub async fn standing(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<Option<PeriodStanding>> {
    let lying = Lying::of(site).await?;
    let standing = obligations::standing(site, program, period).await?;
    match standing {
        Some(standing) => Ok(Some(in_words(site, program, standing, &lying).await?)),
        None => Ok(None),
    }
}

/// How several periods of a programme stand, in their order; those that it
/// doesn't know are left out.
///
/// # Errors
/// The database can't be read.
pub async fn standings(
    site: &Site,
    program: &Program,
    periods: &[Period],
    lying: &Lying,
) -> anyhow::Result<Vec<PeriodStanding>> {
    let background = Background::of(site, program).await?;
    let mut found = Vec::new();
    for period in periods {
        let standing = obligations::standing_before(site, program, period, &background).await?;
        if let Some(standing) = standing {
            found.push(in_words(site, program, standing, lying).await?);
        }
    }
    Ok(found)
}

async fn in_words(
    site: &Site,
    program: &Program,
    standing: Standing,
    lying: &Lying,
) -> anyhow::Result<PeriodStanding> {
    let period = &standing.period;
    let drafts = if lying.filled(program).any(|own| own.period == *period) {
        owed(site, program, &standing).await?
    } else {
        HashMap::new()
    };
    let reasons = site.reasons(program.language);
    let messages = site.messages(program.language);
    let due = &standing.due;
    let units = standing.obligations.iter();
    let waiting = lying.waiting.iter().filter(|record| record.program == program.id);
    let handed = register::handed(site, program, &standing).await?;
    let lines = standing.item_lines(program, &handed);
    Ok(PeriodStanding {
        program: program.id.clone(),
        name: program.name.clone(),
        period: period.clone(),
        label: period_label(program, period),
        due: due.at,
        due_nominal: due.nominal,
        due_reason: reasons.due(program, due, &standing.calendar),
        provisional: due.provisional,
        close: due.close,
        close_provisional: due.close_provisional,
        tally: tally(&standing.obligations),
        units: units
            .map(|own| unit(site, program, &standing, &drafts, (own, &lines)))
            .collect(),
        items: items(program, &lines),
        undecided: undecided_items(program, &lines),
        waiting: waiting
            .map(|record| WaitingFile {
                id: record.id,
                verdict: messages.verdict(record.verdict).to_owned(),
                lies_at: record.placed.as_ref().unwrap_or(&record.origin).clone(),
            })
            .collect(),
    })
}

/// The periods of a programme that there is something to say of, oldest first:
/// those owed so far, and those for which units have saved something.
///
/// # Errors
/// The database can't be read.
pub async fn periods(site: &Site, program: &Program, lying: &Lying) -> anyhow::Result<Vec<Period>> {
    let mut periods = obligations::periods(site, program).await?;
    for saved in lying.filled(program) {
        if !periods.contains(&saved.period) {
            periods.push(saved.period.clone());
        }
    }
    periods.sort_by_key(|period| program.cycle.span(period).map(|span| span.0));
    Ok(periods)
}

fn items(program: &Program, lines: &[ItemLine]) -> Vec<ItemStanding> {
    let Some(items) = program.material.items() else {
        return Vec::new();
    };
    let status = items.status.as_ref().map(|status| status.column.as_str());
    let of = |line: &ItemLine| {
        let item = &items.all[line.place];
        let unit = line.unit.as_ref().and_then(|id| program.roster.unit(id));
        let said = line
            .row
            .as_ref()
            .zip(status)
            .map(|(row, key)| row.text(key).to_owned());
        ItemStanding {
            item: item.id.clone(),
            number: item.number.clone(),
            name: item.name.clone(),
            unit: unit.map(|unit| unit.name.clone()),
            state: line.state,
            figure: item.measure.is_some(),
            status: said.filter(|said| !said.is_empty()),
        }
    };
    lines.iter().map(of).collect()
}

fn unit(
    site: &Site,
    program: &Program,
    standing: &Standing,
    drafts: &HashMap<UnitId, Draft>,
    (own, lines): (&Obligation, &[ItemLine]),
) -> UnitStanding {
    let zone = site.clock.zone();
    let instant = |at: Option<DateTime<Utc>>| at.map(|at| at.with_timezone(&zone));
    let unit = program.roster.unit(&own.unit);
    let name = unit.map_or(own.unit.as_str(), |unit| unit.name.as_str());
    let versions = standing.submissions.get(&own.unit).map_or(&[][..], Vec::as_slice);
    let reasons = site.reasons(program.language);
    let parts = parts_in_words(program, versions);
    let grace = grace(program, standing.due_of(&own.unit), versions, &standing.calendar);
    let grace = grace.map(|grace| grace.until.with_timezone(&zone));
    UnitStanding {
        id: own.unit.clone(),
        name: name.to_owned(),
        state: own.state,
        behind: is_behind(own.state, grace, standing.now),
        first_received: instant(own.first_received),
        accepted_at: instant(own.accepted_at),
        versions: own.versions,
        times_returned: own.times_returned,
        grace,
        unconfirmed: own.unconfirmed.as_ref().map(|own| own.reason.clone()),
        why: reasons.why(&standing.why(program, own), zone) + parts.as_str(),
        items: items_of(program, lines, &own.unit),
        draft: drafts.get(&own.unit).map(DraftStanding::of),
        last: versions.last().map(|last| last.id),
    }
}

/// How the items of a unit stand, in words; none where it owes none.
fn items_of(program: &Program, lines: &[ItemLine], unit: &UnitId) -> Option<String> {
    let own = lines.iter().filter(|line| line.unit.as_ref() == Some(unit));
    let words = ItemTally::of(program.material.items()?, own).in_words(program.language);
    (!words.is_empty()).then_some(words)
}

fn undecided_items(program: &Program, lines: &[ItemLine]) -> Vec<String> {
    let items = program.material.items().into_iter();
    let numbers = items.flat_map(|items| undecided(items, lines));
    numbers.map(str::to_owned).collect()
}

/// “；收到2件，缺：机构名单”, of a hand-in of documents that has parts.
fn parts_in_words(program: &Program, versions: &[Submission]) -> String {
    let Material::Document(documents) = &program.material else {
        return String::new();
    };
    let language = program.language;
    let received = versions.iter().filter(|own| own.is_accepted()).count();
    let missing = missing_parts(documents, versions);
    match (received, missing.as_slice()) {
        (0, _) => String::new(),
        (count, []) => worded!(language, "；收到{count}件", "; {count} received"),
        (count, missing) => worded!(
            language,
            "；收到{count}件，缺：{}",
            "; {count} received, missing: {}",
            missing.join(language.either("、", ", "))
        ),
    }
}

fn is_behind(state: State, grace: Option<DateTime<Tz>>, now: DateTime<Tz>) -> bool {
    match state {
        State::Overdue => true,
        State::Returned => grace.is_none_or(|until| until < now),
        _ => false,
    }
}
