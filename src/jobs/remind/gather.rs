//! What the ladder has to know of a programme's periods.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::announced::announced_after;
use super::runs::{self, Runs};
use crate::domain::dates::civil;
use crate::domain::finding::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Trigger;
use crate::domain::letters::holds::returned_version;
use crate::domain::notices::{Behind, DutyFacts, PeriodFacts, Run, Said, is_unmet};
use crate::domain::obligation::standing::{Standing, own_due};
use crate::domain::obligation::{Obligation, State, grace};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::{Record, counting, reopened};
use crate::jobs::consolidate;
use crate::jobs::obligations::{self, Background, Supposed};
use crate::jobs::site::{Origin, Site};

/// A period that closed longer ago than this many days is history: nobody is
/// chased for it any more, even if the machine was off meanwhile.
const CHASED_FOR: u64 = 60;

/// Periods looked at, at most.
const MOST_PERIODS: usize = 24;

/// A period with all that its notices follow from.
#[derive(Debug)]
pub struct GatheredPeriod {
    /// Everybody's standing.
    pub standing: Standing,
    /// Units that an unclaimed file may belong to.
    pub held: BTreeSet<UnitId>,
    /// When the first file came that waits for the office, if any does.
    pub waiting_since: Option<DateTime<Utc>>,
    /// For how many periods in a row units handed in nothing, up to the one before.
    pub before: Runs,
    /// For how many periods in a row units lag behind, this one included.
    pub lagging: BTreeMap<UnitId, Vec<Run>>,
    /// Values in accepted rows that a step asks for, by unit.
    pub values: BTreeMap<UnitId, Vec<Said>>,
    /// Leaders behind their target, once the period has closed.
    pub behind: Vec<Behind>,
}

/// Gathers the periods of a programme that are chased now, and those that
/// begin up to a day; oldest first. What was due before go-live is history.
/// Targets are measured for periods that close up to that day, or, if it is
/// today, have closed.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn gather(
    site: &Arc<Site>,
    program: &Arc<Program>,
    now: DateTime<Tz>,
    until: NaiveDate,
) -> anyhow::Result<Vec<GatheredPeriod>> {
    gather_supposing(site, program, now, until, &Supposed::default()).await
}

/// The same, as if something were decided.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn gather_supposing(
    site: &Arc<Site>,
    program: &Arc<Program>,
    now: DateTime<Tz>,
    until: NaiveDate,
    supposed: &Supposed,
) -> anyhow::Result<Vec<GatheredPeriod>> {
    let background = Background::of(site, program).await?.supposing(supposed);
    let go_live = background.go_live();
    let ahead = until > now.date_naive();
    let midnight = until.checked_add_days(Days::new(1)).filter(|_| ahead);
    let measured_by = midnight.map_or(now, |day| civil(now.timezone(), day, NaiveTime::MIN));
    let waiting = site.store.waiting().await?;
    let mut gathered: Vec<GatheredPeriod> = Vec::new();
    let mut periods = program.cycle.started_by(until, MOST_PERIODS);
    // What is decided of a period that has yet to begin is announced at once as well.
    let announced = site
        .store
        .decided_after(&program.id, announced_after(site).await?)
        .await?;
    let begins = |period: &Period| program.cycle.span(period).map(|span| span.0);
    periods.extend(
        announced
            .into_iter()
            .filter(|period| begins(period).is_some_and(|day| day > until)),
    );
    periods.sort_by_key(begins);
    let mut past: Vec<Period> = Vec::new();
    for period in periods {
        let Some(due) = program.due(&period, &site.calendar(), now.timezone()) else {
            continue;
        };
        let historic = go_live.is_some_and(|go_live| due.at.with_timezone(&Utc) < go_live);
        let over = due
            .close
            .checked_add_days(Days::new(CHASED_FOR))
            .is_some_and(|end| end < now);
        let owed = !historic && program.cycle.owes(&period);
        if !owed || over {
            past.extend(owed.then_some(period));
            continue;
        }
        let Some(standing) = obligations::standing_before(site, program, &period, &background).await? else {
            continue;
        };
        let before = match gathered.last() {
            Some(last) => last.before.with(program, &last.standing, &last.values, now),
            None => runs::before(site, program, &past, &background, now).await?,
        };
        let values = values(site, program, &standing).await?;
        gathered.push(GatheredPeriod {
            held: held(&waiting, program, &period),
            waiting_since: waiting
                .iter()
                .filter(|record| record.program == program.id && record.verdict == Verdict::Unclaimed)
                .map(|record| record.arrival.seen)
                .min(),
            lagging: lagging(program, &standing, (&before, &values), now),
            values,
            behind: behind(site, program, &standing, measured_by).await?,
            before,
            standing,
        });
    }
    Ok(gathered)
}

