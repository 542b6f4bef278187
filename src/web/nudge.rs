//! 催一次: what would go first, then the letters, then what became of each unit.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::body::{Asked, Posted};
use super::exempt::ticked;
use super::period::decided;
use super::who::Who;
use crate::desk::nudging::{self, Before, before, decide};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Units that are ticked.
#[derive(Deserialize)]
pub(super) struct Ticked {
    #[serde(default)]
    unit: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    #[serde(default)]
    unit: Vec<String>,
    /// How each stood when it was shown.
    #[serde(default)]
    seen: Vec<String>,
}

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    before: Option<Before>,
    outcomes: Vec<nudging::Asked>,
}

impl<'a> Page<'a> {
    fn of(program: &'a Program, period: &'a Period) -> Self {
        Self {
            program: &program.id,
            name: &program.name,
            period,
            before: None,
            outcomes: Vec::new(),
        }
    }
}

/// `GET /p/{program}/{period}/nudge?unit=…`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Asked(asked): Asked<Ticked>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), None)?;
    let units = ticked(&program, &asked.unit)?;
    let mut page = Page::of(&program, &period);
    page.before = Some(before(&app.site, &program, &period, &units).await?);
    app.pages.page(&app, Some(&who), "nudge.html", &page)
}

/// `POST /p/{program}/{period}/nudge`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), Some(&decision.token))?;
    let units = ticked(&program, &decision.unit)?;
    let mut seen = decision.seen.into_iter();
    // Without what was shown nothing is as it was seen.
    let units: Vec<(UnitId, Option<String>)> = units
        .into_iter()
        .map(|unit| (unit, Some(seen.next().unwrap_or_default())))
        .collect();
    let by = who.actor()?;
    let mut page = Page::of(&program, &period);
    page.outcomes = decide(&app.site, &by, (&program, &period), &units).await?;
    app.pages.page(&app, Some(&who), "nudge.html", &page)
}
