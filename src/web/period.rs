//! 一期: every unit of a period.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::files::{Had, to_be_had};
use super::who::Who;
use crate::desk::ahead::Next;
use crate::desk::board::revisions;
use crate::desk::period::program;
use crate::desk::standing::{ItemStanding, PeriodStanding, UnitStanding};
use crate::desk::today::period_at_present;
use crate::domain::account::Right;
use crate::domain::ids::ProgramId;
use crate::domain::obligation::{State as Stands, Tally};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Units on one page.
const AT_ONCE: usize = 200;

/// Which units are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Filter {
    All,
    Missing,
    Returned,
    Unconfirmed,
}

impl Filter {
    const ALL: [Self; 4] = [Self::Missing, Self::Returned, Self::Unconfirmed, Self::All];

    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Missing => "missing",
            Self::Returned => "returned",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    fn shows(self, unit: &UnitStanding) -> bool {
        match self {
            Self::All => true,
            Self::Missing => matches!(unit.state, Stands::Overdue | Stands::Due | Stands::Upcoming),
            Self::Returned => unit.state == Stands::Returned,
            Self::Unconfirmed => unit.unconfirmed.is_some(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    page: usize,
    #[serde(default)]
    by: String,
}

/// Where a list of periods leads to.
#[derive(Deserialize)]
pub(super) struct Go {
    to: String,
}

/// `GET /go?to=…`: to one of our own periods, from a list without script.
pub(super) async fn go(_: Who, Query(go): Query<Go>) -> Result<Response, Wrong> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    if go.to.starts_with("/p/") && go.to.chars().all(plain) {
        Ok(see(&go.to))
    } else {
        Err(Wrong::not_found())
    }
}

#[derive(Serialize)]
struct Page<'a> {
    standing: Head<'a>,
    periods: &'a [(Period, String)],
    filters: Vec<(Filter, usize)>,
    filter: Filter,
    rows: Vec<Row<'a>>,
    /// The part shown, and how many there are.
    at: usize,
    parts: usize,
    by_items: bool,
    has_items: bool,
    items: Vec<Item<'a>>,
    /// The programme collects rows: there are masters.
    has_rows: bool,
    masters: Option<Vec<Had>>,
    as_of: String,
}

/// A period without its units: a page has two hundred of them, not all.
#[derive(Serialize)]
struct Head<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    label: &'a str,
    due: String,
    due_reason: &'a str,
    tally: Tally,
    undecided: &'a [String],
}

impl<'a> Head<'a> {
    fn of(standing: &'a PeriodStanding) -> Self {
        Self {
            program: &standing.program,
            name: &standing.name,
            period: &standing.period,
            label: &standing.label,
            due: standing.due.to_rfc3339(),
            due_reason: &standing.due_reason,
            tally: standing.tally,
            undecided: &standing.undecided,
        }
    }
}

#[derive(Serialize)]
struct Row<'a> {
    unit: &'a UnitStanding,
    next: Option<&'a Next>,
    /// How it stands: its shape, a name among the words, and the word itself.
    shape: &'static str,
    state: &'static str,
}

/// An item of a register with one of those who owe rows of it.
#[derive(Serialize)]
struct Item<'a> {
    item: &'a ItemStanding,
    state: &'static str,
}

/// The programme and the period about which somebody decides, or wants to;
/// what is decided carries the session's token.
pub(super) fn decided(
    app: &App,
    who: &Who,
    (program, period): (&str, &str),
    token: Option<&str>,
) -> Result<(Arc<Program>, Period), Wrong> {
    let program = self::program(&app.site, &who.account, program).ok_or_else(Wrong::not_found)?;
    if let Some(token) = token {
        who.made(token)?;
    }
    who.may(Right::Decide)?;
    Ok((program, period.parse().map_err(|_| Wrong::not_found())?))
}

/// `GET /p/{program}`: the period that is collected.
pub(super) async fn latest(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let program = program(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    let period = period_at_present(&app.site, &program).await?;
    let period = period.ok_or_else(Wrong::not_found)?;
    Ok(see(&format!("/p/{}/{period}", program.id)))
}

/// `GET /p/{program}/{period}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let program = program(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    let named: Period = named.parse().map_err(|_| Wrong::not_found())?;
    let revisions = revisions(&app.site).await?;
    let found = app.board.period(&app.site, &program, &named, &revisions).await?;
    let found = found.ok_or_else(Wrong::not_found)?;
    let ahead = app.board.ahead(&app.site, &program, &revisions).await?;
    let language = app.site.language();
    let filter = Filter::ALL.into_iter().find(|own| own.word() == asked.show);
    let filter = filter.unwrap_or(Filter::All);
    let units = &found.standing.units;
    let count = |own: Filter| (own, units.iter().filter(|unit| own.shows(unit)).count());
    let shown: Vec<&UnitStanding> = units.iter().filter(|unit| filter.shows(unit)).collect();
    let parts = shown.len().div_ceil(AT_ONCE).max(1);
    let at = asked.page.clamp(1, parts);
    let rows = shown.into_iter().skip((at - 1) * AT_ONCE).take(AT_ONCE);
    let rows: Vec<Row<'_>> = rows
        .map(|unit| Row {
            next: ahead.next(&named, &unit.id),
            shape: shape(unit),
            state: unit.state.words(language),
            unit,
        })
        .collect();
    let by_items = asked.by == "items";
    let items = if by_items { &found.standing.items[..] } else { &[] };
    let page = Page {
        filters: Filter::ALL.map(count).to_vec(),
        filter,
        rows,
        at,
        parts,
        by_items,
        has_items: !found.standing.items.is_empty(),
        items: items
            .iter()
            .map(|item| Item {
                state: language.either(item.state.label(), item.state.label_en()),
                item,
            })
            .collect(),
        has_rows: program.material.has_rows(),
        masters: to_be_had(&app, &program, &named).await,
        as_of: app.site.clock.now().to_rfc3339(),
        periods: &found.periods,
        standing: Head::of(&found.standing),
    };
    app.pages.page(&app, Some(&who), "period.html", &page)
}

/// The shape of a state beside its word: colour alone says nothing in print.
fn shape(unit: &UnitStanding) -> &'static str {
    match unit.state {
        Stands::Accepted | Stands::Nil => "done",
        Stands::AcceptedLate => "late",
        Stands::Returned => "returned",
        Stands::Exempt | Stands::Historic => "exempt",
        _ if unit.unconfirmed.is_some() => "unconfirmed",
        Stands::Overdue => "missing",
        _ => "running",
    }
}
