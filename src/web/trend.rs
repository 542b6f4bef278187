//! 走势: units × periods as a strip of signs, and the figures of each.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::who::Who;
use crate::desk::board::revisions;
use crate::desk::period::program;
use crate::desk::trend::{Strip, Trend, View};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::trend::{Counts, Mark};

/// Units on one page.
const AT_ONCE: usize = 100;

/// More columns than this are set narrower.
const MANY: usize = 16;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Empty: the last periods.
    #[serde(default)]
    year: String,
    #[serde(default)]
    page: usize,
}

/// A figure, a name among the words, with its value in each period and in all.
type Figure = (&'static str, Vec<u32>, u32);

/// How a figure is taken from what marks add up to.
type Give = fn(&Counts) -> u32;

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    as_of: String,
    year: Option<i32>,
    years: &'a [i32],
    /// Years with how many columns each has.
    groups: Vec<(i32, usize)>,
    columns: Vec<Column<'a>>,
    figures: Vec<Figure>,
    rows: Vec<Row<'a>>,
    /// The part shown, and how many there are.
    at: usize,
    parts: usize,
    units: usize,
    legend: [&'static str; 8],
    /// There are many columns.
    many: bool,
}

#[derive(Serialize)]
struct Column<'a> {
    period: &'a Period,
    label: &'a str,
    short: &'a str,
    due: String,
    extended: bool,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a UnitId,
    name: &'a str,
    marks: Vec<Option<&'static str>>,
    counts: Counts,
}

/// `GET /p/{program}/trend`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let program = program(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    let year = match asked.year.as_str() {
        "" => None,
        text => Some(text.parse::<i32>().map_err(|_| Wrong::not_found())?),
    };
    let view = year.map_or(View::Last, View::Year);
    let revisions = revisions(&app.site).await?;
    let found = app.board.trend(&app.site, &program, view, &revisions).await?;
    if year.is_some_and(|year| !found.years.contains(&year)) {
        return Err(Wrong::not_found());
    }
    let parts = found.units.len().div_ceil(AT_ONCE).max(1);
    let at = asked.page.clamp(1, parts);
    let page = Page {
        program: &program.id,
        name: &program.name,
        as_of: app.site.clock.now().to_rfc3339(),
        year,
        years: &found.years,
        groups: groups(&found.strips),
        columns: found.strips.iter().map(column).collect(),
        figures: figures(&found),
        rows: rows(&found, (at - 1) * AT_ONCE),
        at,
        parts,
        units: found.units.len(),
        legend: Mark::ALL.map(shape),
        many: found.strips.len() > MANY,
    };
    app.pages.page(&app, Some(&who), "trend.html", &page)
}

fn column(strip: &Strip) -> Column<'_> {
    Column {
        period: &strip.period,
        label: &strip.label,
        short: &strip.short,
        due: strip.due.to_rfc3339(),
        extended: strip.extended,
    }
}

fn groups(strips: &[Strip]) -> Vec<(i32, usize)> {
    let mut groups: Vec<(i32, usize)> = Vec::new();
    for strip in strips {
        match groups.last_mut() {
            Some((year, count)) if *year == strip.year => *count += 1,
            _ => groups.push((strip.year, 1)),
        }
    }
    groups
}

fn figures(found: &Trend) -> Vec<Figure> {
    let of: [(&'static str, Give); 6] = [
        ("expected", |own| own.expected),
        ("on_time", |own| own.on_time),
        ("late", |own| own.late),
        ("returned", |own| own.returned),
        ("missing", |own| own.missing),
        ("exempt", |own| own.exempt),
    ];
    let figure = |(name, give): (&'static str, Give)| {
        let all = found.strips.iter().map(|strip| give(&strip.counts)).collect();
        (name, all, give(&found.counts))
    };
    of.map(figure).into()
}

fn rows(found: &Trend, from: usize) -> Vec<Row<'_>> {
    let units = found.units.iter().enumerate().skip(from).take(AT_ONCE);
    units
        .map(|(place, unit)| Row {
            id: &unit.id,
            name: &unit.name,
            marks: found
                .strips
                .iter()
                .map(|strip| strip.marks.get(place).copied().flatten().map(shape))
                .collect(),
            counts: unit.counts,
        })
        .collect()
}

/// The shape of a mark, a name among the words.
fn shape(mark: Mark) -> &'static str {
    match mark {
        Mark::OnTime => "done",
        Mark::Late => "late",
        Mark::Returned => "returned",
        Mark::Missing => "missing",
        Mark::Unconfirmed => "unconfirmed",
        Mark::Running => "running",
        Mark::Exempt => "exempt",
        Mark::Historic => "historic",
    }
}
