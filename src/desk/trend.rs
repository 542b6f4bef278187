//! 走势: how the units of a programme stood, period by period.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;

use crate::domain::documents::is_history;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::obligation::standing::{Standing, own_due};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::trend::{Counts, Mark};
use crate::jobs::notes::period_label;
use crate::jobs::obligations::{self, Background};
use crate::jobs::site::Site;

/// Periods that are shown where no year is named.
const LAST: usize = 12;

/// Periods that are looked back upon to find the years: ten of weeks.
const BACK: usize = 530;

/// Which periods are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// The last ones.
    Last,
    /// Those of a year.
    Year(i32),
}

/// A period with a mark for each unit.
#[derive(Debug, Clone)]
pub struct Strip {
    /// The period.
    pub period: Period,
    /// As people say it.
    pub label: String,
    /// The same within its year, for the head of a narrow column.
    pub short: String,
    /// The year that it belongs to.
    pub year: i32,
    /// When it is due.
    pub due: DateTime<Tz>,
    /// The office has given more time.
    pub extended: bool,
    /// What the marks add up to.
    pub counts: Counts,
    /// By the place of a unit in [`Trend::units`]; none: it owes nothing.
    pub marks: Vec<Option<Mark>>,
}

/// A unit with what its marks add up to.
#[derive(Debug, Clone)]
pub struct Row {
    /// The unit.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// Over the periods shown.
    pub counts: Counts,
}

/// How the units of a programme stood.
#[derive(Debug, Clone)]
pub struct Trend {
    /// The periods shown, oldest first.
    pub strips: Vec<Strip>,
    /// The units that owe or owed any of them, in the order of the roster.
    pub units: Vec<Row>,
    /// What everything adds up to.
    pub counts: Counts,
    /// The years that there is something to say of, latest first.
    pub years: Vec<i32>,
    /// When the first of these marks changes by itself; none: not by time alone.
    pub until: Option<DateTime<Tz>>,
}

/// How the units of a programme stood. Reads the database, so many questions a period.
///
/// # Errors
/// The database can't be read.
pub async fn trend(site: &Arc<Site>, program: &Program, view: View) -> anyhow::Result<Trend> {
    let background = Background::of(site, program).await?;
    let all = periods(site, program, &background).await?;
    let years: BTreeSet<i32> = all.iter().map(|period| year(program, period)).collect();
    let shown = match view {
        View::Last => &all[all.len().saturating_sub(LAST)..],
        View::Year(_) => &all[..],
    };
    let own = |period: &&Period| match view {
        View::Last => true,
        View::Year(wanted) => year(program, period) == wanted,
    };
    let units = &program.roster.units;
    let places: HashMap<&UnitId, usize> = units.iter().enumerate().map(|(at, own)| (&own.id, at)).collect();
    let mut rows: Vec<(Counts, bool)> = vec![(Counts::default(), false); units.len()];
    let (mut strips, mut until, mut counts) = (Vec::new(), None, Counts::default());
    for period in shown.iter().filter(own) {
        let standing = obligations::standing_before(site, program, period, &background).await?;
        let Some(standing) = standing else { continue };
        until = until.into_iter().chain(turns(program, &standing)).min();
        let strip = strip(program, &standing, &places);
        counts = counts.plus(strip.counts);
        for ((sum, owes), mark) in rows.iter_mut().zip(&strip.marks) {
            if let Some(mark) = mark {
                sum.add(*mark);
                *owes = true;
            }
        }
        strips.push(strip);
    }
    let owing = || rows.iter().map(|(_, owes)| *owes);
    for strip in &mut strips {
        let mut owes = owing();
        strip.marks.retain(|_| owes.next().unwrap_or(false));
    }
    let rows = units.iter().zip(&rows).filter(|(_, (_, owes))| *owes);
    Ok(Trend {
        units: rows
            .map(|(unit, (counts, _))| Row {
                id: unit.id.clone(),
                name: unit.name.clone(),
                counts: *counts,
            })
            .collect(),
        strips,
        counts,
        years: years.into_iter().rev().collect(),
        until,
    })
}

/// The periods that there is something to say of, oldest first: those owed and
/// over, the open one, and those for which something came.
async fn periods(site: &Site, program: &Program, background: &Background) -> anyhow::Result<Vec<Period>> {
    let (now, calendar, cycle) = (site.clock.now(), site.calendar(), &program.cycle);
    let today = now.date_naive();
    let mut all = obligations::periods(site, program).await?;
    let before_us = |period: &Period| {
        let due = program.due(period, &calendar, now.timezone());
        // Without a first period only what came since it runs is anybody's duty.
        let before = background.go_live().map_or(cycle.first.is_none(), |live| {
            due.is_some_and(|due| due.at.to_utc() < live)
        });
        before || is_history(program, period)
    };
    for period in cycle.started_by(today, BACK) {
        let over = cycle.span(&period).is_some_and(|(_, end)| end < today);
        if over && !all.contains(&period) && !before_us(&period) {
            all.push(period);
        }
    }
    all.retain(|period| cycle.span(period).is_some());
    all.sort_by_key(|period| cycle.span(period).map(|span| span.0));
    Ok(all)
}

fn strip(program: &Program, standing: &Standing, places: &HashMap<&UnitId, usize>) -> Strip {
    let period = &standing.period;
    let (mut marks, mut counts) = (vec![None; places.len()], Counts::default());
    for own in &standing.obligations {
        let mark = Mark::of(own);
        counts.add(mark);
        if let Some(place) = places.get(&own.unit) {
            marks[*place] = Some(mark);
        }
    }
    let label = period_label(program, period);
    Strip {
        short: match (program.language, period) {
            (_, Period::Milestone(_)) => label.clone(),
            (Language::English, own) => own.to_string(),
            (Language::Chinese, own) => own.within_year(),
        },
        label,
        year: year(program, period),
        period: period.clone(),
        due: standing.due.at,
        extended: standing.due.revision > 0,
        counts,
        marks,
    }
}

/// The first instant ahead at which a mark of a period changes by itself.
fn turns(program: &Program, standing: &Standing) -> Option<DateTime<Tz>> {
    let (due, calendar) = (&standing.due, &standing.calendar);
    // Whose items were assigned later has a later date.
    let own = |unit| own_due(program, &standing.period, due, &standing.duties, unit, calendar).at;
    let register = program.material.items().is_some();
    let units = standing.obligations.iter().filter(|_| register);
    let all = units.map(|obligation| own(&obligation.unit)).chain([due.at]);
    all.filter(|at| *at >= standing.now).min()
}

fn year(program: &Program, period: &Period) -> i32 {
    let span = program.cycle.span(period);
    period
        .year()
        .or(span.map(|(_, end)| end.year()))
        .unwrap_or_default()
}