impl GatheredPeriod {
    /// As the planner takes it.
    #[must_use]
    pub fn facts<'a>(&'a self, program: &'a Program) -> PeriodFacts<'a> {
        let standing = &self.standing;
        let duties = standing.obligations.iter().filter_map(|obligation| {
            let unit = program.roster.unit(&obligation.unit)?;
            Some(DutyFacts {
                unit,
                obligation,
                due: standing.extended(&unit.id),
                returned: self.returned_version(&unit.id),
                // Where one unit alone can be meant it isn't chased for some days instead.
                held: obligation.unconfirmed.is_none() && self.held.contains(&unit.id),
                missed_before: self.before.missed(&unit.id),
                grace: self.grace(program, &unit.id),
                reopened: self.reopened(obligation),
                values: self.values.get(&unit.id).cloned().unwrap_or_default(),
                lagging: self.lagging.get(&unit.id).cloned().unwrap_or_default(),
                groups: groups(program, standing, &unit.id),
            })
        });
        PeriodFacts {
            period: &standing.period,
            due: &standing.due,
            revision: standing.due.revision,
            duties: duties.collect(),
            behind: self.behind.clone(),
        }
    }

    /// Until when a unit may correct what it handed in in time, as long as it hasn't.
    fn grace(&self, program: &Program, unit: &UnitId) -> Option<DateTime<Tz>> {
        let standing = &self.standing;
        let zone = standing.due.at.timezone();
        let due = standing.due_of(unit);
        let own = own_due(
            program,
            &standing.period,
            due,
            &standing.duties,
            unit,
            &standing.calendar,
        );
        let later = (own.at > due.at).then_some(own.at);
        let submissions = standing.submissions.get(unit).map_or(&[][..], Vec::as_slice);
        let grace = grace(program, &own, submissions, &standing.calendar);
        let grace = grace.filter(|grace| grace.in_time);
        grace.map(|grace| grace.until.with_timezone(&zone)).max(later)
    }

    /// Since when an unmet duty is open again.
    #[must_use]
    pub fn reopened(&self, obligation: &Obligation) -> Option<DateTime<Tz>> {
        let standing = &self.standing;
        let own = standing.submissions.get(&obligation.unit);
        let taken_back = own.and_then(|own| reopened(own));
        let undone = standing.undone.iter().find(|own| own.unit == obligation.unit);
        let from = taken_back.max(undone.map(|undone| undone.at))?;
        is_unmet(obligation.state).then(|| from.with_timezone(&standing.due.at.timezone()))
    }

    /// The version of a unit that was returned and is still uncorrected.
    #[must_use]
    pub fn returned_version(&self, unit: &UnitId) -> Option<u32> {
        returned_version(&self.standing, unit)
    }

    /// How often a recheck changed what a unit has to know of a version.
    #[must_use]
    pub fn rechecks(&self, unit: &UnitId, version: u32) -> u32 {
        let own = self.standing.submissions.get(unit);
        let found = own.and_then(|own| own.iter().find(|own| own.version == version));
        found.map_or(0, |own| own.rechecks)
    }

    /// Where a unit stands; none if it doesn't owe the period.
    #[must_use]
    pub fn state(&self, unit: &UnitId) -> Option<State> {
        let own = self.standing.of(unit)?;
        Some(own.state)
    }
}

/// Units that identification names as candidates of files nobody has claimed.
fn held(waiting: &[Record], program: &Program, period: &Period) -> BTreeSet<UnitId> {
    waiting
        .iter()
        .filter(|record| record.program == program.id && record.verdict == Verdict::Unclaimed)
        .filter(|record| record.period.as_ref().is_none_or(|own| own == period))
        .flat_map(|record| record.detail.candidates.iter().cloned())
        .collect()
}

/// Groups of the items that a unit owes, each once.
fn groups(program: &Program, standing: &Standing, unit: &UnitId) -> Vec<String> {
    let Some(items) = program.material.items() else {
        return Vec::new();
    };
    let mut groups: Vec<String> = standing
        .duties
        .due(unit)
        .map(|place| items.all[place].group.clone())
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// For how many periods in a row each unit lags behind.
fn lagging(
    program: &Program,
    standing: &Standing,
    (before, said): (&Runs, &BTreeMap<UnitId, Vec<Said>>),
    now: DateTime<Tz>,
) -> BTreeMap<UnitId, Vec<Run>> {
    let duties = standing.obligations.iter();
    let runs = duties.map(|own| {
        let said = said.get(&own.unit).map_or(&[][..], Vec::as_slice);
        (
            own.unit.clone(),
            before.lagging(program, standing, (own, said), now),
        )
    });
    runs.filter(|(_, runs)| !runs.is_empty()).collect()
}

/// Values of the columns that steps speak of, in the rows that count.
pub(super) async fn values(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<BTreeMap<UnitId, Vec<Said>>> {
    let mut found: BTreeMap<UnitId, Vec<Said>> = BTreeMap::new();
    let triggers = program.ladder.steps.iter().map(|step| &step.trigger);
    let columns: BTreeSet<&str> = triggers
        .filter_map(|trigger| match trigger {
            Trigger::Value { column, .. } | Trigger::Lagging { column, .. } => Some(column.as_str()),
            _ => None,
        })
        .collect();
    let Some(form) = program
        .form(Some(&standing.period))
        .filter(|_| !columns.is_empty())
    else {
        return Ok(found);
    };
    let items = program.material.items();
    for (unit, versions) in &standing.submissions {
        let Some(counts) = counting(versions) else {
            continue;
        };
        for row in site.rows(program, &standing.period, counts.id).await? {
            let Some(sheet) = form.sheets.get(row.form_sheet) else {
                continue;
            };
            for column in &columns {
                let index = sheet.column(column).map(|(index, _)| index);
                if let Some(text) = index.and_then(|index| row.cells.get(index)) {
                    let cited = items.and_then(|items| items.item(row.text(&items.column)));
                    found.entry(unit.clone()).or_default().push(Said {
                        column: (*column).to_owned(),
                        value: text.to_string(),
                        group: cited.map_or_else(String::new, |item| item.group.clone()),
                    });
                }
            }
        }
    }
    Ok(found)
}

/// Leaders behind the pace, measured once, when the period closes by an
/// instant: it goes through every row of the year.
async fn behind(
    site: &Arc<Site>,
    program: &Arc<Program>,
    standing: &Standing,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<Behind>> {
    if !is_measured(program, standing, now) || site.store.meta(&measured(program, standing)).await?.is_some()
    {
        return Ok(Vec::new());
    }
    // What is behind hangs on the rows that count and on the definition alone.
    let mut counting = site.store.counting_of_all(&program.id).await?;
    counting.sort_by(|(a, _), (b, _)| a.cmp(b));
    let begin = Origin::begin(&program.id, &program.hash);
    let from = counting
        .iter()
        .fold(begin, |from, (period, own)| from.and(period, own));
    let from = from.and(&standing.period, &[]);
    if let Some(known) = site.measured.known(&from) {
        return Ok(known.to_vec());
    }
    let Some(summary) = consolidate::summary(site, program, &standing.period).await? else {
        return Ok(Vec::new());
    };
    let roster = &program.roster;
    let mut behind = Vec::new();
    for line in summary.leaders_behind() {
        let Some(leader) = &line.leader else { continue };
        let unit = roster.units.iter().find(|unit| unit.leaders.contains(leader));
        behind.extend(unit.map(|unit| Behind {
            leader: leader.clone(),
            unit: unit.id.clone(),
        }));
    }
    site.measured.keep(from, Arc::new(behind.clone()));
    Ok(behind)
}

/// Remembers that a period's targets were measured and whoever is behind was told.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn remember_measured(
    site: &Site,
    program: &Program,
    periods: &[GatheredPeriod],
    now: DateTime<Tz>,
) -> anyhow::Result<()> {
    for standing in periods.iter().map(|period| &period.standing) {
        let key = measured(program, standing);
        if is_measured(program, standing, now) && site.store.meta(&key).await?.is_none() {
            site.store.set_meta(&key, "done").await?;
        }
    }
    Ok(())
}

/// Whether targets are measured at a period's close, and it has closed.
fn is_measured(program: &Program, standing: &Standing, now: DateTime<Tz>) -> bool {
    let end = program.cycle.span(&standing.period).map(|span| span.1);
    let months = program.material.targets().map(|targets| &targets.measured_in);
    now >= standing.due.close
        && months.is_some_and(|months| end.is_some_and(|end| months.contains(&end.month())))
}

fn measured(program: &Program, standing: &Standing) -> String {
    format!("targets/{}/{}", program.id, standing.period)
}
